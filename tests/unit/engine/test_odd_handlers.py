"""Handlers nobody would write: each costs its own message at most, and never the conversation."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec import structs

from kit.inboxes import APP, NOW, Inbox, enter, row
from kit.lines import Line
from unit.engine.desk import Desk, echo
from wxkf.engine.engine import Engine
from wxkf.engine.values import Lane
from wxkf.engine.verdicts import CRASHES, SUSPECT
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


ODD: list[BaseException] = [
    ValueError("half an emoji \ud83d"),
    Odd("x"),
    Dumb(),
    GeneratorExit(),
    StopIteration(),
    SystemExit(1),
]


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


async def test_what_was_in_hand_beside_it_is_handled_alone_and_lives(
    tmp_path: Path, line: Line, clock: MovableClock
) -> None:
    """Each life ends with all of them in hand: a supervisor that kills, or one among them."""
    inbox, at_once = Inbox(tmp_path / "inbox.db"), list[int]()
    await inbox.store.open()
    await inbox.receive(*(row(f"m{number}", f"wm{number}") for number in range(8)))
    for _ in range(SUSPECT):
        await inbox.claim(8)
        await inbox.store.aclose()
        inbox = Inbox(tmp_path / "inbox.db")
        await inbox.store.open()

    async def handler(work: Work) -> Sequence[Outbound]:
        at_once.append(desk.dispatcher.running)
        await asyncio.sleep(0)
        return await echo(work)

    async with Desk(inbox, line, clock, handler) as desk:
        desk.dispatcher.hint()
        await desk.settles()
        assert at_once == [1] * 8
        await desk.receives(*((f"n{number}", f"wm{number}") for number in range(8)))
        await desk.settles()
        assert max(at_once[8:]) > 1
    await inbox.store.aclose()
    assert len(desk.said) == 16


async def test_a_greeting_that_was_in_hand_is_handled_alone_as_well(
    tmp_path: Path, line: Line, clock: MovableClock
) -> None:
    inbox, begun = Inbox(tmp_path / "inbox.db"), list[str]()
    await inbox.store.open()
    greeting = structs.replace(row("e1", raw=enter("e1", welcome_code="c")), lane=Lane.GREETING)
    await inbox.receive(greeting, row("m1", "wmB"))
    for _ in range(SUSPECT):
        for lane in Lane:
            await inbox.store.claim(APP, 8, NOW, lane=lane)
        await inbox.store.aclose()
        inbox = Inbox(tmp_path / "inbox.db")
        await inbox.store.open()

    async def handler(work: Work) -> Sequence[Outbound]:
        begun.append(work.claim.msgid)
        assert desk.dispatcher.running == 1
        return []

    async with Desk(inbox, line, clock, handler) as desk:
        desk.dispatcher.hint()
        await desk.settles()
    await inbox.store.aclose()
    assert sorted(begun) == ["e1", "m1"]


async def test_a_life_that_ends_as_it_should_suspects_nobody(tmp_path: Path, line: Line, clock: MovableClock) -> None:
    async def silent(_: Work) -> Sequence[Outbound]:
        return []

    inbox = Inbox(tmp_path / "inbox.db")
    for life in range(CRASHES + 1):
        inbox = Inbox(inbox.path)
        engine = Engine(APP, line.client(clock), inbox.store, silent, clock=clock)
        await engine.__aenter__()
        if not life:
            await inbox.receive(row("a1"))
        engine.look()
        for _ in range(life):
            await asyncio.sleep(0)
        await engine.__aexit__()
    await inbox.store.open()
    trace = await inbox.store.trace("a1")
    await inbox.store.aclose()
    assert trace is not None
    assert not trace.dead


async def test_an_error_of_somebody_elses_work_is_ones_own(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    kept: list[Work] = []

    async def handler(work: Work) -> Sequence[Outbound]:
        kept.append(work)
        if len(kept) == 2:
            await kept[0].reply("too late")  # its claim is over
        return await echo(work)

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.settles()
        await desk.receives(("b1", "wmB"))
        await desk.settles()
    assert desk.said == ["a1", "b1"]
