"""Timers in the store: they come once, at their time, behind what is there, and may be taken back."""

from kit.inboxes import APP, KF, NOW, Inbox, item, msgids, row
from unit.engine.test_lanes import greeting
from wxkf.engine.timer import TimerDue, read, timer_of
from wxkf.engine.values import Again, Claim, Done, Lane, Step, StepState, Timer


async def claimed(inbox: Inbox) -> Claim:
    await inbox.receive(row("a1"))
    return await inbox.claim_one()


async def set_(inbox: Inbox, claim: Claim, msgid: str = "t-1", due: float = NOW + 60, *, quiet: bool = False) -> Timer:
    timer = timer_of(claim, msgid, due, name="look", data={"n": 1}, quiet=quiet)
    await inbox.store.schedule(claim, timer, Step(0, "timer", b"{}", StepState.ACCEPTED, msgid))
    return timer


async def test_a_timer_comes_at_its_time_and_once(inbox: Inbox) -> None:
    claim = await claimed(inbox)
    await set_(inbox, claim)
    await inbox.settle(claim, Done(NOW))
    assert await inbox.store.fire(APP, NOW + 59) == 0
    assert await inbox.store.fire(APP, NOW + 60) == 1
    assert await inbox.store.fire(APP, NOW + 60) == 0
    due = await inbox.claim_one(now=NOW + 60)
    event = read(due.raw)
    assert isinstance(event, TimerDue)
    assert (event.name, event.data, event.external_userid, event.open_kfid) == ("look", {"n": 1}, "wmA", KF)


async def test_a_handler_that_runs_again_sets_none_twice(inbox: Inbox) -> None:
    claim = await claimed(inbox)
    await set_(inbox, claim)
    await inbox.settle(claim, Again(NOW))
    claim = await inbox.claim_one()
    await set_(inbox, claim)
    await inbox.settle(claim, Again(NOW + 100))
    assert await inbox.store.fire(APP, NOW + 60) == 1
    claim = await inbox.claim_one(now=NOW + 100)
    await set_(inbox, claim)  # its time has come already: the log knows it
    await inbox.settle(claim, Done(NOW))
    await inbox.store.fire(APP, NOW + 200)
    assert msgids(await inbox.claim(now=NOW + 200)) == ["t-1"]


async def test_a_timer_keeps_its_place_behind_what_waits(inbox: Inbox) -> None:
    claim = await claimed(inbox)
    await set_(inbox, claim)
    await inbox.receive(row("a2"))
    await inbox.store.fire(APP, NOW + 60)
    await inbox.settle(claim, Done(NOW))
    assert msgids(await inbox.claim(now=NOW + 60)) == ["a2"]


async def test_a_timer_can_be_taken_back_until_it_has_come(inbox: Inbox) -> None:
    claim = await claimed(inbox)
    await set_(inbox, claim)
    assert await inbox.store.cancel(claim, "t-1")
    assert not await inbox.store.cancel(claim, "t-1")
    assert await inbox.store.fire(APP, NOW + 60) == 0


async def test_a_quiet_timer_is_dropped_when_the_customer_has_written(inbox: Inbox) -> None:
    claim = await claimed(inbox)
    await set_(inbox, claim, quiet=True)
    await inbox.settle(claim, Done(NOW))
    await inbox.receive(row("s1", raw=item("s1", origin=5)))  # a colleague is not the customer
    await inbox.receive(row("a2"))
    assert await inbox.store.fire(APP, NOW + 60) == 1
    (colleague,) = await inbox.claim(now=NOW + 60)
    await inbox.settle(colleague, Done(NOW))
    (written,) = await inbox.claim(now=NOW + 60)
    await inbox.settle(written, Done(NOW))
    assert await inbox.claim(now=NOW + 60) == []


async def test_timers_of_a_forgotten_customer_are_gone(inbox: Inbox) -> None:
    claim = await claimed(inbox)
    await set_(inbox, claim)
    await inbox.store.forget(APP, "wmA")
    assert await inbox.store.fire(APP, NOW + 60) == 0


async def test_a_timer_that_a_greeting_set_is_the_customers(inbox: Inbox) -> None:
    await inbox.receive(greeting("e1"))
    (claim,) = await inbox.store.claim(APP, 5, NOW, lane=Lane.GREETING)
    for name in ("t-1", "t-2"):
        timer = timer_of(claim, name, NOW + 60, name="x", quiet=True)
        await inbox.store.schedule(claim, timer, Step(0, "timer", timer.raw, StepState.ACCEPTED, name))
    await inbox.settle(claim, Done(NOW))
    await inbox.receive(row("a1"))
    ordered = await inbox.claim_one()
    assert await inbox.store.cancel(ordered, "t-1")
    await inbox.settle(ordered, Done(NOW))
    assert await inbox.store.fire(APP, NOW + 61) == 1
    assert await inbox.claim(now=NOW + 61) == []  # the customer has written since
