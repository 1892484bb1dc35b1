"""Verbs that are done together: each stands for itself, all are durable, none outlives a lost lease."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest

from kit.inboxes import APP, NOW, Inbox, msgids, row, step
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.values import Done
from wxkf.errors import LostClaim, StoreError


async def test_one_that_fails_takes_back_its_own_writes_alone(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("b1", "wmB"))
    a, b = await inbox.claim()
    await inbox.settle(a, Done(NOW))
    found = await asyncio.gather(
        inbox.store.begin(b, step(0)),
        inbox.store.begin(a, step(0)),  # its claim is over
        inbox.store.begin(b, step(1)),
        return_exceptions=True,
    )
    assert [type(one) for one in found] == [type(None), LostClaim, type(None)]
    assert len(await inbox.steps("b1")) == 2
    assert await inbox.steps("a1") == []


async def test_a_failure_of_the_file_is_everyones(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("b1", "wmB"))
    a, b = await inbox.claim()
    inbox.sabotage("INSERT ON step", do="ROLLBACK, 'disk full'")
    found = await asyncio.gather(inbox.settle(a, Done(NOW)), inbox.store.begin(b, step(0)), return_exceptions=True)
    assert all(isinstance(one, StoreError) for one in found)
    inbox.repair()
    await inbox.settle(a, Done(NOW))
    await inbox.store.begin(b, step(0))


async def test_many_at_once_are_few_commits(inbox: Inbox) -> None:
    await inbox.receive(*(row(f"m{number}", f"wm{number}") for number in range(200)))
    claims = await inbox.claim(200)
    commits = 0

    def count(statement: str) -> None:
        nonlocal commits
        commits += statement == "COMMIT"

    await inbox.store._group.run(lambda db: db.set_trace_callback(count))
    await asyncio.gather(*(inbox.settle(claim, Done(NOW)) for claim in claims))
    await inbox.store._group.run(lambda db: db.set_trace_callback(None))
    assert commits < 20


async def test_what_was_committed_is_there_for_others(inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    db = sqlite3.connect(inbox.path)
    assert db.execute("SELECT count(*) FROM message").fetchone() == (1,)
    db.close()


async def test_claims_are_given_back_when_the_process_stood_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(tmp_path / "inbox.db")
    inbox.store = SqliteStore(inbox.path, lease=5.0)
    told = asyncio.Event()
    inbox.store.on_lost(told.set)
    await inbox.store.open()
    await inbox.receive(row("a1"))
    (claim,) = await inbox.claim()
    assert inbox.store.alive

    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + 6.0)
    assert not inbox.store.alive
    with pytest.raises(LostClaim):
        await inbox.store.begin(claim, step(0))
    await told.wait()
    assert inbox.store.alive
    assert msgids(await inbox.store.claim(APP, 1, NOW)) == ["a1"]
    await inbox.store.aclose()


async def test_closing_does_what_still_waits(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "inbox.db")
    await inbox.store.open()
    await inbox.receive(row("a1"))
    waiting = asyncio.gather(*(inbox.store.trace("a1") for _ in range(50)))
    await asyncio.sleep(0)
    await inbox.store.aclose()
    assert all(await waiting)
    with pytest.raises(StoreError, match="is not open"):
        await inbox.store.trace("a1")


async def test_an_error_nobody_foresaw_is_told_and_the_thread_lives_on(inbox: Inbox) -> None:
    def boom(db: sqlite3.Connection) -> None:
        db.execute("ROLLBACK")
        raise MemoryError

    async with asyncio.timeout(5):
        with pytest.raises(StoreError):
            await inbox.store._group.run(boom)
        assert await inbox.receive(row("a1")) == 1
