"""Handlers nobody would write: each costs its own message at most, and never the conversation."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from kit.inboxes import NOW, Inbox, row
from kit.lines import Line
from unit.engine.desk import Desk, echo
from wxkf.engine.verdicts import CRASHES
from wxkf.engine.work import Work
from wxkf.errors import ApiError
from wxkf.messages.outbound import Outbound
from wxkf.testing.clock import MovableClock


class Odd(BaseException):
    """What no handler should raise."""


class Dumb(Exception):
    """An error that cannot even say what it is."""

    def __str__(self) -> str:
        raise ValueError


ODD: list[BaseException] = [ValueError("half an emoji \ud83d"), Odd("x"), Dumb(), GeneratorExit(), StopIteration()]


@pytest.mark.parametrize("error", ODD, ids=[type(one).__name__ for one in ODD])
async def test_whatever_a_handler_raises_the_next_message_runs(
    inbox: Inbox, line: Line, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(logging.getLogger("wxkf.dispatcher"), "disabled", True)  # half an emoji goes into no report

    async def handler(work: Work) -> Sequence[Outbound]:
        if work.claim.msgid == "a1":
            raise error
        return await echo(work)

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    trace = await inbox.store.trace("a1")
    assert trace is not None
    assert trace.dead
    assert desk.said == ["a2"]


async def test_a_message_that_ends_the_process_is_given_up_in_the_end(
    tmp_path: Path, line: Line, clock: MovableClock
) -> None:
    for life in range(CRASHES):
        inbox = Inbox(tmp_path / "inbox.db")
        await inbox.store.open()
        if not life:
            await inbox.receive(row("a1"), row("a2"))
        assert (await inbox.claim_one()).msgid == "a1"
        await inbox.store.aclose()  # as a process does that is gone: nothing is settled
    inbox = Inbox(tmp_path / "inbox.db")
    await inbox.store.open()
    async with Desk(inbox, line, clock, echo) as desk:
        desk.dispatcher.hint()
        await desk.settles()
    trace = await inbox.store.trace("a1")
    await inbox.store.aclose()
    assert trace is not None
    assert trace.dead == "the process ended 5 times while this was handled"
    assert desk.said == ["a2"]


async def test_a_handler_that_takes_no_notice_of_its_time_leaves_nothing_behind(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    begun = asyncio.Event()

    async def handler(work: Work) -> Sequence[Outbound]:
        begun.set()
        if work.claim.msgid == "a1":
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
        return await echo(work)

    async with Desk(inbox, line, clock, handler, seconds=5) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await begun.wait()
        clock.forward(seconds=6)
        desk.dispatcher.hint()
        await desk.settles()
        assert not desk.dispatcher._late
    assert desk.said == ["a1", "a2"]


async def test_the_time_that_the_platform_was_in_trouble_is_no_time_of_failing(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    runs = 0

    async def handler(work: Work) -> Sequence[Outbound]:
        nonlocal runs
        runs += 1
        if runs in (1, 12):
            raise ValueError("no")
        if runs < 12:
            raise ApiError.of(45009, "", "kf/customer/batchget")
        return await echo(work)

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.settles()
    assert clock.now() > NOW + 60
    assert desk.said == ["a1"]
