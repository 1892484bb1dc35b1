"""One message in the hands of a handler."""

import logging
from collections.abc import Sequence

from wxkf.engine.outbox import BY_CODE, SEND, Outbox, on_event_step, send_step
from wxkf.engine.store import Claim, Step, StepState
from wxkf.errors import Diverged
from wxkf.messages.decode import decode_message
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Inbound
from wxkf.messages.outbound import Outbound

log = logging.getLogger("wxkf.work")

_CODE_LIFE = 20.0 + 10.0  # seconds: what the platform says, and what two clocks may differ by
_GONE = (StepState.SENDING, StepState.ACCEPTED, StepState.UNKNOWN)  # what may be with the platform


class Work:
    """A claimed message: what it says, and how to answer it.

    Effects are numbered in the order in which the handler asks for them, so a handler that runs again gets the
    recorded outcome of those it had reached before.
    """

    def __init__(self, claim: Claim, outbox: Outbox, now: float) -> None:
        self.claim = claim
        self.event: Inbound = decode_message(claim.raw)
        self._outbox = outbox
        self._position = 0
        self._code = self._welcome_code(now)
        self._may_greet = bool(self._code) or not isinstance(self.event, EnterSession)

    async def send(self, message: Outbound) -> None:
        """Send now.

        Raises `ApiError` when the platform refuses, `LimitError` when a documented limit is broken, `Diverged` when
        an earlier run did something else here.
        """
        for earlier in self.claim.steps:
            if earlier.position == self._position:
                self._pass(earlier)
                await self._outbox.resume(self.claim, earlier)
                return
        await self._outbox.send_now(self.claim, self._number(message))

    def plan(self, messages: Sequence[Outbound]) -> list[Step]:
        """Number what is to be sent once the handler has returned; it comes after all that any run has sent.

        A greeting without a welcome code is not sent: the customer was greeted or has written within 48 hours, and
        the session may be closed to us. Raises `LimitError`.
        """
        if messages and not self._may_greet:
            log.info("no greeting for %s: no welcome code that is good now", self.claim.msgid)
            return []
        self._position = max([self._position, *(step.position + 1 for step in self.claim.steps)])
        if any(step.path == BY_CODE and step.state in _GONE for step in self.claim.steps):
            self._code = ""
        return [self._number(message) for message in messages]

    def _welcome_code(self, now: float) -> str:
        if not isinstance(self.event, EnterSession) or now - self.event.send_time > _CODE_LIFE:
            return ""
        return self.event.welcome_code

    def _number(self, message: Outbound) -> Step:
        """Write down the next effect; one that breaks a limit takes its number with it, but not the code."""
        position, self._position = self._position, self._position + 1
        if not self._code:
            return send_step(self.claim, position, message)
        step = on_event_step(self.claim, position, message, self._code)
        self._code = ""
        return step

    def _pass(self, earlier: Step) -> None:
        """Go past an effect of an earlier run, which may have had a code that is too old by now."""
        path = BY_CODE if self._code else SEND
        if earlier.path not in (path, BY_CODE):
            raise Diverged(f"effect {earlier.position} of {self.claim.msgid} was {earlier.path}, is {path}")
        self._position, self._code = self._position + 1, ""
