"""From the words of a command line to the arguments of a declaration, by its annotations.

Texts, numbers and choices are taken as they stand. Lists of ids may be repeated, comma separated, or a file:
`@ids.txt`. Structures and messages are JSON, `@file.json` or `-` for standard input; where the declaration takes plain
words, words that are no JSON object will do. Bytes are a path or `-`.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import typer

from wxkf.cli.texts import text
from wxkf.messages.outbound import Outbound

Kind = Literal["plain", "choice", "ids", "file", "message", "data", "phrases"]
_PLAIN: Final = (str, int, float, bool)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one parameter is read. `native` is the type the command line itself reads, `items` that of a list."""

    kind: Kind
    native: type = str
    items: type = str
    choices: tuple[Any, ...] = ()
    words: bool = False
    paths: bool = False

    @property
    def many(self) -> bool:
        """Whether it may be given more than once."""
        return self.kind in ("ids", "phrases")


@dataclass(frozen=True, slots=True)
class AsWritten:
    """A message in the platform's own form, as somebody wrote it; all that sending asks of one is `wire`."""

    body: Mapping[str, Any]

    def wire(self) -> dict[str, Any]:
        """Give the platform's form; where msgtype is left out, the one key that is there tells it."""
        [*keys] = self.body
        named = {} if "msgtype" in self.body or len(keys) != 1 else {"msgtype": keys[0]}
        return {**named, **self.body}


def is_hook(annotation: Any) -> bool:
    """Tell whether a parameter is a function of the caller's, which no command line can give."""
    return any(get_origin(one) is Callable for one in _members(annotation))


def reading_of(annotation: Any) -> Reading:
    """Tell how an annotation is read."""
    members = [one for one in _members(annotation) if one is not type(None)]
    if bytes in members:
        return Reading("file", paths=any(get_origin(one) is os.PathLike for one in members))
    if Outbound in members:
        return Reading("message", words=True)
    if len(members) == 1:
        return _single(members[0])
    listed = any(get_origin(one) is Sequence for one in members)
    return Reading("phrases" if listed and str not in members else "data", words=str in members)


def _single(annotation: Any) -> Reading:
    if annotation in _PLAIN:
        return Reading("plain", native=annotation)
    if get_origin(annotation) is Literal:
        return Reading("choice", choices=get_args(annotation))
    if get_origin(annotation) is Sequence and get_args(annotation)[0] in _PLAIN:
        return Reading("ids", items=get_args(annotation)[0])
    return Reading("data")


def _members(annotation: Any) -> Sequence[Any]:
    """Take a union apart."""
    origin = get_origin(annotation)
    return get_args(annotation) if origin is not None and origin.__name__ in ("UnionType", "Union") else [annotation]


def read(reading: Reading, given: Any, option: str) -> Any:
    """Read what was given. Raises `typer.BadParameter` that says what would be right."""
    try:
        return _READERS[reading.kind](reading, given)
    except UnicodeDecodeError:
        why = text("calls.not_text")
    except OSError as error:
        why = text("calls.no_file", path=error.filename, why=error.strerror)
    except ValueError as error:
        why = str(error)
    raise typer.BadParameter(why, param_hint=f"'{option}'")


def _choice(reading: Reading, given: str) -> Any:
    for choice in reading.choices:
        if str(choice) == given:
            return choice
    raise ValueError(text("calls.choice", given=given, choices=", ".join(map(str, reading.choices))))


def _ids(reading: Reading, given: Sequence[str]) -> list[Any]:
    words = (content(word) if word.startswith("@") or word == "-" else word for word in given)
    found = [part for word in words for part in word.replace(",", " ").split()]
    try:
        return [reading.items(part) for part in found]
    except ValueError:
        raise ValueError(text("calls.number", given=", ".join(given))) from None


def _file(reading: Reading, given: str) -> bytes | Path:
    if given == "-":
        return sys.stdin.buffer.read()
    path = Path(given)
    if not reading.paths:
        return path.read_bytes()
    path.stat()  # that it is there; it is read as it is sent
    return path


def _message(_: Reading, given: str) -> Any:
    said = content(given)  # "[微笑]" is words: a message is no list
    return AsWritten(_json(said)) if said.lstrip().startswith("{") else said


def _phrases(_: Reading, given: Sequence[str]) -> Any:
    """Read plain phrases; one alone may be JSON."""
    if len(given) != 1:
        return list(given)
    found = _data(Reading("data", words=True), given[0])
    return [found] if isinstance(found, str) else found


def _data(reading: Reading, given: str) -> Any:
    said = content(given)
    if not reading.words or said.lstrip().startswith("{"):  # broken JSON is never sent as words
        return _json(said)
    try:
        return _json(said) if said.lstrip().startswith("[") else said
    except ValueError:
        return said


def _json(said: str) -> Any:
    try:
        found = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise ValueError(text("calls.json_wrong", why=error)) from None
    if not isinstance(found, dict | list):
        raise ValueError(text("calls.object"))
    return found


def content(given: str) -> str:
    """Give the words themselves, those of `@file`, or of standard input for `-`; `@@` stands for an `@`."""
    if given == "-":
        return sys.stdin.buffer.read().decode()
    if given.startswith("@@"):
        return given[1:]
    return Path(given[1:]).read_text(encoding="utf-8").strip() if given.startswith("@") else given


_READERS: Final = {
    "plain": lambda _, given: given,
    "choice": _choice,
    "ids": _ids,
    "file": _file,
    "message": _message,
    "phrases": _phrases,
    "data": _data,
}
