"""Handlers as methods: marked in the class, registered by `bot.add(OrderDesk(db))`, so services come by constructor."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, Unpack, overload

from wxkf.bot.blocking import SyncContext
from wxkf.bot.context import Context
from wxkf.bot.handlers import AnyHandler, Reply, Where
from wxkf.bot.mistakes import check_events, check_where
from wxkf.bot.options import Options, Way, way_of
from wxkf.messages.inbound import Inbound

S = TypeVar("S")
E = TypeVar("E", bound=Inbound)
E2 = TypeVar("E2", bound=Inbound)
E3 = TypeVar("E3", bound=Inbound)
Method = Callable[[S, Context[E]], Coroutine[Any, Any, Reply]]
StreamMethod = Callable[[S, Context[E]], AsyncIterator[str]]
SyncMethod = Callable[[S, SyncContext[E]], Reply]
_NAME = "_wxkf_marks"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a method was marked for."""

    events: tuple[type[Inbound], ...]
    where: Callable[[Any], bool] | None
    staff: bool
    way: Way


class Marks(Protocol[E]):
    """Takes a method of any kind and gives it back as it is."""

    @overload
    def __call__(self, method: Method[S, E], /) -> Method[S, E]: ...
    @overload
    def __call__(self, method: StreamMethod[S, E], /) -> StreamMethod[S, E]: ...
    @overload
    def __call__(self, method: SyncMethod[S, E], /) -> SyncMethod[S, E]: ...


@overload
def on(
    event: type[E], /, *, where: Where[E] | None = None, staff: bool = False, **options: Unpack[Options]
) -> Marks[E]: ...
@overload
def on(
    event: type[E], event2: type[E2], /, *, where: Where[E | E2] | None = None, staff: bool = False,
    **options: Unpack[Options],
) -> Marks[E | E2]: ...  # fmt: skip
@overload
def on(
    event: type[E], event2: type[E2], event3: type[E3], /, *, where: Where[E | E2 | E3] | None = None,
    staff: bool = False, **options: Unpack[Options],
) -> Marks[E | E2 | E3]: ...  # fmt: skip


def on(
    *events: type[Inbound],
    where: Callable[[Any], bool] | None = None,
    staff: bool = False,
    **options: Unpack[Options],
) -> Any:
    """Mark a method as a handler, as `bot.on` does for functions; `bot.add(object)` registers it.

    With `staff` it is for what colleagues write, as `bot.on_staff`. The options are those of `bot.on`.
    """
    check_events(events, "on")
    check_where(where)
    way = way_of(options)

    def mark(method: Any) -> Any:
        setattr(method, _NAME, [Mark(events, where, staff, way), *getattr(method, _NAME, ())])
        return method

    return mark


def marked(services: object) -> Iterator[tuple[Mark, AnyHandler]]:
    """List the marked methods of an object in the order in which they are written, those of its own class first."""
    seen = set[str]()
    for kind in type(services).__mro__:
        for name, value in vars(kind).items():
            if name not in seen:
                seen.add(name)
                for mark in getattr(value, _NAME, ()):
                    yield mark, getattr(services, name)
