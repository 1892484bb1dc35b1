"""One message in the hands of a handler."""

from collections.abc import Sequence

from wxkf.engine.outbox import Outbox, on_event_step, send_step
from wxkf.engine.store import Claim, Step
from wxkf.errors import Diverged
from wxkf.messages.decode import decode_message
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Inbound
from wxkf.messages.outbound import Outbound


class Work:
    """A claimed message: what it says, and how to answer it.

    Effects are numbered in the order in which the handler asks for them, so a handler that runs again gets the
    recorded outcome of those it had reached before.
    """

    def __init__(self, claim: Claim, outbox: Outbox) -> None:
        self.claim = claim
        self.event: Inbound = decode_message(claim.raw)
        self._outbox = outbox
        self._position = 0
        self._code = self.event.welcome_code if isinstance(self.event, EnterSession) else ""

    async def send(self, message: Outbound) -> None:
        """Send now. Raises `ApiError` when the platform refuses, `Diverged` when an earlier run did something else."""
        step = self._number(message)
        if not await self._replayed(step):
            await self._outbox.send_now(self.claim, step)

    async def plan(self, messages: Sequence[Outbound]) -> list[Step]:
        """Number what is to be sent once the handler has returned.

        A greeting without a welcome code is not sent: the customer was greeted or has written within 48 hours, and
        the session may be closed to us.
        """
        if isinstance(self.event, EnterSession) and not self._code:
            return []
        steps = [self._number(message) for message in messages]
        return [step for step in steps if not await self._replayed(step)]

    async def _replayed(self, step: Step) -> bool:
        """Whether an earlier run had reached this position; its step then counts, and is carried on with."""
        for earlier in self.claim.steps:
            if earlier.position == step.position:
                if earlier.path != step.path:
                    raise Diverged(f"effect {step.position} of {self.claim.msgid} was {earlier.path}, is {step.path}")
                await self._outbox.resume(self.claim, earlier)
                return True
        return False

    def _number(self, message: Outbound) -> Step:
        position, code = self._position, self._code
        self._position, self._code = position + 1, ""
        if code:
            return on_event_step(self.claim, position, message, code)
        return send_step(self.claim, position, message)
