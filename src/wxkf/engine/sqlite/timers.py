"""Timers wait in a table of their own; when one is due it goes to the end of the log, and its conversation wakes."""

import sqlite3

from wxkf.engine.sqlite.fence import fence
from wxkf.engine.sqlite.journal import begin
from wxkf.engine.sqlite.pages import append, conversation_of
from wxkf.engine.values import Claim, Lane, Row, Step, Timer

_SET = """
    INSERT INTO timer (conversation, name, due, after, quiet, raw) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_DUE = """
    SELECT t.conversation, t.name, t.due, t.after, t.quiet, t.raw, c.account, c.external_userid
      FROM timer t JOIN conversation c ON c.id = t.conversation JOIN account a ON a.id = c.account
     WHERE a.app = ? AND t.due <= ? ORDER BY t.due, t.conversation, t.name LIMIT ?
"""
_WROTE = "SELECT 1 FROM message WHERE conversation = ? AND id > ? AND origin = 3 AND NOT history LIMIT 1"


def schedule(db: sqlite3.Connection, owner: str, claim: Claim, timer: Timer, step: Step, now: float) -> None:
    """Set a timer for a claimed conversation; one of this name that is set already stays as it is."""
    begin(db, owner, claim, step, now)
    db.execute(_SET, (place_of(db, claim), timer.name, timer.due, claim.last, timer.quiet, timer.raw))


def cancel(db: sqlite3.Connection, owner: str, claim: Claim, name: str) -> bool:
    """Take a timer back that has not come yet. Tells whether there was one."""
    fence(db, owner, claim)
    gone = db.execute("DELETE FROM timer WHERE conversation = ? AND name = ?", (place_of(db, claim), name))
    return bool(gone.rowcount)


def place_of(db: sqlite3.Connection, claim: Claim) -> int:
    """Tell under which conversation a customer's things are filed: the ordered one, also for a greeting."""
    if claim.lane is Lane.ORDERED:
        return claim.conversation
    account = db.execute("SELECT account FROM conversation WHERE id = ?", (claim.conversation,)).fetchone()[0]
    return conversation_of(db, account, claim.external_userid, Lane.ORDERED)


def fire(db: sqlite3.Connection, app: str, now: float, limit: int) -> int:
    """Append the timers that are due. Returns how many were due; those that wait for silence may be dropped."""
    due = db.execute(_DUE, (app, now, limit)).fetchall()
    for conversation, name, at, after, quiet, raw, account, external_userid in due:
        db.execute("DELETE FROM timer WHERE conversation = ? AND name = ?", (conversation, name))
        if not (quiet and wrote_since(db, conversation, after)):
            append(db, account, [Row(name, external_userid, int(at), 0, raw)], now)
    return len(due)


def wrote_since(db: sqlite3.Connection, conversation: int, message: int) -> bool:
    """Tell whether the customer has written after a message."""
    return db.execute(_WROTE, (conversation, message)).fetchone() is not None
