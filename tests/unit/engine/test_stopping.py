"""How an engine ends: what runs is waited for, then given back; and it ends, whoever is in a hurry or deaf."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from kit.inboxes import APP, KF, NOW, Inbox, row
from kit.lines import SYNC, Line
from unit.engine.desk import Desk
from wxkf.engine.engine import Engine
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound
from wxkf.protocol.callback import Notice
from wxkf.testing.clock import MovableClock


class Hanging:
    """A handler that waits for its end."""

    def __init__(self) -> None:
        self.begun, self.let_go, self.attempts = asyncio.Event(), asyncio.Event(), list[int]()

    async def __call__(self, work: Work) -> Sequence[Outbound]:
        """Begin, and wait."""
        self.attempts.append(work.claim.attempt)
        self.begun.set()
        await self.let_go.wait()
        return []


class Deaf(Hanging):
    """One that cannot be cancelled."""

    async def __call__(self, work: Work) -> Sequence[Outbound]:
        """Begin, and wait whatever comes."""
        self.begun.set()
        while not self.let_go.is_set():
            with suppress(asyncio.CancelledError):
                await self.let_go.wait()
        return []


@pytest.fixture
def hanging() -> Hanging:
    return Hanging()


@pytest.fixture
async def at_work(tmp_path: Path, line: Line, clock: MovableClock, hanging: Hanging) -> AsyncIterator[Engine]:
    """An engine whose handler hangs."""
    store = SqliteStore(tmp_path / "own.db")
    engine = Engine(APP, line.client(clock), store, hanging, clock=clock, settings=InboxSettings(grace=30))
    await engine.__aenter__()
    await store.commit_page(await store.account(APP, KF, 0.0), "c", [row("a1")], NOW)
    engine.look()
    await hanging.begun.wait()
    yield engine
    hanging.let_go.set()
    await store.aclose()


async def test_a_stop_spends_no_attempt(tmp_path: Path, line: Line, clock: MovableClock, hanging: Hanging) -> None:
    for life in range(5):
        inbox = Inbox(tmp_path / "inbox.db")
        await inbox.store.open()
        hanging.begun.clear()
        async with Desk(inbox, line, clock, hanging) as desk:
            if not life:
                await inbox.receive(row("a1"))
            desk.dispatcher.hint()
            await hanging.begun.wait()
        await inbox.store.aclose()
    assert hanging.attempts == [1] * 5


async def test_a_handler_that_cannot_be_cancelled_is_left_behind(
    inbox: Inbox, line: Line, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    deaf = Deaf()
    try:
        async with asyncio.timeout(5), Desk(inbox, line, clock, deaf) as desk:
            await desk.receives(("a1", "wmA"))
            await deaf.begun.wait()
        assert "does not end" in caplog.text
        assert (await inbox.claim_one()).attempt == 1
    finally:
        deaf.let_go.set()


async def test_a_stop_that_is_cut_short_still_closes_the_store(at_work: Engine, tmp_path: Path) -> None:
    stopping = asyncio.ensure_future(at_work.__aexit__())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert not [one for one in asyncio.all_tasks() if one.get_name() == "wxkf a1"]
    again = SqliteStore(tmp_path / "own.db")
    await again.open()
    (claim,) = await again.claim(APP, 5, NOW)
    assert (claim.msgid, claim.attempt) == ("a1", 1)
    await again.aclose()


async def test_a_stop_that_is_cut_short_gives_back_what_it_held_of_a_shared_store(
    inbox: Inbox, line: Line, clock: MovableClock, hanging: Hanging
) -> None:
    engine = Engine(APP, line.client(clock), inbox.store, hanging, clock=clock, shared=True)
    await engine.__aenter__()
    await inbox.receive(row("a1"))
    engine.look()
    await hanging.begun.wait()
    stopping = asyncio.ensure_future(engine.__aexit__())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert (await inbox.claim_one()).msgid == "a1"


async def test_a_callback_after_the_end_starts_nothing(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    async def silent(_: Work) -> Sequence[Outbound]:
        return []

    engine = Engine(APP, line.client(clock), inbox.store, silent, clock=clock, shared=True)
    async with engine:
        await engine.quiet()
    asked = len(line.bodies(SYNC))
    await engine.note(Notice("kf_msg_or_event", KF, "T", 0, (("OpenKfId", KF), ("Token", "T")), b""))
    await engine.quiet()
    assert len(line.bodies(SYNC)) == asked
