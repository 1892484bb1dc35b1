"""A puller at work: rung by the test, fed by a scripted line, writing into a real store."""

import asyncio
from typing import Any, Self

from kit.inboxes import KF, Inbox
from kit.lines import SYNC, Line
from wxkf.engine.activity import Activity
from wxkf.engine.puller import Budget, Puller
from wxkf.testing.clock import MovableClock

UNLIMITED = 1e15


def page(cursor: str, *items: dict[str, Any], has_more: object = 0) -> dict[str, Any]:
    """Make an answer of sync_msg."""
    return {"next_cursor": cursor, "has_more": has_more, "msg_list": list(items)}


class Pull:
    """Use it as `async with Pull(...) as pull`."""

    def __init__(
        self, inbox: Inbox, line: Line, clock: MovableClock, *, budget: Budget | None = None, open_kfid: str = KF
    ) -> None:
        self.line, self.clock, self.arrivals = line, clock, 0
        self._inbox, self._open_kfid = inbox, open_kfid
        self._budget = budget or Budget(UNLIMITED)
        self._activity = Activity()

    async def __aenter__(self) -> Self:
        account = await self._inbox.store.account("ww1", self._open_kfid, 0.0)
        client = self.line.client(self.clock)
        self.puller = Puller(
            account, client, self._inbox.store, self.clock, self._budget, self._activity, self._arrived, poll=60.0
        )
        self._task = asyncio.create_task(self.puller.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task.done():
            await self._task  # it never ends by itself: show why it did
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def rings(self, *tokens: str) -> list[dict[str, Any]]:
        """Ring, wait until all is done, and give what was asked of the platform so far."""
        for token in tokens:
            self.puller.ring(token)
        return await self.quiet()

    async def waits(self, seconds: float, *, calls: int) -> list[dict[str, Any]]:
        """Let time pass until there were so many calls in all."""
        self.clock.forward(seconds=seconds)
        await self.line.called(SYNC, calls)
        return await self.quiet()

    async def quiet(self) -> list[dict[str, Any]]:
        """Wait until all is done."""
        async with asyncio.timeout(5):
            await self._activity.quiet()
        return self.line.bodies(SYNC)

    def _arrived(self) -> None:
        self.arrivals += 1
