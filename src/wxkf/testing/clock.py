"""The simulator's movable clock as the engine sees it."""

import asyncio
from datetime import timedelta

from wxkf.sim.clock import SimClock


class MovableClock:
    """Stands still until moved. Back-offs (`sleep`) jump over their time; idling (`wait`) waits for `forward`."""

    def __init__(self, clock: SimClock) -> None:
        self._clock = clock
        self._idle: dict[asyncio.Event, float] = {}

    def now(self) -> float:
        """Tell the time in seconds since the epoch."""
        return self._clock.now()

    def elapsed(self) -> float:
        """Tell seconds that only ever grow: this clock cannot be set back."""
        return self._clock.now()

    def forward(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Let time pass."""
        step = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        self._clock.forward(step.total_seconds())

    async def sleep(self, seconds: float) -> None:
        """Let the time of a back-off pass at once."""
        self._clock.forward(seconds)
        await asyncio.sleep(0)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Idle until the event is set or the clock was moved that far."""
        until, moved = self.now() + seconds, asyncio.Event()
        self._idle[moved] = until
        unsubscribe = self._clock.on_move(moved.set)
        try:
            while not event.is_set() and self.now() < until:
                moved.clear()
                await _either(event, moved)
        finally:
            unsubscribe()
            del self._idle[moved]

    async def caught_up(self) -> None:
        """Return when everyone whose time to idle is over has gone on."""
        while any(until <= self.now() for until in self._idle.values()):  # noqa: ASYNC110 - a few turns of the loop
            await asyncio.sleep(0)


async def _either(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()  # and not awaited: a cancellation that came meanwhile would be lost
