"""The pages of docs/reference: every public name, its signature, its docstring and what it has, as `help()` says it.

Docstrings are English, so the pages are; the table of names has a Chinese twin. Where a name is written decides on
which page it stands. Messages and events have tables of their own in docs/messages.md.
"""
# ruff: noqa: INP001 - beside a script, no package

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, Final

import signatures

import wxkf
from wxkf.bot.blocking import Waited
from wxkf.bot.draining import Drained
from wxkf.bot.history import Turn
from wxkf.bot.match import Filter
from wxkf.bot.options import Options
from wxkf.testing import Chat, Phone

ROOMS: Final[dict[str, tuple[str, ...]]] = {
    "bot": ("wxkf.bot",),
    "inbox": ("wxkf.engine", "wxkf.provider"),
    "client": ("wxkf.client", "wxkf.protocol.flow", "wxkf.protocol.limiter"),
    "callback": ("wxkf.web", "wxkf.health", "wxkf.protocol.callback", "wxkf.protocol.notices"),
    "errors": ("wxkf.errors",),
    "testing": ("wxkf.testing",),
}
"""Which page has what is written where."""

_BESIDE: Final = (Options, Filter, Turn, Drained, Chat, Phone)  # not in `wxkf` itself, and wanted all the same
_FIRST: Final = ("Bot", "Router", "on", "Context", "SyncContext", "Options", "says", "picked", "came_from", "Hours",
                 "Filter", "Inbox", "OpenWork", "Client", "AsyncClient", "App")  # fmt: skip
_INSIDE: Final[dict[str, set[str]]] = {  # what one part asks of another
    "Bot": {"outside", "gate", "handle", "despair", "refused", "find", "together", "nested", "takes_several"},
    "Router": {"find", "together", "nested", "takes_several"},
    "Context": {"parts_of"},
    "SyncContext": {"wait"},
    "OpenWork": {"send", "plan", "brought", "finished", "keep", "load", "is_untouched", "is_moot", "gives_way", "lane",
                 "note_people", "notice", "room", "choose"},
}  # fmt: skip


@cache
def shown(room: str) -> dict[str, Any]:
    """Give what stands on a page, by name; what people look for most comes first."""
    found = {name: getattr(wxkf, name) for names in wxkf._HOMES.values() for name in names}
    found |= {one.__name__: one for one in _BESIDE}
    order = {name: at for at, name in enumerate([*_FIRST, *(name for name in found if name not in _FIRST)])}
    return {name: found[name] for name in sorted(found, key=order.__getitem__) if _room(found[name]) == room}


def _room(one: Any) -> str:
    homes = [(room, home) for room, homes in ROOMS.items() for home in homes]
    return next((room for room, home in homes if f"{one.__module__}.".startswith(f"{home}.")), "")


def index_rows(room: str) -> Iterator[tuple[str, ...]]:
    """Give one row a name: what it is, in a sentence."""
    for name, one in sorted(shown(room).items(), key=lambda it: it[0].lower()):
        is_about_use = _doc(one).startswith(("Use it", "Open it"))  # then its module says what it is
        words = _doc(inspect.getmodule(one)) if is_about_use else _doc(one)
        yield f"[`{name}`]({room}.md#{name.lower()})", _first(words)


def message_rows() -> Iterator[tuple[str, ...]]:
    """Give one row a public name that docs/messages.md tells of."""
    for name in sorted(name for names in wxkf._HOMES.values() for name in names):
        if getattr(wxkf, name).__module__.startswith("wxkf.messages"):
            yield f"`{name}`", _first(_doc(getattr(wxkf, name)))


def described(room: str) -> str:
    """Describe all that stands on a page."""
    return "\n".join(_described(name, one, room) for name, one in shown(room).items())


def _described(name: str, one: Any, room: str) -> str:
    """Describe a function, or a class with all that it has."""
    parts = [f"## {name}\n", signatures.fenced(name, one), f"{_linked(_doc(one), room, name)}\n"]
    members = dict(_members(one)) if inspect.isclass(one) else {}
    there = {key: value for key, value in members.items() if not _doc(value).startswith("See `") and not _waited(value)}
    values = {key: value for key, value in there.items() if isinstance(value, property | cached_property)}
    if values:
        parts.append("".join(f"- {_value(key, value, room, name)}\n" for key, value in values.items()))
    if any(map(_waited, members.values())):
        same = ", ".join(f"`{key}`" for key in members if key not in there)
        parts.append(f"As in [`Context`](#context), without `await`: {same}.\n")
    for key, value in there.items():
        if key not in values:
            parts += [f"### {name}.{key}\n", signatures.fenced(key, value), f"{_linked(_doc(value), room, name)}\n"]
    return "\n".join(parts)


def _value(key: str, value: Any, room: str, name: str) -> str:
    getter = value.fget if isinstance(value, property) else value.func
    return f"`{key}`, `{signatures.answer(getter)}`: {_linked(' '.join(_doc(value).split()), room, name)}"


def _members(one: type) -> Iterator[tuple[str, Any]]:
    """List what a class has that is ours and no endpoint, its own before what it inherits."""
    seen = set(_INSIDE.get(one.__name__, ()))
    for kind in one.__mro__:
        for name, value in vars(kind).items() if kind.__module__.startswith("wxkf") else ():
            ours = isinstance(value, classmethod | staticmethod | property | cached_property | Waited)
            if (ours or inspect.isfunction(value)) and not name.startswith("_") and name not in seen:
                seen.add(name)
                yield name, value


def _waited(value: Any) -> bool:
    return isinstance(value, Waited)


def _doc(value: Any) -> str:
    return inspect.getdoc(value) or ""


def _first(words: str) -> str:
    paragraph = " ".join(words.partition("\n\n")[0].split())
    return re.split(r"(?<=[.;])\s", paragraph, maxsplit=1)[0].rstrip(".;")


@cache
def _places() -> Mapping[str, str]:
    return {name: room for room in ROOMS for name in shown(room)}


def _linked(words: str, room: str, but: str) -> str:
    """Let each public name in a text lead to where it stands; functions are words as well, so they do not."""

    def lead(found: re.Match[str]) -> str:
        name = found[1]
        if name == but or name not in _places() or not name[0].isupper():
            return found[0]
        there = _places()[name]
        return f"[`{name}`]({'' if there == room else f'{there}.md'}#{name.lower()})"

    return re.sub(r"`(\w+)`", lead, words)
