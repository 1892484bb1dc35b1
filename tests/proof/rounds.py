"""The rounds of the proof: dying at each named point, dying at random, freezing, blocking."""

import asyncio
import random
import signal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from proof.street import BLOCK, LATER, QUEUE, Street, Toll

ORDERS: dict[str, dict[str, Any]] = {
    "msgid first": {"refused_msgid_is_spent": True},  # the harder reading of the documents
    "msgid last": {"send_checks": ("media", "window", "quota", "state", "msgid")},
}


async def at_point(point: str, order: str, seed: int) -> Toll:
    """Die at a point, at the first or second time it is reached, with several customers under way; then live on."""
    luck = random.Random(f"{point} {order} {seed}")
    with TemporaryDirectory() as folder:
        async with Street(Path(folder), seed=seed + 1, **ORDERS[order]).opened() as street:
            deaths = 0
            for life in range(2):
                _write(street, f"{life}早", luck)
                street.start(point=point, hit=luck.randint(1, 2))
                await street.ready()
                for more in range(4):  # who writes when all is quiet brings it to points that come once a ring
                    _write(street, f"{life}晚{more}", luck)
                    if not await street.answered(dying=True):
                        deaths += 1
                        break
                await street.kill()
            street.start()
            await street.answered()
            street.say("甲", "完")
            await street.answered()
            toll = street.toll()
            toll.deaths = deaths
            return toll


def _write(street: Street, part: str, luck: random.Random) -> None:
    """Let new customers write, and an old one who is owed little."""
    for name in ("甲", "乙"):
        street.say(f"{name}{part}", *(f"{name}{part}{index}" for index in range(luck.randint(1, 2))))
    street.say(f"丙{part}", f"{LATER}{part}")
    street.say(f"丁{part}", f"{QUEUE}{part}")
    if street.owed("甲") <= 3:
        street.say("甲", f"甲{part}")


async def storm(deaths: int, order: str, seed: int) -> Toll:
    """Be killed at random moments, again and again, while customers write; then live on."""
    luck = random.Random(seed)
    with TemporaryDirectory() as folder:
        async with Street(Path(folder), seed=seed + 1, **ORDERS[order]).opened() as street:
            for number in range(deaths):
                street.start()
                writers = [name for name in "甲乙丙丁戊己庚辛" if street.owed(name) <= 3]
                for name in luck.sample(writers, min(2, len(writers))):
                    street.say(name, f"{name}{number}")
                if luck.random() < 0.8:  # some die while they start
                    await street.ready()
                await asyncio.sleep(luck.uniform(0.0, 0.8))
                await street.kill()
            street.start()
            await street.answered()
            toll = street.toll()
            toll.rounds = toll.deaths = deaths
            return toll


async def freeze(order: str, seed: int, lease: float = 0.6) -> Toll:
    """Stand still for twice the lease in the midst of work, then go on."""
    luck = random.Random(seed)
    with TemporaryDirectory() as folder:
        async with Street(Path(folder), seed=seed + 1, **ORDERS[order]).opened() as street:
            street.start(lease=lease)
            street.say("甲", "一", "二")
            street.say("乙", "四", "五")
            street.say("丙", f"{LATER}六")
            await asyncio.sleep(luck.uniform(0.05, 0.4))
            street.signal(signal.SIGSTOP)
            await asyncio.sleep(2 * lease)
            street.signal(signal.SIGCONT)
            await street.answered()
            street.say("甲", "完")
            await street.answered()
            return street.toll()


async def block(seconds: float, seed: int, lease: float = 0.6) -> Toll:
    """Block the event loop in a handler for much longer than the lease."""
    with TemporaryDirectory() as folder:
        async with Street(Path(folder), seed=seed + 1).opened() as street:
            street.start(lease=lease, block=seconds)
            street.say("甲", "一", f"{BLOCK}二")
            street.say("乙", "四")
            async with asyncio.timeout(seconds + 30):
                await asyncio.sleep(seconds)
            await street.answered()
            return street.toll()
