"""The way through the steps: serve the callback, ask the platform now and then, tick what works.

Gentle: one client and one token for all of it, at least five seconds between two rounds and more the longer nothing
changes; a wrong secret ends it, and so does nothing else. The clock is passed in.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from wxkf.api.account import KfAccount
from wxkf.cli.doctor.ask import ask_with
from wxkf.cli.doctor.examine import Around, reach
from wxkf.cli.doctor.found import Asked
from wxkf.cli.doctor.gate import gates
from wxkf.cli.doctor.line import Line
from wxkf.cli.doctor.people import people
from wxkf.cli.setup.board import Board
from wxkf.cli.setup.steps import ASKED, fatal, obstacle, ticked
from wxkf.client.aio import AsyncClient
from wxkf.client.settings import App
from wxkf.clock import Clock
from wxkf.errors import ApiError, RateLimited

FIRST, LAST, LIMITED, _GROWTH = 5.0, 30.0, 60.0, 1.3
"""Seconds between two rounds: at first, at most, and after the platform said that it was too often."""


@dataclass(slots=True)
class Walk:
    """One run of the set-up. `remember` is called when the console has checked the URL, for the next run's sake."""

    app: App
    client: AsyncClient
    url: str
    board: Board
    clock: Clock
    remember: Callable[[], None]
    around: Around = field(default_factory=Around)
    ours: set[str] = field(default_factory=set)
    asked: Asked | None = None
    _pause: float = FIRST
    _knocked: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def managed(self) -> list[KfAccount]:
        """The accounts that the app may act for."""
        return [one for one in (self.asked and self.asked.accounts) or () if one.manage_privilege]

    async def go(self, asked: Asked) -> list[Line]:
        """Go on from what the platform said first until all is ticked, or the credentials are refused.

        Returns the lines that say so, none when all is ticked.
        """
        await self.knock()
        self.note(asked)
        due = self.clock.now() + self._pause
        while not self.board.is_full:
            if self.clock.now() < due:
                self._knocked.clear()
                await self.clock.wait(self._knocked, due - self.clock.now())
                continue
            if wrong := fatal(await self.round()):
                return wrong
            due = self.clock.now() + self._pause
        return []

    def note(self, asked: Asked) -> list[Line]:
        """Take what the platform said: tick, and show what stands in the way. Returns the lines."""
        lines = [*gates(asked), *people(asked)]
        before = set(self.board.done)
        self.asked = asked
        self.board.tick(ticked(lines))
        self.board.wait_for(obstacle(lines), asked.error.ip if isinstance(asked.error, ApiError) else "")
        self._pause = self._next_pause(asked, moved=self.board.done != before)
        return lines

    async def round(self) -> list[Line]:
        """Look at our own door from outside, and ask the platform what is still open."""
        await self.knock()
        if not self.board.done.issuperset(ASKED):
            life = self.asked.life if self.asked else None
            return self.note(await ask_with(self.client, self.app, probe=True, life=life))
        return []

    async def knock(self) -> None:
        """Tick the server once the public URL leads to it."""
        if "server" in self.board.done:
            return
        line = await reach(self.app, self.url, self.around, self.ours.add)
        if line.ok is not False:
            self.board.tick({"server"})
        else:
            self.board.wait_for(line)

    def opened(self) -> None:
        """Take it that the console has checked the URL: so it leads to us."""
        if "url" not in self.board.done:
            self.remember()
        self.board.tick({"server", "url"})
        self._knocked.set()

    def _next_pause(self, asked: Asked, *, moved: bool) -> float:
        if isinstance(asked.error, RateLimited):
            return max(LIMITED, float(asked.error.window or 0))
        return FIRST if moved else min(LAST, max(FIRST, self._pause * _GROWTH))
