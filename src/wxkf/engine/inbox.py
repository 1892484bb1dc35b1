"""The inbox without a bot: messages come out of a loop of your own, with every guarantee of the engine.

Nothing global is touched: no signal handlers, no logging set up, one event loop, yours.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from wxkf.client.aio import AsyncClient
from wxkf.client.settings import App
from wxkf.clock import Clock
from wxkf.engine.engine import Engine
from wxkf.engine.outbox import Outbox
from wxkf.engine.settings import InboxSettings
from wxkf.engine.store import Store
from wxkf.engine.values import Claim
from wxkf.engine.verdicts import Released
from wxkf.engine.work import Work
from wxkf.errors import LostClaim, WxkfError
from wxkf.messages.outbound import Outbound, Text
from wxkf.protocol.callback import Notice

log = logging.getLogger("wxkf.inbox")


class OpenWork(Work):
    """A message that is yours until you say `done` or `fail`; `async with work:` says which by itself.

    Other messages of this customer wait meanwhile, those of others do not.
    """

    def __init__(self, claim: Claim, outbox: Outbox, now: float) -> None:
        super().__init__(claim, outbox, now)
        loop = asyncio.get_running_loop()
        self.over: asyncio.Future[Sequence[Outbound]] = loop.create_future()
        self._kept: asyncio.Future[None] = loop.create_future()

    async def done(self, *replies: str | Outbound) -> None:
        """Say that this message is dealt with; replies given here are stored with that, and sent without fail.

        Returns when it is on disk. Raises `LostClaim` if the message was taken away meanwhile or is dealt with already,
        `LimitError` for a reply that breaks a documented limit, and then the message is not dealt with.
        """
        if self.over.done():
            raise LostClaim(f"message {self.claim.msgid} is not ours any more")
        self.over.set_result([Text(content=one) if isinstance(one, str) else one for one in replies])
        await asyncio.shield(self._kept)

    def fail(self, error: Exception) -> None:
        """Say that it went wrong: it comes again, three times in all within a minute, then goes to the dead list."""
        if isinstance(error, StopIteration):  # which no future takes
            error = RuntimeError(f"StopIteration: {error}")
        if not self.over.done():
            self.over.set_exception(error)

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        """Say `done`, or `fail` where the block raised; an error is logged with its message and ends nothing else."""
        if isinstance(error, Exception):
            if self.over.done():
                log.error("message %s: an error after its end", self.claim.msgid, exc_info=error)
            self.fail(error)
            return True
        if error is not None:
            self.fail(Released())
        elif not self.over.done():
            with suppress(WxkfError):  # then it is not done, and comes again
                await self.done()
        return False

    @property
    def is_untouched(self) -> bool:
        """See `Work.is_untouched`: here somebody waits in `done`."""
        return False

    def finished(self, error: BaseException | None = None) -> None:
        """See `Work.finished`."""
        if self._kept.done():
            return
        if error is None:
            self._kept.set_result(None)
        elif self.over.done() and not self.over.cancelled() and self.over.exception() is None:
            # somebody waits in `done`
            is_cut = isinstance(error, asyncio.CancelledError)
            self._kept.set_exception(LostClaim(f"message {self.claim.msgid} was taken away") if is_cut else error)


class Inbox:
    """Use it as `async with Inbox(app, store) as inbox: async for work in inbox: …`.

    Several tasks may take from one inbox. Give `note` to whoever receives the callbacks
    (`CallbackApp(app.receiver(), inbox.note)`); for an app without Token and key none come, and news is polled for. The
    `client` is the inbox's own, and closed with it, unless one is given.
    """

    def __init__(
        self,
        app: App,
        store: Store,
        *,
        client: AsyncClient | None = None,
        settings: InboxSettings | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._own_client, self._store = client is None, store
        self.client = client or AsyncClient.of(app, clock=clock)
        self._queue: asyncio.Queue[OpenWork | None] = asyncio.Queue()
        self._stopped = False
        self.engine = Engine(
            app.name, self.client, store, self._hand_over,
            clock=clock, settings=settings, callbacks=bool(app.pairs), make=OpenWork, timed=False,
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        """Go to work. Raises `StoreError` when the store cannot be used."""
        await self.engine.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop: what was handed out and is not done comes again at the next start."""
        self.stop()
        try:
            await self.engine.__aexit__()
        finally:
            if self._own_client:
                await self.client.aclose()

    async def note(self, notice: Notice) -> None:
        """Take a callback; returns at once."""
        await self.engine.note(notice)

    def stop(self) -> None:
        """End the loops over this inbox; what waits to be taken comes again at the next start."""
        if not self._stopped:
            self._stopped = True
            while not self._queue.empty():
                work = self._queue.get_nowait()
                if work is not None:
                    work.fail(Released())
            self._queue.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[OpenWork]:
        """Give out messages until `stop`."""
        while (work := await self._queue.get()) is not None:
            if not self._store.alive:
                work.fail(Released())
            if not work.over.done():  # it may have been taken away while it waited here
                yield work
        self._queue.put_nowait(None)  # for the next loop

    async def _hand_over(self, work: Work) -> Sequence[Outbound]:
        assert isinstance(work, OpenWork)  # noqa: S101 - made by `make`
        if self._stopped:
            raise Released
        self._queue.put_nowait(work)
        return await work.over
