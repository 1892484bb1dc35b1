"""The one timer for all calls: it wakes whoever is late, nobody else, and never swallows a cancellation."""

import asyncio

import pytest

from wxkf.client.alarm import Alarm, Watch

FOREVER = 3600.0


async def held(alarm: Alarm, seconds: float, until: asyncio.Event) -> str:
    """Wait for the event within so many seconds."""
    try:
        with Watch(alarm, seconds):
            await until.wait()
    except TimeoutError:
        return "late"
    return "in time"


async def test_each_is_woken_at_a_time_of_its_own() -> None:
    alarm, never, soon = Alarm(), asyncio.Event(), asyncio.Event()
    late = [asyncio.create_task(held(alarm, seconds, never)) for seconds in (0.03, 0.001, 0.02)]
    others = [asyncio.create_task(held(alarm, FOREVER, soon)) for _ in range(3)]
    assert await asyncio.gather(*late) == ["late"] * 3
    assert not any(one.done() for one in others)
    soon.set()
    assert await asyncio.gather(*others) == ["in time"] * 3
    assert alarm.under_way == {}


async def test_a_shorter_time_that_comes_later_moves_the_timer() -> None:
    alarm, never = Alarm(), asyncio.Event()
    long = asyncio.create_task(held(alarm, FOREVER, never))
    await asyncio.sleep(0)
    assert await held(alarm, 0.001, never) == "late"
    assert not long.done()
    long.cancel()
    with pytest.raises(asyncio.CancelledError):
        await long


async def test_a_cancellation_stays_one() -> None:
    alarm = Alarm()
    task = asyncio.create_task(held(alarm, FOREVER, asyncio.Event()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert alarm.under_way == {}


async def test_a_cancellation_that_comes_with_the_end_of_the_time_is_not_lost() -> None:
    alarm = Alarm()
    task = asyncio.create_task(held(alarm, FOREVER, asyncio.Event()))
    await asyncio.sleep(0)
    (watch,) = alarm.under_way
    watch.wake()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_of_the_block_is_its_own() -> None:
    with pytest.raises(ZeroDivisionError), Watch(Alarm(), FOREVER):
        raise ZeroDivisionError


async def test_no_time_at_all_is_late_at_the_first_wait() -> None:
    assert await held(Alarm(), 0.0, asyncio.Event()) == "late"
