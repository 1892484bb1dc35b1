"""The documented field tables (tests/contract/*.toml): load them, build samples from them, read values back.

A field's name is its path on the wire: `answers[].attachments[].image.media_id`. A `variant` says that the field
stands only in some elements of the innermost list of its path (or only in some requests, where the path has no list);
`sample_by` gives one value per variant, `aliases` other documented places, `other_samples` other documented spellings
of the value. Pure: knows nothing of wxkf.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "contract"
NOT_OPERATIONS = frozenset({"inbound", "outbound"})
CONTAINERS = frozenset({"object", "object[]"})
LIMITS = ("max_bytes", "min_bytes", "max_chars", "max_items", "min_items", "min", "max", "pattern", "enum")

Json = dict[str, Any]
Place = tuple[str | int, ...]
"""A way through a JSON value: names and indexes."""


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a table. `place` is body, query, part or header."""

    path: str
    type: str
    required: bool
    place: str
    sample: Any
    sample_by: Mapping[str, Any]
    other_samples: tuple[Any, ...]
    variant: str
    aliases: tuple[str, ...]
    limits: Mapping[str, Any]
    row: Mapping[str, Any]

    @property
    def top(self) -> str:
        """The name it stands under at the top level: a request's keyword."""
        return self.path.partition(".")[0].removesuffix("[]")

    @property
    def is_leaf(self) -> bool:
        """Whether it holds a value of its own."""
        return self.type not in CONTAINERS


@dataclass(frozen=True, slots=True)
class Operation:
    """One call as documented. `token` is the query parameter of its token, "none", or "" where that is not clear."""

    path: str
    verb: str
    token: str
    request: tuple[Field, ...]
    response: tuple[Field, ...]
    row: Mapping[str, Any]

    @property
    def fields_documented(self) -> bool:
        """Whether platform.md names its fields."""
        return bool(self.row.get("fields_documented", True))

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every documented field of both directions."""
        return self.request + self.response


def field_of(row: Mapping[str, Any]) -> Field:
    """Read a row."""
    return Field(
        path=row["field"],
        type=row.get("type", "string"),
        required=row.get("required", False),
        place=row.get("in", "body"),
        sample=row.get("sample"),
        sample_by=row.get("sample_by", {}),
        other_samples=tuple(row.get("other_samples", ())),
        variant=row.get("variant", ""),
        aliases=tuple(row.get("aliases", ())),
        limits={name: row[name] for name in LIMITS if name in row},
        row=row,
    )


def fields_of(entry: Mapping[str, Any]) -> tuple[Field, ...]:
    """Read the `fields` of a message, event, notice or menu item."""
    return tuple(field_of(row) for row in entry["fields"])


@cache
def table(name: str) -> Json:
    """Load one file."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def operations() -> tuple[Operation, ...]:
    """Load every operation of every file."""
    names = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem not in NOT_OPERATIONS)
    return tuple(_operation(row) for name in names for row in table(name)["operation"])


def _operation(row: Mapping[str, Any]) -> Operation:
    request, response = (tuple(field_of(field) for field in row[side]) for side in ("request", "response"))
    return Operation(row["path"], row["verb"], row["token"], request, response, row)


# Samples


def build(
    fields: Sequence[Field],
    *,
    variant: str = "",
    moved: Mapping[str, str] | None = None,
    changed: Mapping[str, Any] | None = None,
) -> Json:
    """Build a value that holds every field given.

    `variant` is the top level's, lists get one element per variant; `moved` maps a field's path to the alias to write
    it under, `changed` to the value to write instead of its sample.
    """
    return _object([(_move(field.path, moved or {}), field) for field in fields], variant, changed or {})


def _move(path: str, moved: Mapping[str, str]) -> str:
    return next((alias + path.removeprefix(start) for start, alias in moved.items() if _within(path, start)), path)


def _within(path: str, start: str) -> bool:
    return path == start or path.startswith((f"{start}.", f"{start}[]"))


def _object(rows: Sequence[tuple[str, Field]], variant: str, changed: Mapping[str, Any]) -> Json:
    value: Json = {}
    below: dict[str, list[tuple[str, Field]]] = {}
    for path, field in rows:
        head, _, rest = path.partition(".")
        if "[]" not in path and field.variant not in ("", variant):
            continue
        if rest:
            below.setdefault(head, []).append((rest, field))
        else:
            value[head] = changed.get(field.path, _sample(field, variant))
    for head, inner in below.items():
        if head.endswith("[]"):
            kinds = variants([field for path, field in inner if "[]" not in path])
            value[head.removesuffix("[]")] = [_object(inner, kind, changed) for kind in kinds]
        else:
            value[head] = _object(inner, variant, changed)
    return value


def _sample(field: Field, variant: str) -> Any:
    if not field.is_leaf:
        return [] if field.type == "object[]" else {}
    return field.sample_by[variant] if field.sample_by else field.sample


def variants(fields: Sequence[Field]) -> tuple[str, ...]:
    """List the variants among fields; one nameless where there are none."""
    return tuple(dict.fromkeys(field.variant for field in fields if field.variant)) or ("",)


def request_samples(operation: Operation, *, only_required: bool = False) -> list[Json]:
    """Build the keyword arguments of a call: one set per variant of the request."""
    at_top = [field for field in operation.request if "[]" not in field.path]
    wanted = _required(operation) if only_required else operation.request
    return [build(wanted, variant=variant) for variant in variants(at_top)]


def _required(operation: Operation) -> tuple[Field, ...]:
    """Keep what is required, with all that is required inside it; of `at_least_one`, the first."""
    either = tuple(operation.row.get("at_least_one", ()))[:1]
    optional = {field.path for field in operation.request if not field.required and field.path not in either}
    chosen = {field.top for field in operation.request if field.variant and "[]" not in field.path}
    optional -= chosen  # the variant's own object has to be there
    return tuple(field for field in operation.request if not any(_within(field.path, path) for path in optional))


def response_sample(operation: Operation, **options: Any) -> Json:
    """Build the JSON of an answer with every documented field; options as for `build`."""
    envelope = {} if operation.row.get("errcode_absent") else {"errcode": 0, "errmsg": "ok"}
    return envelope | build(operation.response, **options)


# Reading back


def walk(value: Any, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Go through everything inside a JSON value, containers before what they hold. Lists of scalars are leaves."""
    if at:
        yield at, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from walk(inner, (*at, name))
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for index, inner in enumerate(value):
            yield from walk(inner, (*at, index))


def documented(place: Place) -> str:
    """Write a place as the tables do: ("list", 0, "id") is `list[].id`."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def places(value: Any) -> dict[str, list[tuple[Place, Any]]]:
    """Sort what is inside a value by documented field."""
    found: dict[str, list[tuple[Place, Any]]] = {}
    for place, inner in walk(value):
        found.setdefault(documented(place), []).append((place, inner))
    return found


def read(answer: Any, place: Place) -> Any:
    """Read a place from a decoded value: names as attributes, numbers as indexes. Raises `LookupError`."""
    for depth, step in enumerate(place):
        try:
            answer = answer[step] if isinstance(step, int) else getattr(answer, step)
        except (AttributeError, IndexError, TypeError) as error:
            raise LookupError(f"{documented(place[: depth + 1])}: {error}") from None
    return answer


def same(got: Any, want: Any) -> bool:
    """Compare leniently, as the platform writes: 1 is true and "1"; of a container only that it is there."""
    if isinstance(want, dict):
        return got is not None
    if isinstance(want, list):
        return got is not None and len(got) == len(want) and all(map(same, got, want))
    got, want = (int(value) if isinstance(value, bool) else value for value in (got, want))
    return bool(got == want) or (got is not None and str(got) == str(want))


def misread(answer: Any, sample: Json, fields: Sequence[Field]) -> dict[str, str]:
    """Compare a decoded answer with the sample it was made from: what is wrong, by documented field."""
    found = places(sample)
    return {
        field.path: problem
        for field in fields
        for problem in [_misread_field(answer, found.get(field.path, []), field)]
        if problem
    }


def _misread_field(answer: Any, expected: Sequence[tuple[Place, Any]], field: Field) -> str:
    if not expected:
        return "not in the sample"
    for place, want in expected:
        try:
            got = read(answer, place)
        except LookupError as error:
            return f"not readable: {error}"
        if field.row.get("parsed") and got is not None and not isinstance(got, str):
            continue
        if not same(got, want):
            return f"{documented(place)} is {got!r}, not {want!r}"
    return ""


def unsound(field: Field) -> str:
    """Say how a row contradicts itself: its sample is of another type, or beyond its limits."""
    samples = [field.sample] if field.sample is not None else list(field.sample_by.values())
    if not field.is_leaf:
        return "a container with a sample" if samples else ""
    if not any(samples):
        return "no sample that differs from a default"
    return next((problem for sample in samples if (problem := _unsound(field, sample))), "")


_TYPES: Mapping[str, type] = {"string": str, "int": int, "float": float, "bool": bool}


def _unsound(field: Field, sample: Any) -> str:
    items = sample if field.type.endswith("[]") else [sample]
    if not all(type(item) is _TYPES[field.type.removesuffix("[]")] for item in items):
        return f"{sample!r} is no {field.type}"
    sizes = {"bytes": len(str(sample).encode()), "chars": len(str(sample)), "items": len(items)}
    for name, limit in field.limits.items():
        kind, _, unit = name.partition("_")
        size = sizes.get(unit, sample)
        beyond = {"max": size > limit, "min": size < limit} if kind in ("max", "min") else {}
        if beyond.get(kind) or (kind == "enum" and sample not in limit):
            return f"{sample!r} against {name} = {limit!r}"
    return ""


def dumps(value: Json) -> bytes:
    """Write JSON as the platform does."""
    return json.dumps(value, ensure_ascii=False).encode()
