"""Effects exactly once, as far as the platform lets us: the row before the call, the result after.

The msgid of a send is a digest of the message it answers and its position, so a repeat bears the same one. A step
found `sending` has an unknown outcome: a send is repeated with the stored body, and 95033 (duplicate) then means that
the first try had arrived; any other refusal leaves it `unknown`. What can not be repeated (`send_msg_on_event`, a
one-time code) is left `unknown` at once. A step is never sent with a body other than the stored one.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from wxkf.api.message import SentMessage
from wxkf.client.aio import AsyncClient
from wxkf.engine.store import Claim, Step, StepState, Store
from wxkf.errors import ApiError, Duplicate, TransportError
from wxkf.messages.outbound import Outbound
from wxkf.protocol.call import Call, post

log = logging.getLogger("wxkf.outbox")

_SEND = "kf/send_msg"
_ON_EVENT = "kf/send_msg_on_event"
_OPEN = (StepState.PLANNED, StepState.SENDING)


def msgid_of(claim: Claim, position: int) -> str:
    """Derive the msgid of a send: the same whenever it is tried, at most 32 characters."""
    key = "\n".join((claim.app, claim.open_kfid, claim.msgid, str(position), "0"))
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def send_step(claim: Claim, position: int, message: Outbound) -> Step:
    """Write down a send to the customer of this conversation."""
    to = {"touser": claim.external_userid, "open_kfid": claim.open_kfid}
    return _step(claim, position, _SEND, to, message)


def on_event_step(claim: Claim, position: int, message: Outbound, code: str) -> Step:
    """Write down an answer to an event by its one-time code."""
    return _step(claim, position, _ON_EVENT, {"code": code}, message)


def _step(claim: Claim, position: int, path: str, to: dict[str, str], message: Outbound) -> Step:
    body = msgspec.json.encode({**to, "msgid": msgid_of(claim, position), **message.wire()})
    return Step(position, path, body, StepState.PLANNED)


def first_sending(steps: Sequence[Step]) -> list[Step]:
    """Mark the first step as about to leave; the others follow one by one as results come in."""
    return [replace(step, state=StepState.SENDING) if not index else step for index, step in enumerate(steps)]


class Outbox:
    """Carries steps out and records what came of them."""

    def __init__(self, client: AsyncClient, store: Store) -> None:
        self._client, self._store = client, store

    async def send_now(self, claim: Claim, step: Step) -> Step:
        """Carry out one step in the middle of a handler. Raises what the call raises; a refusal is recorded first."""
        started = replace(step, state=StepState.SENDING)
        await self._store.begin(claim, started)
        return await self._carry_out(claim, started, repeated=False)

    async def resume(self, claim: Claim, step: Step) -> Step:
        """Carry on with a step of an earlier run; one that is settled has the outcome it had then."""
        if step.state is StepState.REFUSED:
            raise ApiError.of(int(step.result), "in an earlier run", step.path)
        return await self._carry_out(claim, step, repeated=True) if step.state in _OPEN else step

    async def deliver(self, claim: Claim, steps: Sequence[Step], *, fresh: bool) -> None:
        """Carry out what is left to do, in order; after a refusal the rest is not sent.

        `fresh` tells that the steps were written just now, so nothing of them can have left before. Raises
        `TransportError` and retryable `ApiError` for what should be tried again later.
        """
        refused = ""
        left = [step for step in steps if step.state in _OPEN]
        for index, step in enumerate(left):
            if refused:
                await self._store.record(claim, step.position, StepState.REFUSED, refused)
                continue
            try:
                await self._carry_out(claim, step, repeated=not fresh and not index)
            except ApiError as error:
                if error.retryable:
                    raise
                log.warning("reply to %s not sent: %s", claim.msgid, error)
                refused = f"{error.errcode}"

    async def _carry_out(self, claim: Claim, step: Step, *, repeated: bool) -> Step:
        call = _call(step)
        unknown_before = repeated and step.state is StepState.SENDING
        if unknown_before and call.repeat == "never":
            log.warning("whether the answer to event %s arrived is unknown; it is not repeated", claim.msgid)
            return await self._record(claim, step, StepState.UNKNOWN, "not repeated")
        try:
            answer = await self._client.run(call)
        except Duplicate:
            if not unknown_before:
                await self._record(claim, step, StepState.REFUSED, "95033")
                raise
            return await self._record(claim, step, StepState.ACCEPTED, "95033")
        except TransportError as error:
            if error.sent and call.repeat == "never":
                return await self._record(claim, step, StepState.UNKNOWN, str(error))
            raise
        except ApiError as error:
            if error.retryable:
                raise
            state = StepState.UNKNOWN if unknown_before or error.after_unknown else StepState.REFUSED
            await self._record(claim, step, state, str(error.errcode))
            raise
        return await self._record(claim, step, StepState.ACCEPTED, answer.msgid)

    async def _record(self, claim: Claim, step: Step, state: StepState, result: str) -> Step:
        await self._store.record(claim, step.position, state, result)
        return replace(step, state=state, result=result)


def _call(step: Step) -> Call[SentMessage]:
    fields = msgspec.json.decode(step.body, type=dict[str, object])
    if step.path == _ON_EVENT:
        return post(step.path, SentMessage, repeat="never", fields=fields)
    return post(step.path, SentMessage, repeat="keyed", fields=fields, assumed=SentMessage(msgid=str(fields["msgid"])))
