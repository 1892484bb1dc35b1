"""The journal: a row before the call, the result after, and the words of a finished handler all at once."""

import pytest

from kit.inboxes import NOW, Inbox, row, step
from unit.engine.sends import ACCEPTED, PLANNED, REFUSED, SENDING, UNKNOWN
from wxkf.engine.values import Again, Claim, Done
from wxkf.errors import StoreError


async def test_a_step_begun_is_found_with_its_exact_body(inbox: Inbox, claim: Claim) -> None:
    body = '{"text":{"content":"您好"}}'.encode()
    await inbox.store.begin(claim, step(0, body=body))
    await inbox.settle(claim, Again(NOW))
    again = await inbox.claim_one()
    assert again.steps == (step(0, SENDING, body=body),)
    assert not again.finished


async def test_a_result_is_kept(inbox: Inbox, claim: Claim) -> None:
    await inbox.store.begin(claim, step(0))
    await inbox.store.record(claim, 0, REFUSED, "95001")
    assert await inbox.steps("a1") == [(0, REFUSED, "95001")]


async def test_a_result_says_whether_the_next_step_is_about_to_leave(inbox: Inbox, claim: Claim) -> None:
    await inbox.store.finish(claim, [step(0), step(1, PLANNED), step(2, PLANNED)])
    await inbox.store.record(claim, 0, ACCEPTED, "m", "go")
    assert await inbox.steps("a1") == [(0, ACCEPTED, "m"), (1, SENDING, ""), (2, PLANNED, "")]
    await inbox.store.record(claim, 1, ACCEPTED, "n")
    assert await inbox.steps("a1") == [(0, ACCEPTED, "m"), (1, ACCEPTED, "n"), (2, PLANNED, "")]


async def test_a_refusal_is_that_of_all_behind_it(inbox: Inbox, claim: Claim) -> None:
    await inbox.store.finish(claim, [step(0), step(1, PLANNED), step(2, PLANNED)])
    await inbox.store.record(claim, 0, REFUSED, "95001", "stop")
    assert await inbox.steps("a1") == [(position, REFUSED, "95001") for position in range(3)]


async def test_a_finished_handler_stays_finished_and_its_attempts_are_forgotten(inbox: Inbox, claim: Claim) -> None:
    await inbox.settle(claim, Again(NOW))
    second = await inbox.claim_one()
    await inbox.store.finish(second, [step(0)])
    await inbox.settle(second, Again(NOW))
    third = await inbox.claim_one()
    assert (second.attempt, second.finished) == (2, False)
    assert (third.attempt, third.finished, len(third.steps)) == (2, True, 1)  # the second, of what comes after


async def test_finished_means_this_message_only(inbox: Inbox, claim: Claim) -> None:
    await inbox.receive(row("a2"))
    await inbox.store.finish(claim, [step(0)])
    await inbox.settle(claim, Done(NOW))
    following = await inbox.claim_one()
    assert (following.msgid, following.finished, following.steps) == ("a2", False, ())


async def test_a_failure_while_finishing_stores_no_word(inbox: Inbox, claim: Claim) -> None:
    inbox.sabotage("INSERT ON step", when="NEW.position = 1")
    with pytest.raises(StoreError, match="disk full"):
        await inbox.store.finish(claim, [step(0), step(1, PLANNED)])
    assert await inbox.steps("a1") == []
    await inbox.settle(claim, Again(NOW))
    assert not (await inbox.claim_one()).finished


async def test_a_step_changes_its_state_and_never_its_body(inbox: Inbox, claim: Claim) -> None:
    await inbox.store.begin(claim, step(0, SENDING, body=b"first"))
    await inbox.store.begin(claim, step(0, PLANNED, body=b"second"))
    await inbox.settle(claim, Again(NOW))
    assert (await inbox.claim_one()).steps == (step(0, PLANNED, body=b"first"),)


async def test_a_result_does_not_say_that_what_stands_before_it_is_about_to_leave(inbox: Inbox, claim: Claim) -> None:
    await inbox.store.begin(claim, step(0, PLANNED))
    await inbox.store.begin(claim, step(1))
    await inbox.store.record(claim, 1, ACCEPTED, "m")
    assert await inbox.steps("a1") == [(0, PLANNED, ""), (1, ACCEPTED, "m")]


async def test_what_the_handler_left_open_is_closed_when_it_has_returned(inbox: Inbox, claim: Claim) -> None:
    for position, state in enumerate((SENDING, PLANNED, SENDING)):
        await inbox.store.begin(claim, step(position, state))
    await inbox.store.record(claim, 2, REFUSED, "95001")
    await inbox.store.finish(claim, [step(3), step(4, PLANNED)])
    assert await inbox.steps("a1") == [
        (0, UNKNOWN, "not seen through"), (1, REFUSED, "not seen through"), (2, REFUSED, "95001"),
        (3, SENDING, ""), (4, PLANNED, ""),
    ]  # fmt: skip
