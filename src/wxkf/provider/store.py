"""A provider's file: what the platform commanded, the latest tickets, the permanent codes.

A file of its own rather than tables in the inbox. The process that takes the callbacks writes it while an engine holds
the inbox; and it holds secrets that outlive every message, so it wants another backup and fewer readers (mode 0600).

A connection for each verb, each verb one short transaction, so any number of threads and processes may use it at once.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from wxkf.errors import NotAuthorised, NoTicket, StoreError
from wxkf.provider.events import AGAIN, NEXT, OVER, TICKET_LIFE, Command, Event, EventState
from wxkf.provider.schema import upgrade

_COLUMNS = "id, suite, kind, corp, stamp, received, state, tries, why, code, doubtful"
_REMEDY = (
    "the platform pushes one every 10 minutes to the 指令回调URL; check that it reaches this service, or ask for one "
    "at once in the provider console (刷新Ticket)"
)

_KEEP_TICKET = """
    INSERT INTO suite_ticket (suite, ticket, stamp) VALUES (?, ?, ?)
    ON CONFLICT (suite) DO UPDATE SET ticket = excluded.ticket, stamp = excluded.stamp
     WHERE excluded.stamp >= suite_ticket.stamp
"""
_WRITE_DOWN = f"""
    INSERT INTO event (suite, key, kind, corp, code, stamp, received, state, due)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (suite, key) DO NOTHING RETURNING {_COLUMNS}
"""  # noqa: S608 - our own columns
_AUTHORISE = """
    INSERT INTO authorisation (suite, corp, corp_name, permanent_code, stamp, changed) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (suite, corp) DO UPDATE SET corp_name = excluded.corp_name, permanent_code = excluded.permanent_code,
           stamp = excluded.stamp, changed = excluded.changed
     WHERE excluded.stamp > stamp OR (excluded.stamp = stamp AND permanent_code <> '')
"""
_WITHDRAW = """
    INSERT INTO authorisation (suite, corp, permanent_code, stamp, changed) VALUES (?, ?, '', ?, ?)
    ON CONFLICT (suite, corp) DO UPDATE SET permanent_code = '', stamp = excluded.stamp, changed = excluded.changed
     WHERE excluded.stamp >= stamp
"""
_MOVE = "UPDATE event SET state = ?, due = ?, why = ?, tries = tries + ?, doubtful = doubtful OR ?, code = "
_OPEN = f"SELECT {_COLUMNS} FROM event WHERE state IN ('received', 'exchanging') AND due <= ? ORDER BY id"  # noqa: S608 - our own columns


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What stands between a suite and a corp. `changed` moves with every new code and every change of rights."""

    suite: str
    corp: str
    corp_name: str
    permanent_code: str = field(repr=False)
    changed: float

    @property
    def active(self) -> bool:
        """Whether the corp has not taken it back."""
        return bool(self.permanent_code)


class ProviderStore:
    """Open it on a path; the file is made on first use. Raises `StoreError` where it cannot be used.

    `patience` bounds in seconds how long one waits for another's transaction. By default longer than the second that
    the platform waits for an answer: what is kept late comes twice at worst, what is not kept may never come again.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, now: Callable[[], float] = time.time, patience: float = 4.0
    ) -> None:
        self._path, self._now, self._patience = Path(path), now, patience
        self._ready = False

    def __repr__(self) -> str:
        return f"ProviderStore({str(self._path)!r})"

    # ── what the callback writes ──────────────────────────────────────────────────────────────────────────────

    def journal(self, suite: str, command: Command) -> bool:
        """Write a command down, and do at once what needs no call. Tells whether it is new. Durable on return."""
        now = self._now()
        with self._transaction() as db:
            if command.kind == "suite_ticket":
                return db.execute(_KEEP_TICKET, (suite, command.ticket, command.stamp or now)).rowcount == 1
            state = EventState.RECEIVED if command.code else EventState.DONE
            values = (suite, command.key, command.kind, command.corp, command.code, command.stamp, now, state, now)
            if db.execute(_WRITE_DOWN, values).fetchone() is None:
                return False
            if command.kind == "cancel_auth":
                db.execute(_WITHDRAW, (suite, command.corp, command.stamp or now, now))
            elif command.kind == "change_auth":
                db.execute(
                    "UPDATE authorisation SET changed = ? WHERE suite = ? AND corp = ?", (now, suite, command.corp)
                )
            return True

    # ── what the sources of access tokens ask ─────────────────────────────────────────────────────────────────

    def ticket(self, suite: str) -> str:
        """Give the latest suite_ticket. Raises `NoTicket`."""
        with self._connection() as db:
            found = db.execute("SELECT ticket, stamp FROM suite_ticket WHERE suite = ?", (suite,)).fetchone()
        if found is None:
            raise NoTicket(f"{suite}: no suite_ticket yet: {_REMEDY}", sent=False)
        ticket, stamp = found
        if (age := self._now() - stamp) > TICKET_LIFE:
            raise NoTicket(
                f"{suite}: the latest suite_ticket is {age / 60:.0f} minutes old and dead: {_REMEDY}", sent=False
            )
        return str(ticket)

    def permanent_code(self, suite: str, corp: str) -> str:
        """Give the permanent code of a corp's authorisation. Raises `NotAuthorised`."""
        code = "SELECT permanent_code FROM authorisation WHERE suite = ? AND corp = ?"
        with self._connection() as db:
            found = db.execute(code, (suite, corp)).fetchone()
        if found is None:
            raise NotAuthorised(f"{corp} has not authorised {suite}: {AGAIN}")
        if not found[0]:
            raise NotAuthorised(f"{corp} withdrew its authorisation of {suite}: stop, and delete its data")
        return str(found[0])

    # ── what the exchange of codes does ───────────────────────────────────────────────────────────────────────

    def open_events(self) -> list[Event]:
        """List what is to be done now: codes to exchange, and exchanges that nobody has concluded in time."""
        if not self._path.exists():
            return []
        with self._connection() as db:
            return [_event(row) for row in db.execute(_OPEN, (self._now(),))]

    def move(
        self,
        event: Event,
        state: EventState,
        *,
        wait: float = 0.0,
        why: str = "",
        tried: bool = False,
        doubt: bool = False,
    ) -> bool:
        """Take a row to another state, due again in `wait` seconds. False when somebody else was quicker."""
        with self._transaction() as db:
            return _move(db, event, state, self._now() + wait, why, tried=tried, doubt=doubt)

    def put_off(self, event: Event, wait: float, why: str) -> None:
        """Look at a row again in `wait` seconds, and remember why."""
        with self._transaction() as db:
            later = "UPDATE event SET due = ?, why = ? WHERE id = ? AND state = 'received'"
            db.execute(later, (self._now() + wait, why, event.id))

    def authorise(self, event: Event, corp: str, corp_name: str, permanent_code: str) -> bool:
        """Keep a permanent code and conclude the row it came from, both or neither. False when it came too late."""
        now = self._now()
        late = replace(event, state=EventState.UNKNOWN)  # somebody may have stopped waiting for us
        with self._transaction() as db:
            if not any(_move(db, found, EventState.DONE, now, "") for found in (event, late)):
                return False
            db.execute("UPDATE event SET corp = ? WHERE id = ?", (corp, event.id))
            stamp = event.stamp or event.received
            db.execute(_AUTHORISE, (event.suite, corp, corp_name, permanent_code, stamp, now))
            return True

    # ── what people ask ───────────────────────────────────────────────────────────────────────────────────────

    def authorisations(self, suite: str | None = None) -> list[Authorisation]:
        """List the corps, those that withdrew included."""
        if not self._path.exists():
            return []
        ask = """SELECT suite, corp, corp_name, permanent_code, changed FROM authorisation
                  WHERE ?1 IS NULL OR suite = ?1 ORDER BY suite, corp"""
        with self._connection() as db:
            return [Authorisation(*row) for row in db.execute(ask, (suite,))]

    def events(self, limit: int = 100) -> list[Event]:
        """List the journal, newest first."""
        if not self._path.exists():
            return []
        with self._connection() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM event ORDER BY id DESC LIMIT ?", (limit,))  # noqa: S608 - our own columns
            return [_event(row) for row in rows]

    def check_withdrawn(self, suite: str, corp: str) -> None:
        """Raise what `purge` would raise, and delete nothing."""
        with self._connection() as db:
            _check_withdrawn(db, suite, corp)

    def purge(self, suite: str, corp: str) -> int:
        """Delete what is kept of a corp that withdrew, and tell how many rows. Raises `NotAuthorised` for no such corp.

        Raises `StoreError` where the authorisation still stands.
        """
        with self._transaction() as db:
            _check_withdrawn(db, suite, corp)
            db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked
            return sum(
                db.execute(f"DELETE FROM {table} WHERE suite = ? AND corp = ?", (suite, corp)).rowcount  # noqa: S608 - our own tables
                for table in ("event", "authorisation")
            )

    # ── the file ──────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self._ready:
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(sqlite3.connect(self._path, isolation_level=None, timeout=self._patience)) as db:
                db.execute("PRAGMA synchronous = FULL")  # what was answered `success` survives a power cut
                if not self._ready:
                    with suppress(sqlite3.OperationalError):  # another process is at it this very moment
                        db.execute("PRAGMA journal_mode = WAL")
                    upgrade(db, str(self._path))
                    self._ready = True
                yield db
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the provider's file {self._path} failed: {error}") from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")


def _check_withdrawn(db: sqlite3.Connection, suite: str, corp: str) -> None:
    held = "SELECT permanent_code FROM authorisation WHERE suite = ? AND corp = ?"
    found = db.execute(held, (suite, corp)).fetchone()
    if found is None:
        raise NotAuthorised(f"nothing is kept of {corp} under {suite}")
    if found[0]:
        raise StoreError(f"{corp} still authorises {suite}; only what was withdrawn (cancel_auth) is purged")


def _event(row: tuple[int, str, str, str, int, float, str, int, str, str, int]) -> Event:
    id_, suite, kind, corp, stamp, received, state, tries, why, code, doubtful = row
    return Event(id_, suite, kind, corp, stamp, received, EventState(state), tries, why, code, bool(doubtful))


def _move(
    db: sqlite3.Connection,
    event: Event,
    state: EventState,
    due: float,
    why: str,
    *,
    tried: bool = False,
    doubt: bool = False,
) -> bool:
    if state not in NEXT[event.state]:
        raise ValueError(f"{event.state} is not followed by {state}")
    code = "''" if state in OVER else "code"
    where = " WHERE id = ? AND state = ? AND tries = ?"
    moved = db.execute(_MOVE + code + where, (state, due, why, tried, doubt, event.id, event.state, event.tries))
    return moved.rowcount == 1
