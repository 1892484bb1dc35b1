"""Where a message stands, as the file tells it; and who may look into the file."""

import sqlite3
from pathlib import Path

import pytest

from kit.inboxes import APP, KF, NOW, Inbox, row
from wxkf.engine.sqlite import SqliteStore, admin, looks
from wxkf.engine.sqlite.lock import EngineLock
from wxkf.engine.sqlite.schema import VERSION, upgrade
from wxkf.engine.sqlite.visit import administered, looked_at
from wxkf.engine.values import Again
from wxkf.engine.views import Filed, Pause
from wxkf.errors import StoreError


def look(inbox: Inbox, msgid: str) -> Filed:
    with looked_at(inbox.path) as db:
        return looks.find(db, msgid)


async def test_only_the_oldest_of_a_conversation_is_in_hand(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"))
    assert (look(inbox, "a1").claimed, look(inbox, "a1").first) == (False, True)
    await inbox.claim_one()
    assert (look(inbox, "a1").claimed, look(inbox, "a2").claimed, look(inbox, "a2").first) == (True, False, False)


async def test_a_batch_is_in_hand_as_a_whole(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"), row("a3"))
    (claim,) = await inbox.store.claim(APP, 1, NOW, depth=2)
    await inbox.store.freeze(claim)
    assert [look(inbox, msgid).claimed for msgid in ("a1", "a2", "a3")] == [True, True, False]


async def test_it_is_told_how_often_it_was_tried_and_when_it_comes_again(inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    await inbox.settle(await inbox.claim_one(), Again(NOW + 9, since=NOW))
    found = look(inbox, "a1")
    assert (found.attempts, found.due) == (1, NOW + 9)


async def test_it_is_told_which_pause_holds_it(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("b1", "wmB"))
    with administered(inbox.path) as db:
        admin.pause(db, Pause(APP, KF, "wmB", NOW), "ming")
    assert (look(inbox, "a1").paused, look(inbox, "b1").paused) == (None, Pause(APP, KF, "wmB", NOW))


async def test_history_is_told_apart(inbox: Inbox) -> None:
    await inbox.receive(row("a1", history=True))
    assert (look(inbox, "a1").history, look(inbox, "a1").handled) == (True, True)


async def test_apps_and_whereabouts(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"), row("b1", "wmB"))
    await inbox.store.account("another", KF, 0.0)
    with looked_at(inbox.path) as db:
        assert looks.apps(db) == ["another", APP]
        assert looks.whereabouts(db, "wmA") == {APP: 2}
        assert looks.whereabouts(db, "wmX") == {}


async def test_a_look_changes_nothing_and_keeps_nobody_waiting(inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    with looked_at(inbox.path) as db:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("DELETE FROM message")
        await inbox.receive(row("a2"))  # the engine goes on
        assert len(looks.listed(db, "all")) == 1  # and the look stays at its moment


@pytest.mark.parametrize(
    ("version", "sentence"), [(0, "is no inbox"), (VERSION - 1, "an older wxkf"), (VERSION + 1, "a newer wxkf")]
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, version: int, sentence: str) -> None:
    path = tmp_path / "inbox.db"
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {version}")
    db.close()
    with pytest.raises(StoreError, match=sentence), looked_at(path):
        pass


async def test_whether_an_engine_is_at_work_is_told_by_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    assert not EngineLock(path).is_held
    store = SqliteStore(path)
    await store.open()
    assert EngineLock(path).is_held
    await store.aclose()
    assert not EngineLock(path).is_held


def test_looking_for_an_engine_leaves_no_file(tmp_path: Path) -> None:
    assert not EngineLock(tmp_path / "inbox.db").is_held
    assert list(tmp_path.iterdir()) == []


def test_counting_reads_only_what_has_something_to_do() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    upgrade(db, ":memory:")
    for sql in (looks._WAITING, looks._COUNTS):
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", {"app": ""})]
        scans = [
            step for step in plan if step.startswith(("SCAN m", "SCAN s ")) or step in ("SCAN s", "SCAN conversation")
        ]
        assert scans == []
    db.close()
