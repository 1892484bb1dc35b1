"""The simulator's time: it ticks with the machine's or stands still, and a person can move it forward.

Nothing here sleeps. Rules ask `now()` when they need it, so that two days pass in one call to `forward`.
"""

import time
from collections.abc import Callable


class SimClock:
    """A clock in seconds since the epoch that ticks with wall time plus an offset."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self.ticks = True  # false: it moves only when it is told to
        self.offset = 0.0
        self._listeners: list[Callable[[], None]] = []

    @classmethod
    def frozen(cls, at: float = 1_780_300_800.0) -> "SimClock":
        """Make a clock that stands still at an epoch second until it is moved (2026-06-01 16:00 in Shanghai)."""
        clock = cls(lambda: at)
        clock.ticks = False
        return clock

    def now(self) -> float:
        """Tell the time in seconds since the epoch."""
        return self._source() + self.offset

    def forward(self, seconds: float) -> None:
        """Move the time on and tell the listeners. Raises `ValueError` for a negative or endless step."""
        if not 0 <= seconds <= 10 * 365 * 86_400:
            raise ValueError("the clock moves forward only, by at most ten years at once")
        self.offset += seconds
        for listener in tuple(self._listeners):
            listener()

    def set(self, now: float) -> None:
        """Go to a time, backwards too, as when a kept world is taken up; tells the listeners."""
        self.offset = now - self._source()
        for listener in tuple(self._listeners):
            listener()

    def on_move(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each `forward`. Returns the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None
