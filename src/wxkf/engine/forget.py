"""Delete what an inbox holds of one app: what must be done when a corp takes its authorisation back."""

import sqlite3

_ACCOUNTS = "SELECT id FROM account WHERE app = :app"
_CONVERSATIONS = f"SELECT id FROM conversation WHERE account IN ({_ACCOUNTS})"  # noqa: S608 - our own, as all below
_MESSAGES = f"SELECT id FROM message WHERE conversation IN ({_CONVERSATIONS})"  # noqa: S608
_DELETE = (
    f"DELETE FROM step WHERE message IN ({_MESSAGES})",  # noqa: S608
    f"DELETE FROM dead WHERE message IN ({_MESSAGES})",  # noqa: S608
    f"DELETE FROM seen WHERE account IN ({_ACCOUNTS})",  # noqa: S608
    f"DELETE FROM message WHERE conversation IN ({_CONVERSATIONS})",  # noqa: S608
    f"DELETE FROM conversation WHERE account IN ({_ACCOUNTS})",  # noqa: S608
    "DELETE FROM account WHERE app = :app",
)


def forget(db: sqlite3.Connection, app: str) -> int:
    """Delete every row of an app in the transaction that is open. Returns how many messages that were."""
    count = f"SELECT count(*) FROM message WHERE id IN ({_MESSAGES})"  # noqa: S608
    messages: int = db.execute(count, {"app": app}).fetchone()[0]
    db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked
    for statement in _DELETE:
        db.execute(statement, {"app": app})
    return messages
