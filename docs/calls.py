"""The tables of docs/endpoints.md: every declaration in `wxkf.api`, called once without being sent."""
# ruff: noqa: INP001 - beside a script, no package

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin

import msgspec
from signatures import shortened

from wxkf.api.resource import Resource, Sync, steps
from wxkf.api.root import Api
from wxkf.cli.calls import prose
from wxkf.cli.calls.limits import words
from wxkf.cli.calls.tree import Declaration, declarations
from wxkf.protocol.call import Call

SEND: Final = ("[as for messages](messages.md#what-can-be-sent)", "[同消息](messages.zh.md#可以发送的)")


@dataclass(frozen=True, slots=True)
class Declared:
    """A method of the client and what it was declared as. `call` is one that was never sent."""

    name: str
    signature: str
    answer: str
    doc: str
    around: str
    call: Call[Any]
    pages: bool


def declared() -> list[Declared]:
    """Walk the tree of resources; `client.call`, which is for any path, is none of them."""
    return [one for one in map(_declared, declarations()) if one.name != "client.call"]


def _declared(one: Declaration) -> Declared:
    signature = str(one.declared.__signature__).replace("(self, ", "(").replace("(self)", "()")
    shown, _, answer = _by_keyword(signature).rpartition(" -> ")
    name = ".".join(("client", *one.place, one.name))
    return Declared(name, shown, answer, one.doc, one.around, one.sample(), one.pages)


def _by_keyword(signature: str) -> str:
    return shortened(signature).replace("*, ", "", 1)


def endpoint_rows(found: Sequence[Declared], tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row an endpoint."""
    for one in found:
        yield (
            f"`{one.call.verb}` `{one.call.path}`",
            f"`{one.name.removeprefix('client.')}{one.signature}` → `{one.answer}`",
            _does(one, tongue),
            limits(one.call, tongue),
            f"`{one.call.repeat}`",
            errors(one, tongue),
            f"[{page}]({prose.PAGE.format(page)})" if (page := prose.page(one.doc)) else "–",
        )


def iterator_rows(found: Sequence[Declared], tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row an iterator."""
    for one in found:
        handed = one.answer.removeprefix("Iterator[").removesuffix("]")
        signature = f"`{one.name.removeprefix('client.')}{one.signature}`"
        yield signature, f"`{handed}`", f"`{one.call.path}`", _does(one, tongue)


def several_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a method that makes several calls and comes to one value."""
    for place, resource in vars(Api(lambda call: call, Sync)).items():
        for name, declaration in vars(type(resource)).items() if isinstance(resource, Resource) else ():
            if isinstance(declaration, steps):
                signature = str(declaration.__signature__).replace("(self, ", "(")
                shown, _, answer = _by_keyword(signature).rpartition(" -> ")
                said = f" {' '.join(str(declaration.__doc__).split())}"
                official = re.search(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)[.:;,]", said)
                words = official[1] if official and tongue else re.split(r"[.;:] ", said.strip())[0]
                path = re.search(r"`([a-z]+/[a-z/]+)`", said)
                yield f"`{place}.{name}{shown}`", f"`{answer}`", f"`{path[1]}`" if path else "–", words


def _does(one: Declared, tongue: int) -> str:
    said = re.split(r"(?<=\))\.|\.\s|\.$|: |; ", " ".join(one.doc.split()), maxsplit=1)[0]
    official, notes = prose.official(one.doc), prose.notes(f"{one.doc} {one.around}", tongue)
    if official and official not in said:
        said = f"{said} ({official})"
    shown = official if official and tongue else said
    return f"{shown} *({'; '.join(notes)})*" if notes else shown


def errors(one: Declared, tongue: int) -> str:
    """Link the codes the docstring names."""
    page = ("errors.md", "errors.zh.md")[tongue]
    return " ".join(f"[{code}]({page}#e{code})" for code in prose.errors(one.doc)) or "–"


def limits(call: Call[Any], tongue: int) -> str:
    """Say the limits of a call in words."""
    table = {path: limit for path, limit in call.limits.items() if not _is_of_message(call, path)}
    said = [f"`{path}` {words(limit, tongue)}" if path else words(limit, tongue) for path, limit in table.items()]
    if len(table) < len(call.limits):
        said.append(SEND[tongue])
    return "<br>".join(said) or "–"


def _is_of_message(call: Call[Any], path: str) -> bool:
    return call.path.startswith("kf/send_msg") and "." in path


def fields_of(kind: type, stop: type, at: str = "") -> Iterator[str]:
    """Name every field of a struct by its path on the wire; values of `stop` are not entered."""
    for field in msgspec.structs.fields(kind):
        place = f"{at}.{field.name}" if at else field.name
        inner = [one for one in _classes(field.type) if issubclass(one[0], msgspec.Struct)]
        if not inner or issubclass(inner[0][0], stop):
            yield place
        for found, listed in inner:
            if not issubclass(found, stop):
                yield from fields_of(found, stop, f"{place}[]" if listed else place)


def _classes(annotation: Any, *, listed: bool = False) -> Iterator[tuple[type, bool]]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation, listed
    for inner in get_args(annotation):
        yield from _classes(inner, listed=listed or get_origin(annotation) in (tuple, list))
