"""A dispatcher at work: messages put in by the test, a handler of the test's own, a scripted line out."""

import asyncio
from collections.abc import Sequence
from typing import Any, Self

from kit.inboxes import APP, Inbox, row
from kit.lines import SEND, Line
from wxkf.engine.activity import Activity
from wxkf.engine.dispatcher import Dispatcher, Handler
from wxkf.engine.outbox import Outbox
from wxkf.engine.settings import Limits
from wxkf.engine.work import Work
from wxkf.messages.inbound import Text
from wxkf.messages.outbound import Outbound
from wxkf.messages.outbound import Text as Say
from wxkf.testing.clock import MovableClock


class Desk:
    """Use it as `async with Desk(...) as desk`."""

    def __init__(self, inbox: Inbox, line: Line, clock: MovableClock, handler: Handler, **limits: Any) -> None:
        self.inbox, self.line, self.clock = inbox, line, clock
        self._activity = Activity()
        outbox = Outbox(line.client(clock), inbox.store)
        self.dispatcher = Dispatcher(APP, inbox.store, outbox, handler, clock, self._activity, limits=Limits(**limits))

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.dispatcher.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task.done():
            await self._task  # it never ends by itself: show why it did
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.dispatcher.stop(0)

    async def receives(self, *messages: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> None:
        """Put messages (msgid, customer) into the inbox and ring."""
        rows = [row(message[0], message[1], raw=message[2] if len(message) > 2 else None) for message in messages]
        await self.inbox.receive(*rows, now=self.clock.now())
        self.dispatcher.hint()

    async def settles(self) -> None:
        """Return when nothing is left to do; what is due later is brought forward."""
        async with asyncio.timeout(5):
            while True:
                await self._activity.quiet()
                due = await self.inbox.store.next_due()
                if due is None:
                    return
                self.clock.forward(seconds=max(0.0, due - self.clock.now()))
                self.dispatcher.hint()

    async def quiet(self) -> None:
        """Return when nothing is ready or under way."""
        async with asyncio.timeout(5):
            await self._activity.quiet()

    @property
    def said(self) -> list[str]:
        """The texts that were sent, in order."""
        return [body["text"]["content"] for body in self.line.bodies(SEND)]


async def echo(work: Work) -> Sequence[Outbound]:
    """Say what was said."""
    assert isinstance(work.event, Text)
    return [Say(content=work.event.text.content)]
