"""Reading an answer: success, refusal, and what is no answer of the platform at all."""

import json
import pickle
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxkf.api.account import AccountList, AccountResource
from wxkf.api.message import AnyResource, MessageResource, SentMessage
from wxkf.api.resource import Async
from wxkf.errors import ApiError, NotFound, SessionStateError, TransportError
from wxkf.errors.codes import table
from wxkf.messages.answer import Answer
from wxkf.protocol.call import Call, Response, post, read_answer

ERRMSG = (
    "send msg session status invalid, hint: [1645025097593810238423219], from ip: 1.2.3.4, "
    "more info at https://open.work.weixin.qq.com/devtool/query?e=95018"
)


class Needy(Answer, frozen=True, kw_only=True):
    """An answer with a field that must be there."""

    url: str
    count: int = 0


CALL = post("kf/add_contact_way", Needy, repeat="safe", fields={})
ANY: Call[dict[str, Any]] = AnyResource[Async].call(None, "kf/new")


def ok(status: int = 200, **fields: Any) -> Response:
    return Response(status, json.dumps({"errcode": 0, "errmsg": "ok", **fields}).encode())


def test_a_success_is_its_typed_answer() -> None:
    assert read_answer(CALL, ok(url="https://x", new_field={"a": [1]})) == Needy(errmsg="ok", url="https://x")


@pytest.mark.parametrize("body", [b'{"url":"x"}', b'{"url":"x","errcode":"0"}', b'{"url":"x","errcode":0,"count":"7"}'])
def test_errcode_may_be_left_out_and_numbers_may_be_strings(body: bytes) -> None:
    assert read_answer(CALL, Response(200, body)).url == "x"


@pytest.mark.parametrize("call", [CALL, ANY], ids=["typed", "any"])
@pytest.mark.parametrize("errcode", [95018, "95018"])
def test_a_refusal_is_of_its_family_and_tells_what_happened_and_what_to_do(call: Call[Any], errcode: object) -> None:
    with pytest.raises(SessionStateError) as caught:
        read_answer(call, ok(errcode=errcode, errmsg=ERRMSG))
    error = caught.value
    assert (error.errcode, error.hint, error.ip) == (95018, "1645025097593810238423219", "1.2.3.4")
    assert (error.path, error.retryable) == (call.path, False)
    for part in (call.path, "95018", "send msg session status invalid", error.meaning, error.remedy, error.hint):
        assert part in str(error)
    assert "1.2.3.4" not in str(error)


@pytest.mark.parametrize(
    ("errmsg", "hint", "ip"),
    [
        ("", "", ""),
        ("ok", "", ""),
        ("access_token expired, hint: [157_28_e0fae0], from ip: 2001:db8::1, more", "157_28_e0fae0", "2001:db8::1"),
        ("not allowed, hint: [], from ip: , more", "", ""),
        ("bad, hint: [17], from ip: 1.2.3.4, more info at x. Warning: wrong json format. ", "17", "1.2.3.4"),
        ("Warning: wrong json format. ", "", ""),
        ("hint: [unclosed", "", ""),
    ],
)  # fmt: skip
def test_hint_and_ip_are_read_from_errmsg_where_they_are(errmsg: str, hint: str, ip: str) -> None:
    error = ApiError.of(40058, errmsg, "kf/x")
    assert (error.hint, error.ip, error.errmsg) == (hint, ip, errmsg)


def test_a_success_may_warn_of_wrong_json() -> None:
    assert "wrong json" in read_answer(CALL, ok(url="x", errmsg="ok. Warning: wrong json format. ")).errmsg


@pytest.mark.parametrize("errcode", [1, 99999, 2**40, -2])
def test_a_code_nobody_knows_is_a_plain_api_error(errcode: int) -> None:
    with pytest.raises(ApiError) as caught:
        read_answer(CALL, ok(errcode=errcode, errmsg="strange"))
    assert type(caught.value) is ApiError
    assert (caught.value.errcode, caught.value.retryable) == (errcode, False)
    assert "does not know" in str(caught.value)


@pytest.mark.parametrize("errcode", table())
def test_every_code_of_the_table_has_a_family_and_words(errcode: int) -> None:
    error = ApiError.of(errcode, "m", "kf/x")
    assert type(error).__name__ == table()[errcode].family != "ApiError"
    assert error.meaning
    assert error.remedy.endswith(".")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (type(error), str(error))


def test_a_refusal_needs_none_of_the_promised_fields() -> None:
    with pytest.raises(NotFound):
        read_answer(CALL, ok(errcode=95004))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Bad Gateway</html>", b"null", b"[]", b'"ok"', b"{", b"\xff\xfe", b'{"errcode":"abc"}',
     b'{"errcode":[1]}', b'{"errcode":0,"url":[5]}', b'{"errcode":0}', b'{"a":' + b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_answer_is_a_transport_error_that_shows_no_body(body: bytes) -> None:
    with pytest.raises(TransportError) as caught:
        read_answer(CALL, Response(200, body))
    assert caught.value.sent
    assert str(caught.value).startswith("kf/add_contact_way: ")
    assert "html>" not in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"errcode":"abc"}', b'{"errcode":[1]}', b'{"a":' + b"[" * 100_000]
)
def test_an_untyped_call_is_as_careful(body: bytes) -> None:
    with pytest.raises(TransportError):
        read_answer(ANY, Response(200, body))


def test_an_untyped_call_gives_the_whole_answer() -> None:
    assert read_answer(ANY, ok(new=[1, 2])) == {"errcode": 0, "errmsg": "ok", "new": [1, 2]}


@pytest.mark.parametrize("status", [301, 302, 304, 400, 404, 407, 500, 502, 504])
@pytest.mark.parametrize("call", [CALL, ANY], ids=["typed", "any"])
def test_a_friendly_body_under_another_status_is_not_the_platforms(status: int, call: Call[Any]) -> None:
    """`{"detail": "Not Found"}` of some proxy must not count as a message that was sent."""
    with pytest.raises(TransportError, match=str(status)):
        read_answer(call, ok(status, url="x"))


def test_a_gateways_words_are_not_taken_for_a_refusal() -> None:
    with pytest.raises(TransportError, match="502"):
        read_answer(CALL, ok(502, errcode=95004))


def test_a_refusal_under_another_status_is_still_a_refusal() -> None:
    with pytest.raises(NotFound):
        read_answer(CALL, ok(400, errcode=95004))


@given(st.binary())
def test_any_body_is_an_answer_or_an_error_of_ours(body: bytes) -> None:
    calls: list[Call[Any]] = [CALL, ANY, post("kf/send_msg", SentMessage, repeat="keyed", fields={})]
    for call in calls:
        with suppress(ApiError, TransportError):
            read_answer(call, Response(200, body))


def test_an_answer_of_accounts_is_read_leniently() -> None:
    call = AccountResource[Async].list(None, limit=10)
    page = read_answer(call, ok(account_list=[{"open_kfid": "wk1", "manage_privilege": 1}, {"open_kfid": "wk2"}]))
    assert isinstance(page, AccountList)
    assert [account.manage_privilege for account in page.account_list] == [True, False]
    assert call.body == {"limit": 10}


def test_what_was_sent_is_declared_with_what_may_be_repeated() -> None:
    api = MessageResource[Async]
    assert api.send_msg(None, touser="wm", open_kfid="wk", message="hi", msgid="m1").repeatable
    assert not api.send_msg(None, touser="wm", open_kfid="wk", message="hi").repeatable
    assert not api.send_msg_on_event(None, code="c", message="hi", msgid="m1").repeatable
    assert api.sync_msg(None, open_kfid="wk").repeatable
    assert not ANY.repeatable


def test_answers_are_frozen() -> None:
    answer = SentMessage(msgid="m")
    with pytest.raises(AttributeError):
        answer.msgid = "n"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    assert msgspec.json.encode(answer)
