"""The documented limits as values, checked before a request leaves.

An endpoint hands a table `{field path: limit}` to its `Call`; `check` walks the body along these paths (`a.b`, `[]`
for each item of a list, "" for the body as a whole). Where the documentation gives two limits, the table holds the
looser one. A limit beyond which the platform silently cuts (`cuts=True`) is an error too, unless the caller asked to
have it cut here, at a character border, where it can be seen.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

from msgspec.structs import replace

from wxkf.errors import LimitError
from wxkf.protocol.call import Call


class Limit(Protocol):
    """What a value is held against."""

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Bytes:
    """A text of so many bytes of UTF-8."""

    most: int
    least: int = 0
    cuts: bool = False

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        size = _size(value)
        return None if self.least <= size <= self.most else _between(size, self.least, self.most, "bytes")

    def cut(self, value: str) -> str:
        """Shorten to the limit without cutting a character in two."""
        return value.encode("utf-8", "replace")[: self.most].decode("utf-8", "ignore")


@dataclass(frozen=True, slots=True)
class Chars:
    """A text of so many characters."""

    most: int
    least: int = 0

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        return _between(len(str(value)), self.least, self.most, "characters")


@dataclass(frozen=True, slots=True)
class Items:
    """A list of so many items."""

    most: int
    least: int = 0

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        return _between(len(value), self.least, self.most, "items")


@dataclass(frozen=True, slots=True)
class MenuLines:
    """A menu's lines: so many in all, so many of them to tap."""

    most: int
    taps: int

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        taps = sum(item.get("type") != "text" for item in value)
        return _between(len(value), 0, self.most, "items") or _between(taps, 0, self.taps, "items to tap")


@dataclass(frozen=True, slots=True)
class Between:
    """A number within bounds, both included."""

    least: float
    most: float

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        inside = isinstance(value, int | float) and self.least <= value <= self.most
        return None if inside else f"must be {self.least:g} to {self.most:g}, this one is {value!r}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few values."""

    values: tuple[object, ...]

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        return None if value in self.values else f"must be one of {', '.join(map(str, self.values))}, not {value!r}"


@dataclass(frozen=True, slots=True)
class Matches:
    """A text of a certain form, `words` says which; with a size limit if `most` is given."""

    pattern: str
    words: str
    most: int = 0

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        if self.most and (size := _size(value)) > self.most:
            return _between(size, 0, self.most, "bytes")
        return None if _compiled(self.pattern)(str(value)) else f"must be {self.words}"


@dataclass(frozen=True, slots=True)
class AtLeastOne:
    """At least one of these fields, not empty. Stands under the path ""."""

    fields: tuple[str, ...]

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a body, or None."""
        given = any(value.get(name) for name in self.fields)
        return None if given else f"must hold at least one of {', '.join(self.fields)}"


@dataclass(frozen=True, slots=True)
class Needs:
    """A field that another one, with this value, makes necessary. Stands under the path ""."""

    field: str
    when: str
    equals: object

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a body, or None."""
        missing = value.get(self.when) == self.equals and not value.get(self.field)
        return f"must hold {self.field}, since {self.when} is {self.equals}" if missing else None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time of so many seconds at most, forwards. Stands under the path ""."""

    start: str
    end: str
    most: int

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a body, or None."""
        seconds = value[self.end] - value[self.start]
        if seconds < 0:
            return f"must have {self.start} before {self.end}"
        return _between(seconds // _DAY + 1, 0, self.most, f"days from {self.start} to {self.end}")


@dataclass(frozen=True, slots=True)
class AllOf:
    """Several limits for one value."""

    limits: tuple[Limit, ...]

    def fault(self, value: Any) -> str | None:
        """Say what is wrong first, or None."""
        return next((fault for limit in self.limits if (fault := limit.fault(value))), None)


_DAY = 86_400

MSGID = Matches(r"[0-9a-zA-Z_-]*", "letters, digits, _ and - only", 32)
URL = Matches(r"(?i:https?)://.+", "a URL that begins with http:// or https://", 2048)


def _size(value: Any) -> int:
    text = str(value)
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


@lru_cache
def _compiled(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(pattern, re.DOTALL).fullmatch


def _between(size: int, least: int, most: int, unit: str) -> str | None:
    if size > most:
        return f"must be at most {most} {unit}, this one has {size}"
    if size < least:
        return f"must be at least {least} {unit}, this one has {size}"
    return None


class Table(dict[str, Limit]):
    """Limits by field path. Sorted once by the field a path begins with: few of a long table's are in any one body."""

    @cached_property
    def by_field(self) -> Mapping[str, Sequence[tuple[Limit, tuple[str, ...]]]]:
        """Give the limits under each field, with the steps from the body to what they are for: () for the field."""
        found: dict[str, list[tuple[Limit, tuple[str, ...]]]] = {}
        for path, limit in self.items():
            steps = tuple(path.split("."))
            field = steps[0].removesuffix("[]")
            found.setdefault(field, []).append((limit, () if steps == (field,) else steps))
        return found


def check(call: Call[Any], *, truncate: bool = False) -> Call[Any]:
    """Hold a call against its limits and return it, cut where `truncate` allows. Raises `LimitError`."""
    if not call.limits:
        return call
    table = call.limits if isinstance(call.limits, Table) else Table(call.limits)
    body = _copy(dict(call.body or {})) if truncate else call.body or {}
    file, whole = {"media": call.file.source} if call.file else {}, {"": body} if "" in table else {}
    for source in filter(None, (body, call.query, file, whole)):
        for limit, holder, key, where in _broken(table, source):
            if truncate and isinstance(limit, Bytes) and limit.cuts:
                holder[key] = limit.cut(holder[key])  # one that is too short is not mended by cutting
            if fault := limit.fault(holder[key]):
                raise LimitError(call.path, where or "the request", fault, holder[key] if where else None)
    return replace(call, body=body) if truncate and call.body is not None else call


def _broken(table: Table, source: Mapping[str, Any]) -> Iterator[tuple[Limit, Any, Any, str]]:
    """Walk to every value that breaks its limit; what is absent is not there to be checked."""
    below = table.by_field
    for field, value in source.items():
        for limit, steps in below.get(field, ()):
            if steps:
                for holder, key, where in _find(source, steps, ""):
                    if limit.fault(holder[key]):
                        yield limit, holder, key, where
            elif limit.fault(value):  # most limits are for a field of the body itself
                yield limit, source, field, field


def _find(holder: Any, steps: tuple[str, ...], where: str) -> list[tuple[Any, Any, str]]:
    name, rest = steps[0], steps[1:]
    key = name.removesuffix("[]")
    if not (type(holder) is dict or isinstance(holder, Mapping)) or key not in holder:  # the ABC is slow to ask
        return []
    here = f"{where}.{key}" if where else key
    if key == name:
        return _find(holder[key], rest, here) if rest else [(holder, key, here)]
    items = holder[key]
    found: list[tuple[Any, Any, str]] = []
    for index, item in enumerate(items):
        place = f"{here}[{index}]"
        found += _find(item, rest, place) if rest else [(items, index, place)]
    return found


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list | tuple) else value
