"""Fixtures for pytest, there as soon as wxkf is installed: `wxkf_platform` and `wxkf_chat`.

Nothing of wxkf is imported until a test asks for one of them, so a suite that does not pays nothing.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from wxkf.sim import Simulator
    from wxkf.testing import Chat


@pytest.fixture
def wxkf_platform() -> "Iterator[Simulator]":
    """Give a fresh platform in process, on a clock that stands still until `clock.forward(…)`.

    Clients reach it by `transport=AsgiTransport(wxkf_platform.app)`.
    """
    from wxkf.sim import SimClock, Simulator

    platform = Simulator(clock=SimClock.frozen())
    yield platform
    platform.app.close()


@pytest.fixture
def wxkf_chat(wxkf_platform: "Simulator") -> "Callable[..., Chat]":
    """Give `Chat` on that platform: `async with wxkf_chat(bot) as customer`."""
    from functools import partial

    from wxkf.testing import Chat

    return partial(Chat, sim=wxkf_platform)
