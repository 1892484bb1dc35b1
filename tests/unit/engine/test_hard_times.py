"""An engine at work while its file or its clock goes wrong: said clearly, nothing lost, nothing said twice."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from field.corner import Corner, Ours
from kit.inboxes import NOW, Inbox, msgids, row
from wxkf.engine.values import Again


@pytest.fixture
async def corner(tmp_path: Path) -> AsyncIterator[Corner]:
    async def repeat(words: str) -> str:
        return f"答{words}"

    corner = Corner(tmp_path, Ours, repeat)
    yield corner
    await corner.sim.aclose()


async def test_a_full_disk_is_said_and_waited_for(corner: Corner, caplog: pytest.LogCaptureFixture) -> None:
    async with corner.bot_at_work():
        corner.say("零")
        await corner.settled()
        group = corner.bot.engine.store._group
        await group.run(full)
        corner.say(*(f"{number}{'很长的话' * 150}" for number in range(3)))
        await corner.settled()
        assert "disk is full" in caplog.text
        assert len(corner.heard()) == 1
        await group.run(room)
        for _ in range(4):
            corner.clock.forward(seconds=61)
            await corner.settled()
    heard = corner.heard()
    assert len(heard) == len(set(heard)) == 4


def full(db: sqlite3.Connection) -> None:
    """Let the disk be full: SQLite tells it by the same error."""
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")


def room(db: sqlite3.Connection) -> None:
    """Let there be room again."""
    db.execute("PRAGMA max_page_count = 1073741823")


async def test_a_clock_that_is_set_back_holds_up_nobody(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), now=NOW)
    claim = await inbox.claim_one(now=NOW)
    await inbox.settle(claim, Again(NOW + 60))
    assert await inbox.claim(now=NOW) == []
    assert msgids(await inbox.claim(now=NOW - 3600)) == ["a1"]


async def test_a_clock_that_is_set_back_or_on_while_the_bot_works(corner: Corner) -> None:
    async with corner.bot_at_work():
        for number, shift in enumerate((0, -7200, 90_000, -90_000)):
            corner.sim.clock.set(corner.sim.clock.now() + shift)
            corner.say(f"{number}")
            await corner.settled()
    assert corner.heard() == ["答0", "答1", "答2", "答3"]
