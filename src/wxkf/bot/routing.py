"""Which handler runs: the first that was registered for the event's class and whose filter says yes."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, Unpack, overload

from wxkf.bot.handlers import AnyHandler, Kind, Registers, Where, kind_of, name_of, place_of
from wxkf.bot.match import bare
from wxkf.bot.methods import marked
from wxkf.bot.mistakes import check_annotation, check_events, check_where
from wxkf.bot.options import PLAIN, Options, Way, way_of
from wxkf.errors import ConfigError
from wxkf.messages.inbound import Inbound, Origin

_SERVICER = int(Origin.SERVICER)

log = logging.getLogger("wxkf.bot")

E = TypeVar("E", bound=Inbound)
E2 = TypeVar("E2", bound=Inbound)
E3 = TypeVar("E3", bound=Inbound)


@dataclass(frozen=True, slots=True)
class Route:
    """One registration; `staff` is for what colleagues write, and for nothing else."""

    events: tuple[type[Inbound], ...]
    where: Callable[[Any], bool] | None
    handler: AnyHandler
    kind: Kind
    staff: bool = False
    way: Way = PLAIN
    number: int = 0

    @property
    def name(self) -> str:
        """What tells this registration from others, today and after a restart."""
        return f"{self.handler.__module__}.{name_of(self.handler)}.{self.number}"


@dataclass(frozen=True, slots=True)
class Nested:
    """A router inside another, for the events that its filter lets through."""

    router: "Router"
    where: Where[Inbound] | None


class Router:
    """Routes in order of registration. Put one into a bot, or into another router, with `include`."""

    def __init__(self) -> None:
        self._entries: list[Route | Nested] = []

    @overload
    def on(self, event: type[E], /, *, where: Where[E] | None = None, **options: Unpack[Options]) -> Registers[E]: ...
    @overload
    def on(
        self, event: type[E], event2: type[E2], /, *, where: Where[E | E2] | None = None, **options: Unpack[Options]
    ) -> Registers[E | E2]: ...
    @overload
    def on(
        self, event: type[E], event2: type[E2], event3: type[E3], /, *, where: Where[E | E2 | E3] | None = None,
        **options: Unpack[Options],
    ) -> Registers[E | E2 | E3]: ...  # fmt: skip

    def on(self, *events: type[Inbound], where: Callable[[Any], bool] | None = None, **options: Unpack[Options]) -> Any:
        """Register a handler for one to three classes of messages or events; `where` narrows them further.

        The handler takes a `Context` and returns the reply: a string, a value of `wxkf.out`, or None for silence. It is
        an `async def`, one that yields the pieces of a text, or a plain function: that takes a `SyncContext` and runs
        in a thread. Only customers and the system reach it, never colleagues who write in the WeCom client.

        With `gather=2.0` it is called once for all that a customer sends in a row, a picture and its caption or five
        short lines: `ctx.events` has them. `newer` says what becomes of messages that come while it runs, `every` how
        often it runs for one customer, `always` whether also while colleagues have the session: see `Options`.
        """
        return self._registers(events, where, staff=False, way=way_of(options))

    @overload
    def on_staff(self, event: type[E], /, *, where: Where[E] | None = None) -> Registers[E]: ...
    @overload
    def on_staff(
        self, event: type[E], event2: type[E2], /, *, where: Where[E | E2] | None = None
    ) -> Registers[E | E2]: ...
    @overload
    def on_staff(
        self, event: type[E], event2: type[E2], event3: type[E3], /, *, where: Where[E | E2 | E3] | None = None
    ) -> Registers[E | E2 | E3]: ...

    def on_staff(self, *events: type[Inbound], where: Callable[[Any], bool] | None = None) -> Any:
        """Register a handler for what colleagues write to the customer in the WeCom client (origin 5).

        It is as for `on`. While a colleague serves, the platform takes nothing from a bot: it watches, and is silent.
        """
        return self._registers(events, where, staff=True)

    def include(self, router: "Router", *, where: Where[Inbound] | None = None) -> None:
        """Try the handlers of another router at this place, for the events that `where` lets through.

        What is registered there later counts as well. Raises `ConfigError` for a router that holds this one.
        """
        check_where(where)
        if self in router.nested():
            raise ConfigError("a router cannot be part of itself")
        self._warn_if_hidden(list(router.routes()))
        self._entries.append(Nested(router, where))

    def add(self, services: object) -> None:
        """Register the methods of an object that are marked with `wxkf.on`, in the order in which they are written.

        Raises `ConfigError` for an object that has none.
        """
        found = list(marked(services))
        if not found:
            raise ConfigError(f"{type(services).__name__} has no method that is marked with @on(...)")
        for mark, method in found:
            self._registers(mark.events, mark.where, staff=mark.staff, way=mark.way)(method)

    def _registers(
        self,
        events: tuple[type[Inbound], ...],
        where: Callable[[Any], bool] | None,
        *,
        staff: bool,
        way: Way = PLAIN,
    ) -> Callable[[AnyHandler], AnyHandler]:
        check_events(events, "bot.on_staff" if staff else "bot.on")
        check_where(where)

        def register(handler: AnyHandler) -> AnyHandler:
            kind = kind_of(handler)
            way.check(kind)
            check_annotation(handler, kind, events, narrowed=where is not None)
            test = None if where is None else bare(where)
            route = Route(events, test, handler, kind, staff, way, len(self._entries))
            self._warn_if_hidden([route])
            self._entries.append(route)
            return handler

        return register

    def _warn_if_hidden(self, routes: "Sequence[Route]") -> None:
        """Say so where a handler stands behind others that take everything it is for."""
        before = [route for route in self.routes(whole=True) if route.where is None]
        for route in routes:
            takers = [one for one in before if one.staff is route.staff]
            if all(any(issubclass(event, one.events) for one in takers) for event in route.events):
                first = next(one for one in takers if issubclass(route.events[0], one.events))
                kinds = " and ".join(event.__name__ for event in route.events)
                hidden = "%s never runs: %s stands before it and takes every %s"
                log.warning(hidden, place_of(route.handler), place_of(first.handler), kinds)

    def routes(self, *, whole: bool = False) -> "Iterator[Route]":
        """List all registrations in order; as a `whole`, without those that a router has behind a filter of its own."""
        for entry in self._entries:
            if isinstance(entry, Route):
                yield entry
            elif not whole or entry.where is None:
                yield from entry.router.routes(whole=whole)

    @property
    def is_empty(self) -> bool:
        """Whether no handler is registered."""
        return all(isinstance(entry, Nested) and entry.router.is_empty for entry in self._entries)

    def is_for(self, kind: type[Inbound]) -> bool:
        """Tell whether any handler is for messages or events of a class, whatever its filter says."""
        return any(
            entry.router.is_for(kind) if isinstance(entry, Nested) else issubclass(kind, entry.events)
            for entry in self._entries
        )

    def match(self, event: Inbound) -> AnyHandler | None:
        """Tell which handler would run for an event."""
        route = self.find(event)
        return route.handler if route else None

    def find(self, event: Inbound) -> Route | None:
        """Find the registration that takes an event."""
        staff = event.origin == _SERVICER
        for entry in self._entries:
            if isinstance(entry, Route):
                is_for = entry.staff is staff and isinstance(event, entry.events)
                if is_for and (entry.where is None or entry.where(event)):
                    return entry
            elif (entry.where is None or entry.where(event)) and (found := entry.router.find(event)):
                return found
        return None

    @property
    def takes_several(self) -> bool:
        """Whether any handler wants messages in a row together."""
        return any(
            entry.router.takes_several if isinstance(entry, Nested) else entry.way.takes_several
            for entry in self._entries
        )

    def together(self, events: Sequence[Inbound], came: Sequence[float], now: float) -> tuple[int, float]:
        """Tell how many of these are for one call of the handler of the first, and when it may begin.

        It counts when they `came` by our own clock, which may be another than the platform's. Who goes on writing is
        not waited for without end: five times as long, counted from the first message.
        """
        route = self.find(events[0])
        if route is None or not route.way.takes_several:
            return 1, 0.0
        count = next((at for at, event in enumerate(events) if self.find(event) is not route), len(events))
        gather = route.way.gather
        if count < len(events) or not gather or came[-1] > now:
            return count, 0.0  # something else has come behind them; or the clock was set back
        return count, min(came[-1] + gather, came[0] + 5 * gather)

    def nested(self) -> "Iterator[Router]":
        """List this router and all that are in it."""
        yield self
        for entry in self._entries:
            if isinstance(entry, Nested):
                yield from entry.router.nested()
