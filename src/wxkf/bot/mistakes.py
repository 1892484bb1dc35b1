"""What is written wrongly in a bot, said where it is written: each check raises `ConfigError` with a sentence.

A type checker finds most of it earlier; who has none shall not find it on the day it is needed.
"""

import inspect
from collections.abc import Callable
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from wxkf.bot.blocking import SyncContext
from wxkf.bot.context import Context
from wxkf.bot.handlers import Kind, name_of
from wxkf.bot.match import came_from, picked, says
from wxkf.errors import ConfigError
from wxkf.messages.inbound import Inbound
from wxkf.messages.outbound import Outbound

_COUNTS: Final = {1: "one argument", 2: "two arguments"}


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
    if where is None:
        return
    if not callable(where):
        hint = f", or says({where!r})" if isinstance(where, str) else ""
        raise ConfigError(f"where={where!r} is no filter: it is a function of the event{hint}")
    if where in (says, picked, came_from):
        raise ConfigError(f"where={name_of(where)} is to be called: where={name_of(where)}('…')")
    if inspect.iscoroutinefunction(where):
        raise ConfigError(f"where={name_of(where)} must be a plain function: an `async def` is always true")
    try:
        inspect.signature(where).bind(None)
    except TypeError:
        raise ConfigError(f"where={name_of(where)} must take one argument, the event") from None
    except ValueError:  # a builtin that does not tell
        return


def check_annotation(
    handler: Callable[..., Any], kind: Kind, events: tuple[type[Inbound], ...], *, narrowed: bool = False
) -> None:
    """Refuse a handler whose annotation says another context, or other events, than it is called with.

    What is not the function's own (a decorator has copied it) or cannot be read (under `if TYPE_CHECKING`) is left to a
    type checker. `narrowed` by a filter, events may be fewer than their classes say.
    """
    said, name = _context_of(handler), name_of(handler)
    if get_origin(said) not in (Context, SyncContext):
        return
    if kind is not Kind.IN_A_THREAD and get_origin(said) is SyncContext:
        raise ConfigError(f"{name} is an `async def`, which gets a Context: SyncContext is for plain functions")
    (of,) = get_args(said)
    kinds = get_args(of) if get_origin(of) in (Union, UnionType) else (of,)
    if not all(isinstance(one, type) and issubclass(one, Inbound) for one in kinds):
        return
    for event in events:
        if not issubclass(event, kinds) and not (narrowed and any(issubclass(one, event) for one in kinds)):
            takes, gets = " | ".join(one.__name__ for one in kinds), " | ".join(one.__name__ for one in events)
            raise ConfigError(f"{name} takes a context of {takes}, but is registered for {gets}")


def _context_of(handler: Callable[..., Any]) -> object:
    """Give the annotation of what a handler takes; None where it has none of its own."""
    function = handler if inspect.isroutine(handler) else type(handler).__call__
    if hasattr(function, "__wrapped__"):
        return None
    try:
        hints = get_type_hints(function)
    except Exception:  # noqa: BLE001 - whatever their annotations raise, they are not needed to run
        return None
    return hints.get(next(iter(inspect.signature(handler).parameters), ""))


def check_hook(hook: Callable[..., Any], called: str, takes: int) -> None:
    """Refuse a hook that could not be called on the day it is needed. Raises `ConfigError`.

    What only looks like a plain function may give a coroutine all the same: a lambda, something decorated.
    """
    function = hook if inspect.isroutine(hook) else type(hook).__call__
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        raise ConfigError(f"{name_of(hook)} must not yield: {called} takes an `async def` that returns")
    is_as_it_looks = inspect.isfunction(function) and not hasattr(function, "__wrapped__")
    if is_as_it_looks and function.__name__ != "<lambda>" and not inspect.iscoroutinefunction(function):
        raise ConfigError(f"{called} takes an `async def`, not {name_of(hook)}")
    try:
        inspect.signature(hook).bind(*range(takes))
    except TypeError:
        raise ConfigError(f"{name_of(hook)} must take {_COUNTS[takes]} for {called}") from None
