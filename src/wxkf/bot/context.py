"""What a handler holds in its hands: `Context` in a coroutine, `SyncContext` in a plain function, by the same names."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

from wxkf.bot.text import in_parts
from wxkf.clock import Clock
from wxkf.engine.work import Work
from wxkf.messages.inbound import Inbound, Text
from wxkf.messages.outbound import Outbound

E = TypeVar("E", bound=Inbound, covariant=True)
T = TypeVar("T")


class Occasion(Generic[E]):
    """What there is to know about an event, for handlers of either kind."""

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


class Context(Occasion[E]):
    """One event and the means to answer it. What the handler returns is the reply; `reply` is for more than one."""

    async def reply(self, message: str | Outbound) -> None:
        """Send now, before the handler returns; a text above 2048 bytes in parts, up to 5. Raises `ApiError`.

        A handler that runs again after a crash does not send what it had sent: it gets the recorded outcome.
        """
        for part in in_parts(message, self._event):
            await self._work.send(part)


class SyncContext(Occasion[E]):
    """The same for a plain function, which runs in a thread of its own: each call waits for what it does."""

    def __init__(self, context: Context[E]) -> None:
        super().__init__(context._event, context._work, context._clock)
        self._context, self._loop = context, asyncio.get_running_loop()

    def reply(self, message: str | Outbound) -> None:
        """See `Context.reply`."""
        self._wait(self._context.reply(message))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
