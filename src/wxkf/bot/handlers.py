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
from typing import Any, Protocol, TypeVar, overload

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
        is_method = next(iter(inspect.signature(handler).parameters), "") == "self"
        hint = "; for a method use @wxkf.on, and bot.add(object)" if is_method else ""
        raise ConfigError(f"the handler {name} must take one argument, the context{hint}") from None
    while isinstance(handler, partial):
        handler = handler.func
    function = handler if inspect.isroutine(handler) else type(handler).__call__
    if inspect.isasyncgenfunction(function):
        return Kind.COLLECTED
    if inspect.isgeneratorfunction(function):
        raise ConfigError(f"the handler {name} yields, so it must be an `async def`")
    return Kind.AWAITED if inspect.iscoroutinefunction(function) else Kind.IN_A_THREAD


def name_of(handler: Callable[..., Any]) -> str:
    """Name a handler in a sentence."""
    return getattr(handler, "__qualname__", repr(handler))


def place_of(handler: Callable[..., Any]) -> str:
    """Name a handler and the line where it stands."""
    code = getattr(inspect.unwrap(handler), "__code__", None)
    return f"{name_of(handler)} ({handler.__module__}, line {code.co_firstlineno})" if code else name_of(handler)


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
