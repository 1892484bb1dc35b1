"""The outbox: the row before the call, the result after, and never another body than the stored one."""

import json
import re
from dataclasses import replace

import pytest
from msgspec import structs

from kit.inboxes import Inbox, claim_of, enter, item, row
from kit.lines import NEVER_LEFT, NO_ANSWER, ON_EVENT, SEND, Json, Line, Scripted
from unit.engine.sends import (
    ACCEPTED,
    BUSY,
    DUPLICATE,
    LIMITED,
    NO_PERMISSION,
    QUOTA,
    REFUSED,
    SENDING,
    UNKNOWN,
    reclaimed,
    texts,
)
from wxkf.engine.outbox import Outbox, first_sending, msgid_of, on_event_step, send_step
from wxkf.engine.values import Claim, Step, StepState
from wxkf.errors import ApiError, Duplicate, LimitError, QuotaExceeded, TransportError
from wxkf.messages.outbound import Text

CLAIM = claim_of(item("a1"))


def test_a_msgid_is_one_the_platform_takes() -> None:
    assert re.fullmatch("[0-9a-zA-Z_-]{1,32}", msgid_of(CLAIM, 0))


def test_a_msgid_is_the_same_whenever_and_by_whomever_it_is_derived() -> None:
    later = structs.replace(CLAIM, epoch=9, attempt=3, conversation=7, message=99, finished=True)
    assert msgid_of(later, 0) == msgid_of(CLAIM, 0)


def test_a_msgid_is_another_for_everything_that_is_something_else() -> None:
    others = [
        structs.replace(CLAIM, app="ww2"),
        structs.replace(CLAIM, open_kfid="wk2"),
        structs.replace(CLAIM, msgid="a2"),
    ]
    all_of_them = {msgid_of(CLAIM, 0), msgid_of(CLAIM, 1), *(msgid_of(other, 0) for other in others)}
    assert len(all_of_them) == 5


def test_a_step_is_the_whole_call() -> None:
    assert json.loads(send_step(CLAIM, 1, Text(content="好")).body) == {
        "touser": "wmA",
        "open_kfid": "wk1",
        "msgid": msgid_of(CLAIM, 1),
        "msgtype": "text",
        "text": {"content": "好"},
    }
    assert json.loads(on_event_step(CLAIM, 0, Text(content="好"), "CODE").body) == {
        "code": "CODE",
        "msgid": msgid_of(CLAIM, 0),
        "msgtype": "text",
        "text": {"content": "好"},
    }


async def test_the_row_is_there_before_the_call(inbox: Inbox, line: Line, outbox: Outbox, claim: Claim) -> None:
    async def looked(body: Json) -> Json:
        assert await inbox.steps("a1") == [(0, SENDING, "")]
        return {"msgid": body["msgid"]}

    line.then(SEND, looked)
    await outbox.send_now(claim, texts(claim, "hi")[0])
    assert await inbox.steps("a1") == [(0, ACCEPTED, msgid_of(claim, 0))]


async def test_what_is_planned_leaves_in_order_each_marked_before_it_goes(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    async def looked(body: Json) -> Json:
        states = [state for _, state, _ in await inbox.steps("a1")]
        assert states.index(SENDING) == int(body["text"]["content"])
        return {"msgid": body["msgid"]}

    line.then(SEND, looked, looked, looked)
    steps = first_sending(texts(claim, "0", "1", "2"))
    await inbox.store.finish(claim, steps)
    await outbox.deliver(claim, steps, fresh=True)
    assert [state for _, state, _ in await inbox.steps("a1")] == [ACCEPTED] * 3
    assert [body["text"]["content"] for body in line.bodies(SEND)] == ["0", "1", "2"]


async def test_after_a_refusal_the_rest_is_not_sent(inbox: Inbox, line: Line, outbox: Outbox, claim: Claim) -> None:
    line.then(SEND, {"msgid": "x"}, QUOTA)
    steps = first_sending(texts(claim, "0", "1", "2", "3"))
    await inbox.store.finish(claim, steps)
    await outbox.deliver(claim, steps, fresh=True)
    assert len(line.bodies(SEND)) == 2
    assert await inbox.steps("a1") == [
        (0, ACCEPTED, "x"), (1, REFUSED, "95001"), (2, REFUSED, "95001"), (3, REFUSED, "95001"),
    ]  # fmt: skip


@pytest.mark.parametrize(("code", "error"), [(QUOTA, QuotaExceeded), (DUPLICATE, Duplicate), (NO_PERMISSION, ApiError)])
async def test_a_refusal_at_the_first_try_is_recorded_and_raised(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, code: int, error: type[ApiError]
) -> None:
    line.then(SEND, code)
    with pytest.raises(error):
        await outbox.send_now(claim, texts(claim, "hi")[0])
    assert len(line.bodies(SEND)) == 1
    assert await inbox.steps("a1") == [(0, REFUSED, str(code))]


@pytest.mark.parametrize("trouble", [[NO_ANSWER] * 3, [BUSY] * 3, [NO_ANSWER, LIMITED]], ids=["none", "-1", "45009"])
async def test_what_may_have_arrived_stays_open_and_a_duplicate_says_that_it_had(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, trouble: list[Scripted]
) -> None:
    line.then(SEND, *trouble)
    with pytest.raises((TransportError, ApiError)):
        await outbox.send_now(claim, texts(claim, "hi")[0])
    assert {body["msgid"] for body in line.bodies(SEND)} == {msgid_of(claim, 0)}
    assert await inbox.steps("a1") == [(0, SENDING, "")]

    again = await reclaimed(inbox, claim)
    line.then(SEND, DUPLICATE)
    await outbox.deliver(again, again.steps, fresh=False)
    assert await inbox.steps("a1") == [(0, ACCEPTED, "95033")]


@pytest.mark.parametrize(
    ("answer", "state", "result"),
    [
        pytest.param({"msgid": "again"}, ACCEPTED, "again", id="accepted now"),
        pytest.param(DUPLICATE, ACCEPTED, "95033", id="had arrived"),
        pytest.param(QUOTA, UNKNOWN, "95001", id="may have arrived"),
        pytest.param(NO_PERMISSION, UNKNOWN, "48002", id="may have arrived too"),
    ],
)
async def test_an_unknown_outcome_is_settled_by_sending_the_stored_body_once_more(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, answer: Scripted, state: StepState, result: str
) -> None:
    stored = texts(claim, "what the first run said")[0]
    await inbox.store.begin(claim, replace(stored, state=SENDING))
    again = await reclaimed(inbox, claim)
    line.then(SEND, answer)
    await outbox.deliver(again, again.steps, fresh=False)
    assert line.bodies(SEND) == [json.loads(stored.body)]
    assert await inbox.steps("a1") == [(0, state, result)]


@pytest.mark.parametrize(
    ("leaving", "second"),
    [
        pytest.param((0,), (1, REFUSED, "95033"), id="the second had not left"),
        pytest.param((0, 1), (1, ACCEPTED, "95033"), id="the second may have left"),
    ],
)
async def test_of_two_open_steps_each_has_the_outcome_of_its_own_state(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, leaving: tuple[int, ...], second: tuple[int, StepState, str]
) -> None:
    steps = texts(claim, "0", "1")
    await inbox.store.finish(claim, [replace(s, state=SENDING) if s.position in leaving else s for s in steps])
    again = await reclaimed(inbox, claim)
    line.then(SEND, DUPLICATE, DUPLICATE)
    await outbox.deliver(again, again.steps, fresh=False)
    assert await inbox.steps("a1") == [(0, ACCEPTED, "95033"), second]


async def test_what_was_written_just_now_has_no_unknown_outcome(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    steps = first_sending(texts(claim, "0", "1"))
    await inbox.store.finish(claim, steps)
    line.then(SEND, DUPLICATE)
    await outbox.deliver(claim, steps, fresh=True)
    assert await inbox.steps("a1") == [(0, REFUSED, "95033"), (1, REFUSED, "95033")]


async def test_what_is_stored_is_sent_as_it_is_whatever_today_s_limits_say(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    body = {"touser": "wmA", "open_kfid": "wk1", "msgid": "m", "msgtype": "text", "text": {"content": "长" * 2048}}
    await inbox.store.begin(claim, Step(0, SEND, json.dumps(body).encode(), SENDING))
    again = await reclaimed(inbox, claim)
    await outbox.deliver(again, again.steps, fresh=False)
    assert line.bodies(SEND) == [body]
    assert await inbox.steps("a1") == [(0, ACCEPTED, "m")]


@pytest.mark.parametrize("code", ["", "CODE"], ids=["send_msg", "by code"])
def test_half_a_character_is_a_question_mark(code: str) -> None:
    words = Text(content="好\ud83d的")
    step = on_event_step(CLAIM, 0, words, code) if code else send_step(CLAIM, 0, words)
    assert json.loads(step.body)["text"] == {"content": "好?的"}


@pytest.mark.parametrize("code", ["", "CODE"], ids=["send_msg", "by code"])
def test_words_beyond_a_limit_never_become_a_step(code: str) -> None:
    words = Text(content="长" * 683)
    with pytest.raises(LimitError, match="2048"):
        _ = on_event_step(CLAIM, 0, words, code) if code else send_step(CLAIM, 0, words)


async def test_what_is_settled_is_not_sent_again(inbox: Inbox, line: Line, outbox: Outbox, claim: Claim) -> None:
    steps = first_sending(texts(claim, "0", "1"))
    await inbox.store.finish(claim, steps)
    await outbox.deliver(claim, steps, fresh=True)
    again = await reclaimed(inbox, claim)
    await outbox.deliver(again, again.steps, fresh=False)
    assert len(line.bodies(SEND)) == 2


async def test_within_one_call_a_duplicate_after_no_answer_is_accepted(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    line.then(SEND, NO_ANSWER, DUPLICATE)
    await outbox.send_now(claim, texts(claim, "hi")[0])
    assert await inbox.steps("a1") == [(0, ACCEPTED, msgid_of(claim, 0))]


async def test_within_one_call_a_refusal_after_no_answer_is_unknown(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    line.then(SEND, NO_ANSWER, QUOTA)
    with pytest.raises(QuotaExceeded):
        await outbox.send_now(claim, texts(claim, "hi")[0])
    assert await inbox.steps("a1") == [(0, UNKNOWN, "95001")]


class TestAnEventsCode:
    """It serves once: nothing sent with it is ever repeated."""

    @pytest.fixture
    async def claim(self, inbox: Inbox) -> Claim:
        """The claim of an entry."""
        await inbox.receive(row("e1", raw=enter("e1", welcome_code="CODE")))
        return await inbox.claim_one()

    @pytest.fixture
    def greeting(self, claim: Claim) -> Step:
        """A greeting about to leave."""
        return replace(on_event_step(claim, 0, Text(content="欢迎"), "CODE"), state=SENDING)

    async def test_is_sent_once(self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, greeting: Step) -> None:
        await inbox.store.finish(claim, [greeting])
        await outbox.deliver(claim, [greeting], fresh=True)
        assert len(line.bodies(ON_EVENT)) == 1
        assert await inbox.steps("e1") == [(0, ACCEPTED, msgid_of(claim, 0))]

    async def test_is_not_repeated_when_no_answer_came(
        self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, greeting: Step
    ) -> None:
        line.then(ON_EVENT, NO_ANSWER)
        await inbox.store.finish(claim, [greeting])
        await outbox.deliver(claim, [greeting], fresh=True)
        assert len(line.bodies(ON_EVENT)) == 1
        assert [state for _, state, _ in await inbox.steps("e1")] == [UNKNOWN]

    async def test_is_not_repeated_after_a_crash(
        self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, greeting: Step
    ) -> None:
        await inbox.store.finish(claim, [greeting])
        again = await reclaimed(inbox, claim)
        await outbox.deliver(again, again.steps, fresh=False)
        assert line.bodies(ON_EVENT) == []
        assert await inbox.steps("e1") == [(0, UNKNOWN, "not repeated")]

    async def test_is_tried_again_while_it_certainly_never_left(
        self, inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, greeting: Step
    ) -> None:
        line.then(ON_EVENT, NEVER_LEFT, NEVER_LEFT)
        await inbox.store.finish(claim, [greeting])
        await outbox.deliver(claim, [greeting], fresh=True)
        assert [state for _, state, _ in await inbox.steps("e1")] == [ACCEPTED]


async def test_the_rest_of_a_refused_answer_is_not_sent_after_a_crash_either(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    steps = first_sending(texts(claim, "one", "two", "three"))
    await inbox.store.finish(claim, steps)
    line.then(SEND, QUOTA)
    await outbox.deliver(claim, steps, fresh=True)
    again = await reclaimed(inbox, claim)
    assert [(one.state, one.result) for one in again.steps] == [(REFUSED, "95001")] * 3
    await outbox.deliver(again, again.steps, fresh=False)
    assert len(line.bodies(SEND)) == 1


async def test_what_is_sent_in_the_middle_of_a_handler_says_nothing_of_what_an_earlier_run_planned(
    inbox: Inbox, outbox: Outbox, claim: Claim
) -> None:
    first, second = texts(claim, "one", "two")
    await inbox.store.begin(claim, second)  # it never left
    await outbox.send_now(claim, first)
    assert [state for _, state, _ in await inbox.steps("a1")] == [ACCEPTED, StepState.PLANNED]
