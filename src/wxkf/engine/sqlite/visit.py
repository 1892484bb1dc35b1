"""Into an inbox from another process than the engine's: to look, or for one short transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from wxkf.engine.sqlite.schema import VERSION
from wxkf.errors import StoreError


@contextmanager
def administered(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an inbox that an engine may be working on, for one short transaction. Raises `StoreError`."""
    with _opened(path, "rw") as db:
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("COMMIT")


@contextmanager
def looked_at(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an inbox to read it as it is at one moment; nobody waits for a reader. Raises `StoreError`."""
    with _opened(path, "ro") as db:
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM account").fetchone()  # the moment is that of the first read
        yield db


@contextmanager
def watched(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an inbox to read it again and again. Raises `StoreError`."""
    with _opened(path, "ro") as db:
        yield db


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    if not path.exists():
        raise StoreError(f"there is no inbox at {path}: `wxkf run` makes one there, or name another by --database")
    try:
        uri = f"{path.resolve().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10)) as db:
            _check(path, db.execute("PRAGMA user_version").fetchone()[0])
            yield db
    except sqlite3.Error as error:
        raise StoreError(f"the inbox {path} failed: {error}") from error


def _check(path: Path, version: int) -> None:
    if version == 0:
        raise StoreError(f"{path} is no inbox, or an empty one")
    if version > VERSION:
        raise StoreError(f"{path} was written by a newer wxkf (schema {version}, this one knows {VERSION})")
    if version < VERSION:
        raise StoreError(f"{path} was written by an older wxkf (schema {version}): run the engine once, it upgrades it")
