"""How an engine says it is: alive, ready, and why not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kit.inboxes import APP, NOW, item
from kit.lines import NO_ANSWER, SYNC, Line, breathe
from unit.engine.test_engine import LIST, accounts, quiet
from wxkf.engine.engine import Engine
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.status import PATIENCE, Pulse, Status, Trouble
from wxkf.engine.views import Overview
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound
from wxkf.testing.clock import MovableClock

FINE = Pulse(working=True, leased=True, found=True, accounts=1)
EMPTY = Overview(0, None, 0, 0, 0, 0, 0)


@asynccontextmanager
async def running(path: Path, line: Line, clock: MovableClock) -> AsyncIterator[Engine]:
    async def silent(_: Work) -> Sequence[Outbound]:
        return []

    async with Engine(APP, line.client(clock), SqliteStore(path), silent, clock=clock) as engine:
        await quiet(engine)
        yield engine


async def test_an_engine_at_work_is_alive_and_ready(line: Line, clock: MovableClock, tmp_path: Path) -> None:
    line.then(LIST, accounts(wk1=True))
    async with running(tmp_path / "inbox.db", line, clock) as engine:
        status = await engine.status()
        assert (status.alive, status.ready, status.why) == (True, True, [])
        assert status.as_data()["accounts"] == 1
    assert not (await engine.status()).alive


async def test_it_is_not_ready_before_it_has_found_its_accounts(
    line: Line, clock: MovableClock, tmp_path: Path
) -> None:
    line.then(LIST, 48002, accounts(wk1=True))
    async with running(tmp_path / "inbox.db", line, clock) as engine:
        status = await engine.status()
        assert (status.alive, status.why) == (True, ["the accounts are not found yet"])
        clock.forward(seconds=3)
        await line.called(SYNC, 1)
        await quiet(engine)
        assert (await engine.status()).ready


async def test_an_account_that_cannot_be_pulled_is_told_after_five_minutes(
    line: Line, clock: MovableClock, tmp_path: Path
) -> None:
    line.then(LIST, *[accounts(wk1=True)] * 3)
    line.then(SYNC, {"has_more": 0, "next_cursor": "c1", "msg_list": []}, *[NO_ANSWER] * 1000)
    async with running(tmp_path / "inbox.db", line, clock) as engine:
        clock.forward(seconds=70)
        await line.called(SYNC, 3)
        status = await engine.status()
        (trouble,) = status.pulses[0].troubles
        assert (trouble.open_kfid, trouble.what, status.ready) == ("wk1", "failing", True)
        for _ in range(12):
            clock.forward(seconds=60)
            await clock.caught_up()
            await breathe()
        status = await engine.status()
        assert (status.alive, status.why) == (True, ["accounts not pulled for more than 5 minutes: 1"])
        assert status.as_data()["failing"] == ["wk1"]


async def test_an_account_that_is_pulled_again_is_no_trouble(line: Line, clock: MovableClock, tmp_path: Path) -> None:
    line.then(LIST, accounts(wk1=True))
    stuck = {"has_more": 1, "next_cursor": "", "msg_list": []}
    line.then(SYNC, stuck, stuck, {"has_more": 0, "next_cursor": "c1", "msg_list": [item("a1")]})
    async with running(tmp_path / "inbox.db", line, clock) as engine:
        for _ in range(5):
            clock.forward(seconds=60)
            await clock.caught_up()
            await breathe()
        await quiet(engine)
        assert (await engine.status()).pulses[0].troubles == ()


async def test_an_engine_whose_task_has_ended_is_not_alive(line: Line, clock: MovableClock, tmp_path: Path) -> None:
    async with running(tmp_path / "inbox.db", line, clock) as engine:
        engine._lasting[0].cancel()
        await asyncio.gather(engine._lasting[0], return_exceptions=True)
        status = await engine.status()
        assert (status.alive, status.why) == (False, ["a part of the engine has stopped"])


async def test_a_store_that_fails_is_told(line: Line, clock: MovableClock, tmp_path: Path) -> None:
    async with running(tmp_path / "inbox.db", line, clock) as engine:
        await engine.store.aclose()
        status = await engine.status()
        assert status.why == ["the store does not answer"]
        assert "waiting" not in status.as_data()


@pytest.mark.parametrize(
    ("pulse", "why"),
    [
        (replace(FINE, leased=False), "the lease has run out"),
        (replace(FINE, troubles=(Trouble("wk1", "stalled", NOW - PATIENCE - 1),)), "accounts stalled for more than 5"),
    ],
)
def test_what_is_wrong_is_said(pulse: Pulse, why: str) -> None:
    (said,) = Status(NOW, (pulse,), EMPTY).why
    assert said.startswith(why)


def test_one_app_of_many_that_has_no_accounts_yet_is_not_the_end_of_all() -> None:
    assert Status(NOW, (FINE, replace(FINE, found=False)), EMPTY, {"running": 2, "refused": 1}).ready
    assert not Status(NOW, (replace(FINE, found=False),), EMPTY, {"running": 1}).ready
    assert not Status(NOW, (), EMPTY, {"refused": 1}).ready


def test_the_lag_is_the_age_of_the_oldest_unanswered_one() -> None:
    data = Status(NOW, (FINE,), replace(EMPTY, waiting=1, oldest=NOW - 2.5)).as_data()
    assert (data["lag"], data["oldest"], data["waiting"]) == (2.5, "2026-06-01T07:59:57.500+00:00", 1)
