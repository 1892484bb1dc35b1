"""Which handler runs: the first that was registered for the event's class and whose filter says yes."""

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from wxkf.bot.context import Context
from wxkf.errors import ConfigError
from wxkf.messages.inbound import Inbound, Origin
from wxkf.messages.outbound import Outbound

Reply = str | Outbound | None
E = TypeVar("E", bound=Inbound)
E2 = TypeVar("E2", bound=Inbound)
E3 = TypeVar("E3", bound=Inbound)
Handler = Callable[[Context[E]], Coroutine[Any, Any, Reply]]
Where = Callable[[E], bool]


@dataclass(frozen=True, slots=True)
class Route:
    """One registration."""

    events: tuple[type[Inbound], ...]
    where: Callable[[Any], bool] | None
    handler: Handler[Any]

    def fits(self, event: Inbound) -> bool:
        """Whether this route takes the event."""
        return isinstance(event, self.events) and (self.where is None or self.where(event))


class Router:
    """Routes in order of registration."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    @overload
    def on(self, event: type[E], /, *, where: Where[E] | None = None) -> Callable[[Handler[E]], Handler[E]]: ...
    @overload
    def on(
        self, event: type[E], event2: type[E2], /, *, where: Where[E | E2] | None = None
    ) -> Callable[[Handler[E | E2]], Handler[E | E2]]: ...
    @overload
    def on(
        self, event: type[E], event2: type[E2], event3: type[E3], /, *, where: Where[E | E2 | E3] | None = None
    ) -> Callable[[Handler[E | E2 | E3]], Handler[E | E2 | E3]]: ...

    def on(self, *events: type[Inbound], where: Callable[[Any], bool] | None = None) -> Callable[..., Any]:
        """Register a handler for one to three classes of messages or events; `where` narrows them further.

        The handler is an `async def` that takes a `Context` and returns the reply: a string, a value of `wxkf.out`,
        or None for silence. Only customers and the system reach it, never colleagues who write in the WeCom client.
        """

        _check_events(events)

        def register(handler: Handler[Any]) -> Handler[Any]:
            _check_handler(handler)
            self._routes.append(Route(events, where, handler))
            return handler

        return register

    @property
    def is_empty(self) -> bool:
        """Whether no handler is registered."""
        return not self._routes

    def match(self, event: Inbound) -> Handler[Any] | None:
        """Tell which handler would run for an event."""
        if event.origin == Origin.SERVICER:
            return None
        return next((route.handler for route in self._routes if route.fits(event)), None)


def _check_events(events: tuple[object, ...]) -> None:
    """Refuse `@bot.on` without parentheses, `@bot.on()` and `@bot.on("text")`, all of which would stay mute."""
    if not events:
        raise ConfigError("say which messages or events: @bot.on(Text)")
    for event in events:
        if not (isinstance(event, type) and issubclass(event, Inbound)):
            what = "without parentheses" if inspect.isfunction(event) else f"with {event!r}"
            raise ConfigError(f"@bot.on was used {what}; it takes classes of messages or events: @bot.on(Text)")


def _check_handler(handler: Callable[..., Any]) -> None:
    name = getattr(handler, "__qualname__", repr(handler))
    if not inspect.iscoroutinefunction(handler):
        raise ConfigError(f"the handler {name} must be an `async def`")
    try:
        inspect.signature(handler).bind(None)
    except TypeError:
        raise ConfigError(f"the handler {name} must take one argument, the context") from None
