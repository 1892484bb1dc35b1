"""The provider's service that is killed, told by arguments where to listen, what to call, and at what point to die.

    python provider_child.py PORT FOLDER PLATFORM POINT SECONDS

SECONDS are added to the clock: a later start without waiting.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from kit.fleets import echo
from kit.suites import suite
from wxkf.bot.fleet import Fleet
from wxkf.clock import SystemClock
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.provider.events import Command, Event, EventState
from wxkf.provider.store import ProviderStore
from wxkf.serve import Server

PORT, FOLDER, PLATFORM, POINT, SECONDS = sys.argv[1:]


class Later(SystemClock):
    """The machine's clock, some time on."""

    def now(self) -> float:
        """Tell the time."""
        return time.time() + float(SECONDS)


def at(point: str) -> None:
    """Die here, if this is the point."""
    if point == POINT:
        os.kill(os.getpid(), signal.SIGKILL)


class Dying(ProviderStore):
    """A file whose owner may die before and after everything that is written."""

    def journal(self, suite: str, command: Command) -> bool:
        """Write a command down."""
        if command.kind == "suite_ticket":
            return super().journal(suite, command)
        at("before journal")
        new = super().journal(suite, command)
        at("after journal")
        return new

    def move(self, event: Event, state: EventState, **about: Any) -> bool:
        """Take a row to another state."""
        at("before exchange")
        moved = super().move(event, state, **about)
        at("mid exchange")
        return moved

    def authorise(self, event: Event, corp: str, corp_name: str, permanent_code: str) -> bool:
        """Keep a permanent code."""
        at("before store")
        kept = super().authorise(event, corp, corp_name, permanent_code)
        at("after store")
        return kept


async def main() -> None:
    """Serve until killed."""
    clock, folder = Later(), Path(FOLDER)
    store = Dying(folder / "provider.db", now=clock.now)
    fleet = Fleet(
        echo,
        [],
        SqliteStore(folder / "inbox.db"),
        suites=[suite(PLATFORM)],
        provider=store,
        clock=clock,
        settings=InboxSettings(grace=0.1),
    )
    async with fleet, Server(fleet.callback, port=int(PORT)):
        print("ready", flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
