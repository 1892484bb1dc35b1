"""A store that lives in the turns of one event loop, so that a run can be played again exactly, and can die honestly.

All of it is `SqliteStore` but the thread (that has its own proof, with real processes and SIGKILL): verbs that come in
during one turn are done in one transaction in the next, as the thread does with what came in during a commit. When it
is killed, what was not committed is gone. The connection of a dead store stays open and unused: closing it would bring
the WAL into the file, which nobody does for a process that was killed.
"""

import asyncio
import math
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

from wxkf.engine.sqlite import SqliteStore, claims
from wxkf.engine.sqlite.group import Group, Outcome, T, Verb, Waiting
from wxkf.errors import StoreError


async def turns(count: int) -> None:
    """Let everyone else go on for so many turns of the loop."""
    for _ in range(count):
        await asyncio.sleep(0)


class Turns(Group):
    """Does what waits in the next turn of the loop, if it is still alive then."""

    def __init__(self, name: str, lost: Verb[object], told: Callable[[], object]) -> None:
        super().__init__(name, math.inf, lost, told)
        self._waiting: list[Waiting] = []
        self._db: sqlite3.Connection | None = None
        self.dead = False
        self._late: list[Outcome] | None = None  # what the loop hears of only after the loss of the lease
        self.full = 0  # so many transactions fail, for want of room

    async def open(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Connect."""
        self._loop = asyncio.get_running_loop()
        self._db = connect()

    async def aclose(self) -> None:
        """Do what waits, then close."""
        self._commit()
        self.bury()

    def run(self, verb: Verb[T]) -> "asyncio.Future[T]":
        """Let a verb wait for the next turn; in a dead process nobody hears of it any more."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if self.dead:
            future.cancel()
        elif self._db is None:
            future.set_exception(StoreError("the inbox is not open"))
        else:
            self._waiting.append((verb, future))
            if len(self._waiting) == 1:
                loop.call_soon(self._commit)
        return future

    def kill(self) -> None:
        """Be a process that is no more."""
        self.dead = True
        for _, future in self._waiting:
            future.cancel()
        self._waiting.clear()

    async def lose_the_lease(self, late: int) -> None:
        """Wake up after standing still for longer than the lease; a busy loop hears of it so many turns later.

        It hears before it gets the answer to anything that was done since: both come out of the thread in order.
        """
        if self._db is not None and not self.dead and self._give_back(self._db):
            self._late = []
            await turns(late)
            told, self._late = self._late, None
            if not self.dead:
                self._told()
                self._answer(told)

    def bury(self) -> None:
        """Close the connection."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _commit(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting or self._db is None:
            return
        outcomes: list[Outcome]
        if self.full:
            self.full -= 1
            outcomes = [(future, None, StoreError("there is no room on the disk")) for _, future in waiting]
        else:
            outcomes = self._together(self._db, waiting)
        if self._late is None:
            self._answer(outcomes)
        else:
            self._late += outcomes


class MortalStore(SqliteStore):
    """An inbox that can be killed."""

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        super().__init__(path, now=now)
        self.turns = Turns(str(path), partial(claims.release, owner=self._owner), self._tell)
        self._group = self.turns

    def kill(self) -> None:
        """Die: what was not committed is gone, and the system takes the engine's lock back."""
        self.turns.kill()
        self._lock.release()

    def _connect(self) -> sqlite3.Connection:
        db = super()._connect()
        db.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here: what was written, the next one reads
        return db
