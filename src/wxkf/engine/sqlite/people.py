"""Who may be speaking with a customer, and how much the bot may still say: what a send from outside asks first."""

import sqlite3

from wxkf.engine.sqlite.fence import fence
from wxkf.engine.sqlite.pages import PEOPLE
from wxkf.engine.sqlite.timers import place_of
from wxkf.engine.values import Claim, Room

_CONVERSATION = """
    SELECT c.id, c.people FROM conversation c JOIN account a ON a.id = c.account
     WHERE a.app = ? AND a.open_kfid = ? AND c.external_userid = ? AND c.lane = 0
"""
_WROTE = "SELECT send_time, at FROM message WHERE conversation = ? AND origin = 3 ORDER BY id DESC LIMIT 1"
_SENT = """
    SELECT count(*) FROM step WHERE path = 'kf/send_msg' AND state NOT IN ('refused', 'planned') AND at >= ?
       AND message IN (SELECT id FROM message WHERE conversation = ? ORDER BY id DESC LIMIT 200)
"""  # an answer to an older message that leaves after a newer one has come counts against that
_WAITING = """
    SELECT count(*) FROM conversation c JOIN message m ON m.conversation = c.id AND m.id > c.done AND m.id <> c.touched
     WHERE c.id = ? AND m.origin = 0 AND m.msgid LIKE 's-%'
"""  # one that is touched has steps, which count by themselves


def note_people(db: sqlite3.Connection, owner: str, claim: Claim, people: bool) -> None:
    """Write down whether colleagues may be speaking with the customer of a claim."""
    fence(db, owner, claim)
    db.execute(PEOPLE, (people, place_of(db, claim)))


def has_people(db: sqlite3.Connection, app: str, open_kfid: str, external_userid: str) -> bool:
    """Tell whether colleagues may be speaking with a customer."""
    found = db.execute(_CONVERSATION, (app, open_kfid, external_userid)).fetchone()
    return bool(found and found[1])


def room(db: sqlite3.Connection, app: str, open_kfid: str, external_userid: str) -> Room:
    """Tell how much was sent since the customer wrote last."""
    found = db.execute(_CONVERSATION, (app, open_kfid, external_userid)).fetchone()
    wrote = found and db.execute(_WROTE, (found[0],)).fetchone()
    if not wrote:
        return Room(None, 0)
    sent, at = wrote
    waiting = db.execute(_WAITING, (found[0],)).fetchone()[0]
    return Room(float(sent), db.execute(_SENT, (at, found[0])).fetchone()[0], waiting)
