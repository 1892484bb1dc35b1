"""What is tried again, how often and after how long (design: repeat = safe | keyed | never)."""

from typing import Any

import pytest

from unit.protocol.walker import BAD_GATEWAY, BROKEN, NEVER_LEFT, OK, Value, Walk, call, refusal
from wxkf.errors import ApiError, Duplicate, TransportError
from wxkf.protocol.call import Call, Response
from wxkf.protocol.flow import RetryPolicy, Sleep

SAFE, KEYED, NO_KEY, NEVER = call("safe"), call("keyed", msgid="m1"), call("keyed"), call("never", msgid="m1")
NO_JSON = Response(200, b"<html>")
ASSUMED = Value(value=7)

AGAIN: list[tuple[str, Any, tuple[bool, ...]]] = [
    ("never left", NEVER_LEFT, (True, True, True, True)),
    ("broken", BROKEN, (True, True, False, False)),
    ("502", BAD_GATEWAY, (True, True, False, False)),
    ("no JSON", NO_JSON, (True, True, False, False)),
    *((str(code), refusal(code), (True, True, False, False)) for code in (-1, 6000, 45033, 45035, 45036)),
    *((str(code), refusal(code), (False,) * 4) for code in (45009, 95001, 95018, 95033, 40058, 40013, 777)),
]


def begin(call: Call[Value], **options: Any) -> Walk:
    walk = Walk(call, **options)
    walk.give_token("T1")
    return walk


@pytest.mark.parametrize(
    ("told", "call", "again"),
    [
        pytest.param(told, call, again, id=f"{what}-{kind}")
        for what, told, verdicts in AGAIN
        for kind, call, again in zip(
            ("safe", "keyed", "keyless", "never"), (SAFE, KEYED, NO_KEY, NEVER), verdicts, strict=True
        )
    ],
)
def test_what_is_tried_again(told: Any, call: Call[Value], again: bool) -> None:
    walk = begin(call)
    if not again:
        with pytest.raises((ApiError, TransportError)):
            walk.sent(told)
        return
    walk.sent(told)
    assert isinstance(walk.step, Sleep)


@pytest.mark.parametrize("told", [NEVER_LEFT, BROKEN, BAD_GATEWAY, refusal(-1)], ids=["left", "broken", "502", "busy"])
@pytest.mark.parametrize("tries", [1, 2, 5])
def test_it_is_tried_so_often_in_all_and_then_the_last_error_is_raised(told: Any, tries: int) -> None:
    walk = begin(SAFE, policy=RetryPolicy(tries=tries))
    for _ in range(tries - 1):
        walk.sent(told)
        walk.slept()
    with pytest.raises((ApiError, TransportError)):
        walk.sent(told)


@pytest.mark.parametrize(("luck", "waits"), [(1.0, [0.5, 1.0, 2.0, 4.0, 5.0]), (0.0, [0.25, 0.5, 1.0, 2.0, 2.5])])
def test_waits_double_up_to_a_cap_and_luck_halves_them_at_most(luck: float, waits: list[float]) -> None:
    walk, slept = begin(SAFE, policy=RetryPolicy(tries=6, first=0.5, cap=5.0), luck=luck), []
    for _ in waits:
        walk.sent(refusal(-1))
        slept.append(walk.slept())
    assert slept == waits


def test_who_never_gives_up_goes_on_waiting_at_the_cap() -> None:
    policy = RetryPolicy(tries=10_000, cap=5.0)
    assert policy.again(SAFE, ApiError.of(-1, "busy", "kf/x"), 5000, 1.0) == 5.0


@pytest.mark.parametrize("unknown", [BROKEN, BAD_GATEWAY, NO_JSON], ids=["broken", "502", "no JSON"])
def test_a_duplicate_after_an_unknown_outcome_means_the_first_try_had_arrived(unknown: Any) -> None:
    walk = begin(call("keyed", assumed=ASSUMED, msgid="m1"))
    walk.sent(unknown)
    walk.slept()
    walk.sent(refusal(95033))
    assert walk.answer == ASSUMED


def test_it_means_so_as_well_when_other_tries_lay_between() -> None:
    walk = begin(call("keyed", assumed=ASSUMED, msgid="m1"), policy=RetryPolicy(tries=9))
    for told in (BROKEN, refusal(-1), NEVER_LEFT):
        walk.sent(told)
        walk.slept()
    walk.sent(refusal(42001))
    walk.give_token("T2", stale="T1")
    walk.sent(refusal(95033))
    assert walk.answer == ASSUMED


@pytest.mark.parametrize("before", [[], [NEVER_LEFT], [refusal(-1)]], ids=["at once", "never left", "refused"])
def test_a_duplicate_of_somebody_else_is_an_error(before: list[Any]) -> None:
    walk = begin(call("keyed", assumed=ASSUMED, msgid="m1"))
    for told in before:
        walk.sent(told)
        walk.slept()
    with pytest.raises(Duplicate):
        walk.sent(refusal(95033))


def test_a_duplicate_is_an_error_where_no_answer_can_be_assumed() -> None:
    walk = begin(KEYED)
    walk.sent(BROKEN)
    walk.slept()
    with pytest.raises(Duplicate):
        walk.sent(refusal(95033))


def test_a_safe_call_that_succeeds_at_the_third_try_is_a_success() -> None:
    walk = begin(SAFE)
    for told in (NEVER_LEFT, BAD_GATEWAY):
        walk.sent(told)
        walk.slept()
    walk.sent(OK)
    assert walk.answer == Value(errmsg="ok", value=1)


@pytest.mark.parametrize("msgid", ["", None])
def test_an_empty_msgid_is_no_key(msgid: str | None) -> None:
    assert not call("keyed", msgid=msgid).repeatable
