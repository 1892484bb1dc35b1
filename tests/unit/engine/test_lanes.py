"""Who is next: greetings wait for nobody, accounts take turns, batches stay what they were."""

import json
from collections import Counter
from collections.abc import Sequence

import pytest

from kit.inboxes import APP, KF, NOW, Inbox, enter, msgids, row
from kit.lines import Line
from unit.engine.desk import Desk
from wxkf.engine.values import Again, Claim, Done, Lane, Row
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound
from wxkf.testing.clock import MovableClock


def greeting(msgid: str, customer: str = "wmA") -> Row:
    """Make the row of an entry that may be greeted."""
    raw = json.dumps(enter(msgid, customer, welcome_code="CODE")).encode()
    return Row(msgid, customer, int(NOW), 4, raw, lane=Lane.GREETING)


async def claims(inbox: Inbox, lane: Lane, limit: int = 10) -> list[Claim]:
    return await inbox.store.claim(APP, limit, NOW, lane=lane)


async def test_a_greeting_waits_for_no_message_and_no_message_for_it(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), greeting("e1"), row("a2"))
    held = await claims(inbox, Lane.ORDERED)
    assert msgids(held) == ["a1"]
    (first,) = await claims(inbox, Lane.GREETING)
    assert (first.msgid, first.lane) == ("e1", Lane.GREETING)
    await inbox.settle(held[0], Done(NOW))
    assert msgids(await claims(inbox, Lane.ORDERED)) == ["a2"]


async def test_accounts_take_turns_however_much_one_has(inbox: Inbox) -> None:
    await inbox.receive(*(row(f"a{number}", f"wm{number}") for number in range(50)))
    other = await inbox.store.account(APP, "wk2", 0.0)
    await inbox.store.commit_page(other, "c", [row("z1", "wmZ"), row("z2", "wmY")], NOW + 1)
    taken = [claim.open_kfid for _ in range(4) for claim in await inbox.store.claim(APP, 1, NOW + 2)]
    assert sorted(taken) == [KF, KF, "wk2", "wk2"]
    taken = [claim.open_kfid for claim in await inbox.store.claim(APP, 4, NOW + 2)]
    assert taken == [KF] * 4


async def test_within_an_account_who_was_served_last_waits_longest(inbox: Inbox) -> None:
    await inbox.receive(row("a1", "wmA"), row("a2", "wmA"), now=NOW)
    await inbox.receive(row("b1", "wmB"), now=NOW + 1)
    (first,) = await inbox.claim(1, now=NOW + 2)
    await inbox.settle(first, Done(NOW + 2))
    assert msgids(await inbox.claim(1, now=NOW + 3)) == ["b1"]


async def test_a_batch_is_what_waits_up_to_its_size(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"), row("a3"))
    (claim,) = await inbox.store.claim(APP, 1, NOW, depth=2)
    assert (claim.msgid, [one.msgid for one in claim.more], claim.frozen) == ("a1", ["a2"], False)
    await inbox.store.freeze(claim)
    await inbox.settle(claim, Done(NOW))
    assert msgids(await inbox.claim()) == ["a3"]


async def test_a_frozen_batch_comes_again_as_it_was(inbox: Inbox) -> None:
    await inbox.receive(row("a1"), row("a2"))
    (claim,) = await inbox.store.claim(APP, 1, NOW, depth=10)
    await inbox.store.freeze(claim)
    await inbox.receive(row("a3"))
    await inbox.settle(claim, Again(NOW))
    (again,) = await inbox.store.claim(APP, 1, NOW, depth=10)
    assert ([one.msgid for one in again.more], again.frozen) == (["a2"], True)
    (alone,) = await _reclaimed(inbox, again, depth=1)
    assert [one.msgid for one in alone.more] == ["a2"]


async def _reclaimed(inbox: Inbox, claim: Claim, depth: int) -> list[Claim]:
    await inbox.settle(claim, Again(NOW))
    return await inbox.store.claim(APP, 1, NOW, depth=depth)


async def test_ids_are_never_given_twice_though_the_newest_are_deleted(inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    await inbox.receive(row("b1", "wmB"))
    for claim in await inbox.claim():
        await inbox.settle(claim, Done(NOW))
    await inbox.store.forget(APP, "wmB")
    await inbox.receive(row("a2"))
    (claim,) = await inbox.claim()
    assert (claim.msgid, claim.message) == ("a2", 3)


@pytest.mark.parametrize("running", [1, 2, 3])
@pytest.mark.parametrize("accounts", [2, 3, 4])
async def test_a_dispatcher_with_few_places_serves_all_accounts_alike(
    inbox: Inbox, line: Line, clock: MovableClock, accounts: int, running: int
) -> None:
    served: list[str] = []

    async def handler(work: Work) -> Sequence[Outbound]:
        served.append(work.claim.open_kfid)
        return []

    for number in range(accounts):
        account = await inbox.store.account(APP, f"k{number}", 0.0)
        rows = [row(f"{number}-{index}", f"wm{number}-{index}") for index in range(12)]
        await inbox.store.commit_page(account, "c", rows, NOW)
    async with Desk(inbox, line, clock, handler, running=running) as desk:
        desk.dispatcher.hint()
        await desk.settles()
    counts = Counter(served[: 6 * accounts])
    assert max(counts.values()) - min(counts.values()) <= 1
    assert len(counts) == accounts
