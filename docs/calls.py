"""The tables of docs/endpoints.md: every declaration in `wxkf.api`, called once without being sent."""
# ruff: noqa: INP001 - beside a script, no package

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from wxkf.api.resource import Resource, Sync, endpoint, paged, steps
from wxkf.api.root import Api
from wxkf.errors import codes
from wxkf.protocol.call import Call
from wxkf.protocol.files import KINDS, LEAST, Uploadable
from wxkf.protocol.limits import (
    AllOf,
    AtLeastOne,
    Between,
    Bytes,
    Chars,
    Items,
    Matches,
    MenuLines,
    Needs,
    OneOf,
    Span,
)

PAGE: Final = "https://developer.work.weixin.qq.com/document/path/{}"
NOTES: Final = (
    (
        r"unavailable in\s+WeCom mode",
        "may be unavailable in WeCom mode (48002, 48005)",
        "企业微信模式下可能不可用（48002、48005）",
    ),
    (r"[Nn]ot in standalone mode", "not in standalone mode", "独立版没有"),
    (r"self-built apps only", "self-built apps only", "仅限自建应用"),
    (r"component apps \(微信客服组件\) only", "component apps (微信客服组件) only", "仅限微信客服组件应用"),
    (r"for third-party and 代开发 apps", "third-party and 代开发 apps", "仅限第三方和代开发应用"),
    (r"Not for 代开发 apps", "not for 代开发 apps", "代开发应用不用"),
    (r"does not work in `send_msg`", "the media_id does not work in `send_msg`", "得到的 media_id 不能用于 `send_msg`"),
)
SEND: Final = ("[as for messages](messages.md#what-can-be-sent)", "[同消息](messages.zh.md#可以发送的)")


CUTS: Final = (", beyond which the platform cuts silently", "，超出时平台悄悄截断")


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

    @property
    def page(self) -> str:
        """The official page's id, the last the docstring names."""
        found = re.findall(r"Page (\d+)\.", self.doc)
        return found[-1] if found else ""


def declared() -> list[Declared]:
    """Walk the tree of resources; `client.call`, which is for any path, is none of them."""
    return [one for one in _walk(Api(lambda call: call, Sync), "client") if one.name != "client.call"]


def _walk(resource: Resource[Any], place: str) -> Iterator[Declared]:
    for kind in reversed(type(resource).__mro__):
        for name, declaration in vars(kind).items():
            if isinstance(declaration, endpoint | paged):
                yield _declared(resource, declaration, kind, f"{place}.{name}")
    for name, inner in vars(resource).items():
        if isinstance(inner, Resource):
            yield from _walk(inner, f"{place}.{name}")


def _declared(resource: Resource[Any], declaration: Any, kind: type, name: str) -> Declared:
    signature = declaration.__signature__
    needed = [one for one in list(signature.parameters.values())[1:] if one.default is one.empty]
    arguments = {one.name: made_up(one.annotation) for one in needed}
    value = declaration.__get__(None, type(resource))(resource, **arguments)
    pages = isinstance(declaration, paged)
    module = inspect.getmodule(kind)
    around = f"{kind.__doc__} {module.__doc__ if module else ''}"
    shown, _, answer = _short(str(signature).replace("(self, ", "(").replace("(self)", "()")).rpartition(" -> ")
    call = next(value) if pages else value
    return Declared(name, shown, answer, inspect.cleandoc(declaration.__doc__), around, call, pages)


def _short(signature: str) -> str:
    return re.sub(r"(?<!')\b(?:[a-z_]\w*\.)+(?=\w)", "", signature).replace("*, ", "", 1)


def made_up(annotation: Any) -> Any:
    """Make a value that an argument of this type takes."""
    if annotation in (str, int, bytes):
        return {str: "x", int: 1, bytes: b"x"}[annotation]
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if get_origin(annotation) in (Sequence, Mapping, dict):
        return {} if get_origin(annotation) is not Sequence else [made_up(get_args(annotation)[0])]
    if not get_args(annotation):
        raise TypeError(f"no value for {annotation!r}")
    return made_up(get_args(annotation)[0])  # a union: its first


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
            f"[{one.page}]({PAGE.format(one.page)})" if one.page else "–",
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
                shown, _, answer = _short(signature).rpartition(" -> ")
                said = f" {' '.join(str(declaration.__doc__).split())}"
                official = re.search(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)[.:;,]", said)
                words = official[1] if official and tongue else re.split(r"[.;:] ", said.strip())[0]
                path = re.search(r"`([a-z]+/[a-z/]+)`", said)
                yield f"`{place}.{name}{shown}`", f"`{answer}`", f"`{path[1]}`" if path else "–", words


def _does(one: Declared, tongue: int) -> str:
    said = re.split(r"(?<=\))\.|\.\s|\.$|: |; ", " ".join(one.doc.split()), maxsplit=1)[0]
    official = re.search(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)[.:;,]", one.doc)
    notes = [note[1 + tongue] for note in NOTES if re.search(note[0], f"{one.doc} {one.around}")]
    if official and official[1] not in said:
        said = f"{said} ({official[1]})"
    words = official[1] if official and tongue else said
    return f"{words} *({'; '.join(notes)})*" if notes else words


def errors(one: Declared, tongue: int) -> str:
    """Link the codes the docstring names."""
    page = ("errors.md", "errors.zh.md")[tongue]
    numbers = [int(found) for found in re.findall(r"\b\d{5,6}\b", re.sub(r"Page \d+", "", one.doc))]
    return " ".join(f"[{code}]({page}#e{code})" for code in numbers if code in codes.table()) or "–"


def limits(call: Call[Any], tongue: int) -> str:
    """Say the limits of a call in words."""
    table = {path: limit for path, limit in call.limits.items() if not _is_of_message(call, path)}
    said = [f"`{path}` {words(limit, tongue)}" if path else words(limit, tongue) for path, limit in table.items()]
    if len(table) < len(call.limits):
        said.append(SEND[tongue])
    return "<br>".join(said) or "–"


def _is_of_message(call: Call[Any], path: str) -> bool:
    return call.path.startswith("kf/send_msg") and "." in path


def words(limit: object, tongue: int) -> str:
    """Say one limit in words."""
    if isinstance(limit, Bytes | Chars | Items):
        unit = {Bytes: ("bytes", "字节"), Chars: ("characters", "个字符"), Items: ("items", "项")}[type(limit)][tongue]
        cut = (
            (", beyond which the platform cuts silently", "，超出时平台悄悄截断")[tongue]
            if getattr(limit, "cuts", 0)
            else ""
        )
        return f"{_span(limit.least, limit.most)} {unit}{cut}"
    if isinstance(limit, MenuLines):
        return (f"≤ {limit.most} lines, ≤ {limit.taps} to tap", f"≤ {limit.most} 项，可点的 ≤ {limit.taps} 项")[tongue]
    if isinstance(limit, Between):
        return f"{limit.least:.12g} – {limit.most:.12g}"
    if isinstance(limit, OneOf):
        return " / ".join(f"`{value}`" for value in limit.values)
    if isinstance(limit, Matches):
        most = (f", ≤ {limit.most} bytes", f"，≤ {limit.most} 字节")[tongue] if limit.most else ""
        return f"`{limit.pattern}`{most}"
    if isinstance(limit, Uploadable):
        return _file(limit, tongue)
    return _together(limit, tongue)


def _together(limit: object, tongue: int) -> str:
    """Say what several fields have to do with each other."""
    if isinstance(limit, AtLeastOne):
        return ("at least one of {}", "{} 至少其一")[tongue].format(", ".join(f"`{name}`" for name in limit.fields))
    if isinstance(limit, Needs):
        said = ("`{field}` where `{when}` is {equals}", "`{when}` 为 {equals} 时必须有 `{field}`")[tongue]
        return said.format(field=limit.field, when=limit.when, equals=limit.equals)
    if isinstance(limit, Span):
        said = ("`{start}` to `{end}`: ≤ {most} days", "`{start}` 到 `{end}`：≤ {most} 天")[tongue]
        return said.format(start=limit.start, end=limit.end, most=limit.most)
    if isinstance(limit, AllOf):
        return "<br>".join(_together(one, tongue) for one in limit.limits)
    raise TypeError(f"no words for {type(limit).__name__}")


def _span(least: int, most: int) -> str:
    if least == most:
        return f"= {most}"
    return f"{least} – {most}" if least else f"≤ {most}"


def _file(limit: Uploadable, tongue: int) -> str:
    kinds = [limit.kind] if limit.most else list(KINDS)
    sizes = [f"{kind} ≤ {(limit.most or KINDS[kind].most) >> 20} MB ({KINDS[kind].forms})" for kind in kinds]
    return f"{('≥ {} bytes', '≥ {} 字节')[tongue].format(LEAST)}; {', '.join(sizes)}"


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
