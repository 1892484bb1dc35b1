"""Effects exactly once, as far as the platform lets us: the row before the call, the result after.

The msgid of a send is a digest of the message it answers and its position, so a repeat bears the same one. A step
found `sending` has an unknown outcome: a send is repeated with the stored body, and 95033 (duplicate) then means that
the first try had arrived; any other refusal leaves it `unknown`. What can not be repeated (`send_msg_on_event`, a
one-time code) is left `unknown` at once. A try that certainly never left puts its row back to `planned`, so that no
95033 can ever mark an undelivered text as sent. A step is never sent with a body other than the stored one, and its
limits are checked once, before the row is written.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from wxkf.api.message import SentMessage, answering, sending
from wxkf.client.aio import AsyncClient
from wxkf.engine.store import Claim, Step, StepState, Store
from wxkf.errors import ApiError, Duplicate, TransportError
from wxkf.messages.outbound import Outbound
from wxkf.protocol.call import Call, encode_body
from wxkf.protocol.limits import check

log = logging.getLogger("wxkf.outbox")

SEND, BY_CODE = "kf/send_msg", "kf/send_msg_on_event"
_OPEN = (StepState.PLANNED, StepState.SENDING)
_BUSY = -1  # the one refusal of which nobody says whether it came before or after the deed


def msgid_of(claim: Claim, position: int) -> str:
    """Derive the msgid of a send: the same whenever it is tried, at most 32 characters."""
    key = "\n".join((claim.app, claim.open_kfid, claim.msgid, str(position), "0"))
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def send_step(claim: Claim, position: int, message: Outbound) -> Step:
    """Write down a send to the customer of this conversation. Raises `LimitError`."""
    to = {"touser": claim.external_userid, "open_kfid": claim.open_kfid, "msgid": msgid_of(claim, position)}
    return _step(position, sending({**to, **message.wire()}))


def on_event_step(claim: Claim, position: int, message: Outbound, code: str) -> Step:
    """Write down an answer to an event by its one-time code. Raises `LimitError`."""
    return _step(position, answering({"code": code, "msgid": msgid_of(claim, position), **message.wire()}))


def _step(position: int, call: Call[SentMessage]) -> Step:
    return Step(position, call.path, encode_body(check(call).body or {}), StepState.PLANNED)


def first_sending(steps: Sequence[Step]) -> list[Step]:
    """Mark the first step as about to leave; the others follow one by one as results come in."""
    return [replace(step, state=StepState.SENDING) if not index else step for index, step in enumerate(steps)]


class Outbox:
    """Carries steps out and records what came of them."""

    def __init__(self, client: AsyncClient, store: Store) -> None:
        self._client, self._store = client, store

    async def send_now(self, claim: Claim, step: Step) -> Step:
        """Carry out one step in the middle of a handler. Raises what the call raises; a refusal is recorded first."""
        return await self._carry_out(claim, await self._mark(claim, step), unknown=False)

    async def resume(self, claim: Claim, step: Step) -> Step:
        """Carry on with a step of an earlier run; one that is settled has the outcome it had then."""
        if step.state is StepState.REFUSED:
            raise ApiError.of(int(step.result), "in an earlier run", step.path)
        if step.state is StepState.PLANNED:
            return await self.send_now(claim, step)
        return await self._carry_out(claim, step, unknown=True) if step.state is StepState.SENDING else step

    async def deliver(self, claim: Claim, steps: Sequence[Step], *, fresh: bool) -> None:
        """Carry out what is left to do, in order; after a refusal the rest is not sent.

        `fresh` tells that the steps were written just now, so nothing of them can have left before. Raises
        `TransportError` and `ApiError` for what should be tried again later.
        """
        refused = ""
        for index, found in enumerate([step for step in steps if step.state in _OPEN]):
            if refused:
                await self._store.record(claim, found.position, StepState.REFUSED, refused)
                continue
            unknown = not fresh and found.state is StepState.SENDING
            mark = index == 0 and found.state is StepState.PLANNED  # the others are, as the one before is recorded
            step = await self._mark(claim, found) if mark else found
            try:
                await self._carry_out(claim, step, unknown=unknown)
            except ApiError as error:
                if _is_later(step, error):
                    raise
                log.warning("reply to %s not sent: %s", claim.msgid, error)
                refused = f"{error.errcode}"

    async def _carry_out(self, claim: Claim, step: Step, *, unknown: bool) -> Step:
        """Make the call of a step that is marked `sending`; `unknown` tells that an earlier try may have arrived."""
        call = _call(step)
        if unknown and call.repeat == "never":
            log.warning("whether the answer to event %s arrived is unknown; it is not repeated", claim.msgid)
            return await self._record(claim, step, StepState.UNKNOWN, "not repeated")
        try:
            answer = await self._client.run(call)
        except Duplicate as error:
            if unknown:
                return await self._record(claim, step, StepState.ACCEPTED, str(error.errcode))
            await self._record(claim, step, StepState.REFUSED, str(error.errcode))
            raise
        except (TransportError, ApiError) as error:
            return await self._failed(claim, step, call, error, unknown=unknown)
        return await self._record(claim, step, StepState.ACCEPTED, answer.msgid)

    async def _failed(
        self, claim: Claim, step: Step, call: Call[SentMessage], error: TransportError | ApiError, *, unknown: bool
    ) -> Step:
        """Write down what a failure means for the row, then raise it."""
        if isinstance(error, ApiError) and not _is_later(step, error):
            state = StepState.UNKNOWN if unknown or error.after_unknown else StepState.REFUSED
            await self._record(claim, step, state, str(error.errcode))
        elif not unknown and _never_left(step, call, error):
            await self._store.begin(claim, replace(step, state=StepState.PLANNED))
        elif call.repeat == "never":
            return await self._record(claim, step, StepState.UNKNOWN, str(error))
        raise error

    async def _mark(self, claim: Claim, step: Step) -> Step:
        marked = replace(step, state=StepState.SENDING)
        await self._store.begin(claim, marked)
        return marked

    async def _record(self, claim: Claim, step: Step, state: StepState, result: str) -> Step:
        await self._store.record(claim, step.position, state, result)
        return replace(step, state=state, result=result)


def _is_later(step: Step, error: ApiError) -> bool:
    """Whether it should be tried again later: passing trouble, or trouble with the token, not with the message."""
    return error.retryable or error.retry == "token" or error.path != step.path


def _never_left(step: Step, call: Call[SentMessage], error: TransportError | ApiError) -> bool:
    """Whether the message is certainly not with the platform."""
    if isinstance(error, TransportError):
        return not error.sent
    if error.after_unknown:
        return False
    return error.path != step.path or error.errcode != _BUSY or call.repeat == "never"


def _call(step: Step) -> Call[SentMessage]:
    body = msgspec.json.decode(step.body, type=dict[str, object])
    call = sending(body) if step.path == SEND else answering(body)
    return msgspec.structs.replace(call, limits={})  # checked when it was new; what is written is sent
