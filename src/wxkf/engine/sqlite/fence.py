"""Whether a claim is still good: nothing is written for one that is not."""

import sqlite3

from wxkf.engine.values import Claim
from wxkf.errors import LostClaim

HELD = "id = ? AND owner = ? AND epoch = ?"
_CHECK = f"SELECT 1 FROM conversation WHERE {HELD}"  # noqa: S608 - our own
_TOUCH = f"UPDATE conversation SET touched = ? WHERE {HELD}"  # noqa: S608


def fence(db: sqlite3.Connection, owner: str, claim: Claim) -> None:
    """Raise `LostClaim` unless the claim is still good."""
    if not db.execute(_CHECK, (claim.conversation, owner, claim.epoch)).fetchone():
        raise _lost(claim)


def touch(db: sqlite3.Connection, owner: str, claim: Claim) -> None:
    """Note that the claimed message has steps. Raises `LostClaim` unless the claim is still good."""
    fenced(db, claim, _TOUCH, (claim.message, claim.conversation, owner, claim.epoch))


def fenced(db: sqlite3.Connection, claim: Claim, sql: str, values: tuple[object, ...]) -> None:
    """Change a conversation by a statement that holds the fence itself. Raises `LostClaim`."""
    if not db.execute(sql, values).rowcount:
        raise _lost(claim)


def _lost(claim: Claim) -> LostClaim:
    return LostClaim(f"message {claim.msgid} is in other hands")
