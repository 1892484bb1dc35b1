"""The puller in trouble: it tries again from where it was, and loses nothing."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from kit.inboxes import Inbox, item, row
from kit.lines import NEVER_LEFT, NO_ANSWER, SYNC, TOKEN, Json, Line, Scripted, breathe
from unit.engine.pulling import Pull, page
from wxkf.engine.puller import Budget
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock

BUSY, LIMITED, BAD_TOKEN, STALE = -1, 45009, 95007, 42001


@pytest.fixture
async def pull(inbox: Inbox, line: Line, clock: MovableClock) -> AsyncIterator[Pull]:
    """A puller at work, its calls unlimited."""
    async with Pull(inbox, line, clock) as pull:
        yield pull


async def test_a_refused_callback_token_is_dropped_and_the_pull_goes_on_without(pull: Pull, inbox: Inbox) -> None:
    pull.line.then(SYNC, BAD_TOKEN, page("c1", item("a1"), has_more=1))
    asked = await pull.rings("ENC1")
    assert [body.get("token") for body in asked] == ["ENC1", None, None]
    assert await inbox.store.trace("a1")


async def test_a_token_that_came_meanwhile_is_not_dropped_with_the_old_one(pull: Pull) -> None:
    async def refused(_: Json) -> Json:
        pull.puller.ring("ENC2")
        return {"errcode": BAD_TOKEN, "errmsg": "invalid msg token"}

    pull.line.then(SYNC, refused)
    asked = await pull.rings("ENC1")
    assert [body.get("token") for body in asked] == ["ENC1", "ENC2"]


@pytest.mark.parametrize("trouble", [BUSY, LIMITED, STALE, NEVER_LEFT, NO_ANSWER, b"<html>", b"[]", b""])
async def test_after_trouble_the_same_page_is_asked_for_again(pull: Pull, inbox: Inbox, trouble: Scripted) -> None:
    pull.line.then(SYNC, page("c1", item("a1")))
    await pull.rings("ENC1")
    pull.line.then(SYNC, trouble, page("c2", item("b1", "wmB")))
    asked = await pull.rings("ENC2")
    assert {body.get("cursor") for body in asked[1:]} == {"c1"}
    assert (await inbox.account()).cursor == "c2"
    assert await inbox.store.trace("b1")


async def test_trouble_that_lasts_is_left_until_the_next_look(pull: Pull, inbox: Inbox) -> None:
    pull.line.then(SYNC, *[LIMITED] * 5)
    assert len(await pull.rings("ENC1")) == 5
    await breathe()
    assert len(pull.line.bodies(SYNC)) == 5

    pull.line.then(SYNC, page("c1", item("a1")))
    await pull.waits(60, calls=6)
    assert await inbox.store.trace("a1")


async def test_trouble_that_lasts_for_days_is_waited_out_as_before(pull: Pull, inbox: Inbox) -> None:
    pull.puller.fails = 1100
    pull.line.then(SYNC, LIMITED, page("c1", item("a1")))
    await pull.rings("ENC1")
    assert await inbox.store.trace("a1")


@pytest.mark.parametrize("refusal", [48002, 48007, 99999])
async def test_a_refusal_that_asking_again_would_not_change_is_left_until_the_next_look(
    pull: Pull, inbox: Inbox, clock: MovableClock, refusal: int
) -> None:
    pull.line.then(SYNC, refusal)
    before = clock.now()
    assert len(await pull.rings("ENC1")) == 1
    await breathe()
    assert (len(pull.line.bodies(SYNC)), clock.now()) == (1, before)

    pull.line.then(SYNC, page("c1", item("a1")))
    await pull.waits(60, calls=2)
    assert await inbox.store.trace("a1")


async def test_a_wrong_secret_is_asked_about_no_more_often_than_its_pauses_allow(pull: Pull) -> None:
    pull.line.then(TOKEN, *[40001] * 9)
    assert await pull.rings("ENC1") == []
    assert len(pull.line.bodies(TOKEN)) <= 4  # 30 seconds of back-off, pauses of 5, 10 and 20


async def test_who_finds_the_cursor_moved_by_another_goes_on_from_there(pull: Pull, inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    pull.line.then(SYNC, page("c1", item("a1"), item("lost")), page("c2", item("a2")))
    asked = await pull.rings("ENC1")
    assert [body.get("cursor") for body in asked] == [None, "cursor-1"]
    assert (await inbox.account()).cursor == "c2"
    assert await inbox.store.trace("a2")
    assert await inbox.store.trace("lost") is None


async def test_a_page_that_cannot_be_stored_is_fetched_again_and_nothing_is_lost(pull: Pull, inbox: Inbox) -> None:
    async def mended(body: Json) -> Json:
        inbox.repair()
        assert "cursor" not in body
        return page("c1", item("a1"), item("a2"))

    inbox.sabotage("INSERT ON message", when="NEW.msgid = 'a2'")
    pull.line.then(SYNC, page("c1", item("a1"), item("a2")), mended)
    await pull.rings("ENC1")
    assert await inbox.store.trace("a1")
    assert await inbox.store.trace("a2")
    assert pull.arrivals == 1


def test_a_budget_gives_out_one_place_at_a_time() -> None:
    budget = Budget(6)
    asked = [("a", 100.0), ("b", 100.0), ("c", 104.0), ("b", 110.0), ("c", 110.0), ("c", 150.0)]
    assert [budget.wait(who, now) for who, now in asked] == [0.0, 10.0, 10.0, 0.0, 10.0, 0.0]


def test_a_budget_that_shrinks_shrinks_for_those_in_line_and_who_leaves_lets_others_up() -> None:
    budget = Budget(6)
    assert [budget.wait(who, 100.0) for who in "abcd"] == [0.0, 10.0, 10.0, 10.0]
    budget.refused()
    budget.leave("b")
    assert [budget.wait(who, 100.0) for who in "cd"] == [10.0, 20.0]


async def test_a_budget_that_lay_idle_saves_nothing_up() -> None:
    budget = Budget(6)
    assert budget.wait("a", 100.0) == 0
    assert budget.wait("a", 1000.0) == 0
    assert budget.wait("a", 1000.0) == 10.0


async def test_pulls_without_token_share_one_budget(inbox: Inbox, clock: MovableClock) -> None:
    budget, one, two = Budget(6), Line(), Line()
    async with (
        Pull(inbox, one, clock, budget=budget) as first,
        Pull(inbox, two, clock, budget=budget, open_kfid="wk2") as second,
    ):
        assert len(await first.rings("")) == 1
        assert await second.rings("") == []
        await second.waits(10, calls=1)


async def test_a_budget_that_is_too_small_is_shared_fairly(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    budget = Budget(6)
    async with AsyncExitStack() as stack:
        pulls = [
            await stack.enter_async_context(Pull(inbox, line, clock, budget=budget, open_kfid=f"wk{n}"))
            for n in range(30)
        ]
        await asyncio.sleep(0)
        clock.forward(seconds=50)
        for places in range(1, 581):
            clock.forward(seconds=10)
            await line.called(SYNC, places)
            await clock.caught_up()
            for pull in pulls:
                await pull.quiet()
    asked = Counter(str(body["open_kfid"]) for body in line.bodies(SYNC))
    assert sum(asked.values()) == 580
    assert len(asked) == 30
    assert set(asked.values()) <= {19, 20}


async def test_a_ring_while_a_pull_waits_for_the_budget_is_no_work_of_its_own(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    async with Pull(inbox, line, clock, budget=Budget(6)) as pull:
        await pull.rings("")
        await pull.rings("")
        await breathe()
        assert len(await pull.rings("")) == 1  # and there is nothing to wait for until the clock moves
        assert len(await pull.waits(10, calls=2)) == 2


async def test_a_token_ends_the_wait_for_the_budget(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    async with Pull(inbox, line, clock, budget=Budget(6)) as pull:
        await pull.rings("")
        assert len(await pull.rings("")) == 1
        asked = await pull.rings("ENC1")
        await breathe()
        assert [body.get("token") for body in line.bodies(SYNC)] == [None, "ENC1"], asked


async def test_a_ring_is_not_lost_while_the_disk_is_full(
    inbox: Inbox, line: Line, clock: MovableClock, sim_clock: SimClock
) -> None:
    def repair() -> None:
        leave()
        inbox.repair()

    async with Pull(inbox, line, clock) as pull:
        await pull.rings("T0")
        inbox.sabotage("UPDATE ON lease")
        leave = sim_clock.on_move(repair)
        assert [asked["token"] for asked in await pull.rings("T1")] == ["T0", "T1"]
