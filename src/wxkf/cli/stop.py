"""Ctrl-C and SIGTERM as an event to wait for, without a traceback."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_asked() -> Iterator[asyncio.Event]:
    """Give an event that is set when the process is asked to stop, from now on and not a moment later."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in _SIGNALS:
        if sys.platform == "win32":
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stopped.set))
        else:
            loop.add_signal_handler(name, stopped.set)
    try:
        yield stopped
    finally:
        if sys.platform != "win32":
            for name in _SIGNALS:
                loop.remove_signal_handler(name)
