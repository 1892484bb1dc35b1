"""Who works on what: claims, fenced by (owner, epoch), fair between accounts, and how they are given back."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import Any

from wxkf.engine.sqlite import journal
from wxkf.engine.sqlite.fence import HELD, fenced
from wxkf.engine.values import Again, Claim, Dead, Lane, Message, Settled, Verdict

_ABSURD = 61.0  # seconds: nothing is put off for so long, so the clock was set back
_TIMER = 0  # the origin of what we have set ourselves; it stands alone, since it may bring its words along
_READY = """
    SELECT c.id, c.epoch + 1, c.external_userid, c.attempts + 1, c.finished, c.touched, c.frozen, c.failing, c.lives,
           m.id, m.msgid, m.raw, m.at, m.origin, c.people,
           {note}
      FROM conversation c CROSS JOIN message m ON m.id =
           (SELECT id FROM message WHERE conversation = c.id AND id > c.done AND NOT history ORDER BY id LIMIT 1)
     WHERE c.account = ?3 AND c.lane = ?4 AND c.owner IS NULL AND c.done < c.last AND (c.due <= ?5 OR c.due > ?6)
       {unless}
     ORDER BY c.due, c.id
"""
_PAUSES = "FROM pause p WHERE p.app = ?1 AND p.open_kfid IN ('', ?2) AND p.external_userid IN ('', c.external_userid)"
_NOTE = f"(SELECT note {_PAUSES} ORDER BY p.external_userid = '', p.open_kfid = '' LIMIT 1)"
_UNLESS = f"AND NOT EXISTS (SELECT 1 {_PAUSES} AND p.note IS NULL)"
_FREE = _READY.format(note="NULL", unless="AND ?1 = ?1 AND ?2 = ?2")  # nearly always, and a look at pauses costs
_NEAR_PAUSES = _READY.format(note=_NOTE, unless=_UNLESS)
_TAKE = "UPDATE conversation SET owner = ?, epoch = epoch + 1, lives = lives + 1 WHERE id = ?"
_MORE = """
    SELECT id, msgid, raw, at, origin FROM message
     WHERE conversation = ? AND id > ? AND (? = 0 OR id <= ?) AND NOT history ORDER BY id LIMIT ?
"""
_AGAIN = f"""
    UPDATE conversation SET owner = NULL, due = ?, attempts = attempts + ?, lives = ?,
           frozen = CASE WHEN ? THEN 0 ELSE frozen END,
           failing = CASE WHEN ? THEN 0 WHEN failing > 0 THEN failing ELSE ? END WHERE {HELD}
"""  # noqa: S608 - our own
_ON = f"""
    UPDATE conversation SET owner = NULL, done = ?, due = ?, attempts = 0, failing = 0, lives = 0, frozen = 0
     WHERE {HELD}
"""  # noqa: S608
_RELEASE = "UPDATE conversation SET owner = NULL, due = 0, epoch = epoch + 1, lives = max(lives - ?, 0) WHERE owner = ?"


def claim(
    db: sqlite3.Connection, owner: str, app: str, limit: int, now: float, lane: Lane, depth: int, after: str
) -> list[Claim]:
    """Take ready conversations, one account after the other, behind `after`, each with its oldest messages."""
    accounts: list[tuple[int, str]] = db.execute(
        "SELECT id, open_kfid FROM account WHERE app = ? ORDER BY open_kfid <= ?, open_kfid", (app, after)
    ).fetchall()
    ready = list(islice(_in_turn(db, app, accounts, now, lane), limit))
    if not ready:
        return []
    db.executemany(_TAKE, [(owner, row[0]) for _, row in ready])
    return [_claim(db, app, open_kfid, lane, depth, row) for open_kfid, row in ready]


def _in_turn(
    db: sqlite3.Connection, app: str, accounts: list[tuple[int, str]], now: float, lane: Lane
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Go round the accounts, one ready conversation of each at a time."""
    ready = _NEAR_PAUSES if db.execute("SELECT 1 FROM pause LIMIT 1").fetchone() else _FREE
    cursors = [
        (open_kfid, db.execute(ready, (app, open_kfid, number, lane, now, now + _ABSURD)))
        for number, open_kfid in accounts
    ]
    try:
        while cursors:
            for account in list(cursors):
                open_kfid, cursor = account
                row = cursor.fetchone()
                if row is None:
                    cursors.remove(account)
                else:
                    yield open_kfid, row
    finally:
        for _, cursor in cursors:
            cursor.close()


def _claim(db: sqlite3.Connection, app: str, open_kfid: str, lane: Lane, depth: int, row: tuple[Any, ...]) -> Claim:
    conversation, epoch, customer, attempts, finished, touched, frozen, failing, lives, message, msgid, raw, *rest = row
    at, origin, people, note = rest
    more: tuple[Message, ...] = ()
    is_new = message not in (finished, touched)  # what a handler has begun gets no company
    if origin != _TIMER and (frozen or (depth > 1 and is_new)):
        limit = -1 if frozen else depth - 1
        found = db.execute(_MORE, (conversation, message, frozen, frozen, limit)).fetchall()
        more = _messages(found)
    steps = journal.steps_of(db, message) if touched == message else ()
    return Claim(
        conversation, epoch, app, open_kfid, customer, message, msgid, raw, attempts, finished == message,
        steps, lane, more, bool(frozen), failing, lives, bool(people), note, at,
    )  # fmt: skip


def behind(db: sqlite3.Connection, claim: Claim, limit: int) -> list[Message]:
    """List what has come behind the messages of a claim, up to the first timer."""
    found = db.execute(_MORE, (claim.conversation, claim.last, 0, 0, limit)).fetchall()
    return list(_messages(found))


def _messages(found: Iterable[tuple[Any, ...]]) -> tuple[Message, ...]:
    """Give rows as messages, up to the first timer."""
    return tuple(Message(*one[:4]) for one in takewhile(lambda one: one[4] != _TIMER, found))


def freeze(db: sqlite3.Connection, owner: str, claim: Claim) -> None:
    """Write down which messages a handler starts with: it gets the same ones if it has to start again."""
    set_ = f"UPDATE conversation SET frozen = ? WHERE {HELD}"  # noqa: S608
    fenced(db, claim, set_, (claim.last, claim.conversation, owner, claim.epoch))


def settle(db: sqlite3.Connection, owner: str, settled: Iterable[Settled]) -> list[Claim]:
    """Give conversations back. Returns those that were no longer ours."""
    return [claim for claim, verdict in settled if not _settle(db, owner, claim, verdict)]


def _settle(db: sqlite3.Connection, owner: str, claim: Claim, verdict: Verdict) -> bool:
    held = (claim.conversation, owner, claim.epoch)
    if isinstance(verdict, Again):
        spent = verdict.spent
        given = (verdict.at, spent, verdict.lives, verdict.anew, not spent, verdict.since, *held)
        return db.execute(_AGAIN, given).rowcount > 0
    if not db.execute(_ON, (claim.last, verdict.at, *held)).rowcount:
        return False
    if isinstance(verdict, Dead):
        db.executemany(journal.BURY, [(message, verdict.reason, verdict.at) for message in claim.messages])
        journal.close(db, claim.message)
    return True


def release(db: sqlite3.Connection, owner: str, app: str | None = None) -> None:
    """Give back all that an owner holds, and put it first: of an app that ends, or of all when the lease has run out.

    That a process stood still may be the doing of what it had in hand, so it counts as if it had ended.
    """
    of = "" if app is None else " AND account IN (SELECT id FROM account WHERE app = ?)"
    db.execute(f"{_RELEASE}{of}", (0, owner) if app is None else (1, owner, app))


def next_due(db: sqlite3.Connection) -> float | None:
    """Tell when the next conversation is due."""
    found = db.execute("SELECT min(due) FROM conversation WHERE owner IS NULL AND done < last").fetchone()[0]
    return None if found is None else float(found)
