"""Fixtures of the engine's tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit.inboxes import NOW, Inbox, row
from kit.lines import Line
from wxkf.engine.outbox import Outbox
from wxkf.engine.values import Claim
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    """An open store with one account."""
    inbox = Inbox(tmp_path / "inbox.db")
    await inbox.store.open()
    yield inbox
    await inbox.store.aclose()


@pytest.fixture
def line() -> Line:
    """A scripted line to the platform."""
    return Line()


@pytest.fixture
def sim_clock() -> SimClock:
    """The time itself, standing still at `NOW`."""
    return SimClock.frozen(NOW)


@pytest.fixture
def clock(sim_clock: SimClock) -> MovableClock:
    """The time as the engine sees it."""
    return MovableClock(sim_clock)


@pytest.fixture
async def claim(inbox: Inbox) -> Claim:
    """The claim of the message a1."""
    await inbox.receive(row("a1"))
    return await inbox.claim_one()


@pytest.fixture
def outbox(inbox: Inbox, line: Line, clock: MovableClock) -> Outbox:
    """An outbox that sends through the scripted line."""
    return Outbox(line.client(clock), inbox.store)
