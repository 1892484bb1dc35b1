"""What operators do to an inbox, from the engine's process or another one: each change with an audit line, in one go.

A message that is taken from under a handler is fenced off by the epoch: what the handler still does is not recorded.
"""

import sqlite3

import msgspec

from wxkf.engine.sqlite.forget import forget
from wxkf.engine.sqlite.journal import close
from wxkf.engine.sqlite.looks import OLDEST, find
from wxkf.engine.sqlite.pages import append
from wxkf.engine.timer import TimerDue
from wxkf.engine.values import SENDS, Row, Step, StepState
from wxkf.engine.views import Filed, Pause
from wxkf.errors import StoreError

_AGAIN, _SKIPPED = "sent again", "skipped"
_SETTLED = (_AGAIN, _SKIPPED)
_IN_VAIN = (StepState.UNKNOWN, StepState.FAILED, StepState.REFUSED)
_ON = """
    UPDATE conversation SET owner = NULL, epoch = epoch + 1, done = ?, due = 0,
           attempts = 0, failing = 0, lives = 0, frozen = 0
     WHERE id = (SELECT conversation FROM message WHERE id = ?)
"""


def retry(db: sqlite3.Connection, msgid: str, who: str, now: float) -> str:
    """Let a dead message be handled again, or what was sent in vain be sent again, behind what waits already.

    Returns the msgid of the new row, the first where several parts are sent again. Raises `StoreError` for a message
    that is neither.
    """
    found = find(db, msgid)
    if found.dead:
        rows = [_copy(db, found)]
        db.execute("UPDATE dead SET over = ? WHERE message = ?", (f"retried {rows[0].msgid}", found.id))
    else:
        rows = _send_again(db, found)
    account = db.execute("SELECT id FROM account WHERE app = ? AND open_kfid = ?", (found.app, found.open_kfid))
    append(db, account.fetchone()[0], rows, now)
    _note(db, who, "retry", found.msgid, now)
    return rows[0].msgid


def skip(db: sqlite3.Connection, msgid: str, who: str, now: float) -> None:
    """Let go of a message that waits, is handled or is dead. Raises `StoreError` if it is none of these.

    Of those that wait it must be the oldest of its conversation: order stays order.
    """
    found = find(db, msgid)
    if found.dead:
        db.execute("UPDATE dead SET over = 'skipped' WHERE message = ?", (found.id,))
    elif any(one.state in (StepState.UNKNOWN, StepState.FAILED) for one in found.steps) and found.handled:
        settle = "UPDATE step SET state = 'refused', result = ? WHERE message = ? AND state IN ('unknown', 'failed')"
        db.execute(settle, (_SKIPPED, found.id))
    else:
        _let_go(db, found, now)
    _note(db, who, "skip", found.msgid, now)


def pause(db: sqlite3.Connection, what: Pause, who: str) -> None:
    """Hand out nothing of an app, an account or a customer until `resume`; messages are still stored.

    With a note, whoever writes is handed over to people instead.
    """
    put = """
        INSERT INTO pause (app, open_kfid, external_userid, at, note) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET note = excluded.note
    """
    db.execute(put, (*_place(what), what.at, what.note))
    _note(db, who, "pause" if what.note is None else "pause, to people", what.named, what.at)


def resume(db: sqlite3.Connection, what: Pause, who: str, now: float) -> None:
    """Hand out again what was paused. Raises `StoreError` if it was not."""
    gone = db.execute("DELETE FROM pause WHERE app = ? AND open_kfid = ? AND external_userid = ?", _place(what))
    if not gone.rowcount:
        raise StoreError(f"{what.named} is not paused")
    _note(db, who, "resume", what.named, now)


def forget_person(db: sqlite3.Connection, app: str, external_userid: str, who: str, now: float) -> int:
    """Delete all that is stored of a customer. Returns how many messages that were."""
    gone = forget(db, app, external_userid)
    db.execute(
        "UPDATE audit SET about = replace(about, ?, '***')", (external_userid,)
    )  # what was paused bears the name
    _note(db, who, "forget", f"a customer of {app}, {gone} messages", now)
    return gone


def _place(what: Pause) -> tuple[str, str, str]:
    return (what.app, what.open_kfid, what.external_userid)


def _copy(db: sqlite3.Connection, found: Filed) -> Row:
    """Make a row like another, under a msgid that was not there before, so that its sends have new ones too."""
    return Row(_fresh(db, found, 0), found.external_userid, found.send_time, found.origin, found.raw)


def _send_again(db: sqlite3.Connection, found: Filed) -> list[Row]:
    """Make rows that bring the words along that may not have arrived; what is known of them stays in the journal."""
    if not found.handled:
        raise StoreError(f"{found.msgid} is not dealt with yet: it is tried again by itself")
    vain = [one for one in found.steps if one.path in SENDS and one.state in _IN_VAIN and one.result not in _SETTLED]
    if not vain:
        raise StoreError(f"{found.msgid} is neither dead nor has it sent anything in vain")
    db.executemany(
        "UPDATE step SET state = 'refused', result = ? WHERE message = ? AND position = ?",
        [(_AGAIN, found.id, step.position) for step in vain],
    )
    return [_brings(found, step, _fresh(db, found, index)) for index, step in enumerate(vain)]


def _brings(found: Filed, step: Step, msgid: str) -> Row:
    body = msgspec.json.decode(step.body)
    timer = TimerDue(
        msgid=msgid,
        open_kfid=found.open_kfid,
        external_userid=found.external_userid,
        send_time=found.send_time,
        send={key: value for key, value in body.items() if key in ("msgtype", body["msgtype"])},
    )
    return Row(msgid, found.external_userid, found.send_time, 0, msgspec.json.encode(timer))


def _fresh(db: sqlite3.Connection, found: Filed, index: int) -> str:
    """Give the msgid of another try: the number that its row will have was never given and never will be again."""
    number = db.execute("SELECT value FROM counter WHERE name = 'message'").fetchone()[0] + 1 + index
    return f"{found.msgid.partition('~')[0]}~{number}"


def _let_go(db: sqlite3.Connection, found: Filed, now: float) -> None:
    if found.handled:
        raise StoreError(f"{found.msgid} is dealt with already")
    if db.execute(OLDEST, (found.id,)).fetchone()[0] != found.id:
        raise StoreError(f"{found.msgid} is not the oldest that waits in its conversation")
    db.execute(_ON, (found.id, found.id))
    close(db, found.id)
    over = "INSERT OR REPLACE INTO dead (message, reason, at, over) VALUES (?, '', ?, 'skipped')"
    db.execute(over, (found.id, now))


def _note(db: sqlite3.Connection, who: str, did: str, about: str, now: float) -> None:
    db.execute("INSERT INTO audit (at, who, did, about) VALUES (?, ?, ?, ?)", (now, who, did, about))
