"""The puller in trouble: it tries again from where it was, and loses nothing."""

from collections.abc import AsyncIterator

import pytest

from kit.inboxes import Inbox, item
from kit.lines import NEVER_LEFT, NO_ANSWER, SYNC, Json, Line, Scripted, breathe
from unit.engine.pulling import Pull, page
from wxkf.engine.puller import Budget
from wxkf.testing.clock import MovableClock

BUSY, LIMITED, BAD_TOKEN, NO_PERMISSION = -1, 45009, 95007, 48002


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


@pytest.mark.parametrize("trouble", [BUSY, LIMITED, NO_PERMISSION, 99999, NEVER_LEFT, NO_ANSWER, b"<html>", b"[]", b""])
async def test_after_trouble_the_same_page_is_asked_for_again(pull: Pull, inbox: Inbox, trouble: Scripted) -> None:
    pull.line.then(SYNC, page("c1", item("a1")))
    await pull.rings("ENC1")
    pull.line.then(SYNC, trouble, page("c2", item("b1", "wmB")))
    asked = await pull.rings("ENC2")
    assert {body.get("cursor") for body in asked[1:]} == {"c1"}
    assert (await inbox.account()).cursor == "c2"
    assert await inbox.store.trace("b1")


async def test_trouble_that_lasts_is_left_until_the_next_look(pull: Pull, inbox: Inbox) -> None:
    pull.line.then(SYNC, *[NO_PERMISSION] * 5)
    assert len(await pull.rings("ENC1")) == 5
    await breathe()
    assert len(pull.line.bodies(SYNC)) == 5

    pull.line.then(SYNC, page("c1", item("a1")))
    await pull.waits(60, calls=6)
    assert await inbox.store.trace("a1")


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
    assert [budget.wait(now) for now in (100.0, 100.0, 104.0, 110.0, 110.0)] == [0.0, 10.0, 6.0, 0.0, 10.0]


async def test_a_budget_that_lay_idle_saves_nothing_up() -> None:
    budget = Budget(6)
    assert budget.wait(100.0) == 0
    assert budget.wait(1000.0) == 0
    assert budget.wait(1000.0) == 10.0


async def test_pulls_without_token_share_one_budget(inbox: Inbox, clock: MovableClock) -> None:
    budget, one, two = Budget(6), Line(), Line()
    async with (
        Pull(inbox, one, clock, budget=budget) as first,
        Pull(inbox, two, clock, budget=budget, open_kfid="wk2") as second,
    ):
        assert len(await first.rings("")) == 1
        assert await second.rings("") == []
        await second.waits(10, calls=1)


async def test_a_token_ends_the_wait_for_the_budget(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    async with Pull(inbox, line, clock, budget=Budget(6)) as pull:
        await pull.rings("")
        assert len(await pull.rings("")) == 1
        asked = await pull.rings("ENC1")
        await breathe()
        assert [body.get("token") for body in line.bodies(SYNC)] == [None, "ENC1"], asked
