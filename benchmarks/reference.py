"""The least code that does what the inbox promises, by hand: a page in one transaction, claims, a no-op, settled.

It knows one account and no failures; it leaves out what an operator, a second process or a crash in between would need.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from wxkf.engine.sqlite.schema import upgrade
from wxkf.messages.decode import decode_message, decode_page

_AT_ONCE = 64
_NOW = 1_780_300_800.0


class Reference:
    """An inbox by hand, on the same tables."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        upgrade(self.db, str(path))
        self.db.execute("INSERT INTO account (app, open_kfid, since) VALUES ('ww1', 'wk', 0)")

    async def run(self, pages: Sequence[bytes]) -> float:
        """Store and handle all of it. Returns the seconds."""
        began = perf_counter()
        loop = asyncio.get_running_loop()
        for page in pages:
            await loop.run_in_executor(None, commit_by_hand, self.db, page)
        while claimed := await loop.run_in_executor(None, claim_by_hand, self.db):
            await asyncio.gather(*(_handle(raw) for _, _, raw in claimed))
            await loop.run_in_executor(None, settle_by_hand, self.db, claimed)
        return perf_counter() - began


async def _handle(raw: bytes) -> None:
    decode_message(raw)


def commit_by_hand(db: sqlite3.Connection, body: bytes) -> None:
    """Store a page and its cursor, both or neither."""
    page = decode_page(body)
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE account SET cursor = ? WHERE id = 1", (page.next_cursor,))
    first = db.execute(
        "UPDATE counter SET value = value + ? WHERE name = 'message' RETURNING value", (len(page.msg_list),)
    ).fetchone()[0] - len(page.msg_list) + 1  # fmt: skip
    known: dict[str, int] = {}
    newest: dict[int, int] = {}
    rows = []
    for number, (one, raw) in enumerate(zip(page.msg_list, page.raw_list, strict=True), first):
        new = db.execute(
            "INSERT INTO seen VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING", (one.send_time // 86_400, one.msgid, number)
        )
        if not new.rowcount:
            continue
        who = known.get(one.external_userid)
        if who is None:
            key = (one.external_userid,)
            found = db.execute(
                "SELECT id FROM conversation WHERE account = 1 AND external_userid = ? AND lane = 0", key
            ).fetchone()
            if found is None:
                add = "INSERT INTO conversation (account, external_userid) VALUES (1, ?)"
                who = db.execute(add, key).lastrowid or 0
            else:
                who = int(found[0])
            known[one.external_userid] = who
        newest[who] = number
        rows.append((number, who, one.msgid, one.send_time, one.origin, 0, raw, _NOW))
    db.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    wake = "UPDATE conversation SET last = ?, due = ? WHERE id = ?"
    db.executemany(wake, [(number, _NOW, who) for who, number in newest.items()])
    db.execute("COMMIT")


Claimed = list[tuple[int, int, bytes]]


def claim_by_hand(db: sqlite3.Connection) -> Claimed:
    """Take the oldest message of each of some conversations."""
    db.execute("BEGIN IMMEDIATE")
    ready = db.execute(
        "SELECT id FROM conversation WHERE account = 1 AND lane = 0 AND owner IS NULL AND done < last AND due <= ? "
        "ORDER BY due, id LIMIT ?",
        (_NOW + 1e9, _AT_ONCE),
    ).fetchall()
    db.executemany("UPDATE conversation SET owner = 'me', epoch = epoch + 1 WHERE id = ?", ready)
    found = []
    for (who,) in ready:
        row = db.execute(
            "SELECT id, raw FROM message WHERE conversation = ? AND id > (SELECT done FROM conversation WHERE id = ?) "
            "ORDER BY id LIMIT 1",
            (who, who),
        ).fetchone()
        found.append((who, *row))
    db.execute("COMMIT")
    return found


def settle_by_hand(db: sqlite3.Connection, claimed: Claimed) -> None:
    """Note that they are dealt with."""
    db.execute("BEGIN IMMEDIATE")
    on = "UPDATE conversation SET owner = NULL, done = ?, due = ? WHERE id = ?"
    db.executemany(on, [(number, _NOW, who) for who, number, _ in claimed])
    db.execute("COMMIT")
