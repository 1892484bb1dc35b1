"""A limiter of our own, so that the platform's is never met: so many calls a minute and an hour, per corp and endpoint.

Strategy: each window is cut into slices and counts what was let through in each. A slice leaves the window as a whole,
when its last moment has left, so no stretch of a minute (or an hour) anywhere ever holds more than the limit, at the
price of a slice's length of patience. No lists of times: 150,000 calls cost as little memory as one.
"""

import threading
from collections import deque

_SLICES = 60


class Window:
    """At most `limit` calls in any `seconds`."""

    __slots__ = ("_count", "_limit", "_slice", "_slices")

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit, self._slice = limit, seconds / _SLICES
        self._slices: deque[tuple[int, int]] = deque()  # number of the slice, calls in it
        self._count = 0

    def wait(self, now: float) -> float:
        """Tell how many seconds are left until there is room for one more."""
        number = int(now // self._slice)
        while self._slices and self._slices[0][0] < number - _SLICES:
            self._count -= self._slices.popleft()[1]
        if self._count < self._limit:
            return 0.0
        return max(0.0, (self._slices[0][0] + _SLICES + 1) * self._slice - now)

    def take(self, now: float) -> None:
        """Count one."""
        number = int(now // self._slice)
        calls = self._slices.pop()[1] if self._slices and self._slices[-1][0] == number else 0
        self._slices.append((number, calls + 1))
        self._count += 1


class Limiter:
    """Hold calls back before the platform refuses them with 45009. Safe for threads; share one between clients.

    The defaults are the documented limits of one corp for one endpoint (page 90312). One provider's server has
    limits of its own per address, which are higher.
    """

    def __init__(self, *, per_minute: int = 10_000, per_hour: int = 150_000) -> None:
        if per_minute < 1 or per_hour < 1:
            raise ValueError("a limiter must let at least one call through")
        self._limits = ((per_minute, 60.0), (per_hour, 3600.0))
        self._windows: dict[tuple[str, str], tuple[Window, ...]] = {}
        self._lock = threading.Lock()

    def reserve(self, who: str, path: str, now: float) -> float:
        """Let one call of `path` through and return 0, or return the seconds after which to ask again.

        `now` is in seconds of a clock that never goes back.
        """
        with self._lock:
            windows = self._windows.get((who, path))
            if windows is None:
                windows = self._windows[who, path] = tuple(Window(*limit) for limit in self._limits)
            wait = max(window.wait(now) for window in windows)
            if not wait:
                for window in windows:
                    window.take(now)
            return wait
