"""The puller: every page, once, in order, and no call too many."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from kit.inboxes import Inbox, item, msgids
from kit.lines import SYNC, Json, Line, breathe
from unit.engine.pulling import Pull, page
from wxkf.engine.puller import Budget
from wxkf.testing.clock import MovableClock


@pytest.fixture
async def pull(inbox: Inbox, line: Line, clock: MovableClock) -> AsyncIterator[Pull]:
    """A puller at work, its calls unlimited."""
    async with Pull(inbox, line, clock) as pull:
        yield pull


async def test_a_ring_fetches_the_page_with_the_token_and_without_a_cursor(pull: Pull, inbox: Inbox) -> None:
    pull.line.then(SYNC, page("c1", item("a1"), item("b1", "wmB")))
    assert await pull.rings("ENC1") == [{"open_kfid": "wk1", "token": "ENC1", "limit": 1000}]
    assert msgids(await inbox.claim()) == ["a1", "b1"]
    assert (await inbox.account()).cursor == "c1"
    assert pull.arrivals == 1


async def test_the_next_ring_goes_on_behind_the_cursor(pull: Pull, inbox: Inbox) -> None:
    pull.line.then(SYNC, page("c1", item("a1")), page("c2", item("b1", "wmB")))
    await pull.rings("ENC1")
    _, second = await pull.rings("ENC2")
    assert (second["cursor"], second["token"]) == ("c1", "ENC2")
    assert msgids(await inbox.claim()) == ["a1", "b1"]


@pytest.mark.parametrize("yes", [1, True, "1"])
async def test_it_goes_on_while_there_is_more_also_over_empty_pages(pull: Pull, inbox: Inbox, yes: object) -> None:
    pull.line.then(SYNC, page("c1", item("a1"), has_more=yes), page("c2", has_more=yes), page("c3", item("a2")))
    asked = await pull.rings("ENC1")
    assert [body.get("cursor") for body in asked] == [None, "c1", "c2"]
    assert {body["token"] for body in asked} == {"ENC1"}
    assert await inbox.store.trace("a2")


async def test_nothing_new_wakes_nobody(pull: Pull) -> None:
    pull.line.then(SYNC, page("c1", item("a1")), page("c2", item("a1")), page("c2"))
    await pull.rings("ENC1")
    await pull.rings("ENC2")
    await pull.rings("ENC3")
    assert pull.arrivals == 1


async def test_many_rings_before_it_gets_to_work_are_one_pull(pull: Pull) -> None:
    asked = await pull.rings("ENC1", "ENC2", "ENC3")
    assert [body["token"] for body in asked] == ["ENC3"]


async def test_many_rings_while_it_works_are_one_pull_more(pull: Pull) -> None:
    rung = asyncio.Event()

    async def held(_: Json) -> Json:
        await rung.wait()
        return page("c1", item("a1"))

    pull.line.then(SYNC, held)
    pull.puller.ring("ENC1")
    await pull.line.called(SYNC, 1)
    for token in ("ENC2", "ENC3"):
        pull.puller.ring(token)
    rung.set()
    asked = await pull.quiet()
    assert [body["token"] for body in asked] == ["ENC1", "ENC3"]
    await breathe()
    assert len(pull.line.bodies(SYNC)) == 2


async def test_without_a_ring_it_looks_once_a_minute(pull: Pull, inbox: Inbox) -> None:
    pull.line.then(SYNC, page("c1", item("lost")))
    pull.clock.forward(seconds=59)
    await breathe()
    assert pull.line.bodies(SYNC) == []
    assert await pull.waits(1, calls=1) == [{"open_kfid": "wk1", "limit": 1000}]
    assert await inbox.store.trace("lost")
    await pull.waits(60, calls=2)
    await breathe()
    assert len(pull.line.bodies(SYNC)) == 2


@pytest.mark.parametrize(("age", "used"), [(539, True), (540, False)])
async def test_a_callback_token_is_used_for_nine_minutes(pull: Pull, age: float, used: bool) -> None:
    await pull.rings("ENC1")
    asked = await pull.waits(age, calls=2)
    assert asked[1].get("token") == ("ENC1" if used else None)


async def test_a_cursor_that_does_not_move_is_alarmed_and_tried_again_for_a_while(
    pull: Pull, inbox: Inbox, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, began = page("c1", item("a1"), has_more=1), clock.now()
    pull.line.then(SYNC, stuck, *[stuck] * 5)
    assert len(await pull.rings("ENC1")) == 6
    await breathe()
    assert len(pull.line.bodies(SYNC)) == 6
    assert clock.now() - began == 2 + 4 + 8 + 16
    assert pull.puller.stalled
    assert "cursor of wk1 does not move" in caplog.text

    pull.line.then(SYNC, page("c2", item("a2")))
    asked = await pull.waits(60, calls=7)
    assert asked[6]["cursor"] == "c1"
    assert await inbox.store.trace("a2")
    assert not pull.puller.stalled


async def test_an_empty_page_that_does_not_move_is_walked_over(pull: Pull, inbox: Inbox) -> None:
    empty = page("c1", has_more=1)
    pull.line.then(SYNC, page("c1", item("a1"), has_more=1), empty, empty, page("c2", item("a2")))
    assert len(await pull.rings("ENC1")) == 4
    assert await inbox.store.trace("a2")


async def test_more_without_a_cursor_is_a_standstill_too(pull: Pull, inbox: Inbox) -> None:
    pull.line.then(SYNC, *[page("", item("a1"), has_more=1)] * 5)
    assert len(await pull.rings("ENC1")) == 5
    await breathe()
    assert len(pull.line.bodies(SYNC)) == 5
    assert msgids(await inbox.claim()) == ["a1"]


async def test_a_message_without_msgid_is_stored_once_though_its_page_comes_again(pull: Pull) -> None:
    again = page("c1", item(""), has_more=1)
    pull.line.then(SYNC, page("c1"), again, again, page("c1"))
    for token in ("ENC1", "ENC2"):
        await pull.rings(token)
    assert len(pull.line.bodies(SYNC)) == 4
    assert pull.arrivals == 1


async def test_an_absurd_message_costs_nobody_else_theirs(pull: Pull, inbox: Inbox) -> None:
    pull.line.then(SYNC, page("c1", item("a1"), item("b1", "wmB", send_time=10**30), item("c1", "wmC")))
    await pull.rings("ENC1")
    assert msgids(await inbox.claim()) == ["a1", "b1", "c1"]


async def test_the_budget_gives_way_to_45009_and_comes_back(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    budget = Budget(6.0)
    async with Pull(inbox, line, clock, budget=budget) as pull:
        line.then(SYNC, 45009)
        await pull.rings("")
        assert budget.per_minute < 6.0
        for calls in range(2, 30):
            await pull.waits(70, calls=calls)
    assert budget.per_minute == 6.0


async def test_an_account_that_somebody_else_pulls_is_left_to_them(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    await inbox.store.lease("pull ww1 wk1", 60)
    inbox.store._owner = "another"
    async with Pull(inbox, line, clock) as pull:
        assert await pull.rings("ENC1") == []
