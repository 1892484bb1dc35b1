"""Wait for Ctrl-C or SIGTERM without a traceback."""

import asyncio
import signal
import sys


async def until_stopped() -> None:
    """Return when the process is asked to stop."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stopped.set))
        else:
            loop.add_signal_handler(name, stopped.set)
    try:
        await stopped.wait()
    finally:
        if sys.platform != "win32":
            for name in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(name)
