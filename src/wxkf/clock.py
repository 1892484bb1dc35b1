"""Time, passed in: whoever waits or asks what time it is does so through a `Clock`.

Two implementations exist: the machine's, here, and the movable one of `wxkf.testing`, which lets a test pass two
days in no time. The two ways to wait differ there: `sleep` is work held up (a back-off), so a test's clock jumps over
it; `wait` is idling (a poll), which passes only when the test moves the clock.
"""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the client, the engine and the bot know of time. Seconds since the epoch, as the platform counts."""

    def now(self) -> float:
        """Tell the time."""
        ...

    def elapsed(self) -> float:
        """Tell seconds that only ever grow, from no particular start, whatever is done to the time of day."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Hold up work for that long."""
        ...

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Idle until the event is set, at most that long."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Tell the time."""
        return time.time()

    def elapsed(self) -> float:
        """Tell seconds that only ever grow."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Hold up work for that long; the loop goes on."""
        await asyncio.sleep(seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Idle until the event is set, at most that long."""
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
