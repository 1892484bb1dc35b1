"""A bot at work for one app: client, engine and callback address put together."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Self

from wxkf.client.aio import AsyncClient
from wxkf.client.over_aiohttp import AsyncTransport
from wxkf.client.renewal import TokenStore
from wxkf.client.settings import App
from wxkf.clock import Clock, SystemClock
from wxkf.engine.engine import Engine
from wxkf.engine.store import Store
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound
from wxkf.web import CallbackApp

Handle = Callable[[Work, Clock], Awaitable[Sequence[Outbound]]]


class Service:
    """Use it as `async with Service(bot.handle, app, store)`.

    Mount `callback`, an ASGI app, where the console's URL points.
    `transport` and `clock` replace the network and the time; `token_store` shares the access token. `poll` bounds how
    long a lost callback goes unnoticed, `grace` how long stopping waits for handlers, both in seconds.
    """

    def __init__(
        self,
        handle: Handle,
        app: App,
        store: Store,
        *,
        transport: AsyncTransport | None = None,
        token_store: TokenStore | None = None,
        clock: Clock | None = None,
        poll: float = 60.0,
        grace: float = 10.0,
    ) -> None:
        clock = clock or SystemClock()
        self.client = AsyncClient.of(app, transport=transport, token_store=token_store, clock=clock)
        self.engine = Engine(
            app.name, self.client, store, lambda work: handle(work, clock), clock=clock, poll=poll, grace=grace
        )
        self.callback = CallbackApp(app.receiver(), self.engine.note)

    async def __aenter__(self) -> Self:
        """Go to work. Raises `StoreError` when the inbox cannot be used."""
        try:
            await self.engine.__aenter__()
        except BaseException:
            await self.client.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop gracefully."""
        await self.engine.__aexit__()
        await self.client.aclose()
