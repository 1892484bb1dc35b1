"""The scripted customer itself: its clock, its screen, and leaving in the middle of things."""

import asyncio

import pytest

from wxkf.bot.app import Bot
from wxkf.sim import SimClock
from wxkf.testing import Chat
from wxkf.testing.clock import MovableClock


@pytest.mark.parametrize("turns", range(8))
async def test_idling_ends_when_it_is_cancelled_at_whatever_moment(turns: int) -> None:
    sim_clock = SimClock.frozen()
    clock, never = MovableClock(sim_clock), asyncio.Event()

    async def idle() -> None:
        while True:
            await clock.wait(never, 60)

    idling = asyncio.create_task(idle())
    await asyncio.sleep(0)
    clock.forward(minutes=1)
    for _ in range(turns):
        await asyncio.sleep(0)
    idling.cancel()
    assert await asyncio.wait([idling], timeout=5) == ({idling}, set())
    assert idling.cancelled()


@pytest.mark.parametrize("turns", range(8))
async def test_a_chat_can_be_left_while_the_bot_is_waking_up(parrot: Bot, turns: int) -> None:
    async with asyncio.timeout(5), Chat(parrot) as customer:
        customer.clock.forward(minutes=1)
        for _ in range(turns):
            await asyncio.sleep(0)


async def test_caught_up_means_that_whose_time_has_come_went_on_and_nobody_else() -> None:
    clock, never = MovableClock(SimClock.frozen()), asyncio.Event()
    woken: list[str] = []

    async def idle(name: str, seconds: float) -> None:
        await clock.wait(never, seconds)
        woken.append(name)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(idle(f"{seconds}", seconds)) for seconds in (10, 20, 30)]
        await asyncio.sleep(0)
        clock.forward(seconds=20)
        await clock.caught_up()
        assert woken == ["10", "20"]
        tasks[2].cancel()


async def test_an_event_ends_the_idling_before_its_time() -> None:
    clock, event = MovableClock(SimClock.frozen()), asyncio.Event()
    before = clock.now()
    idling = asyncio.create_task(clock.wait(event, 60))
    await asyncio.sleep(0)
    event.set()
    async with asyncio.timeout(5):
        await idling
    assert clock.now() == before


async def test_the_screen_shows_both_sides_in_order(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.enters(scene="home")
        await customer.says("在吗")
        shown = [(bubble.who, bubble.body.get("content", bubble.msgtype)) for bubble in customer.screen]
    assert shown == [("system", "event"), ("account", "欢迎"), ("customer", "在吗"), ("account", "您说：在吗")]


async def test_two_chats_side_by_side_know_nothing_of_each_other(parrot: Bot) -> None:
    async with Chat(parrot) as one, Chat(parrot) as other:
        assert await one.says("一") == ["您说：一"]
        assert other.screen == []
        one.clock.forward(days=1)
        assert other.clock.now() < one.clock.now()


async def test_the_same_seed_makes_the_same_world(parrot: Bot) -> None:
    async def screen() -> list[str]:
        async with Chat(parrot, seed=4) as customer:
            await customer.says("在吗")
            return [bubble.msgid for bubble in customer.screen]

    assert await screen() == await screen()
