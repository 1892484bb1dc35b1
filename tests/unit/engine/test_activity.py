"""Who is busy: quiet means that everything which began has ended."""

import asyncio

import pytest

from kit.lines import breathe
from wxkf.engine.activity import Activity


async def is_quiet(activity: Activity) -> bool:
    """Tell whether nothing is under way."""
    waiting = asyncio.create_task(activity.quiet())
    await breathe()
    if not waiting.done():
        waiting.cancel()
        return False
    await waiting
    return True


@pytest.mark.parametrize("times", [1, 2, 5])
async def test_what_is_held_is_released_once_however_often_it_is_let_go(times: int) -> None:
    activity = Activity()
    release = activity.hold()
    activity.begin()
    assert not await is_quiet(activity)
    for _ in range(times):
        release()
    assert not await is_quiet(activity)
    activity.end()
    assert await is_quiet(activity)


async def test_two_holds_are_two() -> None:
    activity = Activity()
    first, second = activity.hold(), activity.hold()
    first()
    first()
    assert not await is_quiet(activity)
    second()
    assert await is_quiet(activity)


async def test_a_block_that_fails_is_over() -> None:
    activity = Activity()
    with pytest.raises(ValueError, match="no"), activity.during():
        raise ValueError("no")
    assert await is_quiet(activity)
