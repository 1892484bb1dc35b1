"""How long things are kept, what was said, what failed after all, and leases."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs

from kit.inboxes import APP, KF, NOW, Inbox, item, row, step
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.values import Again, Claim, Dead, Done, StepState
from wxkf.errors import LostClaim

DAY = 86_400


async def done(inbox: Inbox, *msgids: str, now: float = NOW) -> list[Claim]:
    """Receive messages and deal with them."""
    handled = []
    for msgid in msgids:
        await inbox.receive(row(msgid, f"wm{msgid}", raw=item(msgid, f"wm{msgid}", send_time=int(now))), now=now)
        claim = await inbox.claim_one(now=now)
        await inbox.settle(claim, Done(now))
        handled.append(claim)
    return handled


async def test_what_is_done_with_goes_after_its_time(inbox: Inbox) -> None:
    await done(inbox, "old", now=NOW - 40 * DAY)
    await done(inbox, "new")
    assert await inbox.store.purge(NOW - 30 * DAY, NOW) == 1
    assert await inbox.store.trace("old") is None
    assert await inbox.store.trace("new")


async def test_what_waits_or_needs_a_look_stays(inbox: Inbox) -> None:
    long_ago = NOW - 40 * DAY
    await inbox.receive(row("dead", "wmD"), now=long_ago)
    await inbox.settle(await inbox.claim_one(now=long_ago), Dead("no", long_ago))
    await inbox.receive(row("doubt", "wmE"), now=long_ago)
    claim = await inbox.claim_one(now=long_ago)
    await inbox.store.finish(claim, [step(0)])
    await inbox.store.record(claim, 0, StepState.UNKNOWN, "not repeated")
    await inbox.settle(claim, Done(long_ago))
    await inbox.receive(row("waits", "wmF"), now=long_ago)
    assert await inbox.store.purge(NOW, NOW) == 0


async def test_dedupe_lasts_as_long_as_the_platform_can_give_a_message_out_again(inbox: Inbox) -> None:
    await done(inbox, "a1")
    again = row("a1", "wma1", raw=item("a1", "wma1", send_time=int(NOW)))
    for days in (1, 3, 4):
        await inbox.store.purge(0.0, NOW + days * DAY)
        assert await inbox.receive(again, now=NOW + days * DAY) == 0
    await inbox.store.purge(0.0, NOW + 6 * DAY)
    assert await inbox.receive(again, now=NOW + 6 * DAY) == 1


async def test_a_message_without_a_time_is_known_for_as_long_as_it_is_kept(inbox: Inbox) -> None:
    timeless = structs.replace(row("t1"), send_time=0)
    assert await inbox.receive(timeless) == 1
    await inbox.store.purge(0.0, NOW + 90 * DAY)
    assert await inbox.receive(timeless) == 0


async def test_history_has_both_sides_in_the_order_in_which_it_was(inbox: Inbox) -> None:
    body = b'{"msgtype":"text","text":{"content":"hi"}}'
    await inbox.receive(row("h1", history=True), row("a1"))
    claim = await inbox.claim_one()
    await inbox.store.finish(claim, [step(0, body=body), step(1, StepState.PLANNED, body=body)])
    await inbox.store.record(claim, 0, StepState.ACCEPTED, "m")
    await inbox.store.record(claim, 1, StepState.REFUSED, "95001")
    await inbox.settle(claim, Done(NOW))
    await inbox.receive(row("a2"))
    said = await inbox.store.history(APP, KF, "wmA", 10)
    assert sorted(one.origin for one in said) == [0, 3, 3, 3]
    assert [one.origin for one in await inbox.store.history(APP, KF, "wmA", 10, before=claim.message)] == [3]
    assert await inbox.store.history(APP, KF, "wmB", 10) == []


async def test_a_send_that_failed_after_all_is_marked(inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    claim = await inbox.claim_one()
    await inbox.store.finish(claim, [step(0, body=b'{"msgid":"m1","msgtype":"text"}')])
    await inbox.store.record(claim, 0, StepState.ACCEPTED, "m1")
    await inbox.settle(claim, Done(NOW))
    assert await inbox.store.note_failure(APP, KF, "wmA", "m1", "13")
    assert not await inbox.store.note_failure(APP, KF, "wmA", "m", "13")
    assert not await inbox.store.note_failure(APP, KF, "wmB", "m1", "13")
    assert await inbox.steps("a1") == [(0, StepState.FAILED, "13")]


async def test_a_lease_has_one_holder_and_a_number_that_only_grows(tmp_path: Path) -> None:
    time = [NOW]
    store = SqliteStore(tmp_path / "inbox.db", now=lambda: time[0])
    await store.open()
    assert await store.lease("pull", 10) == 1
    time[0] += 5
    assert await store.lease("pull", 10) == 1
    time[0] += 11
    assert await store.lease("pull", 10) == 2
    store._owner, mine = "another", store._owner
    assert await store.lease("pull", 10) is None
    store._owner = mine
    await store.give_up("pull")
    store._owner = "another"
    assert await store.lease("pull", 10) == 3
    await store.aclose()


async def test_who_has_nothing_stored_any_more_is_not_known_any_more(inbox: Inbox) -> None:
    await done(inbox, "old", now=NOW - 40 * DAY)
    await inbox.store.purge(NOW - 30 * DAY, NOW)
    with closing(sqlite3.connect(inbox.path)) as db:
        assert db.execute("SELECT count(*) FROM conversation").fetchone() == (0,)


async def test_a_message_is_found_for_as_long_as_it_is_kept(inbox: Inbox) -> None:
    await done(inbox, "a1")
    await inbox.store.purge(0.0, NOW + 7 * DAY)  # nobody can send it again, so its msgid is forgotten
    assert await inbox.store.trace("a1")


async def test_what_was_kept_of_a_customer_goes_with_the_last_message_and_with_forgetting(inbox: Inbox) -> None:
    for msgid, customer in (("a1", "wmA"), ("b1", "wmB"), ("c1", "wmC")):
        long_ago = NOW - 40 * DAY if customer == "wmA" else NOW
        await inbox.receive(row(msgid, customer), now=long_ago)
        claim = await inbox.claim_one(now=long_ago)
        await inbox.store.finish(claim, [], {"Cart": b"{}"})
        assert await inbox.store.kept(claim, "Cart") == b"{}"
        await inbox.settle(claim, Done(long_ago))
    await inbox.store.purge(NOW - 30 * DAY, NOW)
    await inbox.store.forget(APP, "wmB")
    with closing(sqlite3.connect(inbox.path)) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (1,)


async def test_nothing_is_kept_by_who_lost_the_claim(inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    lost = await inbox.claim_one()
    await inbox.settle(lost, Again(NOW))
    with pytest.raises(LostClaim):
        await inbox.store.finish(lost, [], {"Cart": b"{}"})
    claim = await inbox.claim_one()
    assert await inbox.store.kept(claim, "Cart") is None
