"""The tables of a provider's file and their versions. `PRAGMA user_version` says which one a file has."""

import sqlite3

from wxkf.errors import StoreError

_V1 = """
CREATE TABLE suite_ticket (
    suite TEXT PRIMARY KEY,
    ticket TEXT NOT NULL,
    stamp REAL NOT NULL                   -- the platform's time of it; an older one never replaces a newer
) WITHOUT ROWID;
CREATE TABLE authorisation (
    suite TEXT NOT NULL,
    corp TEXT NOT NULL,
    corp_name TEXT NOT NULL DEFAULT '',
    permanent_code TEXT NOT NULL,         -- '' when it was withdrawn
    stamp REAL NOT NULL,                  -- the platform's time of the newest word on whether it stands
    changed REAL NOT NULL,                -- our time of the last change of code or rights
    PRIMARY KEY (suite, corp)
) WITHOUT ROWID;
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    suite TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    corp TEXT NOT NULL,
    code TEXT NOT NULL,                   -- '' as soon as it is over
    stamp INTEGER NOT NULL,
    received REAL NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL,                    -- of `exchanging`: from when on its outcome counts as unknown
    doubtful INTEGER NOT NULL DEFAULT 0,  -- an earlier try may have arrived
    why TEXT NOT NULL DEFAULT '',
    UNIQUE (suite, key)
);
CREATE INDEX event_open ON event (due) WHERE state IN ('received', 'exchanging');
"""

_UPGRADES = (_V1,)
VERSION = len(_UPGRADES)


def upgrade(db: sqlite3.Connection, path: str) -> None:
    """Bring a file to this version. Raises `StoreError` for a file written by a newer wxkf."""
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise StoreError(
            f"{path} was written by a newer wxkf (schema {found}, this one knows {VERSION}); upgrade wxkf, "
            "or give the provider another file"
        )
    if found < VERSION:
        db.execute("BEGIN IMMEDIATE")  # several processes may open a new file at the same moment: look again
        found = db.execute("PRAGMA user_version").fetchone()[0]
        for statement in (part for script in _UPGRADES[found:] for part in script.split(";\n") if part.strip()):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
