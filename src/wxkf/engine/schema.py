"""The SQLite schema and its versions. `PRAGMA user_version` says which one a file has."""

import sqlite3

from wxkf.errors import StoreError

_V1 = """
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    app TEXT NOT NULL,
    open_kfid TEXT NOT NULL,
    cursor TEXT NOT NULL DEFAULT '',
    since REAL NOT NULL,
    UNIQUE (app, open_kfid)
);
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account,
    external_userid TEXT NOT NULL,
    last INTEGER NOT NULL DEFAULT 0,      -- the newest message to handle
    done INTEGER NOT NULL DEFAULT 0,      -- the newest message handled
    finished INTEGER NOT NULL DEFAULT 0,  -- the newest message whose handler has returned
    due REAL NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    epoch INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, external_userid)
);
CREATE INDEX ready ON conversation (due, id) WHERE owner IS NULL AND done < last;
CREATE TABLE message (
    id INTEGER PRIMARY KEY,               -- the order of everything: given under the account's transaction
    conversation INTEGER NOT NULL REFERENCES conversation,
    msgid TEXT NOT NULL,
    send_time INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    history INTEGER NOT NULL,
    raw BLOB NOT NULL
);
CREATE INDEX message_of ON message (conversation, id);
CREATE TABLE seen (
    account INTEGER NOT NULL,
    msgid TEXT NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (account, msgid)
) WITHOUT ROWID;
CREATE TABLE step (
    message INTEGER NOT NULL REFERENCES message,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL,
    result TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE TABLE dead (
    message INTEGER PRIMARY KEY REFERENCES message,
    reason TEXT NOT NULL,
    at REAL NOT NULL
);
"""

_UPGRADES = (_V1,)
VERSION = len(_UPGRADES)


def upgrade(db: sqlite3.Connection, path: str) -> None:
    """Bring a file to this version. Raises `StoreError` for a file written by a newer wxkf."""
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise StoreError(
            f"{path} was written by a newer wxkf (schema {found}, this one knows {VERSION}); upgrade wxkf, "
            "or point WXKF_DATABASE at another file"
        )
    for number in range(found, VERSION):
        # executescript would commit whatever is open, so the transaction is part of the script
        db.executescript(f"BEGIN IMMEDIATE; {_UPGRADES[number]} PRAGMA user_version = {number + 1}; COMMIT;")
