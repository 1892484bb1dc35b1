"""Where a token may come from besides the secret: a suite, an agency-developed app, somebody's function or URL."""

from typing import Any

import pytest

from kit.server import CUT, Said, Script, refusing, says
from unit.client.callers import LIST, Caller, in_async, in_sync
from wxkf import ConfigError
from wxkf.api.corp import AccessToken
from wxkf.client.sources import Elsewhere, SuiteSecret
from wxkf.client.stores import MemoryTokenStore
from wxkf.client.sync import Client
from wxkf.errors import TokenError, TransportError

SUITE = "service/get_suite_token"
CORP_TOKEN = "service/get_corp_token"


def suite(url: str, ticket: Any = "TICKET") -> SuiteSecret:
    """Make a suite of the platform at this address."""
    return SuiteSecret("ww-suite", "suite-secret", ticket, base_url=url)


def used(platform: Script) -> list[str]:
    """List the tokens that business calls bore."""
    return [asked.query["access_token"] for asked in platform.asked_for("kf/account/list")]


def script(platform: Script) -> None:
    """Let the platform know a suite and a corp."""
    platform.tell(SUITE, *[says(suite_access_token=f"SUITE-{n}", expires_in=7200) for n in (1, 2, 3)])
    platform.tell(CORP_TOKEN, *[says(access_token=f"CORP-{n}", expires_in=7200) for n in (1, 2, 3)])


def test_a_corp_of_a_suite(caller: Caller, platform: Script) -> None:
    script(platform)
    source = suite(platform.url).corp("ww-corp", lambda: "PERMANENT")
    caller(platform.url, LIST, LIST, token_source=source)
    (asked_suite,), (asked_corp,) = platform.asked_for(SUITE), platform.asked_for(CORP_TOKEN)
    assert asked_suite.json == {"suite_id": "ww-suite", "suite_secret": "suite-secret", "suite_ticket": "TICKET"}
    assert asked_corp.query == {"suite_access_token": "SUITE-1"}
    assert asked_corp.json == {"auth_corpid": "ww-corp", "permanent_code": "PERMANENT"}
    assert used(platform) == ["CORP-1", "CORP-1"]
    assert platform.asked_for("gettoken") == []


@pytest.mark.parametrize("errcode", [40082, 42009])
def test_a_suite_token_that_is_refused_is_replaced_once(caller: Caller, platform: Script, errcode: int) -> None:
    script(platform)
    platform.tell(CORP_TOKEN)
    platform._lines[f"/cgi-bin/{CORP_TOKEN}"].appendleft(says(errcode=errcode, errmsg="invalid suite token"))
    caller(platform.url, LIST, token_source=suite(platform.url).corp("ww-corp", "PERMANENT"))
    assert [asked.query["suite_access_token"] for asked in platform.asked_for(CORP_TOKEN)] == ["SUITE-1", "SUITE-2"]
    assert used(platform) == ["CORP-1"]


def test_many_corps_of_a_suite_share_its_token_through_a_store(caller: Caller, platform: Script) -> None:
    script(platform)
    store, one = MemoryTokenStore(), suite(platform.url)
    for corp in ("ww-a", "ww-b", "ww-c"):
        caller(platform.url, LIST, token_source=one.corp(corp, "PERMANENT"), token_store=store)
    assert len(platform.asked_for(SUITE)) == 1
    assert used(platform) == ["CORP-1", "CORP-2", "CORP-3"]


def test_an_agency_app_has_its_permanent_code_for_a_secret(caller: Caller, platform: Script) -> None:
    code = ["FIRST"]
    source = suite(platform.url).agency("ww-corp", lambda: code[0])
    caller(platform.url, LIST, token_source=source)
    code[0], platform.stale = "RESET", {"TOKEN-1"}
    caller(platform.url, LIST, token_source=source)
    assert [asked.query["corpsecret"] for asked in platform.asked_for("gettoken")][:2] == ["FIRST", "RESET"]
    assert "FIRST" not in source.key


def test_a_suite_gives_its_own_token_for_the_providers_calls(platform: Script) -> None:
    script(platform)
    with Client("", base_url=platform.url, token_source=suite(platform.url)) as client:
        assert [client.access_token(), client.access_token(stale="SUITE-1")] == ["SUITE-1", "SUITE-2"]


def test_a_ticket_that_is_not_there_says_so(caller: Caller, platform: Script) -> None:
    def ticket() -> str:
        raise ConfigError("no suite_ticket yet")

    with pytest.raises(ConfigError, match="no suite_ticket yet"):
        caller(platform.url, LIST, token_source=suite(platform.url, ticket).corp("ww-corp", "PERMANENT"))
    assert platform.asked == []


def test_a_refused_suite_is_asked_about_once(caller: Caller, platform: Script) -> None:
    platform.tell(SUITE, says(errcode=40085, errmsg="invalid suite_ticket"))
    store = MemoryTokenStore()
    for _ in range(3):
        with pytest.raises(TokenError, match="40085"):
            caller(platform.url, LIST, token_source=suite(platform.url).corp("ww-a", "P"), token_store=store)
    assert len(platform.asked) == 1


def test_a_function_of_somebody_who_owns_the_token(caller: Caller, platform: Script) -> None:
    asked = list[str | None]()

    def owner(stale: str | None) -> AccessToken:
        asked.append(stale)
        return AccessToken(access_token=f"OWN-{len(asked)}", expires_in=7200)

    platform.stale = {"OWN-1"}
    caller(platform.url, LIST, LIST, token_source=owner)
    assert asked == [None, "OWN-1"]
    assert used(platform) == ["OWN-1", "OWN-2", "OWN-2"]
    assert platform.asked_for("gettoken") == []


def test_an_async_function_serves_the_async_client(platform: Script) -> None:
    async def owner(stale: str | None) -> str:
        return "OWN"

    in_async(platform.url, LIST, token_source=owner)
    assert used(platform) == ["OWN"]
    with pytest.raises(TransportError, match="TypeError"):
        in_sync(platform.url, LIST, token_source=owner)


@pytest.mark.parametrize("gives", [None, "", 7, AccessToken(access_token="", expires_in=7200)])
def test_an_owner_that_gives_no_token_is_named(caller: Caller, platform: Script, gives: Any) -> None:
    with pytest.raises(TransportError, match="it gave no text") as caught:
        caller(platform.url, LIST, token_source=lambda stale: gives)
    assert not caught.value.sent


def test_an_owner_that_fails_is_named_and_its_error_kept(caller: Caller, platform: Script) -> None:
    def owner(stale: str | None) -> str:
        raise KeyError("vault")

    with pytest.raises(TransportError, match="KeyError"):
        caller(platform.url, LIST, token_source=owner)


def test_two_apps_with_owners_of_their_own_do_not_meet_in_a_store(caller: Caller, platform: Script) -> None:
    store = MemoryTokenStore()
    for token in ("ONE", "TWO"):
        caller(platform.url, LIST, token_source=lambda stale, token=token: token, token_store=store)
    assert used(platform) == ["ONE", "TWO"]


def test_an_owner_with_a_key_is_asked_once_for_all_who_share_a_store(caller: Caller, platform: Script) -> None:
    store, asked = MemoryTokenStore(), list[str | None]()

    def owner(stale: str | None) -> AccessToken:
        asked.append(stale)
        return AccessToken(access_token="OWN", expires_in=7200)

    for _ in range(2):
        caller(platform.url, LIST, token_source=Elsewhere(owner, key="kf"), token_store=store)
    assert asked == [None]


ANSWERS: dict[str, Said] = {
    "the platform's JSON": says(access_token="OWN", expires_in=7200),
    "text": Said(b"OWN\n", headers={"Content-Type": "text/plain"}),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_url_of_somebody_who_owns_the_token(caller: Caller, platform: Script, answer: str) -> None:
    platform.tell("tokens", ANSWERS[answer])
    source = Elsewhere(f"{platform.url}/cgi-bin/tokens?app=kf", {"Authorization": "Bearer x"}, key="kf")
    caller(platform.url, LIST, LIST, token_source=source)
    (asked,) = platform.asked_for("tokens")
    assert (asked.query, asked.headers["Authorization"]) == ({"app": "kf"}, "Bearer x")
    assert used(platform) == ["OWN", "OWN"]


def test_a_url_is_enough(caller: Caller, platform: Script) -> None:
    platform.tell("tokens", ANSWERS["text"])
    caller(platform.url, LIST, token_source=f"{platform.url}/cgi-bin/tokens")
    assert used(platform) == ["OWN"]


BAD: dict[str, tuple[Said, str]] = {
    "no": (Said(b"", 404), "HTTP 404"),
    "moved": (Said(b"", 302, {"Location": "http://elsewhere.example/"}), "HTTP 302"),
    "empty": (Said(b""), "HTTP 200"),
    "another JSON": (Said(b'{"token":"CANARY"}'), "JSON without access_token"),
    "broken JSON": (Said(b'{"access_token":"CANARY'), "JSON without access_token"),
    "cut": (CUT, "token_source: the connection broke"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_url_that_gives_none_is_named_without_what_it_gave(caller: Caller, platform: Script, bad: str) -> None:
    said, words = BAD[bad]
    platform.tell("tokens", *[said] * 3)
    with pytest.raises(TransportError, match=words) as caught:
        caller(platform.url, LIST, token_source=f"{platform.url}/cgi-bin/tokens?key=CANARY")
    assert not caught.value.sent
    assert "CANARY" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


def test_a_url_nobody_answers_at(caller: Caller) -> None:
    with refusing() as url, pytest.raises(TransportError, match="token_source: "):
        caller(url, LIST, token_source=f"{url}/?key=CANARY")


def test_a_client_without_any_way_to_a_token_says_so_when_one_is_needed(platform: Script) -> None:
    with Client("ww1", base_url=platform.url) as client:
        with pytest.raises(ConfigError, match="secret, or a token_source"):
            client.account.list()
        assert client.gettoken(corpid="ww1", corpsecret="s").access_token == "TOKEN-1"
