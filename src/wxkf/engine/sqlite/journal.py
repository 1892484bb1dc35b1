"""The journal of effects: a row before each call, its result after, all of it fenced by the claim."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

from wxkf.engine.sqlite.fence import fence, touch
from wxkf.engine.values import Claim, Rest, Step, StepState
from wxkf.engine.views import Trace

_STEPS = "SELECT position, path, body, state, result, generation FROM step WHERE message = ? ORDER BY position"
_WRITE = """
    INSERT INTO step (message, position, path, body, state, generation, at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (message, position) DO UPDATE SET
        body = CASE WHEN excluded.generation > generation THEN excluded.body ELSE body END,
        generation = excluded.generation, state = excluded.state, at = excluded.at
"""  # within a generation the body stays what it was
_CLOSE = """
    UPDATE step SET state = CASE state WHEN 'sending' THEN 'unknown' ELSE 'refused' END, result = 'not seen through'
     WHERE message = ? AND state IN ('planned', 'sending')
"""
BURY = "INSERT OR REPLACE INTO dead (message, reason, at) VALUES (?, ?, ?)"
_NEXT = """
    UPDATE step SET state = 'sending', at = ? WHERE message = ? AND position =
        (SELECT min(position) FROM step WHERE message = ? AND position > ? AND state = 'planned')
"""
_STOP = "UPDATE step SET state = 'refused', result = ?, at = ? WHERE message = ? AND position > ? AND state = 'planned'"
_FAILED = """
    UPDATE step SET state = 'failed', result = ? WHERE message = ? AND position = ? AND state IN ('accepted', 'unknown')
"""
_SENT = """
    SELECT s.message, s.position, s.body FROM step s
      JOIN message m ON m.id = s.message JOIN conversation c ON c.id = m.conversation JOIN account a ON a.id = c.account
     WHERE a.app = ? AND a.open_kfid = ? AND c.external_userid = ? AND instr(s.body, ?)
     ORDER BY s.message DESC LIMIT 1
"""
_TRACE = """
    SELECT m.id, c.owner IS NOT NULL, c.done >= m.id, CASE WHEN d.over = '' THEN d.reason ELSE '' END
      FROM message m JOIN conversation c ON c.id = m.conversation LEFT JOIN dead d ON d.message = m.id
     WHERE m.id = coalesce((SELECT message FROM seen WHERE msgid = ?1 AND day IN (SELECT DISTINCT day FROM seen)
                               AND account IN (SELECT id FROM account)),
                           (SELECT id FROM message WHERE msgid = ?1))  -- it is kept for longer than it can come again
"""


def begin(db: sqlite3.Connection, owner: str, claim: Claim, step: Step, now: float) -> None:
    """Write a step down, or the state it is in now."""
    touch(db, owner, claim)
    write(db, claim.message, [step], now)


def record(
    db: sqlite3.Connection,
    owner: str,
    claim: Claim,
    position: int,
    state: StepState,
    result: str,
    rest: Rest,
    now: float,
) -> None:
    """Write down what came of a step, and what that means for the planned ones behind it."""
    fence(db, owner, claim)
    done = "UPDATE step SET state = ?, result = ?, at = ? WHERE message = ? AND position = ?"
    db.execute(done, (state, result, now, claim.message, position))
    if rest == "go":
        db.execute(_NEXT, (now, claim.message, claim.message, position))
    elif rest == "stop":
        db.execute(_STOP, (result, now, claim.message, position))


def finish(db: sqlite3.Connection, owner: str, claim: Claim, steps: Sequence[Step], dead: str, now: float) -> None:
    """Write down that the handler has returned, with all that it wants sent; or that it failed, for a reason."""
    touch(db, owner, claim)
    close(db, claim.message)
    write(db, claim.message, steps, now)
    end = "UPDATE conversation SET finished = ?, attempts = 0, failing = 0 WHERE id = ?"
    db.execute(end, (claim.message, claim.conversation))
    if dead:
        db.executemany(BURY, [(message, dead, now) for message in claim.messages])


def close(db: sqlite3.Connection, message: int) -> None:
    """Leave no step open that nobody will carry on with: it is refused, or unknown if it may have left."""
    db.execute(_CLOSE, (message,))


def note_failure(
    db: sqlite3.Connection, app: str, open_kfid: str, external_userid: str, msgid: str, reason: str
) -> bytes | None:
    """Mark the send under a msgid as failed after all (msg_send_fail). Returns its body, None if it was not ours."""
    found = db.execute(_SENT, (app, open_kfid, external_userid, f'"{msgid}"'.encode())).fetchone()
    if not found:
        return None
    message, position, body = found
    db.execute(_FAILED, (reason, message, position))
    return bytes(body)


def trace(db: sqlite3.Connection, msgid: str) -> Trace | None:
    """Tell how far a message got."""
    found = db.execute(_TRACE, (msgid,)).fetchone()
    if not found:
        return None
    message, claimed, handled, dead = found
    return Trace(bool(claimed), bool(handled), dead, steps_of(db, message))


def steps_of(db: sqlite3.Connection, message: int) -> tuple[Step, ...]:
    """Read the journal of one message."""
    with closing(db.execute(_STEPS, (message,))) as found:
        return tuple(Step(at, path, body, StepState(state), *rest) for at, path, body, state, *rest in found)


def write(db: sqlite3.Connection, message: int, steps: Iterable[Step], now: float) -> None:
    """Write steps of a message."""
    rows = [(message, one.position, one.path, one.body, one.state, one.generation, now) for one in steps]
    db.executemany(_WRITE, rows)
