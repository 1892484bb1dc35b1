"""A page into the log: cursor, dedupe, messages and who has something to do now, in the transaction that is open."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from wxkf.engine.values import Account, Row
from wxkf.errors import StoreError

DAY = 86_400
_MOVE = "UPDATE account SET cursor = ? WHERE app = ? AND open_kfid = ? AND cursor = ? RETURNING id"
_COUNT = "UPDATE counter SET value = value + ? WHERE name = 'message' RETURNING value"
_SEE = "INSERT INTO seen (day, account, msgid, message) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_ADD = (
    "INSERT INTO message (id, conversation, msgid, send_time, origin, history, raw, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
PEOPLE = "UPDATE conversation SET people = ? WHERE id = ?"
_FIND = "SELECT id FROM conversation WHERE account = ? AND external_userid = ? AND lane = ?"
_BEGIN = "INSERT INTO conversation (account, external_userid, lane) VALUES (?, ?, ?) RETURNING id"
_WAKE = "UPDATE conversation SET last = ?, due = CASE WHEN done < last THEN due ELSE ? END WHERE id = ?"


def account(db: sqlite3.Connection, app: str, open_kfid: str, since: float) -> Account:
    """Read an account's cursor, or begin one."""
    add = "INSERT INTO account (app, open_kfid, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    db.execute(add, (app, open_kfid, since))
    find = "SELECT cursor, since FROM account WHERE app = ? AND open_kfid = ?"
    return Account(app, open_kfid, *db.execute(find, (app, open_kfid)).fetchone())


def commit_page(db: sqlite3.Connection, found: Account, cursor: str, rows: Sequence[Row], now: float) -> int:
    """Store a page and move the cursor. Raises `StoreError` when the cursor is no longer where `found` says."""
    moved = db.execute(_MOVE, (cursor, found.app, found.open_kfid, found.cursor)).fetchone()
    if not moved:
        raise StoreError(f"somebody else moved the cursor of {found.open_kfid}")
    return append(db, moved[0], rows, now)


def put(db: sqlite3.Connection, app: str, open_kfid: str, rows: Sequence[Row], now: float) -> int:
    """Put messages of our own into the log of an account that is known. Raises `StoreError` for another."""
    found = db.execute("SELECT id FROM account WHERE app = ? AND open_kfid = ?", (app, open_kfid)).fetchone()
    if not found:
        raise StoreError(f"this inbox knows no account {open_kfid} of {app}")
    return append(db, found[0], rows, now)


def caught_up(db: sqlite3.Connection, found: Account) -> None:
    """Note that an account's log was read to its end once."""
    db.execute("UPDATE account SET since = 0 WHERE app = ? AND open_kfid = ?", (found.app, found.open_kfid))


def append(db: sqlite3.Connection, account_id: int, rows: Sequence[Row], now: float) -> int:
    """Put messages that were not seen before at the end of the log, and wake who has to handle them."""
    if not rows:
        return 0
    first = db.execute(_COUNT, (len(rows),)).fetchone()[0] - len(rows) + 1
    known: dict[tuple[str, int], int] = {}
    newest: dict[int, int] = {}
    added, fresh = [], list[Row]()
    for number, row in enumerate(rows, first):
        if not db.execute(_SEE, (row.send_time // DAY, account_id, row.msgid, number)).rowcount:
            continue
        key = (row.external_userid, row.lane)
        conversation = known.get(key)
        if conversation is None:
            conversation = known[key] = conversation_of(db, account_id, *key)
        added.append((number, conversation, row.msgid, row.send_time, row.origin, row.history, row.raw, now))
        if not row.history:
            newest[conversation] = number
        if row.people is not None:
            fresh.append(row)
    db.executemany(_ADD, added)
    db.executemany(_WAKE, _woken(newest, now))
    db.executemany(PEOPLE, _spoken_with(fresh, known))
    return len(added)


def _spoken_with(rows: Iterable[Row], known: Mapping[tuple[str, int], int]) -> Iterable[tuple[bool, int]]:
    """Tell of whom it became known who speaks with them."""
    return ((row.people, known[row.external_userid, row.lane]) for row in rows if row.people is not None)


def _woken(newest: dict[int, int], now: float) -> Iterable[tuple[int, float, int]]:
    return ((number, now, conversation) for conversation, number in newest.items())


def conversation_of(db: sqlite3.Connection, account_id: int, external_userid: str, lane: int) -> int:
    """Find a customer's conversation in a lane, or begin it."""
    key = (account_id, external_userid, lane)
    found = db.execute(_FIND, key).fetchone() or db.execute(_BEGIN, key).fetchone()
    return int(found[0])
