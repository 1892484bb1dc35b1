"""Anything can happen, in any order: people write and go, staff come and go, days pass, lines break, the bot dies.

Stories are drawn (`happenings.py`), the simulator is the oracle (`oracle.py`). The fast suite has 150, always the
same; `WXKF_MACHINE=2000 uv run pytest -n0 tests/proof/test_machine.py` draws so many others, each twice as long.
"""

import asyncio
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proof.happenings import HAPPENINGS, Happening
from proof.oracle import Oracle
from proof.rounds import ORDERS
from proof.town import Town
from wxkf.sim import Settings

MANY = int(os.environ.get("WXKF_MACHINE", "0"))
HANGS = 10.0  # seconds of real time in which a story of days is surely over
READINGS: list[dict[str, Any]] = [{}, *ORDERS.values()]  # of what the platform's pages leave open
RULES = st.builds(
    lambda reading, bare: Settings(**reading, syncs_without_token_per_minute=bare),
    st.sampled_from(READINGS),
    st.sampled_from([None, 10]),
)
STORY = st.lists(HAPPENINGS, min_size=20, max_size=60 if MANY else 30)


@pytest.fixture(autouse=True)
def _in_silence() -> Iterator[None]:
    """Let the engine not log: trouble is all it would tell of."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@settings(
    max_examples=MANY or 150,
    derandomize=not MANY,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rules=RULES, seed=st.integers(0, 999), batch=st.sampled_from([1, 1, 3]), story=STORY)
def test_whatever_happens_nobody_is_wronged(rules: Settings, seed: int, batch: int, story: list[Happening]) -> None:
    wrongs = asyncio.run(told(rules, seed, batch, story))
    assert not wrongs, "\n".join(wrongs)


async def told(rules: Settings, seed: int, batch: int, story: list[Happening]) -> list[str]:
    """Let a story happen. Returns what was wrong in the end."""
    with TemporaryDirectory(prefix="wxkf-machine-") as folder:
        town = Town(Path(folder), rules, seed, batch)
        oracle = Oracle(town)
        try:
            async with asyncio.timeout(HANGS):
                await town.start()
                for happening in story:
                    await happening(town)
                await town.calm()
            return oracle.wrongs()
        finally:
            await town.aclose()
