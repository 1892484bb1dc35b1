"""What a bot remembers of a customer, by name: written with the handler's return, so a failed run leaves nothing."""

import sqlite3
from collections.abc import Mapping

from wxkf.engine.sqlite.timers import place_of
from wxkf.engine.values import Claim

_KEEP = "INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (conversation, name) DO UPDATE SET raw = excluded.raw"


def keep(db: sqlite3.Connection, claim: Claim, what: Mapping[str, bytes]) -> None:
    """Remember these, in the transaction that is open and has checked the claim."""
    if what:
        place = place_of(db, claim)
        db.executemany(_KEEP, [(place, name, raw) for name, raw in what.items()])


def kept(db: sqlite3.Connection, claim: Claim, name: str) -> bytes | None:
    """Give what is remembered under a name."""
    key = (place_of(db, claim), name)
    found = db.execute("SELECT raw FROM kept WHERE conversation = ? AND name = ?", key).fetchone()
    return bytes(found[0]) if found else None
