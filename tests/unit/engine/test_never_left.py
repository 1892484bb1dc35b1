"""A try that certainly never left: as if it had not been, so no later answer is mistaken for its own."""

import json
from dataclasses import replace

import pytest

from kit.inboxes import Inbox, enter, row
from kit.lines import NEVER_LEFT, ON_EVENT, SEND, TOKEN, Line, Scripted
from unit.engine.desk import Desk
from unit.engine.sends import (
    ACCEPTED,
    BUSY,
    DUPLICATE,
    LIMITED,
    PLANNED,
    REFUSED,
    SENDING,
    STALE_TOKEN,
    WRONG_SECRET,
    reclaimed,
    texts,
)
from wxkf.engine.outbox import Outbox, first_sending, on_event_step
from wxkf.engine.values import Claim
from wxkf.errors import ApiError, TransportError
from wxkf.messages.outbound import Text
from wxkf.testing.clock import MovableClock

OWN = "own"  # the path of the step
every_way = pytest.mark.parametrize(
    ("path", "answers"),
    [
        pytest.param(OWN, [NEVER_LEFT] * 3, id="no connection"),
        pytest.param(OWN, [LIMITED], id="too many calls"),
        pytest.param(OWN, [STALE_TOKEN] * 2, id="token refused"),
        pytest.param(TOKEN, [WRONG_SECRET], id="secret refused"),
        pytest.param(TOKEN, [LIMITED], id="too many tokens"),
        pytest.param(TOKEN, [BUSY] * 3, id="busy with tokens"),
        pytest.param(TOKEN, [NEVER_LEFT] * 3, id="no connection for a token"),
    ],
)


def fail(line: Line, own: str, path: str, answers: list[Scripted]) -> None:
    """Let the next send of the path `own` not leave."""
    line.then(own if path == OWN else path, *answers)


@every_way
async def test_its_row_is_planned_again_and_the_handler_is_told(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, path: str, answers: list[Scripted]
) -> None:
    fail(line, SEND, path, answers)
    with pytest.raises((TransportError, ApiError)):
        await outbox.send_now(claim, texts(claim, "hi")[0])
    assert await inbox.steps("a1") == [(0, PLANNED, "")]


@every_way
async def test_words_of_a_finished_handler_leave_later_in_order(
    inbox: Inbox,
    line: Line,
    outbox: Outbox,
    claim: Claim,
    clock: MovableClock,
    path: str,
    answers: list[Scripted],
) -> None:
    steps = first_sending(texts(claim, "0", "1"))
    await inbox.store.finish(claim, steps)
    fail(line, SEND, path, answers)
    with pytest.raises((TransportError, ApiError)):
        await outbox.deliver(claim, steps, fresh=True)
    assert [state for _, state, _ in await inbox.steps("a1")] == [PLANNED, PLANNED]

    clock.forward(seconds=61)  # past every pause of the token and of its own
    again, tried = await reclaimed(inbox, claim), len(line.bodies(SEND))
    await outbox.deliver(again, again.steps, fresh=False)
    assert [body["text"]["content"] for body in line.bodies(SEND)[tried:]] == ["0", "1"]
    assert [state for _, state, _ in await inbox.steps("a1")] == [ACCEPTED, ACCEPTED]


@every_way
async def test_a_duplicate_afterwards_is_a_refusal(
    inbox: Inbox,
    line: Line,
    outbox: Outbox,
    claim: Claim,
    clock: MovableClock,
    path: str,
    answers: list[Scripted],
) -> None:
    fail(line, SEND, path, answers)
    with pytest.raises((TransportError, ApiError)):
        await outbox.send_now(claim, texts(claim, "hi")[0])
    clock.forward(seconds=61)  # past every pause of the token and of its own
    again = await reclaimed(inbox, claim)
    line.then(SEND, DUPLICATE)
    await outbox.deliver(again, again.steps, fresh=False)
    assert await inbox.steps("a1") == [(0, REFUSED, "95033")]


async def test_what_may_have_left_in_an_earlier_run_is_not_planned_again_by_a_try_that_did_not(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    await inbox.store.begin(claim, replace(texts(claim, "hi")[0], state=SENDING))
    again = await reclaimed(inbox, claim)
    line.then(SEND, *[NEVER_LEFT] * 3)
    with pytest.raises(TransportError):
        await outbox.deliver(again, again.steps, fresh=False)
    assert await inbox.steps("a1") == [(0, SENDING, "")]


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        (ON_EVENT, [NEVER_LEFT] * 3),
        (ON_EVENT, [LIMITED]),
        (ON_EVENT, [BUSY]),
        (TOKEN, [WRONG_SECRET]),
        (TOKEN, [NEVER_LEFT] * 3),
    ],
)
async def test_a_greeting_is_tried_again_with_its_code(
    inbox: Inbox, line: Line, clock: MovableClock, path: str, answers: list[Scripted]
) -> None:
    line.then(path, *answers)

    async def greet(_: object) -> list[Text]:
        return [Text(content="欢迎")]

    async with Desk(inbox, line, clock, greet) as desk:
        await desk.receives(("e1", "wmA", enter("e1", welcome_code="CODE")))
        await desk.settles()
    assert {body["code"] for body in line.bodies(ON_EVENT)} == {"CODE"}
    assert line.bodies(SEND) == []
    assert [state for _, state, _ in await inbox.steps("e1")] == [ACCEPTED]


async def test_a_greeting_is_found_planned_when_the_bot_dies_meanwhile(
    inbox: Inbox, line: Line, outbox: Outbox
) -> None:
    await inbox.receive(row("e1", raw=enter("e1", welcome_code="CODE")))
    claim = await inbox.claim_one()
    greeting = replace(on_event_step(claim, 0, Text(content="欢迎"), "CODE"), state=SENDING)
    await inbox.store.finish(claim, [greeting])
    line.then(ON_EVENT, BUSY)
    with pytest.raises(ApiError):
        await outbox.deliver(claim, [greeting], fresh=True)
    again = await reclaimed(inbox, claim)
    await outbox.deliver(again, again.steps, fresh=False)
    assert line.bodies(ON_EVENT) == [json.loads(greeting.body)] * 2
    assert [state for _, state, _ in await inbox.steps("e1")] == [ACCEPTED]
