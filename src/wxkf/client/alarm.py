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
        self.next = math.inf

    def set(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        """Let the timer stand at this time."""
        if self._timer is not None:
            self._timer.cancel()
        self.next, self._timer = when, loop.call_at(when, self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        now, self._timer, self.next = loop.time(), None, math.inf
        later = [watch.ends for watch in self.under_way if watch.ends > now]
        for watch in self.under_way:
            if watch.ends <= now:
                watch.wake()
        if later:
            self.set(loop, min(later))


class Watch:
    """Bound a block: `with Watch(alarm, 5.0):` raises `TimeoutError` in it once the seconds are over."""

    __slots__ = ("_alarm", "_cancelling", "_seconds", "_task", "_woken", "ends")

    def __init__(self, alarm: Alarm, seconds: float) -> None:
        self._alarm, self._seconds, self._woken = alarm, seconds, False

    def __enter__(self) -> None:
        task = self._task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._cancelling = task.cancelling()
        loop, alarm = task.get_loop(), self._alarm
        self.ends = ends = loop.time() + self._seconds
        alarm.under_way[self] = None
        if ends < alarm.next:
            alarm.set(loop, ends)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        del self._alarm.under_way[self]
        if self._woken and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from None

    def wake(self) -> None:
        """End the block."""
        if not self._woken:
            self._woken = True
            self._task.cancel()
