"""One timer for all that is under way in an event loop.

A timer of its own costs a call as much as a tenth of all its work (`asyncio.timeout` and aiohttp's alike), though it
hardly ever goes off. Here a call only writes down when it must be over; the one timer stands at the earliest such time.
"""

import asyncio
import math
from typing import Any, cast


class Alarm:
    """Wakes whoever is still at it when his time is over. One for each event loop."""

    def __init__(self) -> None:
        self.under_way: dict[Watch, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._next = math.inf

    def within(self, seconds: float) -> "Watch":
        """Bound a block: `with alarm.within(5.0):` raises `TimeoutError` in it once they are over."""
        return Watch(self, seconds)

    def put(self, watch: "Watch", seconds: float, task: "asyncio.Task[Any]") -> float:
        """Write a block down; give when it must be over."""
        loop = task.get_loop()
        ends = loop.time() + seconds
        self.under_way[watch] = None
        if ends < self._next:
            self._set(loop, ends)
        return ends

    def _set(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._next, self._timer = when, loop.call_at(when, self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        now, self._timer, self._next = loop.time(), None, math.inf
        later = [watch.ends for watch in self.under_way if watch.ends > now]
        for watch in self.under_way:
            if watch.ends <= now:
                watch.wake()
        if later:
            self._set(loop, min(later))


class Watch:
    """One block under way."""

    __slots__ = ("_alarm", "_cancelling", "_seconds", "_task", "_woken", "ends")

    def __init__(self, alarm: Alarm, seconds: float) -> None:
        self._alarm, self._seconds, self._woken = alarm, seconds, False

    def __enter__(self) -> None:
        task = self._task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._cancelling = task.cancelling()
        self.ends = self._alarm.put(self, self._seconds, task)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        del self._alarm.under_way[self]
        if self._woken and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from None

    def wake(self) -> None:
        """End the block."""
        if not self._woken:
            self._woken = True
            self._task.cancel()
