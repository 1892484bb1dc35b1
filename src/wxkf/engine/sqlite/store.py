"""The store on SQLite: one connection in one thread, every verb a part of one transaction, durable when it returns.

WAL with `synchronous=FULL`, so what was committed survives a power cut. Reads and writes go through the same thread,
which makes every verb atomic without a lock of our own; other processes may read and administer the file meanwhile.
"""

import asyncio
import os
import sqlite3
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from wxkf.engine.ending import uncut
from wxkf.engine.sqlite import claims, history, journal, leases, looks, pages, purge, timers
from wxkf.engine.sqlite import kept as keeping
from wxkf.engine.sqlite import people as who
from wxkf.engine.sqlite.forget import forget, scrub
from wxkf.engine.sqlite.group import Group
from wxkf.engine.sqlite.lock import EngineLock
from wxkf.engine.sqlite.schema import upgrade
from wxkf.engine.values import Account, Claim, Lane, Message, Rest, Room, Row, Said, Settled, Step, StepState, Timer
from wxkf.engine.views import Overview, Trace
from wxkf.errors import StoreError

_NOTHING: Mapping[str, bytes] = {}
_PIECE = 500  # messages deleted in one transaction
_CACHE = 32_768  # KiB of the file in memory, at most
_CHECKPOINT = 2_000  # pages: the journal beside the file grows to 8 MiB before it is carried into it


class SqliteStore:
    """An inbox in one file. Implements `Store`.

    `lease` is how many seconds the process may stand still before its claims count as lost; `now` is the time that is
    written beside what happens, in seconds since the epoch.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, lease: float = 30.0, now: Callable[[], float] = time.time
    ) -> None:
        self._path = Path(path)
        self._lock = EngineLock(self._path)
        self._owner = uuid.uuid4().hex
        self._now = now
        self._to_scrub = False  # whether the journal still has what was forgotten
        self._served: dict[tuple[str, Lane], str] = {}  # the account that had the last turn
        self._told: list[Callable[[], object]] = []
        self._group = Group(str(self._path), lease, partial(claims.release, owner=self._owner), self._tell)

    async def open(self) -> None:
        """Open the file (mode 0600), upgrade it, release what an earlier run held."""
        try:
            self._lock.acquire()
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            await uncut(self._group.open(self._connect))
        except BaseException as error:
            await self.aclose()
            if isinstance(error, sqlite3.Error | OSError):
                raise StoreError(f"the inbox {self._path} cannot be opened: {error}") from error
            raise

    async def aclose(self) -> None:
        """Close the file and give the engine lock back."""
        try:
            await uncut(self._group.aclose())
        finally:
            self._lock.release()

    @property
    def alive(self) -> bool:
        """See `Store.alive`."""
        return self._group.alive

    def on_lost(self, told: Callable[[], object]) -> None:
        """See `Store.on_lost`."""
        self._told.append(told)

    async def account(self, app: str, open_kfid: str, since: float) -> Account:
        """See `Store.account`."""
        return await self._group.run(lambda db: pages.account(db, app, open_kfid, since))

    async def commit_page(self, account: Account, cursor: str, rows: Sequence[Row], now: float) -> int:
        """See `Store.commit_page`."""
        return await self._group.run(lambda db: pages.commit_page(db, account, cursor, rows, now))

    async def caught_up(self, account: Account) -> None:
        """See `Store.caught_up`."""
        await self._group.run(lambda db: pages.caught_up(db, account))

    async def claim(
        self, app: str, limit: int, now: float, *, lane: Lane = Lane.ORDERED, depth: int = 1
    ) -> list[Claim]:
        """See `Store.claim`."""
        after = self._served.get((app, lane), "")
        found = await self._group.run(lambda db: claims.claim(db, self._owner, app, limit, now, lane, depth, after))
        if found:
            self._served[app, lane] = found[-1].open_kfid
        return found

    async def behind(self, claim: Claim, limit: int) -> list[Message]:
        """See `Store.behind`."""
        return await self._group.run(lambda db: claims.behind(db, claim, limit))

    async def freeze(self, claim: Claim) -> None:
        """See `Store.freeze`."""
        await self._group.run(lambda db: claims.freeze(db, self._owner, claim))

    async def release(self, app: str) -> None:
        """See `Store.release`."""
        await self._group.run(lambda db: claims.release(db, self._owner, app))

    async def forget(self, app: str, external_userid: str = "") -> int:
        """See `Store.forget`."""
        gone = await self._group.run(lambda db: forget(db, app, external_userid))
        self._to_scrub = not await asyncio.to_thread(scrub, self._path)
        return gone

    async def begin(self, claim: Claim, step: Step) -> None:
        """See `Store.begin`."""
        await self._group.run(lambda db: journal.begin(db, self._owner, claim, step, self._now()))

    async def record(self, claim: Claim, position: int, state: StepState, result: str, rest: Rest = "stay") -> None:
        """See `Store.record`."""
        now = self._now()
        await self._group.run(lambda db: journal.record(db, self._owner, claim, position, state, result, rest, now))

    async def finish(
        self, claim: Claim, steps: Sequence[Step], kept: Mapping[str, bytes] = _NOTHING, *, dead: str = ""
    ) -> None:
        """See `Store.finish`."""

        def verb(db: sqlite3.Connection) -> None:
            journal.finish(db, self._owner, claim, steps, dead, self._now())
            keeping.keep(db, claim, kept)

        await self._group.run(verb)

    async def kept(self, claim: Claim, name: str) -> bytes | None:
        """See `Store.kept`."""
        return await self._group.run(lambda db: keeping.kept(db, claim, name))

    async def note_people(self, claim: Claim, people: bool) -> None:
        """See `Store.note_people`."""
        await self._group.run(lambda db: who.note_people(db, self._owner, claim, people))

    async def has_people(self, app: str, open_kfid: str, external_userid: str) -> bool:
        """See `Store.has_people`."""
        return await self._group.run(lambda db: who.has_people(db, app, open_kfid, external_userid))

    async def room(self, app: str, open_kfid: str, external_userid: str) -> Room:
        """See `Store.room`."""
        return await self._group.run(lambda db: who.room(db, app, open_kfid, external_userid))

    async def put(self, app: str, open_kfid: str, rows: Sequence[Row], now: float) -> int:
        """See `Store.put`."""
        return await self._group.run(lambda db: pages.put(db, app, open_kfid, rows, now))

    async def settle(self, settled: Sequence[Settled]) -> list[Claim]:
        """See `Store.settle`."""
        return await self._group.run(lambda db: claims.settle(db, self._owner, settled))

    async def note_failure(
        self, app: str, open_kfid: str, external_userid: str, msgid: str, reason: str
    ) -> bytes | None:
        """See `Store.note_failure`."""
        return await self._group.run(
            lambda db: journal.note_failure(db, app, open_kfid, external_userid, msgid, reason)
        )

    async def schedule(self, claim: Claim, timer: Timer, step: Step) -> None:
        """See `Store.schedule`."""
        await self._group.run(lambda db: timers.schedule(db, self._owner, claim, timer, step, self._now()))

    async def cancel(self, claim: Claim, name: str) -> bool:
        """See `Store.cancel`."""
        return await self._group.run(lambda db: timers.cancel(db, self._owner, claim, name))

    async def fire(self, app: str, now: float, limit: int = 100) -> int:
        """See `Store.fire`."""
        return await self._group.run(lambda db: timers.fire(db, app, now, limit))

    async def wrote_since(self, claim: Claim, message: int) -> bool:
        """See `Store.wrote_since`."""
        return await self._group.run(lambda db: timers.wrote_since(db, timers.place_of(db, claim), message))

    async def lease(self, name: str, seconds: float) -> int | None:
        """See `Store.lease`."""
        return await self._group.run(lambda db: leases.lease(db, self._owner, name, seconds, self._now()))

    async def give_up(self, name: str) -> None:
        """See `Store.give_up`."""
        await self._group.run(lambda db: leases.give_up(db, self._owner, name))

    async def history(
        self, app: str, open_kfid: str, external_userid: str, limit: int, *, before: int | None = None
    ) -> list[Said]:
        """See `Store.history`."""
        return await self._group.run(lambda db: history.history(db, app, open_kfid, external_userid, limit, before))

    async def purge(self, before: float, now: float) -> int:
        """See `Store.purge`."""
        gone, at = 0, 0
        while True:
            found, more = await self._group.run(partial(purge.purge, before=before, after=at, limit=_PIECE))
            gone += found
            if more is None:
                break
            at = more
        while await self._group.run(partial(purge.forget_days, now=now, limit=_PIECE)):
            pass
        if self._to_scrub:
            self._to_scrub = not await asyncio.to_thread(scrub, self._path)
        return gone

    async def next_due(self) -> float | None:
        """See `Store.next_due`."""
        return await self._group.run(claims.next_due)

    async def overview(self, app: str) -> Overview:
        """See `Store.overview`."""
        return await self._group.run(lambda db: looks.overview(db, app))

    async def trace(self, msgid: str) -> Trace | None:
        """See `Store.trace`."""
        return await self._group.run(lambda db: journal.trace(db, msgid))

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=10, cached_statements=256)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            # In a large file every message touches pages of its own: more of them stay in memory, and one that changes
            # three times is carried into the file once.
            db.execute(f"PRAGMA cache_size = -{_CACHE}")
            db.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
            upgrade(db, str(self._path))
            # we hold the engine lock, so whoever owned these is gone; due 0 puts them first
            db.execute("UPDATE conversation SET owner = NULL, due = 0, epoch = epoch + 1 WHERE owner IS NOT NULL")
            db.execute("UPDATE lease SET until = 0")
        except BaseException:
            db.close()
            raise
        return db

    def _tell(self) -> None:
        for told in self._told:
            told()
