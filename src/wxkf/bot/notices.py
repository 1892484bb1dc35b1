"""Words beside the answer: sent after a while if the answer has not come by then, dropped if it has."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from wxkf.clock import Clock
from wxkf.engine.work import Work
from wxkf.errors import LostClaim, WxkfError
from wxkf.messages.outbound import Outbound

log = logging.getLogger("wxkf.bot")


class Notices:
    """Those of one run of a handler."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock
        self._answered = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, message: Callable[[], Awaitable[Outbound | None]], after: float) -> None:
        """Say this after so many seconds, unless the answer is there by then."""
        due = self._clock.now() + after
        self._tasks.append(asyncio.create_task(self._say(len(self._tasks), message, due)))

    async def end(self) -> None:
        """Say nothing that has not begun; return when what has begun is said, so that the answer comes after it."""
        if self._tasks:
            self._answered.set()
            await asyncio.gather(*self._tasks)

    async def _say(self, number: int, message: Callable[[], Awaitable[Outbound | None]], due: float) -> None:
        await self._clock.wait(self._answered, max(0.0, due - self._clock.now()))
        if self._answered.is_set():
            return
        try:
            if words := await message():
                await self._work.notice(number, words)
        except LostClaim:
            return
        except WxkfError as error:  # the answer goes on without it
            log.warning("a notice to %s was not sent: %s", self._work.claim.msgid, error)
        except Exception:  # a hook of the bot's
            log.exception("a notice to %s was not sent", self._work.claim.msgid)
