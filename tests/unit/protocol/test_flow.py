"""The flow, walked by hand: the token, the stale token, and the answer."""

from typing import Any

import pytest

from unit.protocol.walker import BROKEN, NEVER_LEFT, OK, Value, Walk, call, refusal
from wxkf.errors import ApiError, CallbackError, TokenError, TransportError
from wxkf.protocol.call import Call, reader
from wxkf.protocol.flow import RetryPolicy, Send

STALE = [40014, 42001, 40001]


def test_a_call_asks_for_a_token_sends_and_answers() -> None:
    walk = Walk(call(open_kfid="wk1", cursor=None, text="你好"))
    walk.give_token("T1")
    request = walk.sent(OK)
    assert (request.verb, request.path, request.query) == ("POST", "kf/test", {"access_token": "T1"})
    assert request.body == '{"open_kfid":"wk1","text":"你好"}'.encode()
    assert request.target == "/cgi-bin/kf/test?access_token=T1"
    assert (walk.step, walk.answer) == (None, Value(errmsg="ok", value=1))


def test_a_call_without_token_is_sent_at_once_with_its_own_query() -> None:
    walk = Walk(Call("GET", "gettoken", reader(Value), "safe", query={"corpid": "a&b"}, needs_token=False))
    request = walk.sent(OK)
    assert (request.verb, request.target, request.body) == ("GET", "/cgi-bin/gettoken?corpid=a%26b", None)
    assert walk.answer == Value(errmsg="ok", value=1)


def test_a_query_of_its_own_stands_beside_the_token() -> None:
    walk = Walk(Call("GET", "kf/servicer/list", reader(Value), "safe", query={"open_kfid": "wk1"}))
    walk.give_token("T+/1")
    assert walk.sent(OK).target == "/cgi-bin/kf/servicer/list?access_token=T%2B%2F1&open_kfid=wk1"


@pytest.mark.parametrize("errcode", STALE)
@pytest.mark.parametrize("repeat", ["safe", "keyed", "never"])
def test_a_stale_token_is_replaced_once(errcode: int, repeat: Any) -> None:
    walk = Walk(call(repeat))
    walk.give_token("T1")
    walk.sent(refusal(errcode))
    walk.give_token("T2", stale="T1")
    assert walk.sent(OK).query == {"access_token": "T2"}
    assert walk.answer == Value(errmsg="ok", value=1)


@pytest.mark.parametrize("first", STALE)
@pytest.mark.parametrize("second", STALE)
def test_a_stale_token_is_replaced_only_once(first: int, second: int) -> None:
    walk = Walk(call())
    walk.give_token("T1")
    walk.sent(refusal(first))
    walk.give_token("T2", stale="T1")
    with pytest.raises(TokenError) as caught:
        walk.sent(refusal(second))
    assert caught.value.errcode == second


def test_a_stale_token_costs_no_try() -> None:
    walk = Walk(call(), RetryPolicy(tries=2))
    walk.give_token("T1")
    walk.sent(refusal(42001))
    walk.give_token("T2", stale="T1")
    walk.sent(refusal(-1))
    walk.slept()
    assert walk.sent(OK).query == {"access_token": "T2"}


def test_after_a_new_token_what_passes_is_still_waited_for() -> None:
    walk = Walk(call())
    walk.give_token("T1")
    walk.sent(refusal(42001))
    walk.give_token("T2", stale="T1")
    walk.sent(BROKEN)
    walk.slept()
    assert walk.sent(OK).query == {"access_token": "T2"}


@pytest.mark.parametrize("errcode", STALE)
def test_the_token_call_itself_is_not_tried_again_with_a_wrong_secret(errcode: int) -> None:
    """A wrong secret, again and again, gets the server's IP banned for an hour."""
    walk = Walk(Call("GET", "gettoken", reader(Value), "safe", needs_token=False))
    with pytest.raises(TokenError):
        walk.sent(refusal(errcode))


@pytest.mark.parametrize("errcode", [40013, 40091, 41001, 95007, 95011])
def test_other_trouble_with_tokens_asks_for_no_new_one(errcode: int) -> None:
    walk = Walk(call())
    walk.give_token("T1")
    with pytest.raises(TokenError):
        walk.sent(refusal(errcode))


@pytest.mark.parametrize("error", [TokenError(40001, "no", "gettoken"), NEVER_LEFT, CallbackError()])
def test_when_there_is_no_token_its_error_is_the_calls_error(error: Exception) -> None:
    walk = Walk(call())
    with pytest.raises(type(error)) as caught:
        walk.fail(error)
    assert caught.value is error


def test_when_there_is_no_second_token_its_error_is_the_calls_error() -> None:
    walk = Walk(call())
    walk.give_token("T1")
    walk.sent(refusal(40014))
    with pytest.raises(TransportError) as caught:
        walk.fail(NEVER_LEFT)
    assert caught.value is NEVER_LEFT


def test_the_body_is_written_once_and_sent_the_same_each_time() -> None:
    words = ["one"]
    walk = Walk(call("keyed", msgid="m1", words=words))
    words.append("two")
    walk.give_token("T1")
    first = walk.sent(refusal(-1)).body
    words.append("three")
    walk.slept()
    assert walk.sent(OK).body == first


@pytest.mark.parametrize("errcode", [95018, 95001, 40058, 45009, 48007, 123456])
def test_a_refusal_is_final(errcode: int) -> None:
    walk = Walk(call())
    walk.give_token("T1")
    with pytest.raises(ApiError) as caught:
        walk.sent(refusal(errcode))
    assert (caught.value.errcode, caught.value.path) == (errcode, "kf/test")


def test_two_runs_of_one_call_know_nothing_of_each_other() -> None:
    one, other = Walk(call()), Walk(call())
    one.give_token("T1")
    other.give_token("T9")
    one.sent(refusal(42001))
    assert isinstance(other.step, Send)
    assert other.sent(OK).query == {"access_token": "T9"}


def test_a_try_that_may_have_arrived_is_not_forgotten_over_later_ones_that_did_not() -> None:
    walk = Walk(call("keyed", msgid="m1"))
    walk.give_token("T")
    walk.sent(BROKEN)
    walk.slept()
    walk.sent(NEVER_LEFT)
    walk.slept()
    with pytest.raises(TransportError) as failed:
        walk.sent(NEVER_LEFT)
    assert failed.value.sent


@pytest.mark.parametrize("arrived", [False, True], ids=["nothing left", "one may have arrived"])
def test_trouble_with_the_token_says_whether_the_call_itself_may_have_arrived(arrived: bool) -> None:
    walk = Walk(call("keyed", msgid="m1"))
    walk.give_token("T")
    if arrived:
        walk.sent(BROKEN)
        walk.slept()
    walk.sent(refusal(42001))
    with pytest.raises(TransportError) as failed:
        walk.fail(TransportError("gettoken: no answer", sent=True))
    assert failed.value.sent is arrived
