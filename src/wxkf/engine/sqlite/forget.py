"""Delete what an inbox holds of an app or of one customer: when a corp withdraws, when a person asks for it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from wxkf.errors import StoreError

_ACCOUNTS = "SELECT id FROM account WHERE app = :app"
_CONVERSATIONS = f"""
    SELECT id FROM conversation WHERE account IN ({_ACCOUNTS})
       AND (:customer = '' OR external_userid = :customer)
"""  # noqa: S608 - our own, as all below
_MESSAGES = f"SELECT id FROM message WHERE conversation IN ({_CONVERSATIONS})"  # noqa: S608
_DELETE = (
    f"DELETE FROM step WHERE message IN ({_MESSAGES})",  # noqa: S608
    f"DELETE FROM dead WHERE message IN ({_MESSAGES})",  # noqa: S608
    f"DELETE FROM seen WHERE account IN ({_ACCOUNTS}) AND :customer = ''",  # noqa: S608
    f"DELETE FROM timer WHERE conversation IN ({_CONVERSATIONS})",  # noqa: S608
    f"DELETE FROM kept WHERE conversation IN ({_CONVERSATIONS})",  # noqa: S608
    f"DELETE FROM message WHERE conversation IN ({_CONVERSATIONS})",  # noqa: S608
    f"DELETE FROM conversation WHERE id IN ({_CONVERSATIONS})",  # noqa: S608
    "DELETE FROM pause WHERE app = :app AND (:customer = '' OR external_userid = :customer)",
    "DELETE FROM account WHERE app = :app AND :customer = ''",
)


def forget(db: sqlite3.Connection, app: str, external_userid: str = "") -> int:
    """Delete every row of an app, or of one customer, in the transaction that is open. Returns how many messages.

    The msgids of a customer stay for some days: they say nothing, and what the platform still has does not come anew.
    """
    about = {"app": app, "customer": external_userid}
    count = f"SELECT count(*) FROM message WHERE id IN ({_MESSAGES})"  # noqa: S608
    messages: int = db.execute(count, about).fetchone()[0]
    db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked
    for statement in _DELETE:
        db.execute(statement, about)
    return messages


def scrub(path: str | os.PathLike[str]) -> bool:
    """Leave nothing of what was deleted in the journal beside the file. Tells whether that was possible.

    It is not while somebody reads; nobody is kept waiting for that.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=0.1)) as db:
            return not db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:
        return False


def forget_in(path: str | os.PathLike[str], app: str) -> int:
    """Delete every row of an app in an inbox that another process may have open. Raises `StoreError`.

    The app must not be served meanwhile. No file is as good as an empty one.
    """
    if not Path(path).exists():
        return 0
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as db:
            db.execute("BEGIN IMMEDIATE")
            messages = forget(db, app)
            db.execute("COMMIT")
        scrub(path)
        return messages
    except sqlite3.Error as error:
        raise StoreError(f"the inbox {path} failed: {error}") from error
