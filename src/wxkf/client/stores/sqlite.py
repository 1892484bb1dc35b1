"""Tokens shared by the processes of one machine, in a table of an SQLite file, which may be the inbox.

A connection for each verb: a token is asked for a few times an hour, a file handle kept for that would only stand in
the way of a fork. The lease ends by the machine's clock; one that would last much longer than it was given for was
written before the clock was set back, and counts for nothing.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

_TABLE = """
    CREATE TABLE IF NOT EXISTS access_token (
        key TEXT PRIMARY KEY,                 -- no secret in it
        value BLOB,                           -- holds the token in clear
        fence INTEGER NOT NULL DEFAULT 0,
        until REAL NOT NULL DEFAULT 0
    ) WITHOUT ROWID
"""
_LEASE = """
    INSERT INTO access_token (key, fence, until) VALUES (:key, 1, :now + :seconds)
    ON CONFLICT (key) DO UPDATE SET fence = fence + 1, until = :now + :seconds
        WHERE NOT :now < until OR until > :now + :seconds + 30  -- whoever waited for the file asks with an old `now`
    RETURNING fence
"""
_WRITE = "UPDATE access_token SET value = ?, until = 0 WHERE key = ? AND fence = ?"


class SqliteTokenStore:
    """A `TokenStore` in an SQLite file (made with mode 0600). Raises `sqlite3.Error` and `OSError`."""

    def __init__(self, path: str | os.PathLike[str], *, now: Callable[[], float] = time.time) -> None:
        self._path, self._now = Path(path), now
        self._ready = False

    def __repr__(self) -> str:
        return f"SqliteTokenStore({str(self._path)!r})"

    def read(self, key: str) -> bytes | None:
        """See `TokenStore.read`."""
        with self._open() as db:
            found = db.execute("SELECT value FROM access_token WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def lease(self, key: str, seconds: float) -> int | None:
        """See `TokenStore.lease`."""
        with self._open() as db:
            given = db.execute(_LEASE, {"key": key, "now": self._now(), "seconds": seconds}).fetchone()
        return given[0] if given else None

    def write(self, key: str, value: bytes, fence: int) -> bool:
        """See `TokenStore.write`."""
        with self._open() as db:
            return db.execute(_WRITE, (value, key, fence)).rowcount == 1

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if not self._ready:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(self._path, timeout=10)) as db:
            if not self._ready:
                with suppress(sqlite3.OperationalError):  # another process is at it this very moment; it does no harm
                    db.execute("PRAGMA journal_mode = WAL")
                db.execute(_TABLE)
                self._ready = True
            db.execute("PRAGMA synchronous = NORMAL")  # a token that a power cut takes is fetched again
            with db:
                yield db
