"""A bot for functions that freeze: everything that is there is dealt with, then nothing is held any more.

Where a process stands still between two calls (cloud functions), no engine can be left running: what it holds would
be lost to it meanwhile, and its timers would not go off. So each call brings one to work, waits until nothing is left
to do or its time is nearly over, and stops it. What was not finished is given back; the next call goes on with it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any, Final, TypedDict

from wxkf.bot.service import Answers, Service
from wxkf.client.over_aiohttp import AsyncTransport
from wxkf.client.renewal import TokenStore
from wxkf.client.settings import App
from wxkf.client.stores.memory import MemoryTokenStore
from wxkf.clock import Clock, SystemClock
from wxkf.engine.engine import Engine
from wxkf.engine.settings import InboxSettings
from wxkf.engine.store import Store
from wxkf.errors import ConfigError, InUse, StoreError
from wxkf.protocol.callback import Notice
from wxkf.protocol.notices import KfMsgOrEvent
from wxkf.web import answer
from wxkf.web.reply import not_taken

_MARGIN: Final = 3.0  # seconds of the deadline for cutting off what still runs, and for giving it back
_GLANCE: Final = 0.25  # seconds between two looks at what cannot be waited for
_TOKENS: Final = MemoryTokenStore()  # outlives the calls, as long as the process is only frozen


class Options(TypedDict, total=False):
    """What can be chosen, as for `Service`. `token_store` is the process's memory unless another is given."""

    transport: AsyncTransport | None
    token_store: TokenStore | None
    clock: Clock | None
    settings: InboxSettings | None


@dataclass(frozen=True, slots=True)
class Drained:
    """What to answer the platform, and how it stands.

    `waiting` messages are left for the next call; `due` is when one of them is to be tried again, in seconds since the
    epoch. Both are 0 and None where no engine was needed.
    """

    status: int = 200
    body: bytes = b"success"
    waiting: int = 0
    due: float | None = None

    @property
    def text(self) -> str:
        """The body as text: what the function's platform wants to have."""
        return self.body.decode()


async def drain(
    bot: Answers,
    app: App,
    store: Store,
    verb: str,
    query: str | Mapping[str, str],
    body: str | bytes,
    deadline: float,
    options: Options,
) -> Drained:
    """See `Bot.drain`."""
    if deadline <= _MARGIN:
        raise ConfigError(f"the deadline must be more than {_MARGIN:g} seconds: so many are kept for stopping")
    clock = options.get("clock") or SystemClock()
    end = clock.elapsed() + deadline - _MARGIN
    notice = None
    if verb:
        reply = answer(app.receiver(), verb.upper(), _raw(query), body.encode() if isinstance(body, str) else body)
        if reply.notice is None:  # the URL check, or not the platform
            return Drained(reply.status, reply.body)
        notice = reply.notice
    try:
        return await _at_work(lambda: _service(bot, app, store, notice, options), notice, clock, end)
    except StoreError as error:
        if notice is None:
            raise
        reply = not_taken(error)
        return Drained(reply.status, reply.body)


def _service(bot: Answers, app: App, store: Store, notice: Notice | None, options: Options) -> Service:
    """Make the service; one that was rung asks for that account only, so that the others' budget is left alone."""
    named = notice is not None and isinstance(notice.content, KfMsgOrEvent) and bool(notice.content.open_kfid)
    return Service(
        bot,
        app,
        store,
        transport=options.get("transport"),
        token_store=options.get("token_store") or _TOKENS,
        clock=options.get("clock"),
        settings=replace(options.get("settings") or InboxSettings(), grace=0.0),
        search=not named,
    )


async def _at_work(make: Callable[[], Service], notice: Notice | None, clock: Clock, end: float) -> Drained:
    async with AsyncExitStack() as stack:
        engine = (await _entered(stack, make, clock, end)).engine
        if notice:
            await engine.note(notice)
        await _until_nothing_is_left(engine, clock, end)
        overview = (await engine.status()).overview
        due = await engine.next_due()
    return Drained(waiting=overview.waiting if overview else 0, due=due)


async def _entered(stack: AsyncExitStack, make: Callable[[], Service], clock: Clock, end: float) -> Service:
    """Go to work, if need be after the one who is: what a call is about may have come too late for the one before."""
    while True:
        try:
            return await stack.enter_async_context(make())
        except InUse:
            if clock.elapsed() >= end:
                raise
            await clock.sleep(_GLANCE)


async def _until_nothing_is_left(engine: Engine, clock: Clock, end: float) -> None:
    """Return when nothing is ready, under way or to be pulled, and nothing is due before the end; or at the end."""
    while (left := end - clock.elapsed()) > 0:
        if not await _in_time(engine.quiet(), left, clock):
            return
        pause = _GLANCE
        if not engine.behind:
            due = await engine.next_due()
            if due is None or (pause := due - clock.now()) >= end - clock.elapsed():
                return
        await clock.sleep(max(pause, _GLANCE))
        engine.look()


async def _in_time(work: Coroutine[Any, Any, None], seconds: float, clock: Clock) -> bool:
    """Wait for something, for so many seconds at most; tell whether it came to its end."""
    task, over = asyncio.create_task(work), asyncio.Event()
    task.add_done_callback(lambda _: over.set())
    try:
        await clock.wait(over, seconds)
    finally:
        task.cancel()
    return over.is_set()


def _raw(query: str | Mapping[str, str]) -> str:
    """Give a query as it came; who hands it over in pieces has often made a blank of the plus that base64 needs."""
    if isinstance(query, str):
        return query
    return "&".join(f"{name}={value.replace(' ', '+')}" for name, value in query.items())
