"""The store on SQLite: an inbox in one file. Each file here is one kind of verb; `store.py` puts them together."""

from wxkf.engine.sqlite.store import SqliteStore as SqliteStore
