"""Who may work on what: one message of a conversation at a time, oldest first, fenced."""

from collections.abc import Awaitable, Callable

import pytest
from msgspec import structs

from kit.inboxes import NOW, Inbox, msgids, row, step
from wxkf.engine.sqlite.claims import _ABSURD
from wxkf.engine.store import Store
from wxkf.engine.values import Again, Claim, Dead, Done, StepState, Verdict
from wxkf.engine.verdicts import PARKED, back_off
from wxkf.errors import LostClaim


async def test_a_claim_is_the_oldest_message_of_each_conversation(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("b1", "wmB"), row("a2"), row("b2", "wmB"))
    claims = await inbox.claim()
    assert msgids(claims) == ["a1", "b1"]
    assert [claim.external_userid for claim in claims] == ["wmA", "wmB"]


async def test_a_claim_says_all_about_its_message(inbox: Inbox) -> None:
    sent = row("a1")
    await inbox.receive(sent)
    claim = await inbox.claim_one()
    assert (claim.app, claim.open_kfid, claim.raw) == ("ww1", "wk1", sent.raw)
    assert (claim.attempt, claim.finished, claim.steps) == (1, False, ())


async def test_a_claimed_conversation_is_not_claimed_again(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"))
    await inbox.claim()
    await inbox.receive(row("a3"))
    assert await inbox.claim() == []


async def test_no_more_is_claimed_than_asked_for(inbox: Inbox) -> None:
    await inbox.receive(*(row(f"m{n}", f"wm{n}") for n in range(5)))
    assert msgids(await inbox.claim(2)) == ["m0", "m1"]
    assert msgids(await inbox.claim(10)) == ["m2", "m3", "m4"]


async def test_done_goes_on_to_the_next_message_and_starts_counting_anew(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"))
    first = await inbox.claim_one()
    await inbox.settle(first, Again(NOW))
    second = await inbox.claim_one()
    await inbox.settle(second, Done(NOW))
    third = await inbox.claim_one()
    assert [(claim.msgid, claim.attempt) for claim in (first, second, third)] == [("a1", 1), ("a1", 2), ("a2", 1)]
    await inbox.settle(third, Done(NOW))
    assert await inbox.claim() == []


async def test_a_conversation_that_comes_back_later_is_not_claimed_before_it_is_due(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"))
    await inbox.settle(await inbox.claim_one(), Again(NOW + 8))
    assert await inbox.store.next_due() == NOW + 8
    assert await inbox.claim(now=NOW + 7.9) == []
    assert msgids(await inbox.claim(now=NOW + 8)) == ["a1"]


async def test_a_new_message_does_not_bring_forward_what_waits_for_its_time(inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    await inbox.settle(await inbox.claim_one(), Again(NOW + 8))
    await inbox.receive(row("a2"), now=NOW + 1)
    assert await inbox.claim(now=NOW + 2) == []


async def test_who_waits_longest_is_served_first(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"), now=NOW)
    await inbox.receive(row("b1", "wmB"), now=NOW + 1)
    (first,) = await inbox.claim(1, now=NOW + 2)
    await inbox.settle(first, Done(NOW + 2))
    assert msgids(await inbox.claim(now=NOW + 2)) == ["b1", "a2"]


async def test_dead_leaves_the_reason_and_lets_the_next_message_run(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"))
    await inbox.settle(await inbox.claim_one(), Dead("ValueError: no", NOW))
    assert (await inbox.claim_one()).msgid == "a2"
    trace = await inbox.store.trace("a1")
    assert trace is not None
    assert (trace.handled, trace.dead) == (True, "ValueError: no")


async def test_a_trace_tells_how_far_a_message_got(inbox: Inbox) -> None:
    async def trace() -> tuple[bool, bool, str]:
        found = await inbox.store.trace("a1")
        assert found is not None
        return found.claimed, found.handled, found.dead

    await inbox.receive(row("a1"))
    assert await trace() == (False, False, "")
    claim = await inbox.claim_one()
    assert await trace() == (True, False, "")
    await inbox.settle(claim, Done(NOW))
    assert await trace() == (False, True, "")


@pytest.mark.parametrize("verdict", [Done(NOW), Again(NOW), Dead("no", NOW)])
async def test_a_claim_is_settled_once(inbox: Inbox, verdict: Verdict) -> None:
    await inbox.receive(row("a1"), row("a2"))
    claim = await inbox.claim_one()
    await inbox.settle(claim, verdict)
    with pytest.raises(LostClaim, match="a1"):
        await inbox.settle(claim, Done(NOW))


Verb = Callable[[Store, Claim], Awaitable[None]]


@pytest.mark.parametrize(
    "verb",
    [
        pytest.param(lambda store, claim: store.begin(claim, step(0)), id="begin"),
        pytest.param(lambda store, claim: store.record(claim, 0, StepState.ACCEPTED, "x"), id="record"),
        pytest.param(lambda store, claim: store.finish(claim, [step(0)]), id="finish"),
    ],
)
async def test_who_lost_a_claim_writes_nothing(inbox: Inbox, verb: Verb) -> None:
    await inbox.receive(row("a1"), row("a2"))
    lost = await inbox.claim_one()
    await inbox.settle(lost, Again(NOW))
    held = await inbox.claim_one()
    assert held.epoch > lost.epoch
    with pytest.raises(LostClaim):
        await verb(inbox.store, lost)
    with pytest.raises(LostClaim):
        await inbox.settle(lost, Done(NOW))
    assert await inbox.steps("a1") == []
    await inbox.settle(held, Again(NOW))
    again = await inbox.claim_one()
    assert (again.msgid, again.finished, again.steps) == ("a1", False, ())


async def test_an_epoch_nobody_gave_out_is_worth_nothing(inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    claim = await inbox.claim_one()
    with pytest.raises(LostClaim):
        await inbox.settle(structs.replace(claim, epoch=claim.epoch + 1), Done(NOW))


async def test_a_clock_set_back_by_minutes_holds_up_nothing(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), now=NOW + 120)
    assert msgids(await inbox.claim(now=NOW)) == ["a1"]


def test_nothing_is_put_off_for_so_long_that_a_claim_takes_it_for_a_clock_set_back() -> None:
    assert max(back_off(99), PARKED) < _ABSURD
