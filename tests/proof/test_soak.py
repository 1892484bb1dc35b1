"""The soak in short: it plays, tells what it saw, and can tell that something grows."""

from pathlib import Path

import pytest

from proof.soak import WARM, Day, grown, thirds, watched

pytestmark = pytest.mark.proof


async def test_a_bot_lives_for_days_under_watch(tmp_path: Path) -> None:
    days = await watched(0.0, tmp_path)
    assert len(days) == 3
    assert all(day.messages > 1_000 and day.p50 < day.p99 and day.memory and day.file for day in days)


def test_what_grows_is_named() -> None:
    steady = Day(1_000, 0.003, 0.006, 60_000_000, 8_000_000, 8_000_000)
    days = [steady] * (WARM + 9)
    assert grown(*thirds(days)[1:]) == []
    leaking = [day._replace(memory=day.memory + 2_000_000 * number) for number, day in enumerate(days)]
    assert grown(*thirds(leaking)[1:]) == ["memory"]
