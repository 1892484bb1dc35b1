"""Retention, in small transactions: messages that are done with and old, who wrote them, and whole days of dedupe.

What is dead or of unknown outcome stays until somebody has looked at it. Dedupe is kept for as long as the platform can
give a message out again, by the day of its send_time.
"""

import sqlite3

DAY = 86_400
REPLAY_DAYS = 4  # the platform keeps three days; a day has an edge
_NEXT = """
    SELECT m.id, c.id, (m.history OR c.done >= m.id)
        AND NOT EXISTS (SELECT 1 FROM dead d WHERE d.message = m.id AND d.over = '')
        AND NOT EXISTS (SELECT 1 FROM step s WHERE s.message = m.id AND s.state IN ('unknown', 'failed'))
      FROM message m JOIN conversation c ON c.id = m.conversation
     WHERE m.id > ? AND m.at < ? ORDER BY m.id LIMIT ?
"""
_LEFT = """
    DELETE FROM conversation WHERE id = ?1 AND owner IS NULL AND done >= last
       AND NOT EXISTS (SELECT 1 FROM message WHERE conversation = ?1)
       AND NOT EXISTS (SELECT 1 FROM timer WHERE conversation = ?1)
"""
_UNKEPT = "DELETE FROM kept WHERE conversation = ?1 AND NOT EXISTS (SELECT 1 FROM conversation WHERE id = ?1)"
_DAYS = """
    DELETE FROM seen WHERE (day, account, msgid) IN
        (SELECT day, account, msgid FROM seen WHERE day BETWEEN 1 AND ? LIMIT ?)
"""


def purge(db: sqlite3.Connection, before: float, after: int, limit: int) -> tuple[int, int | None]:
    """Look at so many messages behind `after`, delete those that may go.

    Returns how many went, and how far it came: None at the end.
    """
    found = db.execute(_NEXT, (after, before, limit)).fetchall()
    old = [(message,) for message, _, may_go in found if may_go]
    db.executemany("DELETE FROM step WHERE message = ?", old)
    db.executemany("DELETE FROM dead WHERE message = ?", old)
    db.executemany("DELETE FROM message WHERE id = ?", old)
    whose = [(one,) for one in {conversation for _, conversation, may_go in found if may_go}]
    db.executemany(_LEFT, whose)
    db.executemany(_UNKEPT, whose)
    return len(old), int(found[-1][0]) if len(found) == limit else None


def forget_days(db: sqlite3.Connection, now: float, limit: int) -> int:
    """Drop so many dedupe rows of days of which nothing can come any more. Returns how many."""
    return db.execute(_DAYS, (int(now) // DAY - REPLAY_DAYS - 1, limit)).rowcount
