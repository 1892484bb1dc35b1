"""The dispatcher in trouble: a bad message costs itself, trouble on the way out costs time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from kit.inboxes import NOW, Inbox, row
from kit.lines import NEVER_LEFT, NO_ANSWER, SEND, Json, Line, Scripted
from unit.engine.desk import Desk, echo
from wxkf.engine.outbox import send_step
from wxkf.engine.values import Again, Claim, Lane, StepState
from wxkf.engine.verdicts import back_off
from wxkf.engine.views import Trace
from wxkf.engine.work import Work
from wxkf.errors import StoreError
from wxkf.messages.outbound import Outbound, Text
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock

LIMITED, BUSY, QUOTA = 45009, -1, 95001


class Failing:
    """A handler that fails so many times, after saying something or before."""

    def __init__(self, times: int, *, first: str = "") -> None:
        self._times, self._first = times, first
        self.runs: list[tuple[str, int]] = []

    async def __call__(self, work: Work) -> Sequence[Outbound]:
        """Note the run, then fail or echo."""
        self.runs.append((work.claim.msgid, work.claim.attempt))
        if self._first:
            await work.send(Text(content=self._first))
        if len(self.runs) <= self._times:
            raise ValueError("no such order")
        return await echo(work)


async def trace_of(inbox: Inbox, msgid: str) -> Trace:
    """Trace a message that is there."""
    trace = await inbox.store.trace(msgid)
    assert trace is not None
    return trace


async def test_a_failing_message_is_tried_three_times_then_the_next_one_runs(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    handler = Failing(3)
    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert handler.runs == [("a1", 1), ("a1", 2), ("a1", 3), ("a2", 1)]
    assert desk.said == ["a2"]
    assert (await trace_of(inbox, "a1")).dead == "ValueError: no such order"
    assert clock.now() == NOW + back_off(1) + back_off(2)


async def test_a_message_that_fails_twice_is_answered_once(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    async with Desk(inbox, line, clock, Failing(2, first="一会儿")) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.settles()
    assert desk.said == ["一会儿", "a1"]
    assert (await trace_of(inbox, "a1")).dead == ""


@pytest.mark.parametrize("times", [1, 7])
@pytest.mark.parametrize("trouble", [LIMITED, BUSY, NEVER_LEFT, NO_ANSWER])
async def test_trouble_on_the_way_out_costs_no_attempt_and_no_second_run(
    inbox: Inbox, line: Line, clock: MovableClock, trouble: Scripted, times: int
) -> None:
    handler = Failing(0)
    line.then(SEND, *[trouble] * (times * 3))
    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert handler.runs == [("a1", 1), ("a2", 1)]
    msgids = [body["msgid"] for body in line.bodies(SEND)]
    # what was refused for now is tried under another msgid: a 95033 could not be told from a success
    assert len(set(msgids)) == (len(msgids) if trouble == LIMITED else 2)
    assert desk.said[-2:] == ["a1", "a2"]
    assert [state for _, state, _ in await inbox.steps("a1")] == [StepState.ACCEPTED]
    assert (await trace_of(inbox, "a1")).dead == ""


async def test_a_refused_reply_is_left_and_the_next_message_runs(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    line.then(SEND, QUOTA)
    async with Desk(inbox, line, clock, echo) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert desk.said == ["a1", "a2"]
    assert await inbox.steps("a1") == [(0, StepState.REFUSED, "95001")]


async def test_words_of_an_earlier_run_that_never_left_are_said_as_they_were_stored(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    await inbox.receive(row("a1"))
    claim = await inbox.claim_one()
    await inbox.store.begin(claim, replace(send_step(claim, 0, Text(content="stored")), state=StepState.SENDING))
    await inbox.settle(claim, Again(NOW))
    async with Desk(inbox, line, clock, Failing(0, first="another")) as desk:
        desk.dispatcher.hint()
        await desk.settles()
    assert desk.said == ["stored", "a1"]


async def test_a_handler_that_takes_another_way_the_second_time_is_heard_and_says_nothing_twice(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    async def handler(work: Work) -> Sequence[Outbound]:
        if work.claim.msgid == "a1" and work.claim.attempt == 1:
            await work.send(Text(content="first run"))
            raise ValueError
        return [Text(content=f"{work.claim.msgid}, run {work.claim.attempt}")]

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert desk.said == ["first run", "a1, run 2", "a2, run 1"]


async def test_a_refusal_in_a_handler_is_a_refusal_in_its_second_run_too(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    refusals: list[str] = []

    async def handler(work: Work) -> Sequence[Outbound]:
        try:
            await work.send(Text(content="long"))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is to be the same
            refusals.append(type(error).__name__)
            await work.send(Text(content="short"))
        if work.claim.attempt == 1:
            raise ValueError
        return []

    line.then(SEND, 45002)
    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.settles()
    assert desk.said == ["long", "short"]
    assert len(refusals) == 2
    assert len(set(refusals)) == 1


async def test_what_another_version_of_the_handler_did_differently_is_diverged(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    await inbox.receive(row("a1"), row("a2"))
    claim = await inbox.claim_one()
    await inbox.store.begin(claim, replace(send_step(claim, 0, Text(content="x")), path="kf/other"))
    await inbox.settle(claim, Again(NOW))
    async with Desk(inbox, line, clock, Failing(0, first="hi")) as desk:
        desk.dispatcher.hint()
        await desk.settles()
    assert desk.said == ["hi", "a2"]
    assert (await trace_of(inbox, "a1")).dead.startswith("Diverged: effect 0 of a1 was kf/other, is kf/send_msg")


async def test_words_that_could_not_be_stored_are_said_by_the_next_run(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    attempts = list[int]()

    async def handler(work: Work) -> Sequence[Outbound]:
        attempts.append(work.claim.attempt)
        if len(attempts) == 5:
            inbox.repair()
        return await echo(work)

    inbox.sabotage("INSERT ON step")
    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert desk.said == ["a1", "a2"]
    assert set(attempts) == {1}  # the disk's trouble is not the handler's


async def test_a_result_that_could_not_be_stored_is_asked_for_again(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    inbox.sabotage("UPDATE ON step")

    async def repaired(_: Json) -> Json:
        inbox.repair()
        return {"errcode": 95033, "errmsg": "msgid repeated"}

    line.then(SEND, {"msgid": "m"}, repaired)
    async with Desk(inbox, line, clock, echo) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert desk.said == ["a1", "a1", "a2"]
    assert await inbox.steps("a1") == [(0, StepState.ACCEPTED, "95033")]


async def test_a_message_that_cannot_be_given_back_is_given_back_later(
    inbox: Inbox, line: Line, clock: MovableClock, sim_clock: SimClock
) -> None:
    inbox.sabotage("UPDATE ON conversation", when="NEW.done > OLD.done")

    def repair() -> None:
        leave()
        inbox.repair()

    leave = sim_clock.on_move(repair)
    async with Desk(inbox, line, clock, echo) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert desk.said == ["a1", "a2"]


@pytest.mark.parametrize("do", ["ABORT, 'locked'", "ROLLBACK, 'disk full'"])
async def test_an_inbox_that_fails_for_a_while_stops_nothing(
    inbox: Inbox, line: Line, clock: MovableClock, caplog: pytest.LogCaptureFixture, do: str
) -> None:
    async with Desk(inbox, line, clock, echo) as desk:
        inbox.sabotage("UPDATE ON conversation", when="NEW.owner IS NOT NULL", do=do)
        await desk.receives(("a1", "wmA"))
        await desk.quiet()
        assert "cannot claim" in caplog.text
        inbox.repair()
        await desk.settles()
    assert desk.said == ["a1"]


async def test_who_lost_the_claim_says_nothing_more(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    runs = 0

    async def handler(work: Work) -> Sequence[Outbound]:
        nonlocal runs
        runs += 1
        if runs == 1:
            await inbox.settle(work.claim, Again(clock.now()))  # as if presumed dead
        return [Text(content=f"run {runs}")]

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.settles()
    assert desk.said == ["run 2"]


async def test_what_was_claimed_is_begun_though_the_next_claim_fails(
    inbox: Inbox, line: Line, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, failed = inbox.store.claim, list[Lane]()

    async def claims(*given: Any, lane: Lane, **more: Any) -> list[Claim]:
        if lane is Lane.ORDERED and not failed:
            failed.append(lane)
            raise StoreError("there is no room on the disk")
        return await claim(*given, lane=lane, **more)

    monkeypatch.setattr(inbox.store, "claim", claims)
    await inbox.receive(structs.replace(row("e1"), lane=Lane.GREETING))
    async with Desk(inbox, line, clock, echo) as desk:
        desk.dispatcher.hint()
        await desk.settles()
    assert failed
    assert (await trace_of(inbox, "e1")).handled
