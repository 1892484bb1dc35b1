"""What may be a handler, and how each kind is called.

A coroutine function is awaited. An `async def` that yields is collected: its pieces are one text, as a language model
streams it. A plain function runs in a thread, so it may block without holding up anybody else.
"""

import asyncio
import contextvars
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import cache, partial
from types import UnionType
from typing import Any, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints, overload

from wxkf.bot.blocking import SyncContext
from wxkf.bot.context import Context
from wxkf.errors import ConfigError
from wxkf.messages.inbound import Inbound
from wxkf.messages.outbound import Outbound

Reply = str | Outbound | None
E = TypeVar("E", bound=Inbound)
Handler = Callable[[Context[E]], Coroutine[Any, Any, Reply]]
StreamHandler = Callable[[Context[E]], AsyncIterator[str]]
SyncHandler = Callable[[SyncContext[E]], Reply]
Where = Callable[[E], bool]
AnyHandler = Handler[Any] | StreamHandler[Any] | SyncHandler[Any]
_COUNTS = {1: "one argument", 2: "two arguments"}
_THREADS = 64  # as many as messages are handled at once


class Registers(Protocol[E]):
    """Takes a handler of any kind and gives it back as it is."""

    @overload
    def __call__(self, handler: Handler[E], /) -> Handler[E]: ...
    @overload
    def __call__(self, handler: StreamHandler[E], /) -> StreamHandler[E]: ...
    @overload
    def __call__(self, handler: SyncHandler[E], /) -> SyncHandler[E]: ...


class Kind(Enum):
    """How a handler is called."""

    AWAITED = "awaited"
    COLLECTED = "collected"
    IN_A_THREAD = "in a thread"


def kind_of(handler: Callable[..., Any]) -> Kind:
    """Tell how a handler is called. Raises `ConfigError` for what could never handle anything."""
    name = name_of(handler)
    if inspect.isclass(handler):
        raise ConfigError(f"{name} is a class; a handler is a function that takes the context, or use bot.add(object)")
    try:
        inspect.signature(handler).bind(None)
    except TypeError:
        raise ConfigError(f"the handler {name} must take one argument, the context") from None
    while isinstance(handler, partial):
        handler = handler.func
    function = handler if inspect.isroutine(handler) else type(handler).__call__
    if inspect.isasyncgenfunction(function):
        return Kind.COLLECTED
    if inspect.isgeneratorfunction(function):
        raise ConfigError(f"the handler {name} yields, so it must be an `async def`")
    return Kind.AWAITED if inspect.iscoroutinefunction(function) else Kind.IN_A_THREAD


def check_events(events: tuple[object, ...], called: str) -> None:
    """Refuse `@bot.on` without parentheses, `@bot.on()` and `@bot.on("text")`, all of which would stay mute."""
    if not events:
        raise ConfigError(f"say which messages or events: @{called}(Text)")
    for event in events:
        if not (isinstance(event, type) and issubclass(event, Inbound)):
            if isinstance(event, type) and issubclass(event, Outbound):
                kind = event.__name__
                raise ConfigError(f"out.{kind} is what a bot says; @{called} takes what comes: from wxkf import Text")
            what = "without parentheses" if inspect.isfunction(event) else f"with {event!r}"
            raise ConfigError(f"@{called} was used {what}; it takes classes of messages or events: @{called}(Text)")


def check_where(where: object) -> None:
    """Refuse a filter that is none. Raises `ConfigError`."""
    if where is not None and not callable(where):
        raise ConfigError(f"where={where!r} is no filter: it is a function of the event, or says({where!r})")


def check_annotation(handler: Callable[..., Any], kind: Kind, events: tuple[type[Inbound], ...]) -> None:
    """Refuse a handler whose annotation says another context, or other events, than it is called with.

    A type checker says the same earlier; what cannot be read, as under `if TYPE_CHECKING`, is left to it.
    """
    try:
        hints = get_type_hints(handler)
    except Exception:  # noqa: BLE001 - whatever their annotations raise, they are not needed to run
        return
    hints.pop("return", None)
    said = next(iter(hints.values()), None)
    name = name_of(handler)
    if get_origin(said) not in (Context, SyncContext):
        return
    if kind is not Kind.IN_A_THREAD and get_origin(said) is SyncContext:
        raise ConfigError(f"{name} is an `async def`, which gets a Context: SyncContext is for plain functions")
    (of,) = get_args(said)
    kinds = get_args(of) if get_origin(of) in (Union, UnionType) else (of,)
    is_told = all(isinstance(one, type) and issubclass(one, Inbound) for one in kinds)
    if is_told and not all(issubclass(event, kinds) for event in events):
        takes, gets = " | ".join(one.__name__ for one in kinds), " | ".join(event.__name__ for event in events)
        raise ConfigError(f"{name} takes a context of {takes}, but is registered for {gets}")


def check_hook(hook: Callable[..., Any], called: str, takes: int) -> None:
    """Refuse a hook that could not be called on the day it is needed. Raises `ConfigError`."""
    if not inspect.iscoroutinefunction(hook):
        raise ConfigError(f"{called} takes an `async def`, not {name_of(hook)}")
    try:
        inspect.signature(hook).bind(*range(takes))
    except TypeError:
        raise ConfigError(f"{name_of(hook)} must take {_COUNTS[takes]} for {called}") from None


def name_of(handler: Callable[..., Any]) -> str:
    """Name a handler in a sentence."""
    return getattr(handler, "__qualname__", repr(handler))


async def call(handler: Callable[..., Any], kind: Kind, context: Context[Any]) -> object:
    """Run a handler to its end. Returns what it says, raises what it raises."""
    if kind is Kind.AWAITED:
        return await handler(context)
    if kind is Kind.COLLECTED:
        return "".join([piece async for piece in handler(context)])
    given, around = SyncContext(context), contextvars.copy_context()  # its log lines say which message they are about
    said = await asyncio.get_running_loop().run_in_executor(_threads(), lambda: around.run(handler, given))
    return await said if inspect.iscoroutine(said) else said


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="wxkf-handler")
