"""The engine: which accounts it looks after, and what a notice makes it do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from kit.lines import SYNC, Json, Line, breathe
from wxkf.engine.engine import Engine
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound
from wxkf.protocol.callback import Notice
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock

LIST = "kf/account/list"
Running = Callable[[], AbstractAsyncContextManager[Engine]]


def accounts(**manageable: bool) -> dict[str, object]:
    """Make an answer of account/list."""
    found = [{"open_kfid": kf, "manage_privilege": may} for kf, may in manageable.items()]
    return {"account_list": found}


def notice(event: str = "kf_msg_or_event", open_kfid: str = "", token: str = "") -> Notice:
    """Make what a callback says."""
    return Notice(event, open_kfid, token, 0, (("OpenKfId", open_kfid), ("Token", token)), b"")


def change(*removed: str, added: tuple[str, ...] = ()) -> Notice:
    """Make what a callback says about accounts that were given or taken."""
    fields = [("AuthAddOpenKfId", kf) for kf in added] + [("AuthDelOpenKfId", kf) for kf in removed]
    return Notice("kf_account_auth_change", "", "", 0, tuple(fields), b"")


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
        await engine.note(change(added=("wk1",)))
        await quiet(engine)
        assert pulled(line) == ["wk1"]


@pytest.mark.parametrize("event", ["change_contact", "suite_ticket", "upload_media_job_finish", ""])
async def test_a_callback_of_another_kind_pulls_nothing(
    line: Line, running: Running, clock: MovableClock, event: str
) -> None:
    line.then(LIST, accounts(wk1=True))
    async with running() as engine:
        for open_kfid in ("", "wk1", "wk2"):
            await engine.note(notice(event, open_kfid, "ENC1"))
        clock.forward(seconds=30)  # a place in the budget comes by, the next look does not
        await clock.caught_up()
        await quiet(engine)
        await breathe()
    assert pulled(line) == ["wk1"]
    assert len(line.bodies(LIST)) == 1


async def test_an_account_that_was_taken_away_is_pulled_no_more(
    line: Line, running: Running, clock: MovableClock
) -> None:
    line.then(LIST, accounts(wk1=True, wk2=False))
    async with running() as engine:
        await engine.note(notice(open_kfid="wk2", token="ENC1"))
        await quiet(engine)
        line.then(LIST, accounts(wk1=True))
        await engine.note(change("wk2"))
        await quiet(engine)
        for _ in range(10):
            clock.forward(seconds=60)
            await clock.caught_up()
            await quiet(engine)
    assert pulled(line).count("wk2") == 1
    assert pulled(line).count("wk1") > 5


async def test_an_account_taken_away_in_the_middle_of_a_pull_leaves_nobody_busy(line: Line, running: Running) -> None:
    async def never(_: Json) -> Json:
        await asyncio.Event().wait()
        return {}

    line.then(SYNC, never)
    async with running() as engine:
        await engine.note(notice(open_kfid="wk1", token="ENC1"))
        await line.called(SYNC, 1)
        await engine.note(notice(open_kfid="wk1", token="ENC2"))
        await engine.note(change("wk1"))
        await quiet(engine)


async def test_an_account_that_was_taken_away_is_taken_up_again_by_a_callback(line: Line, running: Running) -> None:
    async with running() as engine:
        await engine.note(notice(open_kfid="wk1", token="ENC1"))
        await quiet(engine)
        await engine.note(change("wk1"))
        await engine.note(notice(open_kfid="wk1", token="ENC2"))
        await quiet(engine)
    assert [(body["open_kfid"], body["token"]) for body in line.bodies(SYNC)] == [("wk1", "ENC1"), ("wk1", "ENC2")]


async def test_taking_away_what_nobody_knows_disturbs_nothing(line: Line, running: Running) -> None:
    async with running() as engine:
        await engine.note(change("wk7"))
        await quiet(engine)
    assert pulled(line) == []


async def test_only_one_search_for_accounts_goes_on_at_a_time(
    line: Line, running: Running, clock: MovableClock
) -> None:
    line.then(LIST, *[48002] * 99)
    async with running() as engine:
        for _ in range(3):
            await engine.note(change())
            await quiet(engine)
        tries = len(line.bodies(LIST))
        assert tries == 4
        for seconds in (2, 4, 8):
            clock.forward(seconds=seconds)
            tries += 1
            await line.called(LIST, tries)
            await clock.caught_up()
            await breathe()
            assert len(line.bodies(LIST)) == tries


async def test_a_search_that_goes_on_later_keeps_nobody_waiting(line: Line, running: Running) -> None:
    line.then(LIST, *[48002] * 99)
    async with running() as engine:
        await engine.note(change())
        await engine.note(change())
        await quiet(engine)


async def test_an_account_that_is_no_longer_listed_is_pulled_no_more(
    line: Line, running: Running, clock: MovableClock
) -> None:
    gone = accounts(wk1=True, wk2=False)
    line.then(LIST, accounts(wk1=True, wk2=True), gone, accounts(wk1=True, wk2=True), {"account_list": []}, gone, gone)
    async with running() as engine:
        await quiet(engine)
        for _ in range(3):  # one list without it may have had a gap, an empty one says nothing
            engine.find_accounts()
            await quiet(engine)
            assert engine.pulse().accounts == 2
        for _ in range(2):
            engine.find_accounts()
            await quiet(engine)
        asked = len(pulled(line))
        clock.forward(seconds=61)
        await line.called(SYNC, asked + 1)
        await quiet(engine)
        assert set(pulled(line)[asked:]) == {"wk1"}
        assert engine.pulse().accounts == 1


class Leaping(MovableClock):
    """A clock that somebody sets while it goes."""

    leap = 0.0

    def elapsed(self) -> float:
        return super().elapsed() - self.leap


class Purged(SqliteStore):
    """A store that counts how often it was to delete."""

    purges = 0

    async def purge(self, before: float, now: float) -> int:
        self.purges += 1
        return await super().purge(before, now)


@pytest.mark.parametrize(("leap", "purges"), [(0.0, 1), (400 * 86_400.0, 0), (-3_600.0, 0)])
async def test_a_clock_that_was_set_deletes_nothing(
    tmp_path: Path, line: Line, sim_clock: SimClock, leap: float, purges: int
) -> None:
    clock = Leaping(sim_clock)
    store = Purged(tmp_path / "inbox.db")

    async def silent(_: Work) -> Sequence[Outbound]:
        return []

    async with Engine("ww1", line.client(clock), store, silent, clock=clock) as engine:
        await quiet(engine)
        clock.leap = leap
        for _ in range(60):
            clock.forward(seconds=61)
            await clock.caught_up()
            await breathe()
    assert store.purges == purges
