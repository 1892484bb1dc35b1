"""The total deadline, the limiter, the cap and the block of 45009, walked by hand with a clock of our own."""

import random
from typing import Any

import pytest

from unit.protocol.walker import BROKEN, NEVER_LEFT, OK, Value, Walk, call, refusal
from wxkf.errors import RateLimited, TransportError
from wxkf.protocol.call import Response
from wxkf.protocol.flow import NeedSlot, NeedToken, Options, RetryPolicy, Send, Sleep, Terms
from wxkf.protocol.limiter import Limiter


class Time:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    """A clock."""
    return Time()


def walk(time: Time, deadline: float | None = None, timeout: float | None = 10.0, **terms: Any) -> Walk:
    """Begin a call on these terms."""
    options = Options(timeout=timeout, deadline=deadline)
    return Walk(call("keyed", msgid="m1"), terms=Terms(options=options, elapsed=time, rng=random.Random(1), **terms))


def limited(said: str) -> Response:
    """Make a 45009."""
    return Response(200, f'{{"errcode":45009,"errmsg":"{said}"}}'.encode())


def test_a_try_gets_no_more_time_than_the_call_has_left(time: Time) -> None:
    one = walk(time, deadline=15)
    one.give_token("T")
    assert isinstance(one.step, Send)
    assert one.step.request.timeout == 10
    time.now += 9
    one.sent(BROKEN)
    one.slept()
    assert one.sent(OK).timeout == 6
    assert one.answer == Value(errmsg="ok", value=1)


def test_without_a_deadline_each_try_has_its_own_time(time: Time) -> None:
    one = walk(time)
    one.give_token("T")
    time.now += 900
    one.sent(BROKEN)
    one.slept()
    assert one.sent(OK).timeout == 10


def test_a_pause_that_reaches_the_deadline_is_not_begun(time: Time) -> None:
    one = walk(time, deadline=3, policy=RetryPolicy(first=8))
    one.give_token("T")
    broken = TransportError("kf/test: connection broken", sent=True)
    with pytest.raises(TransportError, match="connection broken") as caught:
        one.sent(broken)
    assert caught.value is broken
    assert caught.value.__notes__ == ["not tried again: the deadline of 3 s is too near"]


def test_a_token_that_came_too_late_sends_nothing(time: Time) -> None:
    one = walk(time, deadline=5)
    assert isinstance(one.step, NeedToken)
    assert one.step.within == 5
    time.now += 5
    with pytest.raises(TransportError, match=r"kf/test: the deadline is over \(of 5 s; it was") as caught:
        one.tell("T")
    assert not caught.value.sent


@pytest.mark.parametrize(("first", "sent"), [(BROKEN, True), (NEVER_LEFT, False)])
def test_the_deadline_says_whether_an_earlier_try_may_have_arrived(time: Time, first: Any, sent: bool) -> None:
    one = walk(time, deadline=5)
    one.give_token("T")
    one.sent(first)
    time.now += 5
    with pytest.raises(TransportError, match="deadline") as caught:
        one.slept()
    assert caught.value.sent is sent


def test_a_full_minute_is_waited_for_and_the_call_counted_then(time: Time) -> None:
    limiter = Limiter(per_minute=1)
    first, second = (walk(time, limiter=limiter, who="ww1") for _ in range(2))
    first.give_token("T")
    first.sent(OK)
    second.give_token("T")
    wait = second.slept_for(time)
    assert 60 <= wait <= 61
    assert second.sent(OK).path == "kf/test"
    assert limiter.reserve("ww1", "kf/test", time.now) > 0


def test_a_minute_longer_than_the_deadline_is_not_waited_for(time: Time) -> None:
    limiter = Limiter(per_minute=1)
    assert limiter.reserve("ww1", "kf/test", time.now) == 0
    one = walk(time, deadline=30, limiter=limiter, who="ww1")
    with pytest.raises(TransportError, match="the limiter holds it back for another 6") as caught:
        one.give_token("T")
    assert not caught.value.sent


def test_under_a_cap_a_slot_comes_before_each_try(time: Time) -> None:
    one = walk(time, capped=True)
    one.give_token("T")
    for told in (BROKEN, OK):
        assert one.step == NeedSlot(None)
        one.tell(True)
        one.sent(told)
        if told is BROKEN:
            one.slept()
    assert one.answer == Value(errmsg="ok", value=1)


def test_no_slot_within_the_deadline_is_an_error(time: Time) -> None:
    one = walk(time, deadline=3, capped=True)
    one.give_token("T")
    assert one.step == NeedSlot(3)
    with pytest.raises(TransportError, match="too many other calls"):
        one.tell(False)


@pytest.mark.parametrize(
    ("said", "window"),
    [("api minute freq out of limit", 60), ("api hour freq out of limit", 3600), ("api freq out of limit", None)],
)
def test_45009_carries_its_window_and_is_final(time: Time, said: str, window: int | None) -> None:
    one = walk(time)
    one.give_token("T")
    with pytest.raises(RateLimited) as caught:
        one.sent(limited(said))
    assert caught.value.window == window


@pytest.mark.parametrize("repeat", ["safe", "keyed", "never"])
def test_45009_is_waited_for_when_the_caller_asked_for_it(time: Time, repeat: Any) -> None:
    """It was turned away, so not even a call that may never be repeated has happened."""
    one = Walk(call(repeat), RetryPolicy(wait_for_limit=90), luck=0.5)
    one.give_token("T")
    one.sent(limited("api freq out of limit"))
    assert isinstance(one.step, Sleep)
    assert one.slept() == 60.5
    assert one.sent(OK).path == "kf/test"


def test_45009_is_not_waited_for_longer_than_that(time: Time) -> None:
    one = Walk(call(), RetryPolicy(wait_for_limit=90))
    one.give_token("T")
    with pytest.raises(RateLimited):
        one.sent(limited("api hour freq out of limit"))


def test_every_further_try_is_told_with_its_reason(time: Time) -> None:
    one = walk(time)
    one.give_token("T1")
    one.sent(refusal(42001))
    assert isinstance(one.step, NeedToken)
    assert one.step.retry is not None
    assert (one.step.retry.new_token, one.step.retry.tries, one.step.retry.path) == (True, 1, "kf/test")
    one.give_token("T2", stale="T1")
    one.sent(BROKEN)
    assert isinstance(one.step, Sleep)
    assert one.step.retry is not None
    assert (one.step.retry.error, one.step.retry.tries) == (BROKEN, 1)
    assert one.step.retry.seconds == one.step.seconds
