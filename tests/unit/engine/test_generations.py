"""What was refused for now goes out under another msgid; a session that may have moved is looked at first."""

import json

import pytest

from kit.inboxes import Inbox, row
from kit.lines import NO_ANSWER, SEND, Line
from unit.engine.sends import texts
from wxkf.engine.outbox import TRANS, Outbox, msgid_of
from wxkf.engine.values import Again, Claim, StepState
from wxkf.engine.work import Work
from wxkf.errors import ApiError, TransportError
from wxkf.testing.clock import MovableClock

LIMITED, DUPLICATE, GET = 45009, 95033, "kf/service_state/get"


async def again(inbox: Inbox, claim: Claim) -> Claim:
    await inbox.settle(claim, Again(0.0))
    return await inbox.claim_one()


async def test_a_95033_never_marks_an_undelivered_text_as_sent(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    spent: set[str] = set()

    async def first_refused(body: dict[str, object]) -> dict[str, object]:
        spent.add(str(body["msgid"]))  # the platform looks at the msgid before it looks at the limit
        return {"errcode": LIMITED}

    async def then_by_msgid(body: dict[str, object]) -> dict[str, object]:
        return {"errcode": DUPLICATE} if body["msgid"] in spent else {"msgid": body["msgid"]}

    line.then(SEND, first_refused, then_by_msgid)
    with pytest.raises(ApiError):
        await outbox.send_now(claim, texts(claim, "hi")[0])
    claim = await again(inbox, claim)
    assert (claim.steps[0].state, claim.steps[0].generation) == (StepState.PLANNED, 1)
    await outbox.resume(claim, claim.steps[0])
    assert await inbox.steps("a1") == [(0, StepState.ACCEPTED, msgid_of(claim, 0, 1))]
    bodies = line.bodies(SEND)
    assert bodies[0] | {"msgid": ""} == bodies[1] | {"msgid": ""}


async def test_what_may_have_arrived_keeps_its_msgid(inbox: Inbox, line: Line, outbox: Outbox, claim: Claim) -> None:
    line.then(SEND, *[NO_ANSWER] * 3, LIMITED)
    with pytest.raises(TransportError):
        await outbox.send_now(claim, texts(claim, "hi")[0])
    for code in (LIMITED, 0):
        claim = await again(inbox, claim)
        if code:
            with pytest.raises(ApiError):
                await outbox.resume(claim, claim.steps[0])
        else:
            await outbox.resume(claim, claim.steps[0])
    assert len({body["msgid"] for body in line.bodies(SEND)}) == 1


async def test_on_hold_nothing_of_unknown_outcome_is_repeated(
    inbox: Inbox, line: Line, clock: MovableClock, claim: Claim
) -> None:
    holding = Outbox(line.client(clock), inbox.store, on_unknown="hold")
    line.then(SEND, *[NO_ANSWER] * 3)
    with pytest.raises(TransportError):
        await holding.send_now(claim, texts(claim, "hi")[0])
    sent = len(line.bodies(SEND))
    claim = await again(inbox, claim)
    await holding.resume(claim, claim.steps[0])
    assert len(line.bodies(SEND)) == sent
    assert await inbox.steps("a1") == [(0, StepState.UNKNOWN, "not repeated")]


@pytest.mark.parametrize(("found", "calls"), [({"service_state": 2}, 1), ({"service_state": 1}, 2)])
async def test_a_session_that_may_have_moved_is_looked_at_before_it_is_moved_again(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim, found: dict[str, int], calls: int
) -> None:
    line.then(TRANS, NO_ANSWER, {"msg_code": "CODE"})
    line.then(GET, found)
    with pytest.raises(TransportError):
        await Work(claim, outbox, 0.0).trans(2)
    claim = await again(inbox, claim)
    code = await Work(claim, outbox, 0.0).trans(2)
    assert len(line.bodies(TRANS)) == calls
    assert code == ("CODE" if calls == 2 else "")


async def test_a_servicer_who_is_another_is_no_success(inbox: Inbox, line: Line, outbox: Outbox, claim: Claim) -> None:
    line.then(TRANS, NO_ANSWER)
    line.then(GET, {"service_state": 3, "servicer_userid": "lisi"})
    with pytest.raises(TransportError):
        await Work(claim, outbox, 0.0).trans(3, "zhangsan")
    claim = await again(inbox, claim)
    await Work(claim, outbox, 0.0).trans(3, "zhangsan")
    assert [body["servicer_userid"] for body in line.bodies(TRANS)] == ["zhangsan"] * 2


async def test_a_refused_change_is_refused_again_without_a_call(
    inbox: Inbox, line: Line, outbox: Outbox, claim: Claim
) -> None:
    line.then(TRANS, 95016)
    for _ in range(2):
        with pytest.raises(ApiError):
            await Work(claim, outbox, 0.0).trans(1)
        claim = await again(inbox, claim)
    assert len(line.bodies(TRANS)) == 1


async def test_a_timer_of_an_earlier_run_is_passed(inbox: Inbox, outbox: Outbox, claim: Claim) -> None:
    first = await Work(claim, outbox, 0.0).later(100.0, "hi")
    claim = await again(inbox, claim)
    assert await Work(claim, outbox, 0.0).later(200.0, "another") == first
    assert json.loads(claim.steps[0].body)["send"] == {"msgtype": "text", "text": {"content": "hi"}}
    await inbox.receive(row("b1", "wmB"))
