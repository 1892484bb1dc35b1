"""Effects exactly once, as far as the platform lets us: the row before the call, the result after.

The msgid of a send is a digest of the message it answers and its position, so a repeat bears the same one. A step
found `sending` has an unknown outcome: a send is repeated with the stored body, and 95033 (duplicate) then means that
the first try had arrived; any other refusal leaves it `unknown`. What can not be repeated (`send_msg_on_event`, a
one-time code) is left `unknown` at once; a change of the session is repeated only after a look at the session. A try
that certainly never left puts its row back to `planned`; one that was refused for now gets another msgid (the next
generation), so that no 95033 can ever mark an undelivered text as sent. Within a generation a step is never sent with a
body other than the stored one, and its limits are checked once, before the row is written.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import msgspec

from wxkf.api.message import SentMessage, answering, sending
from wxkf.api.service_state import StateChanged, moving
from wxkf.client.aio import AsyncClient
from wxkf.engine.about import about
from wxkf.engine.store import Store
from wxkf.engine.values import Claim, Rest, Step, StepState
from wxkf.errors import ApiError, Duplicate, TransportError
from wxkf.messages.outbound import Outbound
from wxkf.protocol.call import Call, encode_body
from wxkf.protocol.limits import check

log = logging.getLogger("wxkf.outbox")

SEND, BY_CODE, TRANS = "kf/send_msg", "kf/send_msg_on_event", "kf/service_state/trans"
_CALLS: dict[str, Callable[[Mapping[str, Any]], Call[Any]]] = {SEND: sending, BY_CODE: answering, TRANS: moving}
_OPEN = (StepState.PLANNED, StepState.SENDING)
_BUSY = -1  # the one refusal of which nobody says whether it came before or after the deed


OnUnknown = Literal["resend", "hold"]
OnRefused = Callable[[AsyncClient, Claim, Step, ApiError], Awaitable[None]]
"""Told of a reply that the platform has refused after the handler had returned."""

_WITH_PEOPLE = (2, 3)  # states of a session: in the queue, with a servicer
_NOT_OURS = 95018


def msgid_of(claim: Claim, position: int, generation: int = 0) -> str:
    """Derive the msgid of a send: the same whenever it is tried, at most 32 characters."""
    key = "\n".join((claim.app, claim.open_kfid, claim.msgid, str(position), str(generation)))
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def send_step(claim: Claim, position: int, message: Outbound) -> Step:
    """Write down a send to the customer of this conversation. Raises `LimitError`."""
    to = {"touser": claim.external_userid, "open_kfid": claim.open_kfid, "msgid": msgid_of(claim, position)}
    return _step(position, sending({**to, **message.wire()}))


def on_event_step(claim: Claim, position: int, message: Outbound, code: str) -> Step:
    """Write down an answer to an event by its one-time code. Raises `LimitError`."""
    return _step(position, answering({"code": code, "msgid": msgid_of(claim, position), **message.wire()}))


def trans_step(claim: Claim, position: int, state: int, servicer_userid: str) -> Step:
    """Write down a change of the session. Raises `LimitError`."""
    body: dict[str, object] = {"open_kfid": claim.open_kfid, "external_userid": claim.external_userid}
    body |= {"service_state": state} | ({"servicer_userid": servicer_userid} if servicer_userid else {})
    return _step(position, moving(body))


def _step(position: int, call: Call[Any]) -> Step:
    return Step(position, call.path, encode_body(check(call).body or {}), StepState.PLANNED)


def first_sending(steps: Sequence[Step]) -> list[Step]:
    """Mark the first step as about to leave; the others follow one by one as results come in."""
    return [replace(step, state=StepState.SENDING) if not index else step for index, step in enumerate(steps)]


class Outbox:
    """Carries steps out and records what came of them.

    `on_unknown` says what becomes of a send that may have arrived before a crash: it is sent once more under the same
    msgid, or held as `unknown` for a person to decide.
    """

    def __init__(
        self,
        client: AsyncClient,
        store: Store,
        *,
        on_unknown: OnUnknown = "resend",
        on_refused: OnRefused | None = None,
    ) -> None:
        self.client, self.store, self._on_unknown, self._on_refused = client, store, on_unknown, on_refused

    async def send_now(self, claim: Claim, step: Step) -> Step:
        """Carry out one step in the middle of a handler. Raises what the call raises; a refusal is recorded first."""
        return await self._carry_out(claim, await self._mark(claim, step), unknown=False)

    async def resume(self, claim: Claim, step: Step) -> Step:
        """Carry on with a step of an earlier run; one that is settled has the outcome it had then."""
        if step.state is StepState.REFUSED:
            code = int(step.result) if step.result.removeprefix("-").isdigit() else _BUSY
            raise ApiError.of(code, "in an earlier run", step.path)
        if step.state is StepState.PLANNED:
            return await self.send_now(claim, step)
        return await self._carry_out(claim, step, unknown=True) if step.state is StepState.SENDING else step

    async def deliver(self, claim: Claim, steps: Sequence[Step], *, fresh: bool) -> None:
        """Carry out what is left to do, in order; after a refusal the rest is not sent.

        `fresh` tells that the steps were written just now, so nothing of them can have left before. Raises
        `TransportError` and `ApiError` for what should be tried again later.
        """
        for index, found in enumerate([step for step in steps if step.state in _OPEN]):
            unknown = not fresh and found.state is StepState.SENDING
            mark = index == 0 and found.state is StepState.PLANNED  # the others are, as the one before is recorded
            step = await self._mark(claim, found) if mark else found
            try:
                await self._carry_out(claim, step, unknown=unknown, leads=True)
            except ApiError as error:
                if _is_later(step, error):
                    raise
                log.warning("reply to %s not sent: %s", claim.msgid, error, extra=about(claim))
                if self._on_refused:
                    await self._on_refused(self.client, claim, step, error)
                break

    async def _carry_out(self, claim: Claim, step: Step, *, unknown: bool, leads: bool = False) -> Step:
        """Make the call of a step that is marked `sending`.

        `unknown` tells that an earlier try may have arrived; where it `leads`, those behind it go on or are given up.
        """
        call = _call(step)
        go: Rest = "go" if leads else "stay"
        stop: Rest = "stop" if leads else "stay"
        if unknown and step.path == TRANS:
            if await self._has_moved(step):
                log.warning(
                    "the session of %s had been changed; the msg_code of that is lost", claim.msgid, extra=about(claim)
                )
                return await self._moved(claim, step, await self._record(claim, step, StepState.ACCEPTED, "", go))
            unknown = False
        if unknown and (call.repeat == "never" or self._on_unknown == "hold"):
            log.warning(
                "whether an answer to %s arrived is unknown; it is not repeated", claim.msgid, extra=about(claim)
            )
            return await self._record(claim, step, StepState.UNKNOWN, "not repeated", go)
        try:
            answer = await self.client.run(call)
        except Duplicate as error:
            if unknown:
                return await self._record(claim, step, StepState.ACCEPTED, str(error.errcode), go)
            await self._record(claim, step, StepState.REFUSED, str(error.errcode), stop)
            raise
        except (TransportError, ApiError) as error:
            if isinstance(error, ApiError) and not _is_later(step, error):
                state = StepState.UNKNOWN if unknown or error.after_unknown else StepState.REFUSED
                await self._record(claim, step, state, str(error.errcode), stop)
                if error.errcode == _NOT_OURS:  # whoever has it: the next message asks
                    await self.store.note_people(claim, True)
            elif not unknown and _never_left(step, call, error):
                refused = isinstance(error, ApiError) and error.path == step.path and error.errcode != _BUSY
                await self.store.begin(claim, _anew(claim, step) if refused else replace(step, state=StepState.PLANNED))
            elif call.repeat == "never" and step.path != TRANS:
                return await self._record(claim, step, StepState.UNKNOWN, str(error), go)
            raise
        done = await self._record(claim, step, StepState.ACCEPTED, _result(answer), go)
        return await self._moved(claim, step, done) if step.path == TRANS else done

    async def _moved(self, claim: Claim, step: Step, done: Step) -> Step:
        """Remember who has the session now, if the platform has moved it."""
        await self.store.note_people(claim, msgspec.json.decode(step.body)["service_state"] in _WITH_PEOPLE)
        return done

    async def _has_moved(self, step: Step) -> bool:
        """Look whether a change of the session has happened: nobody repeats one blindly."""
        body = msgspec.json.decode(step.body)
        found = await self.client.service_state.get(
            open_kfid=body["open_kfid"], external_userid=body["external_userid"]
        )
        wanted = (body["service_state"], body.get("servicer_userid", ""))
        return (found.service_state, found.servicer_userid if wanted[1] else "") == wanted

    async def _mark(self, claim: Claim, step: Step) -> Step:
        marked = replace(step, state=StepState.SENDING)
        await self.store.begin(claim, marked)
        return marked

    async def _record(self, claim: Claim, step: Step, state: StepState, result: str, rest: Rest) -> Step:
        await self.store.record(claim, step.position, state, result, rest)
        return replace(step, state=state, result=result)


def _is_later(step: Step, error: ApiError) -> bool:
    """Whether it should be tried again later: passing trouble, or trouble with the token, not with the message."""
    return error.retryable or error.retry == "token" or error.path != step.path


def _anew(claim: Claim, step: Step) -> Step:
    """Plan a step that was refused for now again, under another msgid."""
    body, generation = msgspec.json.decode(step.body), step.generation + 1
    if "msgid" in body:
        body["msgid"] = msgid_of(claim, step.position, generation)
    return replace(step, state=StepState.PLANNED, generation=generation, body=encode_body(body))


def _result(answer: SentMessage | StateChanged) -> str:
    return answer.msg_code if isinstance(answer, StateChanged) else answer.msgid


def _never_left(step: Step, call: Call[Any], error: TransportError | ApiError) -> bool:
    """Whether the message is certainly not with the platform."""
    if isinstance(error, TransportError):
        return not error.sent
    if error.after_unknown:
        return False
    return error.path != step.path or error.errcode != _BUSY or call.repeat == "never"


def _call(step: Step) -> Call[Any]:
    call = _CALLS[step.path](msgspec.json.decode(step.body, type=dict[str, object]))
    return msgspec.structs.replace(call, limits={})  # checked when it was new; what is written is sent
