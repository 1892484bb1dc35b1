"""Following an inbox: each thing once, in its order, with nothing written."""

import sqlite3
from collections.abc import Iterator

import pytest

from kit.inboxes import NOW, Inbox, row, step
from wxkf.engine.sqlite.follow import Follower
from wxkf.engine.sqlite.visit import watched
from wxkf.engine.values import Again, Dead, Done, StepState


class Watch:
    """Somebody who looks."""

    def __init__(self, db: sqlite3.Connection, since: float) -> None:
        self.follower = Follower(db)
        self.follower.begin(since)

    def seen(self) -> list[tuple[str, str, str]]:
        return [(one.what, one.msgid, one.state or one.result) for one in self.follower.look()]


@pytest.fixture
def db(inbox: Inbox) -> Iterator[sqlite3.Connection]:
    with watched(inbox.path) as db:
        yield db


@pytest.fixture
def watch(db: sqlite3.Connection) -> Watch:
    return Watch(db, NOW + 1)


async def handle(inbox: Inbox, *states: StepState) -> None:
    claim = await inbox.claim_one()
    await inbox.store.finish(claim, [step(number, StepState.PLANNED) for number in range(len(states))])
    for number, state in enumerate(states):
        await inbox.store.record(claim, number, state, "")
    await inbox.settle(claim, Done(NOW))


async def test_what_came_and_what_went_is_told_once(inbox: Inbox, watch: Watch) -> None:
    assert watch.seen() == []
    await inbox.receive(row("a1"))
    assert watch.seen() == [("in", "a1", "")]
    await handle(inbox, StepState.ACCEPTED, StepState.REFUSED)
    assert watch.seen() == [("out", "a1", "accepted"), ("out", "a1", "refused")]
    assert watch.seen() == []


async def test_a_step_is_told_when_it_has_an_outcome_while_the_handler_is_still_at_it(
    inbox: Inbox, watch: Watch
) -> None:
    await inbox.receive(row("a1"))
    claim = await inbox.claim_one()
    await inbox.store.begin(claim, step(0))
    assert watch.seen() == [("in", "a1", "")]
    await inbox.store.record(claim, 0, StepState.ACCEPTED, "")
    assert watch.seen() == [("out", "a1", "accepted")]
    await inbox.store.begin(claim, step(1))
    assert watch.seen() == []
    await inbox.store.record(claim, 1, StepState.ACCEPTED, "")
    await inbox.settle(claim, Done(NOW))
    assert watch.seen() == [("out", "a1", "accepted")]


async def test_what_waited_long_before_is_not_missed_when_it_is_handled_between_two_looks(
    inbox: Inbox, db: sqlite3.Connection
) -> None:
    await inbox.receive(row("a1"), row("a2"))
    watch = Watch(db, NOW + 1)
    assert watch.seen() == []
    await handle(inbox, StepState.ACCEPTED)
    assert watch.seen() == [("out", "a1", "accepted")]
    await inbox.settle(await inbox.claim_one(), Again(NOW))
    assert watch.seen() == []


async def test_what_is_given_up_is_told_with_its_reason(inbox: Inbox, watch: Watch) -> None:
    await inbox.receive(row("a1"))
    await inbox.settle(await inbox.claim_one(), Dead("it would not", NOW + 3))
    assert watch.seen() == [("in", "a1", ""), ("dead", "a1", "it would not")]


async def test_looking_back_tells_what_was_since_then(inbox: Inbox, db: sqlite3.Connection) -> None:
    await inbox.receive(row("old"), now=NOW - 100)
    await handle(inbox, StepState.ACCEPTED)
    await inbox.receive(row("a1"), now=NOW)
    await handle(inbox, StepState.ACCEPTED)
    assert sorted(Watch(db, NOW - 10).seen()) == [("in", "a1", ""), ("out", "a1", "accepted")]


async def test_a_great_deal_at_once_comes_in_pieces_and_completely(inbox: Inbox, watch: Watch) -> None:
    await inbox.receive(*(row(f"m{number}", f"wm{number % 7}") for number in range(4_500)))
    found = [watch.seen() for _ in range(4)]
    assert [len(piece) for piece in found] == [2_000, 2_000, 500, 0]
    assert len({msgid for piece in found for _, msgid, _ in piece}) == 4_500


async def test_who_looks_does_not_keep_what_is_over(inbox: Inbox, watch: Watch) -> None:
    for number in range(5):
        await inbox.receive(row(f"a{number}"))
        await handle(inbox, StepState.ACCEPTED)
        watch.seen()
    assert not watch.follower._seen
