"""A provider's file, and a clock that the test moves."""

from pathlib import Path

import pytest

from kit.suites import NOW
from wxkf.provider.store import ProviderStore
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    """The time, standing still."""
    return MovableClock(SimClock.frozen(float(NOW)))


@pytest.fixture
def store(tmp_path: Path, clock: MovableClock) -> ProviderStore:
    """An empty file."""
    return ProviderStore(tmp_path / "provider.db", now=clock.now)
