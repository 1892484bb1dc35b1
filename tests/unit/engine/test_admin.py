"""What operators see and do about an inbox, from another process than the engine's."""

import sqlite3

import pytest
from msgspec import structs

from kit.inboxes import APP, KF, NOW, Inbox, msgids, row, step
from wxkf.engine.sqlite import admin, looks
from wxkf.engine.timer import timer_of
from wxkf.engine.values import Dead, Done, Step, StepState
from wxkf.engine.views import Filed, Overview, Pause
from wxkf.errors import LostClaim, StoreError


@pytest.fixture
def db(inbox: Inbox) -> sqlite3.Connection:
    """A connection of somebody else's."""
    return sqlite3.connect(inbox.path, isolation_level=None)


async def give_up(inbox: Inbox, msgid: str) -> None:
    await inbox.receive(row(msgid))
    await inbox.settle(await inbox.claim_one(), Dead("it would not", NOW))


async def test_the_overview_counts_what_matters(inbox: Inbox, db: sqlite3.Connection) -> None:
    assert looks.overview(db).oldest is None
    await give_up(inbox, "d1")
    await inbox.receive(row("a1", "wmA"), row("a2", "wmA"), row("b1", "wmB"), now=NOW + 5)
    await inbox.claim(1, now=NOW + 5)
    found = looks.overview(db, APP)
    assert (found.waiting, found.oldest, found.in_flight, found.dead, found.unknown) == (3, NOW + 5, 1, 1, 0)
    assert looks.overview(db, "another") == Overview(0, None, 0, 0, 0, 0, 0)


async def test_a_dead_message_runs_again_under_another_msgid(inbox: Inbox, db: sqlite3.Connection) -> None:
    await give_up(inbox, "d1")
    (dead,) = looks.listed(db, "dead")
    assert (dead.msgid, dead.dead) == ("d1", "it would not")
    assert admin.retry(db, "d1", "ming", NOW) == "d1~2"  # its number in the log
    again = await inbox.claim_one()
    assert (again.msgid, again.attempt, again.steps) == ("d1~2", 1, ())
    assert looks.listed(db, "dead") == []
    assert [(one.who, one.did, one.about) for one in looks.audit(db)] == [("ming", "retry", "d1")]

    await inbox.settle(again, Dead("still not", NOW))
    assert admin.retry(db, "d1~2", "ming", NOW) == "d1~3"


async def test_what_was_sent_in_vain_is_sent_again_by_itself(inbox: Inbox, db: sqlite3.Connection) -> None:
    await inbox.receive(row("a1"))
    claim = await inbox.claim_one()
    body = b'{"touser":"wmA","open_kfid":"wk1","msgid":"m","msgtype":"text","text":{"content":"hi"}}'
    await inbox.store.finish(claim, [step(0, body=body)])
    await inbox.store.record(claim, 0, StepState.UNKNOWN, "not repeated")
    await inbox.settle(claim, Done(NOW))
    assert msgids_of(looks.listed(db, "unknown")) == ["a1"]
    assert admin.retry(db, "a1", "ming", NOW) == "a1~2"
    assert looks.listed(db, "unknown") == []
    again = await inbox.claim_one()
    assert b'"send":{"msgtype":"text","text":{"content":"hi"}}' in again.raw
    with pytest.raises(StoreError, match="not dealt with yet"):
        admin.retry(db, "a1~2", "ming", NOW)
    await inbox.settle(again, Done(NOW))
    with pytest.raises(StoreError, match="neither dead nor"):
        admin.retry(db, "a1~2", "ming", NOW)


async def test_a_message_is_skipped_from_under_its_handler(inbox: Inbox, db: sqlite3.Connection) -> None:
    await inbox.receive(row("a1"), row("a2"))
    claim = await inbox.claim_one()
    with pytest.raises(StoreError, match="not the oldest"):
        admin.skip(db, "a2", "ming", NOW)
    admin.skip(db, "a1", "ming", NOW)
    with pytest.raises(LostClaim):
        await inbox.store.begin(claim, step(0))
    assert msgids(await inbox.claim()) == ["a2"]


@pytest.mark.parametrize("what", [Pause(APP), Pause(APP, KF), Pause(APP, KF, "wmA"), Pause(APP, "", "wmA")])
async def test_what_is_paused_waits_until_it_is_resumed(inbox: Inbox, db: sqlite3.Connection, what: Pause) -> None:
    admin.pause(db, what, "ming")
    await inbox.receive(row("a1", "wmA"))
    assert await inbox.claim() == []
    assert len(looks.overview(db).paused) == 1
    admin.resume(db, what, "ming", NOW)
    assert msgids(await inbox.claim()) == ["a1"]
    with pytest.raises(StoreError, match="is not paused"):
        admin.resume(db, what, "ming", NOW)


async def test_a_paused_customer_holds_up_nobody_else(inbox: Inbox, db: sqlite3.Connection) -> None:
    admin.pause(db, Pause(APP, KF, "wmA"), "ming")
    await inbox.receive(row("a1", "wmA"), row("b1", "wmB"))
    assert msgids(await inbox.claim()) == ["b1"]


async def test_a_person_is_forgotten_and_does_not_come_back(inbox: Inbox, db: sqlite3.Connection) -> None:
    await inbox.receive(row("a1", "wmA"), row("b1", "wmB"))
    admin.pause(db, Pause(APP, KF, "wmA"), "ming")
    assert admin.forget_person(db, APP, "wmA", "ming", NOW) == 1
    assert await inbox.receive(row("a1", "wmA")) == 0
    assert msgids(await inbox.claim()) == ["b1"]
    assert "wmA" not in str(looks.audit(db))


async def test_a_message_is_found_by_enough_of_its_msgid(inbox: Inbox, db: sqlite3.Connection) -> None:
    await inbox.receive(row("abc1"), row("abd2"))
    assert looks.find(db, "abc").msgid == "abc1"
    for wrong in ("ab", "x"):
        with pytest.raises(StoreError, match="message begins with"):
            looks.find(db, wrong)


def msgids_of(found: list[Filed]) -> list[str]:
    return [one.msgid for one in found]


async def test_every_part_that_was_sent_in_vain_is_sent_again_once(inbox: Inbox, db: sqlite3.Connection) -> None:
    await inbox.receive(row("a1"))
    claim = await inbox.claim_one()
    bodies = [b'{"msgid":"m","msgtype":"text","text":{"content":"%s"}}' % word for word in (b"one", b"two", b"three")]
    await inbox.store.finish(claim, [step(number, body=body) for number, body in enumerate(bodies)])
    for number, state in enumerate((StepState.ACCEPTED, StepState.UNKNOWN, StepState.REFUSED)):
        await inbox.store.record(claim, number, state, "")
    await inbox.settle(claim, Done(NOW))
    admin.retry(db, "a1", "ming", NOW)
    for word in (b"two", b"three"):
        again = await inbox.claim_one()
        assert word in again.raw
        await inbox.settle(again, Done(NOW))
    with pytest.raises(StoreError, match="neither dead nor"):
        admin.retry(db, "a1", "ming", NOW)


async def test_another_try_has_a_msgid_of_its_own_though_the_days_before_are_forgotten(
    inbox: Inbox, db: sqlite3.Connection
) -> None:
    old = NOW - 10 * 86_400
    await inbox.receive(structs.replace(row("d1"), send_time=int(old)), now=old)
    tries = ["d1"]
    for _ in range(3):
        await inbox.settle(await inbox.claim_one(), Dead("no", NOW))
        await inbox.store.purge(NOW - 30 * 86_400, NOW)
        tries.append(admin.retry(db, tries[-1], "ming", NOW))
    assert len(set(tries)) == 4


async def test_what_is_skipped_or_given_up_leaves_no_step_open(inbox: Inbox, db: sqlite3.Connection) -> None:
    await inbox.receive(row("a1"), row("a2"))
    for msgid in ("a1", "a2"):
        claim = await inbox.claim_one()
        await inbox.store.begin(claim, step(0))
        if msgid == "a1":
            admin.skip(db, "a1", "ming", NOW)
        else:
            await inbox.settle(claim, Dead("no", NOW))
        assert [state for _, state, _ in await inbox.steps(msgid)] == [StepState.UNKNOWN]


async def test_whoever_was_forgotten_lends_a_claim_to_nobody(inbox: Inbox, db: sqlite3.Connection) -> None:
    await inbox.receive(row("a1", "wmA"))
    old = await inbox.claim_one()
    admin.forget_person(db, APP, "wmA", "ming", NOW)
    await inbox.receive(row("b1", "wmB"))
    new = await inbox.claim_one()
    assert new.conversation != old.conversation
    with pytest.raises(LostClaim):
        await inbox.store.begin(old, step(0))


async def test_who_has_only_a_timer_left_is_known(inbox: Inbox, db: sqlite3.Connection) -> None:
    await inbox.receive(row("a1"))
    claim = await inbox.claim_one()
    timer = timer_of(claim, "t-1", NOW + 90 * 86_400, send={"msgtype": "text", "text": {"content": "secret"}})
    await inbox.store.schedule(claim, timer, Step(0, "timer", timer.raw, StepState.ACCEPTED, "t-1"))
    await inbox.settle(claim, Done(NOW))
    await inbox.store.purge(NOW + 10 * 86_400, NOW + 40 * 86_400)
    assert looks.whereabouts(db, "wmA") == {APP: 0}


async def test_what_is_handled_once_more_was_said_once(inbox: Inbox, db: sqlite3.Connection) -> None:
    await give_up(inbox, "d1")
    admin.retry(db, "d1", "ming", NOW)
    again = await inbox.claim_one()
    customer = again.external_userid
    assert await inbox.store.history(APP, KF, customer, 10, before=again.message) == []
    assert len(await inbox.store.history(APP, KF, customer, 10)) == 1
