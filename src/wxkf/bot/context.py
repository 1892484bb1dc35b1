"""What a handler holds in its hands."""

from typing import Generic, TypeVar

from wxkf.bot.text import in_parts
from wxkf.clock import Clock
from wxkf.engine.work import Work
from wxkf.messages.inbound import Inbound, Text
from wxkf.messages.outbound import Outbound

E = TypeVar("E", bound=Inbound, covariant=True)


class Context(Generic[E]):
    """One event and the means to answer it. What the handler returns is the reply; `reply` is for more than one."""

    def __init__(self, event: E, work: Work, clock: Clock) -> None:
        self._event, self._work, self._clock = event, work, clock

    @property
    def event(self) -> E:
        """The message or event as it came."""
        return self._event

    @property
    def text(self) -> str:
        """The customer's words; empty for anything but text."""
        return self._event.text.content if isinstance(self._event, Text) else ""

    @property
    def customer(self) -> str:
        """The customer's `external_userid`."""
        return self._work.claim.external_userid

    @property
    def account(self) -> str:
        """The account's `open_kfid`."""
        return self._work.claim.open_kfid

    @property
    def age(self) -> float:
        """Seconds since the customer sent this; large after an outage."""
        return max(0.0, self._clock.now() - self._event.send_time)

    @property
    def attempt(self) -> int:
        """Which run of the handler for this event this is, from 1."""
        return self._work.claim.attempt

    async def reply(self, message: str | Outbound) -> None:
        """Send now, before the handler returns; a text above 2048 bytes in parts, up to 5. Raises `ApiError`.

        A handler that runs again after a crash does not send what it had sent: it gets the recorded outcome.
        """
        for part in in_parts(message, self._event):
            await self._work.send(part)
