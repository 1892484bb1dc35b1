"""Named leases with fence numbers: one holder at a time, and a number that only grows."""

import sqlite3

_TAKE = """
    INSERT INTO lease (name, owner, fence, until) VALUES (?1, ?2, 1, ?3 + ?4)
    ON CONFLICT (name) DO UPDATE SET until = ?3 + ?4, owner = ?2,
        fence = CASE WHEN owner = ?2 AND until > ?3 THEN fence ELSE fence + 1 END
     WHERE owner = ?2 OR until <= ?3
    RETURNING fence
"""


def lease(db: sqlite3.Connection, owner: str, name: str, seconds: float, now: float) -> int | None:
    """Take a lease or make it longer. Returns its fence number, None while somebody else has it."""
    found = db.execute(_TAKE, (name, owner, now, seconds)).fetchall()
    return int(found[0][0]) if found else None


def give_up(db: sqlite3.Connection, owner: str, name: str) -> None:
    """Let others have a lease at once."""
    db.execute("UPDATE lease SET until = 0 WHERE name = ? AND owner = ?", (name, owner))
