"""An inbox of an earlier version: it is copied aside, brought up, and goes on where it was."""

import os
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kit.inboxes import APP, KF, NOW, Inbox, item, msgids, row
from wxkf.engine.sqlite.schema import _V1, VERSION
from wxkf.engine.values import StepState


def old_file(path: Path) -> None:
    """Write an inbox as version 1 left it: one message handled, one refused to the dead list, one half sent."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(f"{_V1} PRAGMA user_version = 1;")
        db.execute("INSERT INTO account VALUES (1, ?, ?, 'cursor', ?)", (APP, KF, NOW - 600))
        db.execute("INSERT INTO conversation VALUES (1, 1, 'wmA', 3, 2, 0, 0, 1, 'gone', 7)")
        for number, msgid in enumerate(("a1", "a2", "a3"), 1):
            raw = str(item(msgid)).encode()
            db.execute("INSERT INTO message VALUES (?, 1, ?, ?, 3, 0, ?)", (number, msgid, int(NOW), raw))
            db.execute("INSERT INTO seen VALUES (1, ?, ?)", (msgid, number))
        db.execute("INSERT INTO step VALUES (3, 0, 'kf/send_msg', '{}', 'sending', '')")
        db.execute("INSERT INTO dead VALUES (2, 'no', ?)", (NOW,))
    path.chmod(0o600)


async def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    old_file(tmp_path / "inbox.db")
    inbox = Inbox(tmp_path / "inbox.db")
    await inbox.store.open()
    assert (await inbox.account()).cursor == "cursor"
    (claim,) = await inbox.claim()
    assert (claim.msgid, claim.attempt, claim.epoch) == ("a3", 2, 9)
    assert [(one.position, one.state, one.generation) for one in claim.steps] == [(0, StepState.SENDING, 0)]
    assert await inbox.receive(row("a1"), row("a2"), row("b1", "wmB")) == 1
    assert msgids(await inbox.claim()) == ["b1"]
    trace = await inbox.store.trace("a2")
    assert trace is not None
    assert trace.dead == "no"
    await inbox.store.aclose()


async def test_the_old_file_is_kept_aside_for_its_owner_alone(tmp_path: Path) -> None:
    old_file(tmp_path / "inbox.db")
    inbox = Inbox(tmp_path / "inbox.db")
    await inbox.store.open()
    await inbox.store.aclose()
    kept = tmp_path / "inbox.db.schema-1"
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM message").fetchone() == (3,)
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


async def test_a_new_file_needs_no_copy(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "inbox.db")
    await inbox.store.open()
    await inbox.store.aclose()
    assert [name for name in os.listdir(tmp_path) if ".schema-" in name] == []  # noqa: PTH208 - quick
    with closing(sqlite3.connect(inbox.path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)


@pytest.mark.parametrize("break_", ["DROP TABLE conversation", "DROP TABLE seen"])
async def test_a_file_that_cannot_be_brought_up_is_left_as_it_was(tmp_path: Path, break_: str) -> None:
    from wxkf.errors import StoreError

    old_file(tmp_path / "inbox.db")
    with closing(sqlite3.connect(tmp_path / "inbox.db", isolation_level=None)) as db:
        db.execute(break_)
    with pytest.raises(StoreError, match="cannot be opened"):
        await Inbox(tmp_path / "inbox.db").store.open()
    with closing(sqlite3.connect(tmp_path / "inbox.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'timer'").fetchone() == (0,)


async def test_what_was_there_before_is_kept_for_as_long_as_if_it_had_come_now(tmp_path: Path) -> None:
    old_file(tmp_path / "inbox.db")
    inbox = Inbox(tmp_path / "inbox.db")
    await inbox.store.open()
    assert await inbox.store.purge(NOW - 30 * 86_400, NOW) == 0
    assert [said.at for said in await inbox.store.history(APP, KF, "wmA", 10)] == [NOW] * 3
    await inbox.store.aclose()
