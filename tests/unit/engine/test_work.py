"""Numbering effects: each run passes what an earlier one did, and what it returns comes behind all of it."""

import pytest

from kit.inboxes import NOW, Inbox, enter, row
from kit.lines import ON_EVENT, SEND, Line
from unit.engine.sends import ACCEPTED, reclaimed
from wxkf.engine.outbox import Outbox, first_sending
from wxkf.engine.values import Claim
from wxkf.engine.work import Work
from wxkf.errors import Diverged, LimitError
from wxkf.messages.outbound import Outbound, Text

ONE, TWO, THREE = Text(content="一"), Text(content="二"), Text(content="三")
TOO_LONG = Text(content="长" * 683)


async def run(outbox: Outbox, claim: Claim, *replies: Outbound, at: float = NOW) -> Work:
    """Run a handler up to where it would return."""
    work = Work(claim, outbox, at)
    for reply in replies:
        await work.send(reply)
    return work


async def returns(inbox: Inbox, outbox: Outbox, work: Work, *messages: Outbound) -> None:
    """Let it return."""
    steps = first_sending(work.plan(messages))
    await inbox.store.finish(work.claim, steps)
    await outbox.deliver(work.claim, steps, fresh=True)


def words(line: Line, path: str = SEND) -> list[str]:
    """List the texts that were sent."""
    return [body["text"]["content"] for body in line.bodies(path)]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        pytest.param((), ["一", "二", "三"], id="replies no more"),
        pytest.param((ONE,), ["一", "二", "三"], id="replies less"),
        pytest.param((ONE, TWO), ["一", "二", "三"], id="replies the same"),
        pytest.param((ONE, TWO, Text(content="四")), ["一", "二", "四", "三"], id="replies more"),
    ],
)
async def test_what_a_run_returns_comes_behind_all_that_any_run_has_sent(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, second: tuple[Outbound, ...], said: list[str]
) -> None:
    await run(outbox, claim, ONE, TWO)
    again = await reclaimed(inbox, claim)
    await returns(inbox, outbox, await run(outbox, again, *second), THREE)
    assert words(line) == said
    assert [state for _, state, _ in await inbox.steps("a1")] == [ACCEPTED] * len(said)
    assert len({body["msgid"] for body in line.bodies(SEND)}) == len(said)


@pytest.mark.parametrize("by_return", [True, False], ids=["returned", "replied"])
async def test_words_beyond_a_limit_leave_no_row(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, by_return: bool
) -> None:
    work = Work(claim, outbox, NOW)

    async def returned() -> None:
        _ = work.plan([ONE, TOO_LONG])

    with pytest.raises(LimitError):
        await (returned() if by_return else work.send(TOO_LONG))
    assert await inbox.steps("a1") == []
    assert line.bodies(SEND) == []


async def test_what_was_refused_by_a_limit_is_so_in_the_next_run_and_what_followed_is_not_said_twice(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    for _ in range(2):
        work = Work(claim, outbox, NOW)
        with pytest.raises(LimitError):
            await work.send(TOO_LONG)
        await work.send(ONE)
        claim = await reclaimed(inbox, claim)
    assert words(line) == ["一"]


async def test_what_was_sent_before_is_not_held_against_limits_again(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    await run(outbox, claim, ONE)
    again = await reclaimed(inbox, claim)
    await run(outbox, again, TOO_LONG)
    assert words(line) == ["一"]


class TestAWelcome:
    """Words by the code while it lives."""

    @pytest.fixture
    async def claim(self, inbox: Inbox) -> Claim:
        """The claim of an entry."""
        await inbox.receive(row("e1", raw=enter("e1", welcome_code="CODE")))
        return await inbox.claim_one()

    @pytest.mark.parametrize(("age", "greeted"), [(0, ["一"]), (30, ["一"]), (31, []), (86_400, [])])
    async def test_is_not_said_when_its_code_is_too_old(
        self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, age: float, greeted: list[str]
    ) -> None:
        await returns(inbox, outbox, Work(claim, outbox, NOW + age), ONE)
        assert words(line, ON_EVENT) == greeted
        assert words(line) == []

    async def test_takes_the_code_once_and_what_is_returned_goes_without(
        self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
    ) -> None:
        await returns(inbox, outbox, await run(outbox, claim, ONE), TWO)
        assert (words(line, ON_EVENT), words(line)) == (["一"], ["二"])

    async def test_takes_the_code_once_over_all_runs(
        self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
    ) -> None:
        await run(outbox, claim, ONE)
        again = await reclaimed(inbox, claim)
        await returns(inbox, outbox, Work(again, outbox, NOW), TWO)
        assert (words(line, ON_EVENT), words(line)) == (["一"], ["二"])

    async def test_that_was_refused_by_a_limit_leaves_the_code_to_the_next_words(
        self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
    ) -> None:
        work = Work(claim, outbox, NOW)
        with pytest.raises(LimitError):
            await work.send(TOO_LONG)
        await work.send(ONE)
        assert [body["code"] for body in line.bodies(ON_EVENT)] == ["CODE"]

    async def test_is_the_same_effect_in_a_run_that_comes_when_the_code_is_dead(
        self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
    ) -> None:
        await run(outbox, claim, ONE)
        again = await reclaimed(inbox, claim)
        await run(outbox, again, ONE, TWO, at=NOW + 3600)
        assert (words(line, ON_EVENT), words(line)) == (["一"], ["二"])

    async def test_is_not_what_an_earlier_run_sent_without_a_code(
        self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
    ) -> None:
        await run(outbox, claim, ONE, at=NOW + 60)
        again = await reclaimed(inbox, claim)
        with pytest.raises(Diverged, match="effect 0 of e1 was kf/send_msg, is kf/send_msg_on_event"):
            await run(outbox, again, ONE)
