"""The endpoints of the tree, each with the words of its command: `kf/account/list` is `wxkf account list`.

A group is the resource's name; the calls that hang on the root itself are grouped by the class that declares them.
The tree is walked with a client that sends nothing: its `run` hands back the call it was given.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, get_args, get_origin

from wxkf.api.contact_way import ContactWayResource
from wxkf.api.corp import CorpRootResource
from wxkf.api.message import AnyResource, MessageResource
from wxkf.api.resource import Resource, Sync, endpoint, paged
from wxkf.api.root import Api
from wxkf.api.statistic import StatisticResource
from wxkf.protocol.call import Call

_OF_ROOT: Final[Mapping[type, str]] = {
    MessageResource: "message",
    ContactWayResource: "link",
    StatisticResource: "stats",
    CorpRootResource: "corp",
    AnyResource: "",
}
_GROUPS: Final = {"service_state": "session"}
_COMMANDS: Final = {
    "get_corp_statistic": "corp",
    "get_servicer_statistic": "servicer",
    "get_statistic": "component",
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declared method, and where it hangs: `place` are the attributes that lead to its resource."""

    resource: Resource[Sync]
    kind: type
    place: tuple[str, ...]
    name: str
    declared: Any
    pages: bool

    @property
    def parameters(self) -> Sequence[inspect.Parameter]:
        """What it takes."""
        return list(self.declared.__signature__.parameters.values())[1:]

    @property
    def answer(self) -> Any:
        """The type of what it gives."""
        return self.declared.__signature__.return_annotation

    @property
    def cuts(self) -> bool:
        """Whether it is an iterator over the pieces of one file, not over pages."""
        return self.pages and bytes in get_args(self.answer)

    @property
    def doc(self) -> str:
        """Its docstring, without indentation."""
        return inspect.cleandoc(self.declared.__doc__)

    @property
    def around(self) -> str:
        """What is said of the whole resource, and of its file."""
        module = inspect.getmodule(self.kind)
        return f"{self.kind.__doc__} {module.__doc__ if module else ''}"

    def make(self, **arguments: Any) -> Any:
        """Make the call, or the generator of calls, without sending anything."""
        return self.declared.__get__(None, type(self.resource))(self.resource, **arguments)

    def sample(self) -> Call[Any]:
        """Make a call with made-up arguments, for what is the same in all of them: verb, path, limits."""
        needed = [one for one in self.parameters if one.default is one.empty]
        made = self.make(**{one.name: made_up(one.annotation) for one in needed})
        call: Call[Any] = next(made) if self.pages else made
        return call


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as a command; `all` goes through every page of it, where there are pages."""

    group: str
    command: str
    single: Declaration
    call: Call[Any]
    all: Declaration | None

    @property
    def words(self) -> str:
        """What is typed behind `wxkf`."""
        return f"{self.group} {self.command}".strip()


def declarations() -> Iterator[Declaration]:
    """Walk the tree of resources, the iterators included."""
    yield from _walk(Api(lambda call: call, Sync), ())


def _walk(resource: Resource[Sync], place: tuple[str, ...]) -> Iterator[Declaration]:
    for kind in reversed(type(resource).__mro__):
        for name, declared in vars(kind).items():
            if isinstance(declared, endpoint | paged):
                yield Declaration(resource, kind, place, name, declared, isinstance(declared, paged))
    for name, inner in vars(resource).items():
        if isinstance(inner, Resource):
            yield from _walk(inner, (*place, name))


@cache
def endpoints() -> Mapping[str, Endpoint]:
    """Give every endpoint by the words of its command."""
    found = list(declarations())
    pages = {one.sample().path: one for one in found if one.pages and not one.cuts}
    made = [_endpoint(one, pages) for one in found if not one.pages]
    return {one.words: one for one in made}


def _endpoint(one: Declaration, pages: Mapping[str, Declaration]) -> Endpoint:
    call, method = one.sample(), one.name.rstrip("_")
    group = _GROUPS.get(one.place[0], one.place[0]) if one.place else _OF_ROOT[one.kind]
    command = _COMMANDS.get(method) or "-".join((*one.place[1:], method)).replace("_", "-")
    return Endpoint(group, command, one, call, pages.get(call.path))


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
