"""The inbox file: whose it is, who else may have it, and what happens when it is not what it should be."""

import asyncio
import os
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kit.inboxes import NOW, Inbox, msgids, row, step
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.sqlite.schema import VERSION
from wxkf.engine.values import Again, StepState
from wxkf.errors import StoreError


def a_directory(path: Path) -> None:
    """Stand in the way."""
    path.mkdir()


def a_text(path: Path) -> None:
    """Be something else."""
    path.write_text("dear diary, " * 500)


def a_torn_database(path: Path) -> None:
    """Begin well and go on badly."""
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE account (x)")
    db.close()
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 4000)


def a_newer_one(path: Path) -> None:
    """Come from the future."""
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()


def somebody_elses(path: Path) -> None:
    """Be a database, of another program."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE message (id INTEGER PRIMARY KEY)")


@pytest.mark.parametrize("spoil", [a_directory, a_text, a_torn_database, a_newer_one, somebody_elses])
async def test_a_file_that_cannot_serve_is_refused_by_name(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    path = tmp_path / "inbox.db"
    spoil(path)
    with pytest.raises(StoreError, match=re.escape(str(path))):
        await SqliteStore(path).open()


async def test_a_missing_folder_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "inbox.db"
    with pytest.raises(StoreError, match=re.escape(str(path))):
        await SqliteStore(path).open()


async def test_a_newer_file_says_what_to_do_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    a_newer_one(path)
    with pytest.raises(StoreError, match=r"newer wxkf.*upgrade wxkf, or point WXKF_DATABASE at another file"):
        await SqliteStore(path).open()
    db = sqlite3.connect(path)
    assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    db.close()


async def test_a_refused_file_can_be_opened_once_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    a_text(path)
    with pytest.raises(StoreError):
        await SqliteStore(path).open()
    path.unlink()
    store = SqliteStore(path)
    await store.open()
    await store.aclose()


async def test_a_second_engine_is_refused_with_the_ways_out(inbox: Inbox) -> None:
    with pytest.raises(StoreError, match=r"another wxkf engine is working on .*inbox\.db.*WXKF_DATABASE"):
        await SqliteStore(inbox.path).open()
    await inbox.receive(row("m1"))
    assert msgids(await inbox.claim()) == ["m1"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few make links")
@pytest.mark.parametrize("link", ["folder", "file"])
async def test_a_second_engine_is_refused_by_another_name_too(inbox: Inbox, tmp_path: Path, link: str) -> None:
    other = tmp_path / "other"
    other.symlink_to(inbox.path.parent if link == "folder" else inbox.path)
    with pytest.raises(StoreError, match=r"another wxkf engine is working on .*inbox\.db"):
        await SqliteStore(other / inbox.path.name if link == "folder" else other).open()


async def test_other_processes_may_read_meanwhile(inbox: Inbox) -> None:
    await inbox.receive(row("m1"))
    db = sqlite3.connect(inbox.path)
    assert db.execute("SELECT msgid FROM message").fetchall() == [("m1",)]
    db.close()


def modes_in(folder: Path) -> dict[str, int]:
    """Tell who may do what with each file of a folder."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
async def test_only_its_owner_may_read_the_inbox(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        inbox = Inbox(tmp_path / "inbox.db")
        await inbox.store.open()
        await inbox.receive(row("m1"))
        modes = modes_in(tmp_path)
        await inbox.store.aclose()
    finally:
        os.umask(before)
    assert "inbox.db" in modes
    assert set(modes.values()) == {0o600}


async def test_what_an_earlier_run_held_is_released_and_comes_first(tmp_path: Path) -> None:
    before, after = Inbox(tmp_path / "inbox.db"), Inbox(tmp_path / "inbox.db")
    await before.store.open()
    await before.receive(row("a1"), now=NOW)
    await before.receive(row("b1", "wmB"), now=NOW + 5)
    await before.settle((await before.claim(1))[0], Again(NOW + 1))
    (held,) = await before.claim(1, now=NOW + 5)
    (other,) = await before.claim(1, now=NOW + 5)
    await before.store.begin(other, step(0))
    await before.settle(held, Again(NOW + 2))
    await before.store.aclose()

    await after.store.open()
    claims = await after.claim(now=NOW + 9)
    assert msgids(claims) == ["b1", "a1"]
    assert claims[0].steps[0].state is StepState.SENDING
    assert (claims[0].attempt, claims[0].lives) == (1, 1)
    await after.store.aclose()


async def test_a_store_that_is_not_open_says_so(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "inbox.db")
    with pytest.raises(StoreError, match="is not open"):
        await store.next_due()
    await store.aclose()


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Path]:
    """An inbox on a disk that takes no writes, where we may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount")
    path = disk / "inbox.db"
    asyncio.run(_touched(path))
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    yield path
    subprocess.run(["umount", str(disk)], check=True)


async def _touched(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    await store.aclose()


def test_a_file_on_a_disk_that_takes_no_writes_is_refused_by_name(sealed: Path) -> None:
    with pytest.raises(StoreError, match=f"{sealed}.*[Rr]ead-only file system"):
        asyncio.run(_touched(sealed))
