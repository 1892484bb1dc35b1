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
    try:
        inspect.signature(where).bind(None)
    except TypeError:
        raise ConfigError(f"where={name_of(where)} must take one argument, the event") from None
    except ValueError:  # a builtin that does not tell
        return


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
