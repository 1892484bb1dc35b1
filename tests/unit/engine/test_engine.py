"""The engine: which accounts it looks after, and what a notice makes it do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from kit.lines import SYNC, Line, breathe
from wxkf.engine.engine import Engine
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound
from wxkf.protocol.callback import Notice
from wxkf.testing.clock import MovableClock

LIST = "kf/account/list"
Running = Callable[[], AbstractAsyncContextManager[Engine]]


def accounts(**manageable: bool) -> dict[str, object]:
    """Make an answer of account/list."""
    found = [{"open_kfid": kf, "manage_privilege": may} for kf, may in manageable.items()]
    return {"account_list": found}


def notice(event: str = "kf_msg_or_event", open_kfid: str = "", token: str = "") -> Notice:
    """Make what a callback says."""
    return Notice(event, open_kfid, token, 0, (), b"")


def pulled(line: Line) -> list[str]:
    """List the accounts that were pulled, in order."""
    return [str(body["open_kfid"]) for body in line.bodies(SYNC)]


@pytest.fixture
def running(tmp_path: Path, line: Line, clock: MovableClock) -> Running:
    """Make an engine at work whose handler says nothing."""

    async def silent(_: Work) -> Sequence[Outbound]:
        return []

    @asynccontextmanager
    async def run() -> AsyncIterator[Engine]:
        store = SqliteStore(tmp_path / "inbox.db")
        async with Engine("ww1", line.client(clock), store, silent, clock=clock) as engine:
            await quiet(engine)
            yield engine

    return run


async def quiet(engine: Engine) -> None:
    """Wait until all is done."""
    async with asyncio.timeout(5):
        await engine.quiet()


async def test_only_accounts_the_app_may_manage_are_pulled(line: Line, running: Running) -> None:
    line.then(LIST, accounts(wk1=False, wk2=True))
    async with running():
        assert pulled(line) == ["wk2"]


async def test_accounts_are_listed_to_the_last_page(line: Line, running: Running) -> None:
    line.then(LIST, accounts(**{f"wk{n}": False for n in range(100)}), accounts(wk100=True))
    async with running():
        assert [body["offset"] for body in line.bodies(LIST)] == [0, 100]
        assert pulled(line) == ["wk100"]


async def test_a_list_that_cannot_be_had_is_asked_for_again_later(
    line: Line, running: Running, clock: MovableClock
) -> None:
    line.then(LIST, 48002, 48002, accounts(wk1=True))
    async with running():
        assert pulled(line) == []
        clock.forward(seconds=2)
        await line.called(LIST, 2)
        await breathe()
        clock.forward(seconds=4)
        await line.called(SYNC, 1)
        assert pulled(line) == ["wk1"]


async def test_a_notice_rings_its_account_and_no_other(line: Line, running: Running) -> None:
    line.then(LIST, accounts(wk1=True))
    async with running() as engine:
        await engine.note(notice(open_kfid="wk9", token="ENC9"))
        await quiet(engine)
    assert line.bodies(SYNC)[1:] == [{"open_kfid": "wk9", "token": "ENC9", "limit": 1000}]


async def test_a_notice_of_2021_that_names_no_account_rings_all(line: Line, running: Running) -> None:
    async with running() as engine:
        for kf in ("wk1", "wk2"):
            await engine.note(notice(open_kfid=kf, token="ENC1"))
        await quiet(engine)
        await engine.note(notice(token="ENC2"))
        await quiet(engine)
    asked = [(body["open_kfid"], body["token"]) for body in line.bodies(SYNC)]
    assert sorted(asked[2:]) == [("wk1", "ENC2"), ("wk2", "ENC2")]


async def test_a_change_of_rights_has_the_accounts_listed_again(line: Line, running: Running) -> None:
    line.then(LIST, accounts(), accounts(wk1=True))
    async with running() as engine:
        assert pulled(line) == []
        await engine.note(notice("kf_account_auth_change"))
        await quiet(engine)
        assert pulled(line) == ["wk1"]
