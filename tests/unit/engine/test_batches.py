"""Batches: what a handler has begun with gets no company, and none of it is lost."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from kit.inboxes import APP, KF, NOW, Inbox, enter, row
from kit.lines import SEND, Line
from unit.engine.desk import Desk
from wxkf.engine.sqlite import looks
from wxkf.engine.values import StepState
from wxkf.engine.views import Filed
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound, Text
from wxkf.testing.clock import MovableClock

LIMITED = 45009


async def test_who_writes_while_words_wait_for_the_platform_is_heard(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    seen: list[list[str]] = []

    async def handler(work: Work) -> Sequence[Outbound]:
        seen.append([event.msgid for event in work.events])
        return [Text(content="ok")]

    line.then(SEND, LIMITED)
    async with Desk(inbox, line, clock, handler, batch=10) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.quiet()
        await desk.receives(("a2", "wmA"))
        await desk.settles()
    assert seen == [["a1"], ["a2"]]


async def test_a_second_run_is_about_the_same_messages_as_the_first(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    seen: list[list[str]] = []

    async def handler(work: Work) -> Sequence[Outbound]:
        seen.append([event.msgid for event in work.events])
        await work.reply(f"to {'+'.join(seen[-1])}")
        if len(seen) == 1:
            raise ValueError
        return []

    async with Desk(inbox, line, clock, handler, batch=10) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.quiet()
        await desk.receives(("a2", "wmA"), ("a3", "wmA"))
        await desk.settles()
    assert seen == [["a1"], ["a1"], ["a2", "a3"]]
    assert desk.said == ["to a1", "to a2+a3"]


async def test_who_enters_and_then_writes_is_answered(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    async def handler(work: Work) -> Sequence[Outbound]:
        return [Text(content=f"to {len(work.events)}")]

    async with Desk(inbox, line, clock, handler, batch=10) as desk:
        await desk.receives(("e1", "wmA", enter("e1")), ("a1", "wmA"))
        await desk.settles()
    assert desk.said == ["to 2"]


async def test_a_timer_stands_alone_and_a_failed_send_in_a_batch_is_noted(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    seen: list[list[str]] = []

    async def handler(work: Work) -> Sequence[Outbound]:
        seen.append([type(event).__name__ for event in work.events])
        if len(seen) == 1:
            await work.later(NOW, "later")
        return []

    async with Desk(inbox, line, clock, handler, batch=10) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.settles()
        await inbox.store.fire(APP, NOW)
        await inbox.receive(row("a2"))
        desk.dispatcher.hint()
        await desk.settles()
        event = {"event_type": "msg_send_fail", "open_kfid": KF, "external_userid": "wmA", "fail_type": 13}
        event["fail_msgid"] = line.bodies(SEND)[0]["msgid"]
        failed = {"msgid": "f1", "send_time": int(NOW), "origin": 4, "msgtype": "event", "event": event}
        await desk.receives(("a3", "wmA"), ("f1", "wmA", failed))
        await desk.settles()
        (timer,) = [filed for filed in await _all(inbox) if filed.origin == 0]
    assert seen == [["Text"], ["Text"], ["Text", "MsgSendFail"]]
    assert desk.said == ["later"]
    assert [step.state for step in timer.steps] == [StepState.FAILED]


async def _all(inbox: Inbox) -> list[Filed]:
    with closing(sqlite3.connect(inbox.path)) as db:
        return looks.listed(db, "all")


async def test_a_batch_that_is_given_up_is_dead_to_the_last_message(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    async def handler(_: Work) -> Sequence[Outbound]:
        raise ValueError("no")

    async with Desk(inbox, line, clock, handler, batch=10) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"), ("a3", "wmA"))
        await desk.settles()
    assert {one.msgid for one in await _all(inbox) if one.dead} == {"a1", "a2", "a3"}
