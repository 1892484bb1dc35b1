"""What operators see of an inbox, from the engine's process or another one."""

import sqlite3
from typing import Any

from wxkf.engine.sqlite.journal import steps_of
from wxkf.engine.views import Audit, Filed, Kind, Overview, Pause
from wxkf.errors import StoreError

OLDEST = """
    SELECT min(m.id) FROM message m JOIN conversation c ON c.id = m.conversation
     WHERE c.id = (SELECT conversation FROM message WHERE id = ?) AND m.id > c.done AND m.id <= c.last AND NOT m.history
"""
_OF = "(:app = '' OR a.app = :app)"
_JOIN = "message m JOIN conversation c ON c.id = m.conversation JOIN account a ON a.id = c.account"
_PENDING = "m.id > c.done AND m.id <= c.last AND NOT m.history"
_KINDS: dict[Kind, str] = {
    "waiting": f"c.done < c.last AND {_PENDING}",
    "dead": "m.id IN (SELECT message FROM dead WHERE over = '')",
    "unknown": "m.id IN (SELECT message FROM step WHERE state IN ('unknown', 'failed'))",
    "all": "1",
}
_FIRST = "m.id = (SELECT min(o.id) FROM message o WHERE o.conversation = c.id AND o.id > c.done AND NOT o.history)"
_PAUSED = """
    SELECT app, open_kfid, external_userid, at FROM pause
     WHERE app = ? AND open_kfid IN ('', ?) AND external_userid IN ('', ?) AND note IS NULL ORDER BY 2, 3 LIMIT 1
"""
_LIST = f"""
    SELECT m.id, m.msgid, a.app, a.open_kfid, c.external_userid, m.send_time, m.at, m.origin, m.raw,
           c.owner IS NOT NULL AND m.id > c.done AND (m.id <= c.frozen OR {_FIRST}), c.done >= m.id OR m.history,
           coalesce((SELECT reason FROM dead d WHERE d.message = m.id), ''),
           coalesce((SELECT over FROM dead d WHERE d.message = m.id), ''), {_FIRST},
           c.attempts, c.failing > 0, c.due, m.history
      FROM {{join}} WHERE {{of}} AND {{kind}} ORDER BY m.id {{order}} LIMIT :limit
"""  # noqa: S608 - our own
_WAITING = f"""
    WITH busy AS (
        SELECT id, account, done, last FROM conversation WHERE owner IS NULL AND done < last
        UNION ALL SELECT id, account, done, last FROM conversation WHERE owner IS NOT NULL
    )
    SELECT count(m.id), min(m.at)
      FROM busy c CROSS JOIN account a CROSS JOIN message m
     WHERE a.id = c.account AND {_OF} AND m.conversation = c.id AND {_PENDING}
"""  # noqa: S608 - our own, as all below; in this order the indexes of what has something to do are enough
_MINE = f"CROSS JOIN conversation c CROSS JOIN account a WHERE a.id = c.account AND {_OF}"
_DOUBTFUL = "step s INDEXED BY doubtful CROSS JOIN message m"
_COUNTS = f"""
    SELECT (SELECT count(*) FROM conversation c JOIN account a ON a.id = c.account WHERE {_OF} AND c.owner IS NOT NULL),
           (SELECT count(*) FROM dead d CROSS JOIN message m {_MINE}
                                                 AND d.over = '' AND m.id = d.message AND c.id = m.conversation),
           (SELECT count(*) FROM {_DOUBTFUL} {_MINE} AND s.state IN ('unknown', 'failed') AND s.state = 'unknown'
                                                 AND m.id = s.message AND c.id = m.conversation),
           (SELECT count(*) FROM {_DOUBTFUL} {_MINE} AND s.state IN ('unknown', 'failed') AND s.state = 'failed'
                                                 AND m.id = s.message AND c.id = m.conversation),
           (SELECT count(*) FROM timer t JOIN conversation c ON c.id = t.conversation
                                     JOIN account a ON a.id = c.account WHERE {_OF})
"""  # noqa: S608


def overview(db: sqlite3.Connection, app: str = "") -> Overview:
    """Count what waits, is under way, has failed; of one app or of all."""
    waiting, oldest = db.execute(_WAITING, {"app": app}).fetchone()
    in_flight, dead, unknown, failed, timers = db.execute(_COUNTS, {"app": app}).fetchone()
    paused = "SELECT app, open_kfid, external_userid, at, note FROM pause WHERE :app IN ('', app) ORDER BY 1, 2, 3"
    found = db.execute(paused, {"app": app})
    return Overview(waiting, oldest, in_flight, dead, unknown, failed, timers, tuple(Pause(*one) for one in found))


def listed(db: sqlite3.Connection, kind: Kind, app: str = "", limit: int = 50) -> list[Filed]:
    """List messages of a kind: the oldest first, of "all" the newest."""
    order = "DESC" if kind == "all" else "ASC"
    sql = _LIST.format(join=_JOIN, of=_OF, kind=_KINDS[kind], order=order)
    return [_filed(db, row) for row in db.execute(sql, {"app": app, "limit": limit}).fetchall()]


def find(db: sqlite3.Connection, msgid: str) -> Filed:
    """Find a message by its msgid, or by enough of its beginning. Raises `StoreError` for none, or several."""
    sql = _LIST.format(join=_JOIN, of=_OF, kind="m.msgid >= :msgid AND m.msgid < :msgid || '~'", order="DESC")
    found = db.execute(sql, {"app": "", "limit": 3, "msgid": msgid}).fetchall()
    exact = [row for row in found if row[1] == msgid] or found
    if not exact or not msgid:
        raise StoreError(f"no message begins with {msgid!r}")
    if len({row[1].partition("~")[0] for row in exact}) > 1:
        raise StoreError(f"more than one message begins with {msgid!r}: {', '.join(row[1] for row in exact)}, ...")
    return _filed(db, exact[0])  # of several tries of one message the newest


def audit(db: sqlite3.Connection, limit: int = 50) -> list[Audit]:
    """List what operators did, newest first."""
    rows = db.execute("SELECT at, who, did, about FROM audit ORDER BY id DESC LIMIT ?", (limit,))
    return [Audit(*row) for row in rows]


def apps(db: sqlite3.Connection) -> list[str]:
    """List the apps that this inbox has accounts of."""
    return [app for (app,) in db.execute("SELECT DISTINCT app FROM account ORDER BY app")]


def whereabouts(db: sqlite3.Connection, external_userid: str) -> dict[str, int]:
    """Tell in which apps a customer is known, and by how many messages."""
    sql = """
        SELECT a.app, count(m.id) FROM conversation c JOIN account a ON a.id = c.account
          LEFT JOIN message m ON m.conversation = c.id WHERE c.external_userid = ? GROUP BY a.app
    """
    return dict(db.execute(sql, (external_userid,)).fetchall())


def strangers(db: sqlite3.Connection, what: Pause) -> list[str]:
    """List what of an account and a customer is not known here: mistyped, or not seen yet."""
    known = {
        what.open_kfid: "SELECT 1 FROM account WHERE open_kfid = ?",
        what.external_userid: "SELECT 1 FROM conversation WHERE external_userid = ?",
    }
    return [name for name, sql in known.items() if name and not db.execute(sql, (name,)).fetchone()]


def _filed(db: sqlite3.Connection, row: tuple[Any, ...]) -> Filed:
    message, msgid, app, kf, customer, send_time, at, origin, raw, *more = row
    claimed, handled, reason, over, first, attempts, failing, due, history = more
    paused = db.execute(_PAUSED, (app, kf, customer)).fetchone()
    times = db.execute("SELECT at FROM step WHERE message = ? ORDER BY position", (message,))
    return Filed(
        message, msgid, app, kf, customer, send_time, at, origin, raw,
        bool(claimed), bool(handled), "" if over else reason, over, reason if over else "",
        bool(first), attempts, bool(failing), due,
        paused and Pause(*paused), bool(history),
        steps_of(db, message), tuple(at for (at,) in times),
    )  # fmt: skip
