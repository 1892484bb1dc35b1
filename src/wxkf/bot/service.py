"""A bot at work for one app: client, engine and callback address put together."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, Self, runtime_checkable

from wxkf.client.aio import AsyncClient
from wxkf.client.over_aiohttp import AsyncTransport
from wxkf.client.renewal import TokenStore
from wxkf.client.settings import App
from wxkf.clock import Clock, SystemClock
from wxkf.engine.dispatcher import Gate
from wxkf.engine.engine import Engine
from wxkf.engine.settings import InboxSettings
from wxkf.engine.store import Store
from wxkf.engine.work import Work
from wxkf.errors import ConfigError
from wxkf.messages.outbound import Outbound
from wxkf.web import CallbackApp

Handle = Callable[[Work, Clock], Awaitable[Sequence[Outbound]]]


@runtime_checkable
class Answers(Protocol):
    """Who answers messages and says which of them belong together: a bot."""

    @property
    def gate(self) -> Gate | None:
        """Which messages are for one call; None where each is for its own."""
        ...

    async def handle(self, work: Work, clock: Clock) -> Sequence[Outbound]:
        """Answer a message, or several."""
        ...


def parts_of(bot: Answers | Handle) -> tuple[Handle, Gate | None]:
    """Give what the engine needs of a bot, or of a bare function, which gets every message by itself."""
    return (bot.handle, bot.gate) if isinstance(bot, Answers) else (bot, None)


class Service:
    """Use it as `async with Service(bot, app, store)`.

    Mount `callback`, an ASGI app, where the console's URL points.
    `transport` and `clock` replace the network and the time; `token_store` shares the access token; `settings` say how
    the inbox works. An app without Token and key has no `callback`: then news is polled for (`engine.latency`).
    """

    def __init__(
        self,
        bot: Answers | Handle,
        app: App,
        store: Store,
        *,
        transport: AsyncTransport | None = None,
        token_store: TokenStore | None = None,
        clock: Clock | None = None,
        settings: InboxSettings | None = None,
    ) -> None:
        clock = clock or SystemClock()
        handle, gate = parts_of(bot)
        self.client = AsyncClient.of(app, transport=transport, token_store=token_store, clock=clock)
        self.engine = Engine(
            app.name, self.client, store, lambda work: handle(work, clock),
            clock=clock, settings=settings, callbacks=bool(app.pairs), gate=gate,
        )  # fmt: skip
        self._callback = CallbackApp(app.receiver(), self.engine.note) if app.pairs else None

    @property
    def callback(self) -> CallbackApp:
        """The callback address as an ASGI app. Raises `ConfigError` for an app without Token and key."""
        if self._callback is None:
            raise ConfigError("this app has no Token and no EncodingAESKey, so it has no callback: news is polled for")
        return self._callback

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
