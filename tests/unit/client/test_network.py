"""Both clients against a real socket: what they send, and every way in which no answer comes."""

import json
import socket
import traceback
from typing import Any

import pytest

from kit.server import CUT, NOTHING, Said, Script, refusing, says
from unit.client.callers import CORP, KEYED, LIST, ONCE, SECRET, SEND, Caller, Hand
from wxkf.errors import NotFound, TransportError


def shown(error: BaseException) -> str:
    """Print an error as a log would, with all that led to it."""
    return "".join(traceback.format_exception(error)) + str(error) + repr(error) + repr(error.__cause__)


def test_a_call_is_a_post_of_json_with_the_token_in_the_query_only(caller: Caller, platform: Script) -> None:
    platform.tell("kf/send_msg", says(msgid="m1"))
    (sent,) = caller(platform.url, SEND)
    assert sent.msgid == "m1"
    gettoken, post = platform.asked
    assert (gettoken.verb, gettoken.path) == ("GET", "/cgi-bin/gettoken")
    assert (gettoken.query, gettoken.body) == ({"corpid": CORP, "corpsecret": SECRET}, b"")
    assert (post.verb, post.path, post.query) == ("POST", "/cgi-bin/kf/send_msg", {"access_token": "TOKEN-1"})
    assert post.headers["Content-Type"] == "application/json"
    assert json.loads(post.body) == {
        "touser": "wmA",
        "open_kfid": "wk1",
        "msgtype": "text",
        "text": {"content": "你好"},
    }


def test_a_base_address_may_have_a_path_and_a_slash(caller: Caller, platform: Script) -> None:
    caller(f"{platform.url}/proxy/", LIST)
    assert [asked.path for asked in platform.asked] == ["/proxy/cgi-bin/gettoken", "/proxy/cgi-bin/kf/account/list"]


def test_a_token_with_odd_characters_arrives_as_it_is(caller: Caller, platform: Script) -> None:
    token = "a+b/c=d&e%20 f你"
    platform.tell("gettoken", says(access_token=token, expires_in=7200))
    caller(platform.url, LIST)
    assert platform.asked[1].query == {"access_token": token}


def test_one_client_asks_for_one_token(caller: Caller, platform: Script) -> None:
    caller(platform.url, LIST, LIST, SEND)
    assert len(platform.asked_for("gettoken")) == 1


def test_a_refusal_comes_out_as_its_error(caller: Caller, platform: Script) -> None:
    platform.tell("kf/account/list", says(errcode=95004, errmsg="no account, hint: [17]"))
    with pytest.raises(NotFound) as caught:
        caller(platform.url, LIST)
    assert caught.value.hint == "17"


def test_an_address_of_a_kind_this_machine_lacks_is_passed_over(
    caller: Caller, platform: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name may have an IPv6 address where the kernel has no IPv6."""
    found = socket.getaddrinfo

    def resolve(host: str, port: int | None, *args: Any, **kwargs: Any) -> list[Any]:
        there = found(host, port, *args, **kwargs)
        return [(9999, socket.SOCK_STREAM, 6, "", ("2001:db8::1", port, 0, 0)), *there]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    caller(platform.url, LIST, retry=ONCE)
    assert len(platform.asked_for("kf/account/list")) == 1


def test_a_refused_connection_never_left(caller: Caller) -> None:
    with refusing() as url, pytest.raises(TransportError) as caught:
        caller(url, LIST, retry=ONCE)
    assert not caught.value.sent


def test_a_name_that_does_not_resolve_never_left(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(TransportError) as caught:
        caller("http://nowhere.invalid", LIST, retry=ONCE)
    assert not caught.value.sent


def patience(trouble: Said) -> float:
    """Wait briefly for what never comes, and long for everything else: the machine may be busy."""
    return 0.7 if trouble is NOTHING else 10.0


HALF = Said(b'{"errcode":0,', headers={"Content-Encoding": "gzip"})
TROUBLE = {
    "a cut connection": CUT,
    "no answer in time": NOTHING,
    "an answer that does not unpack": HALF,
    "a gateway's error": Said(b"<html>Bad Gateway</html>", 502),
    "a page": Said(b"<html>Log in first</html>", 200, {"Content-Type": "text/html"}),
    "nothing": Said(b""),
    "half an answer": Said(b'{"errcode":0,'),
    "somebody else's JSON": Said(b'{"detail":"Not Found"}', 404),
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE)
def test_what_may_have_arrived_says_so_and_tells_no_secret(caller: Caller, platform: Script, trouble: Said) -> None:
    platform.tell("kf/send_msg", trouble)
    with pytest.raises(TransportError) as caught:
        caller(platform.url, SEND, timeout=patience(trouble))
    assert caught.value.sent
    assert str(caught.value).startswith("kf/send_msg: ")
    assert len(platform.asked_for("kf/send_msg")) == 1
    assert caught.value.__cause__ is None
    for secret in ("TOKEN-1", SECRET, platform.url, "access_token"):
        assert secret not in shown(caught.value)


@pytest.mark.parametrize(
    "trouble", [CUT, NOTHING, Said(b"<html>", 302, {"Location": "/"})], ids=["cut", "late", "moved"]
)
def test_a_token_that_cannot_be_had_tells_no_secret(caller: Caller, platform: Script, trouble: Said) -> None:
    platform.tell("gettoken", trouble, trouble)  # aiohttp by itself asks again when a GET was cut
    with pytest.raises(TransportError, match="gettoken") as caught:
        caller(platform.url, LIST, timeout=patience(trouble), retry=ONCE)
    assert SECRET not in shown(caught.value)
    assert len(platform.asked_for("gettoken")) == len(platform.asked)


def test_a_refused_connection_tells_no_secret(caller: Caller) -> None:
    with refusing() as url, pytest.raises(TransportError) as caught:
        caller(url, LIST, retry=ONCE)
    assert not [secret for secret in (SECRET, "corpsecret", url) if secret in shown(caught.value)]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["/cgi-bin/elsewhere", "//127.0.0.1:1/elsewhere"])
def test_a_redirect_is_not_followed(caller: Caller, platform: Script, status: int, where: str) -> None:
    """It would carry token and message to wherever somebody points."""
    platform.tell("kf/send_msg", Said(b"{}", status, {"Location": where}))
    with pytest.raises(TransportError, match=str(status)):
        caller(platform.url, SEND)
    assert [asked.path for asked in platform.asked] == ["/cgi-bin/gettoken", "/cgi-bin/kf/send_msg"]


def test_a_safe_call_survives_a_cut_connection_and_a_bad_gateway(caller: Caller, platform: Script) -> None:
    platform.tell("kf/account/list", CUT, Said(b"", 503), says(account_list=[{"open_kfid": "wk1"}]))
    hand = Hand()
    (page,) = caller(platform.url, LIST, hand=hand)
    assert [account.open_kfid for account in page.account_list] == ["wk1"]
    assert len(hand.slept) == 2
    assert 0.25 <= hand.slept[0] <= 0.5 <= hand.slept[1] <= 1.0


def test_a_send_with_msgid_that_was_cut_and_is_a_duplicate_then_was_sent(caller: Caller, platform: Script) -> None:
    platform.tell("kf/send_msg", CUT, says(errcode=95033, errmsg="duplicate msgid"))
    (sent,) = caller(platform.url, KEYED)
    assert sent.msgid == "m1"
    assert len({asked.body for asked in platform.asked_for("kf/send_msg")}) == 1


def test_after_trouble_the_client_works_on(caller: Caller, platform: Script) -> None:
    platform.tell("kf/account/list", CUT, CUT, CUT)
    caller(platform.url, KEYED, SEND)
    with pytest.raises(TransportError):
        caller(platform.url, LIST)
    assert caller(platform.url, LIST)[0].account_list == ()


def test_cookies_are_not_kept(caller: Caller, platform: Script) -> None:
    platform.tell("kf/account/list", Said(b'{"errcode":0}', headers={"Set-Cookie": "a=b; Path=/"}))
    caller(platform.url, LIST, LIST)
    assert "Cookie" not in platform.asked[-1].headers


def test_an_environments_proxy_is_not_taken_unasked(
    caller: Caller, platform: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing() as nowhere:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, nowhere)
        assert caller(platform.url, LIST)
