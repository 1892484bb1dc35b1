"""Faults of callbacks: lost, twice, late by the world's clock, overtaken."""

import asyncio

import pytest

from unit.sim.receiver import Receiver, opened
from unit.sim.shop import Shop
from wxkf.sim import SimClock, Simulator


@pytest.fixture
def receiver(shop: Shop) -> Receiver:
    found = Receiver()
    shop.sim.deliver_to(found)
    return found


async def say(shop: Shop, text: str) -> None:
    """Let the customer write, and what is due arrive."""
    shop.say(text)
    await shop.sim.quiet()


def uptos(shop: Shop, receiver: Receiver) -> list[str]:
    """Tell by their tokens in which order of making the callbacks came."""
    made = list(shop.platform.world.accounts[shop.kf].callback_tokens)
    return [str(made.index(opened(shop, sent)["Token"])) for sent in receiver.sent]


async def test_a_lost_callback_does_not_leave_and_the_journal_says_so(shop: Shop, receiver: Receiver) -> None:
    shop.platform.trouble.add("callback_lost", times=1)
    await say(shop, "1")
    assert receiver.sent == []
    entry = shop.platform.journal[-1]
    assert (entry.kind, entry.response, entry.errcode) == ("callback", {"failure": "lost"}, -1)
    await say(shop, "2")
    assert len(receiver.sent) == 1


async def test_a_duplicate_is_the_same_callback_again(shop: Shop, receiver: Receiver) -> None:
    shop.platform.trouble.add("callback_duplicate", times=1)
    await say(shop, "1")
    await say(shop, "2")
    assert len(receiver.sent) == 3
    assert receiver.sent[0] == receiver.sent[1] != receiver.sent[2]


async def test_a_late_callback_waits_for_the_worlds_clock(shop: Shop, receiver: Receiver) -> None:
    shop.platform.trouble.add("callback_late", seconds=601, times=1)
    await say(shop, "1")
    await say(shop, "2")
    assert uptos(shop, receiver) == ["1"]
    shop.clock.forward(600)
    await shop.sim.quiet()
    assert len(receiver.sent) == 1
    shop.clock.forward(1)
    await shop.sim.quiet()
    late = opened(shop, receiver.sent[1])
    assert shop.sync(token=late["Token"])["errcode"] == 95007


async def test_an_overtaken_callback_follows_the_next(shop: Shop, receiver: Receiver) -> None:
    shop.platform.trouble.add("callback_reordered", times=1)
    await say(shop, "1")
    assert receiver.sent == []
    await say(shop, "2")
    assert uptos(shop, receiver) == ["1", "0"]
    await say(shop, "3")
    assert uptos(shop, receiver) == ["1", "0", "2"]


async def test_with_every_callback_overtaken_none_is_lost(shop: Shop, receiver: Receiver) -> None:
    shop.platform.trouble.add("callback_reordered")
    for text in "1234":
        await say(shop, text)
    assert uptos(shop, receiver) == ["1", "0", "3", "2"]


async def test_a_fault_may_name_the_event(shop: Shop, receiver: Receiver) -> None:
    shop.platform.trouble.add("callback_lost", path="kf_account_auth_change")
    await say(shop, "1")
    shop.platform.console.manage(shop.kf, False)
    await shop.sim.quiet()
    assert len(receiver.sent) == 1


async def test_on_a_ticking_clock_a_late_callback_comes_by_itself() -> None:
    time, slept, wake = [1_000_000.0], list[float](), asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await wake.wait()

    sim, receiver = Simulator(clock=SimClock(lambda: time[0]), sleep=sleep), Receiver()
    sim.deliver_to(receiver)
    sim.trouble.add("callback_late", seconds=30, times=1)
    sim.customers.say(sim.open_kfid, sim.customers.add("小明"), "在吗")
    await sim.quiet()
    await asyncio.sleep(0)
    assert (slept, receiver.sent) == ([30.0], [])
    time[0] += 30
    wake.set()
    for _ in range(3):  # the sleeper wakes, the clock is looked at, the callback starts
        await asyncio.sleep(0)
    await sim.quiet()
    assert len(receiver.sent) == 1
    await sim.aclose()
