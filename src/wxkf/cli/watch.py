"""Follow a settings file: what changes in it holds at once, what is wrong with it changes nothing.

It is looked at every two seconds, and at once on SIGHUP, which also starts those apps again that were refused.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wxkf.bot.fleet import Fleet
from wxkf.cli import dotenv
from wxkf.client.settings_file import load_settings
from wxkf.clock import Clock
from wxkf.errors import ConfigError

log = logging.getLogger("wxkf.run")

_POLL = 2.0  # seconds


async def follow(path: Path, fleet: Fleet, clock: Clock, asked: asyncio.Event) -> None:
    """Apply what changes in the file to the fleet, until cancelled. `asked` has it read whether it changed or not."""
    seen = fingerprint(path)
    while True:
        await clock.wait(asked, _POLL)
        again, now = asked.is_set(), fingerprint(path)
        asked.clear()
        if again or now != seen:
            seen = now
            await _apply(path, fleet, retry=again)


async def _apply(path: Path, fleet: Fleet, *, retry: bool) -> None:
    try:
        settings = load_settings(path, dotenv.here())
        changed = await fleet.apply(settings.apps, settings.suites, retry=retry)
    except ConfigError as error:
        log.error("the settings before stay in force: %s", error)
    except Exception:
        log.critical("the settings could not be applied", exc_info=True)
    else:
        log.info("settings read again: %s", " ".join(changed) or "no app starts or stops")


def fingerprint(path: Path) -> tuple[int, ...] | None:
    """Tell one state of a file from another; None while there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


@contextmanager
def reload_asked() -> Iterator[asyncio.Event]:
    """Give an event that is set by SIGHUP, where there is such a thing."""
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    if sys.platform != "win32":
        loop.add_signal_handler(signal.SIGHUP, asked.set)
    try:
        yield asked
    finally:
        if sys.platform != "win32":
            loop.remove_signal_handler(signal.SIGHUP)
