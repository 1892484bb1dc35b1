"""Ctrl-C and SIGTERM as an event to wait for, without a traceback; a second Ctrl-C cuts short what the first began.

SIGTERM never hurries: whoever starts and stops processes has a deadline of their own, and SIGKILL for what is beyond.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_TWICE = 0.3  # seconds until it is a second one: uvloop may tell of one twice, in a burst of signals


@contextmanager
def stop_asked() -> Iterator[asyncio.Event]:
    """Give an event that is set when the process is asked to stop, from now on and not a moment later.

    At a second Ctrl-C the task that waits here is cancelled.
    """
    loop = asyncio.get_running_loop()
    ears = _Ears(loop.time, asyncio.current_task())
    for name in _SIGNALS:
        if sys.platform == "win32":
            signal.signal(name, lambda number, _: loop.call_soon_threadsafe(ears.hear, number))
        else:
            loop.add_signal_handler(name, ears.hear, name)
    try:
        yield ears.stopped
    finally:
        if sys.platform != "win32":
            for name in _SIGNALS:
                loop.remove_signal_handler(name)


class _Ears:
    def __init__(self, time: Callable[[], float], task: "asyncio.Task[object] | None") -> None:
        self.stopped = asyncio.Event()
        self._time, self._task = time, task
        self._pressed: float | None = None

    def hear(self, number: int) -> None:
        """Take a signal."""
        self.stopped.set()
        if number != signal.SIGINT:
            return
        now = self._time()
        if self._pressed is None:
            self._pressed = now
        elif now - self._pressed >= _TWICE and self._task is not None:
            self._task.cancel()
