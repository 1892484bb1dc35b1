"""The dispatcher's lanes, limits and ends: greetings pass, handlers end in time, lost claims are dropped."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from kit.inboxes import NOW, Inbox, enter, item, row
from kit.lines import ON_EVENT, SEND, Line, breathe
from unit.engine.desk import Desk, echo
from wxkf.engine.settings import InboxSettings, Limits
from wxkf.engine.values import Lane, Row, StepState
from wxkf.engine.work import Work
from wxkf.errors import ConfigError
from wxkf.messages.events import EnterSession
from wxkf.messages.outbound import Outbound, Text
from wxkf.testing.clock import MovableClock


class HangsOnce:
    """A handler whose first run never ends by itself; the others echo."""

    def __init__(self) -> None:
        self.begun, self.runs = asyncio.Event(), 0

    async def __call__(self, work: Work) -> Sequence[Outbound]:
        self.runs += 1
        if self.runs == 1:
            self.begun.set()
            await asyncio.Event().wait()
        return await echo(work)


async def test_a_greeting_passes_a_busy_inbox(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    busy = asyncio.Event()

    async def handler(work: Work) -> Sequence[Outbound]:
        if isinstance(work.event, EnterSession):
            return [Text(content="welcome")]
        await busy.wait()
        return []

    raw = json.dumps(enter("e1", "wmA", welcome_code="CODE")).encode()
    async with Desk(inbox, line, clock, handler, running=1) as desk:
        await desk.receives(("a1", "wmA"), ("b1", "wmB"))
        await breathe()
        await inbox.receive(Row("e1", "wmA", int(NOW), 4, raw, lane=Lane.GREETING))
        desk.dispatcher.hint()
        await line.called(ON_EVENT, 1)
        assert desk.dispatcher.running >= 1
        busy.set()
        await desk.settles()
    assert line.bodies(ON_EVENT)[0]["code"] == "CODE"


async def test_a_handler_that_takes_too_long_is_ended_and_tried_again(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    handler = HangsOnce()
    async with Desk(inbox, line, clock, handler, seconds=30) as desk:
        await desk.receives(("a1", "wmA"))
        await handler.begun.wait()
        clock.forward(seconds=29)
        await breathe()
        assert handler.runs == 1
        clock.forward(seconds=2)
        desk.dispatcher.hint()
        await desk.settles()
    assert (handler.runs, desk.said) == (2, ["a1"])


async def test_a_message_that_fails_for_a_minute_is_given_up_before_its_third_try(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    runs = 0

    async def handler(_: Work) -> Sequence[Outbound]:
        nonlocal runs
        runs += 1
        clock.forward(seconds=70)
        raise ValueError("slowly")

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert runs == 4
    trace = await inbox.store.trace("a1")
    assert trace is not None
    assert "slowly" in trace.dead


@pytest.mark.parametrize("late", [False, True])
async def test_a_lost_lease_ends_what_runs_and_it_begins_again(
    inbox: Inbox, line: Line, clock: MovableClock, late: bool
) -> None:
    """Told late, it ends what was claimed since, too: that is still ours, and given back."""
    handler = HangsOnce()
    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        await handler.begun.wait()
        if not late:
            await inbox.store.release("ww1")  # as the store does when the lease has run out
        desk.dispatcher.drop()
        await desk.settles()
    assert (handler.runs, desk.said) == (2, ["a1"])


async def test_a_send_that_failed_after_all_is_noted_and_told(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    told = []

    async def handler(work: Work) -> Sequence[Outbound]:
        told.append(type(work.event).__name__)
        return await echo(work) if len(told) == 1 else []

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.settles()
        msgid = line.bodies(SEND)[0]["msgid"]
        event: dict[str, object] = {"event_type": "msg_send_fail", "open_kfid": "wk1", "external_userid": "wmA"}
        event |= {"fail_msgid": msgid, "fail_type": 13}
        fail = {"msgid": "f1", "send_time": int(NOW), "origin": 4, "msgtype": "event", "event": event}
        await inbox.receive(row("f1", "wmA", raw=fail))
        desk.dispatcher.hint()
        await desk.settles()
    assert told == ["Text", "MsgSendFail"]
    assert await inbox.steps("a1") == [(0, StepState.FAILED, "13")]


async def test_one_customers_batch_is_one_run(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    batches = []

    async def handler(work: Work) -> Sequence[Outbound]:
        batches.append([event.msgid for event in work.events])
        return []

    async with Desk(inbox, line, clock, handler, batch=3) as desk:
        await inbox.receive(*(row(f"a{number}", raw=item(f"a{number}")) for number in range(5)))
        desk.dispatcher.hint()
        await desk.settles()
    assert batches == [["a0", "a1", "a2"], ["a3", "a4"]]


@pytest.mark.parametrize(
    "wrong",
    [{"poll": 0.0}, {"retention": -1.0}, {"grace": -1.0}, {"limits": Limits(running=0)}, {"start": "yesterday"}],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        InboxSettings(**wrong)


@pytest.mark.parametrize(("start", "since"), [("from_now", NOW - 600), ("latest", NOW), ("all", 0.0), (5.0, 5.0)])
def test_where_an_account_begins(start: Any, since: float) -> None:
    assert InboxSettings(start=start).since(NOW) == since
