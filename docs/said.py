"""The tables of docs/messages.md: what comes in, what goes out."""
# ruff: noqa: INP001 - beside a script, no package

import inspect
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

from calls import fields_of, words

from wxkf.api.message import MESSAGE_LIMITS, ON_EVENT_LIMITS
from wxkf.messages import outbound as out
from wxkf.messages.events import AnyEvent
from wxkf.messages.inbound import AnyMessage, Inbound

CONTRACT: Final = Path(__file__).parents[1] / "tests" / "contract" / "inbound.toml"


def said(value: object) -> str:
    """Give a docstring as one line."""
    return " ".join(inspect.cleandoc(value.__doc__ or "").split())


def tag(kind: Any) -> str:
    """Give the platform's name of a class."""
    return str(kind.__struct_config__.tag)


def common_rows() -> Iterator[tuple[str, ...]]:
    """Give one row a field that every message has."""
    yield " ".join(f"`{name}`" for name in Inbound.__struct_fields__), said(Inbound)


def message_rows() -> Iterator[tuple[str, ...]]:
    """Give one row a kind of message."""
    for kind in get_args(AnyMessage):
        yield f"`{tag(kind)}`", f"`{kind.__name__}`", _own_fields(kind), said(kind)


def event_rows() -> Iterator[tuple[str, ...]]:
    """Give one row an event."""
    for kind in get_args(AnyEvent):
        yield f"`{tag(kind)}`", f"`{kind.__name__}`", _own_fields(kind), said(kind)


def _own_fields(kind: type) -> str:
    own = [path for path in fields_of(kind, Inbound) if path not in Inbound.__struct_fields__]
    return " ".join(f"`{path}`" for path in own) or "–"


def notice_rows(kind: str) -> Iterator[tuple[str, ...]]:
    """Give one row a callback (`notice`) or a command to a provider (`provider`), from the documented tables."""
    for entry in tomllib.loads(CONTRACT.read_text(encoding="utf-8"))[kind]:
        name = entry.get("event") or entry["info_type"]
        fields = (f"`{row['field']}`{'*' if row.get('repeated') else ''}" for row in entry["fields"])
        yield f"`{name}`", " ".join(fields)


def outbound_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a kind of message that can be sent."""
    for kind in _kinds(out.Outbound, but=out.Here):
        on_event = "✓" if any(path.startswith(f"{kind.msgtype}.") for path in ON_EVENT_LIMITS) else ""
        table = {path: limit for path, limit in MESSAGE_LIMITS.items() if path.startswith(f"{kind.msgtype}.")}
        own = {path: limit for path, limit in table.items() if "[]" not in path}
        yield f"`{kind.msgtype}`", _made(kind), on_event, _limits(own, f"{kind.msgtype}.", tongue), said(kind)


def item_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a kind of line in a menu."""
    for kind in _kinds(out.MenuItem):
        start = f"msgmenu.list[].{kind.type}."
        own = {path: limit for path, limit in MESSAGE_LIMITS.items() if path.startswith(start)}
        yield f"`{kind.type}`", _made(kind), _limits(own, start, tongue), said(kind)


def here_rows() -> Iterator[tuple[str, ...]]:
    """Give one row a value that a bot uploads first."""
    for kind in _kinds(out.Here):
        yield _made(kind), said(kind)


def _kinds(base: type, *, but: type | tuple[()] = ()) -> list[Any]:
    found = [kind for kind in vars(out).values() if isinstance(kind, type) and issubclass(kind, base)]
    return [kind for kind in found if kind is not base and not issubclass(kind, but)]


def _made(kind: type) -> str:
    names = [f"*{one.name}" if one.kind is one.VAR_POSITIONAL else f"{one.name}=" if one.kind is one.KEYWORD_ONLY
             else one.name for one in inspect.signature(kind).parameters.values()]  # fmt: skip
    return f"`out.{kind.__name__}({', '.join(names)})`"


def _limits(table: dict[str, Any], start: str, tongue: int) -> str:
    return "<br>".join(f"`{path.removeprefix(start)}` {words(limit, tongue)}" for path, limit in table.items()) or "–"
