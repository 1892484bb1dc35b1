"""The store on SQLite: one connection in one thread, every verb one transaction and one hop.

WAL with `synchronous=FULL`, so what was committed survives a power cut. Reads and writes go through the same thread,
which makes every verb atomic without a lock of our own; other processes may read and administer the file meanwhile.
"""

import asyncio
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from wxkf.engine.forget import forget
from wxkf.engine.lock import EngineLock
from wxkf.engine.schema import upgrade
from wxkf.engine.store import Account, Again, Claim, Dead, Row, Step, StepState, Trace, Verdict
from wxkf.errors import LostClaim, StoreError

P = ParamSpec("P")
T = TypeVar("T")

_CLAIM = """
    SELECT c.id, c.attempts, c.finished, c.epoch, a.app, a.open_kfid, c.external_userid
      FROM conversation c JOIN account a ON a.id = c.account
     WHERE a.app = ? AND c.owner IS NULL AND c.done < c.last AND c.due <= ?
     ORDER BY c.due, c.id LIMIT ?
"""
_OLDEST = """
    SELECT id, msgid, raw FROM message
     WHERE conversation = ? AND id > (SELECT done FROM conversation WHERE id = ?) AND NOT history
     ORDER BY id LIMIT 1
"""
_STEPS = "SELECT position, path, body, state, result FROM step WHERE message = ? ORDER BY position"
_CLOSE = """
    UPDATE step SET state = CASE state WHEN 'sending' THEN 'unknown' ELSE 'refused' END, result = 'not seen through'
     WHERE message = ? AND state IN ('planned', 'sending')
"""
_NEXT = "(SELECT min(position) FROM step WHERE message = ? AND position > ? AND state = 'planned')"
_WAKE = "UPDATE conversation SET last = ?, due = CASE WHEN done < last THEN due ELSE ? END WHERE id = ?"


class SqliteStore:
    """An inbox in one file. Implements `Store`."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._lock = EngineLock(self._path)
        self._owner = uuid.uuid4().hex
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="wxkf-inbox")
        self._db: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open the file (mode 0600), upgrade it, release what an earlier run held."""
        await self._run(SqliteStore._open)

    async def aclose(self) -> None:
        """Close the file and give the engine lock back."""
        await self._run(SqliteStore._close)
        self._thread.shutdown()

    async def account(self, app: str, open_kfid: str, since: float) -> Account:
        """See `Store.account`."""
        return await self._run(SqliteStore._account, app, open_kfid, since)

    async def commit_page(self, account: Account, cursor: str, rows: Sequence[Row], now: float) -> int:
        """See `Store.commit_page`."""
        return await self._run(SqliteStore._commit_page, account, cursor, rows, now)

    async def claim(self, app: str, limit: int, now: float) -> list[Claim]:
        """See `Store.claim`."""
        return await self._run(SqliteStore._claim, app, limit, now)

    async def release(self, app: str) -> None:
        """See `Store.release`."""
        await self._run(SqliteStore._release, app)

    async def forget(self, app: str) -> int:
        """See `Store.forget`."""
        return await self._run(SqliteStore._forget, app)

    async def begin(self, claim: Claim, step: Step) -> None:
        """See `Store.begin`."""
        await self._run(SqliteStore._begin, claim, step)

    async def record(self, claim: Claim, position: int, state: StepState, result: str) -> None:
        """See `Store.record`."""
        await self._run(SqliteStore._record, claim, position, state, result)

    async def finish(self, claim: Claim, steps: Sequence[Step]) -> None:
        """See `Store.finish`."""
        await self._run(SqliteStore._finish, claim, steps)

    async def settle(self, claim: Claim, verdict: Verdict) -> None:
        """See `Store.settle`."""
        await self._run(SqliteStore._settle, claim, verdict)

    async def next_due(self) -> float | None:
        """See `Store.next_due`."""
        return await self._run(SqliteStore._next_due)

    async def trace(self, msgid: str) -> Trace | None:
        """See `Store.trace`."""
        return await self._run(SqliteStore._trace, msgid)

    async def _run(self, verb: "Callable[Concatenate[SqliteStore, P], T]", *args: P.args, **kwargs: P.kwargs) -> T:
        def hop() -> T:
            try:
                return verb(self, *args, **kwargs)
            except sqlite3.Error as error:
                raise StoreError(f"the inbox {self._path} failed: {error}") from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, hop)

    @property
    def _conn(self) -> sqlite3.Connection:
        if self._db is None:
            raise StoreError(f"the inbox {self._path} is not open")
        return self._db

    def _open(self) -> None:
        try:
            self._lock.acquire()
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(self._path, isolation_level=None, timeout=10)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            upgrade(self._db, str(self._path))
            # we hold the engine lock, so whoever owned these is gone; due 0 puts them first
            self._db.execute("UPDATE conversation SET owner = NULL, due = 0 WHERE owner IS NOT NULL")
        except (sqlite3.Error, OSError) as error:
            self._close()
            raise StoreError(f"the inbox {self._path} cannot be opened: {error}") from error
        except StoreError:
            self._close()
            raise

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
        self._lock.release()

    def _account(self, app: str, open_kfid: str, since: float) -> Account:
        add = "INSERT INTO account (app, open_kfid, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        self._conn.execute(add, (app, open_kfid, since))
        find = "SELECT cursor, since FROM account WHERE app = ? AND open_kfid = ?"
        return Account(app, open_kfid, *self._conn.execute(find, (app, open_kfid)).fetchone())

    def _commit_page(self, account: Account, cursor: str, rows: Sequence[Row], now: float) -> int:
        with _transaction(self._conn) as db:
            move = "UPDATE account SET cursor = ? WHERE app = ? AND open_kfid = ? AND cursor = ? RETURNING id"
            moved = db.execute(move, (cursor, account.app, account.open_kfid, account.cursor)).fetchone()
            if not moved:
                raise StoreError(f"somebody else moved the cursor of {account.open_kfid}")
            return sum(_insert(db, moved[0], row, now) for row in rows)

    def _claim(self, app: str, limit: int, now: float) -> list[Claim]:
        with _transaction(self._conn) as db:
            found = db.execute(_CLAIM, (app, now, limit)).fetchall()
            return [self._take(db, row) for row in found]

    def _release(self, app: str) -> None:
        held = "owner IS NOT NULL AND account IN (SELECT id FROM account WHERE app = ?)"
        self._conn.execute(f"UPDATE conversation SET owner = NULL, due = 0 WHERE {held}", (app,))  # noqa: S608 - our own

    def _forget(self, app: str) -> int:
        with _transaction(self._conn) as db:
            return forget(db, app)

    def _take(self, db: sqlite3.Connection, row: tuple[int, int, int, int, str, str, str]) -> Claim:
        conversation, attempts, finished, epoch, app, open_kfid, external_userid = row
        take = "UPDATE conversation SET owner = ?, epoch = epoch + 1, attempts = attempts + 1 WHERE id = ?"
        db.execute(take, (self._owner, conversation))
        message, msgid, raw = db.execute(_OLDEST, (conversation, conversation)).fetchone()
        return Claim(
            conversation,
            epoch + 1,
            app,
            open_kfid,
            external_userid,
            message,
            msgid,
            raw,
            attempts + 1,
            finished == message,
            _steps(db, message),
        )

    def _begin(self, claim: Claim, step: Step) -> None:
        with _transaction(self._conn) as db:
            self._fence(db, claim)
            _write(db, claim.message, [step])

    def _record(self, claim: Claim, position: int, state: StepState, result: str) -> None:
        with _transaction(self._conn) as db:
            self._fence(db, claim)
            done = "UPDATE step SET state = ?, result = ? WHERE message = ? AND position = ?"
            db.execute(done, (state, result, claim.message, position))
            start = f"UPDATE step SET state = 'sending' WHERE message = ? AND position = {_NEXT}"  # noqa: S608 - our own
            db.execute(start, (claim.message, claim.message, position))

    def _finish(self, claim: Claim, steps: Sequence[Step]) -> None:
        with _transaction(self._conn) as db:
            self._fence(db, claim)
            db.execute(_CLOSE, (claim.message,))
            _write(db, claim.message, steps)
            end = "UPDATE conversation SET finished = ?, attempts = 0 WHERE id = ?"
            db.execute(end, (claim.message, claim.conversation))

    def _settle(self, claim: Claim, verdict: Verdict) -> None:
        with _transaction(self._conn) as db:
            self._fence(db, claim)
            if isinstance(verdict, Again):
                back = "UPDATE conversation SET owner = NULL, due = ?, attempts = attempts - ? WHERE id = ?"
                db.execute(back, (verdict.at, not verdict.spent, claim.conversation))
                return
            if isinstance(verdict, Dead):
                bury = "INSERT OR REPLACE INTO dead (message, reason, at) VALUES (?, ?, ?)"
                db.execute(bury, (claim.message, verdict.reason, verdict.at))
            on = "UPDATE conversation SET owner = NULL, done = ?, attempts = 0, due = ? WHERE id = ?"
            db.execute(on, (claim.message, verdict.at, claim.conversation))

    def _fence(self, db: sqlite3.Connection, claim: Claim) -> None:
        held = "SELECT 1 FROM conversation WHERE id = ? AND owner = ? AND epoch = ?"
        if not db.execute(held, (claim.conversation, self._owner, claim.epoch)).fetchone():
            raise LostClaim(f"message {claim.msgid} is in other hands")

    def _next_due(self) -> float | None:
        waiting = "SELECT min(due) FROM conversation WHERE owner IS NULL AND done < last"
        found: float | None = self._conn.execute(waiting).fetchone()[0]
        return found

    def _trace(self, msgid: str) -> Trace | None:
        find = """
            SELECT m.id, c.owner IS NOT NULL, c.done >= m.id, coalesce(d.reason, '')
              FROM message m JOIN conversation c ON c.id = m.conversation LEFT JOIN dead d ON d.message = m.id
             WHERE m.id = (SELECT message FROM seen WHERE msgid = ? AND account IN (SELECT id FROM account))
        """
        found = self._conn.execute(find, (msgid,)).fetchone()
        if not found:
            return None
        message, claimed, handled, dead = found
        return Trace(bool(claimed), bool(handled), dead, _steps(self._conn, message))


class _transaction:  # noqa: N801 - reads as the statement it is
    """BEGIN IMMEDIATE … COMMIT, or ROLLBACK; whatever happens, none is left open."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> sqlite3.Connection:
        self._db.execute("BEGIN IMMEDIATE")
        return self._db

    def __exit__(self, kind: type[BaseException] | None, _error: BaseException | None, _trace: object) -> None:
        try:
            if kind is None:
                self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:  # not so when SQLite has rolled back itself, e.g. on a full disk
                self._db.execute("ROLLBACK")


def _insert(db: sqlite3.Connection, account: int, row: Row, now: float) -> bool:
    if db.execute("SELECT 1 FROM seen WHERE account = ? AND msgid = ?", (account, row.msgid)).fetchone():
        return False
    conversation = _conversation(db, account, row.external_userid)
    add = "INSERT INTO message (conversation, msgid, send_time, origin, history, raw) VALUES (?, ?, ?, ?, ?, ?)"
    values = (conversation, row.msgid, row.send_time, row.origin, row.history, row.raw)
    message = db.execute(add, values).lastrowid
    db.execute("INSERT INTO seen (account, msgid, message) VALUES (?, ?, ?)", (account, row.msgid, message))
    if not row.history:
        db.execute(_WAKE, (message, now, conversation))
    return True


def _conversation(db: sqlite3.Connection, account: int, external_userid: str) -> int:
    key = (account, external_userid)
    found = db.execute("SELECT id FROM conversation WHERE account = ? AND external_userid = ?", key).fetchone()
    if found:
        return int(found[0])
    added = db.execute("INSERT INTO conversation (account, external_userid) VALUES (?, ?)", key).lastrowid
    assert added is not None  # noqa: S101 - an INSERT has a rowid
    return added


def _steps(db: sqlite3.Connection, message: int) -> tuple[Step, ...]:
    with closing(db.execute(_STEPS, (message,))) as found:
        return tuple(Step(at, path, body, StepState(state), result) for at, path, body, state, result in found)


def _write(db: sqlite3.Connection, message: int, steps: Iterable[Step]) -> None:
    put = (
        "INSERT INTO step (message, position, path, body, state) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (message, position) DO UPDATE SET state = excluded.state"  # the body stays what it was
    )
    db.executemany(put, [(message, step.position, step.path, step.body, step.state) for step in steps])
