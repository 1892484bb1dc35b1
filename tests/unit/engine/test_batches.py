"""Batches: what a handler has begun with gets no company, and none of it is lost."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from kit.inboxes import Inbox
from kit.lines import SEND, Line
from unit.engine.desk import Desk
from wxkf.engine.sqlite import looks
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


async def test_a_batch_that_is_given_up_is_dead_to_the_last_message(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    async def handler(_: Work) -> Sequence[Outbound]:
        raise ValueError("no")

    async with Desk(inbox, line, clock, handler, batch=10) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"), ("a3", "wmA"))
        await desk.settles()
    with closing(sqlite3.connect(inbox.path)) as db:
        assert [one.msgid for one in looks.listed(db, "dead")] == ["a1", "a2", "a3"]
