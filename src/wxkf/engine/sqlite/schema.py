"""The SQLite schema and its versions. `PRAGMA user_version` says which one a file has; the old file is kept aside."""

import os
import sqlite3
from contextlib import closing

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

# Dedupe in pieces of a day of send_time, which a message has whenever it is read again: each insert meets a tree the
# size of one day, and whole days can be dropped. A greeting waits in a lane of its own, a second conversation row.
_V2 = """
CREATE TABLE conversation2 (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: a claim of one that was deleted fits no other
    account INTEGER NOT NULL REFERENCES account,
    external_userid TEXT NOT NULL,
    lane INTEGER NOT NULL DEFAULT 0,      -- 0 in order; 1 greetings, which wait for nobody
    last INTEGER NOT NULL DEFAULT 0,      -- the newest message to handle
    done INTEGER NOT NULL DEFAULT 0,      -- the newest message handled
    finished INTEGER NOT NULL DEFAULT 0,  -- the newest message whose handler has returned
    touched INTEGER NOT NULL DEFAULT 0,   -- the newest message that has steps
    frozen INTEGER NOT NULL DEFAULT 0,    -- the last message of the batch whose handler has started
    due REAL NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,  -- how often its oldest message has failed
    failing REAL NOT NULL DEFAULT 0,      -- since when
    lives INTEGER NOT NULL DEFAULT 0,     -- how often it was claimed since it was given back: the process has ended
    owner TEXT,
    epoch INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, external_userid, lane)
);
INSERT INTO conversation2 (id, account, external_userid, last, done, finished, touched, due, attempts, owner, epoch)
    SELECT c.id, account, external_userid, last, done, finished,
           coalesce((SELECT min(s.message) FROM step s JOIN message m ON m.id = s.message
                      WHERE m.conversation = c.id AND m.id > c.done), 0), due, attempts, owner, epoch
      FROM conversation c;
DROP TABLE conversation;
ALTER TABLE conversation2 RENAME TO conversation;
CREATE INDEX ready ON conversation (account, lane, due, id) WHERE owner IS NULL AND done < last;
CREATE INDEX held ON conversation (owner) WHERE owner IS NOT NULL;
ALTER TABLE message ADD COLUMN at REAL NOT NULL DEFAULT 0;  -- when it was stored
UPDATE message SET at = CASE WHEN send_time BETWEEN 1 AND strftime('%s') + 0 THEN send_time ELSE strftime('%s') + 0 END;
CREATE TABLE seen2 (
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    msgid TEXT NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (day, account, msgid)
) WITHOUT ROWID;
INSERT INTO seen2 SELECT m.send_time / 86400, s.account, s.msgid, s.message
    FROM seen s JOIN message m ON m.id = s.message ORDER BY 1, 2, 3;
DROP TABLE seen;
ALTER TABLE seen2 RENAME TO seen;
ALTER TABLE dead ADD COLUMN over TEXT NOT NULL DEFAULT '';  -- what an operator did about it; then it is dead no more
ALTER TABLE step ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE step ADD COLUMN at REAL NOT NULL DEFAULT 0;
CREATE INDEX doubtful ON step (state) WHERE state IN ('unknown', 'failed');
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;  -- ids are never given twice
INSERT INTO counter SELECT 'message', coalesce(max(id), 0) FROM message;
CREATE TABLE timer (
    conversation INTEGER NOT NULL REFERENCES conversation,
    name TEXT NOT NULL,
    due REAL NOT NULL,
    after INTEGER NOT NULL,               -- the message that set it
    quiet INTEGER NOT NULL,               -- 1: only if the customer has not written since
    raw BLOB NOT NULL,
    PRIMARY KEY (conversation, name)
) WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due);
CREATE TABLE kept (                       -- what a bot remembers of a customer
    conversation INTEGER NOT NULL REFERENCES conversation, name TEXT NOT NULL, raw BLOB NOT NULL,
    PRIMARY KEY (conversation, name)
) WITHOUT ROWID;
CREATE TABLE lease (
    name TEXT PRIMARY KEY, owner TEXT NOT NULL, fence INTEGER NOT NULL, until REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE pause (
    app TEXT NOT NULL, open_kfid TEXT NOT NULL, external_userid TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (app, open_kfid, external_userid)
) WITHOUT ROWID;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, who TEXT NOT NULL, did TEXT NOT NULL, about TEXT NOT NULL
);
"""

# Whether colleagues may be speaking with a customer is known with the claim: nobody has to be asked for each message.
_V3 = """
ALTER TABLE conversation ADD COLUMN people INTEGER NOT NULL DEFAULT 0;  -- 1: the session may be a colleague's
ALTER TABLE pause ADD COLUMN note TEXT;  -- not NULL: customers go to people, and are told this first
"""

_UPGRADES = (_V1, _V2, _V3)
VERSION = len(_UPGRADES)


def upgrade(db: sqlite3.Connection, path: str) -> None:
    """Bring a file to this version; an older one is copied first. Raises `StoreError` for one of a newer wxkf."""
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if not found and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreError(f"{path} is a database of something else; point WXKF_DATABASE at a file of its own")
    if found > VERSION:
        raise StoreError(
            f"{path} was written by a newer wxkf (schema {found}, this one knows {VERSION}); upgrade wxkf, "
            "or point WXKF_DATABASE at another file"
        )
    if 0 < found < VERSION:
        _keep(db, f"{path}.schema-{found}")
    for number in range(found, VERSION):
        # executescript would commit whatever is open, so the transaction is part of the script
        db.executescript(f"BEGIN IMMEDIATE; {_UPGRADES[number]} PRAGMA user_version = {number + 1}; COMMIT;")


def _keep(db: sqlite3.Connection, path: str) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(path)) as copy:
        db.backup(copy)
