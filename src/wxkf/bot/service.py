"""A bot at work for one app: client, engine and callback address put together."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, Self, TypedDict, runtime_checkable

from wxkf.bot.outside import Outside
from wxkf.client.aio import AsyncClient
from wxkf.client.over_aiohttp import AsyncTransport
from wxkf.client.renewal import TokenStore
from wxkf.client.settings import App
from wxkf.clock import Clock, SystemClock
from wxkf.engine.dispatcher import Despair, Gate, Handler
from wxkf.engine.engine import Engine
from wxkf.engine.outbox import OnRefused
from wxkf.engine.settings import InboxSettings
from wxkf.engine.store import Store
from wxkf.engine.values import Claim, Step
from wxkf.engine.work import Work
from wxkf.errors import ApiError, ConfigError
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

    @property
    def outside(self) -> Outside:
        """The engines it works for."""
        ...

    async def handle(self, work: Work, clock: Clock) -> Sequence[Outbound]:
        """Answer a message, or several."""
        ...

    async def despair(self, work: Work, error: BaseException, clock: Clock) -> Sequence[Outbound]:
        """Say what the customer hears about a message that was given up."""
        ...

    async def refused(self, client: AsyncClient, claim: Claim, step: Step, error: ApiError) -> None:
        """Hear that the platform has refused a reply after the handler had returned."""
        ...


class Asked(TypedDict, total=False):
    """What an engine asks of a bot besides handling messages."""

    gate: Gate | None
    despair: Despair
    on_refused: OnRefused


def asked_of(bot: Answers | Handle, clock: Clock) -> tuple[Handler, Asked]:
    """Give what the engine needs of a bot, or of a bare function, which gets every message by itself."""
    if not isinstance(bot, Answers):
        return (lambda work: bot(work, clock)), {}
    return (
        lambda work: bot.handle(work, clock),
        {"gate": bot.gate, "despair": lambda work, error: bot.despair(work, error, clock), "on_refused": bot.refused},
    )


def join(bot: Answers | Handle, engine: Engine) -> None:
    """Let a bot know an engine that it works for."""
    if isinstance(bot, Answers):
        bot.outside.join(engine)


def leave(bot: Answers | Handle, engine: Engine) -> None:
    """Let a bot know that an engine has ended."""
    if isinstance(bot, Answers):
        bot.outside.leave(engine)


class Service:
    """Use it as `async with Service(bot, app, store)`.

    Mount `callback`, an ASGI app, where the console's URL points.
    `transport` and `clock` replace the network and the time; `token_store` shares the access token; `settings` say how
    the inbox works. An app without Token and key has no `callback`: then news is polled for (`engine.latency`). Without
    `search` only those accounts are served that callbacks name.
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
        search: bool = True,
    ) -> None:
        clock = clock or SystemClock()
        self._bot = bot
        handler, asked = asked_of(bot, clock)
        self.client = AsyncClient.of(app, transport=transport, token_store=token_store, clock=clock)
        self.engine = Engine(
            app.name, self.client, store, handler,
            clock=clock, settings=settings, callbacks=bool(app.pairs), search=search, **asked,
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
        join(self._bot, self.engine)  # before it begins: from now on counts what comes due
        try:
            await self.engine.__aenter__()
        except BaseException:
            leave(self._bot, self.engine)
            await self.client.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop gracefully; cancelled, be quicker about it."""
        leave(self._bot, self.engine)
        try:
            await self.engine.__aexit__()
        finally:
            await self.client.aclose()
