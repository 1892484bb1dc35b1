"""Fixtures of the simulator's tests."""

import pytest

from unit.sim.shop import Make, Shop


@pytest.fixture
def shop() -> Shop:
    """A simulator with the default settings."""
    return Shop()


@pytest.fixture
def make() -> Make:
    """Make a simulator with settings of one's own."""
    return Shop
