"""One declaration, two modes: the descriptors that make a declaration callable in a sync and an async client.

A method under `@endpoint` *returns a value* (`Call[T]`). Read through a resource of a sync client it becomes a
function that returns `T`; through one of an async client, a function that returns an awaitable of `T`. A method under
`@paged` is a generator that asks for calls and hands out items; it becomes an iterator or an async iterator. Type
checkers see all that through the overloads of `__get__`; people see it in `help()`, since signature and docstring are
carried over. The bound function is kept in the instance, so the descriptor runs once per method and instance.
"""

import inspect
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, get_args, overload

from wxkf.errors import TransportError
from wxkf.protocol.call import Call


class Sync:
    """Marks the resources of a `Client`."""


class Async:
    """Marks the resources of an `AsyncClient`."""


M = TypeVar("M", Sync, Async)
Mode = type[Sync] | type[Async]
P = ParamSpec("P")
T = TypeVar("T")


class Resource(Generic[M]):
    """A group of endpoints. `run` sends a call and gives its answer, or an awaitable of it."""

    def __init__(self, run: Callable[[Call[Any]], Any], mode: Mode) -> None:
        self._run, self.mode = run, mode


@dataclass(frozen=True, slots=True)
class Emit(Generic[T]):
    """What a paged declaration hands to the caller before it goes on."""

    items: Sequence[T]


Pages = Generator[Call[Any] | Emit[T], Any, None]


class _Declared:
    """What both descriptors share: name, docstring, the signature a caller sees, the bound function kept."""

    def __init__(self, declare: Callable[..., Any], answer: Callable[[Any], Any]) -> None:
        self._declare = declare
        self._name = declare.__name__
        self.__doc__ = declare.__doc__
        signature = inspect.signature(declare)
        self.__signature__ = signature.replace(return_annotation=answer(signature.return_annotation))
        declare.__dict__["__signature__"] = self.__signature__  # help(Client.send_msg) shows what a caller gets

    def _bind(self, instance: Resource[Any], method: Callable[..., Any]) -> Callable[..., Any]:
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(method, name, getattr(self._declare, name))
        parameters = list(self.__signature__.parameters.values())[1:]
        method.__dict__["__signature__"] = self.__signature__.replace(parameters=parameters)
        instance.__dict__[self._name] = method
        return method


class endpoint(_Declared, Generic[P, T]):  # noqa: N801 - reads as the decorator it is
    """Declare a method of a `Resource` as a call to the platform."""

    def __init__(self, declare: Callable[Concatenate[Any, P], Call[T]]) -> None:
        super().__init__(declare, _inside)

    @overload
    def __get__(self, instance: None, owner: type) -> Callable[Concatenate[Any, P], Call[T]]: ...
    @overload
    def __get__(self, instance: Resource[Sync], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, instance: Resource[Async], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, instance: Resource[Any] | None, owner: type) -> Callable[..., Any]:
        if instance is None:
            return self._declare
        declare, run = self._declare, instance._run

        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return run(declare(instance, *args, **kwargs))

        return self._bind(instance, method)


class paged(_Declared, Generic[P, T]):  # noqa: N801 - reads as the decorator it is
    """Declare a method of a `Resource` as an iteration over pages."""

    def __init__(self, declare: Callable[Concatenate[Any, P], Pages[T]]) -> None:
        super().__init__(declare, lambda pages: Iterator[_inside(pages)])  # type: ignore[misc]  # for people, at run time

    @overload
    def __get__(self, instance: None, owner: type) -> Callable[Concatenate[Any, P], Pages[T]]: ...
    @overload
    def __get__(self, instance: Resource[Sync], owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, instance: Resource[Async], owner: type) -> Callable[P, AsyncIterator[T]]: ...

    def __get__(self, instance: Resource[Any] | None, owner: type) -> Callable[..., Any]:
        if instance is None:
            return self._declare
        declare, run = self._declare, instance._run
        walk = _walk if instance.mode is Sync else _awalk

        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return walk(declare(instance, *args, **kwargs), run)

        return self._bind(instance, method)


def _walk(pages: Pages[T], run: Callable[[Call[Any]], Any]) -> Iterator[T]:
    told: Any = None
    while True:
        try:
            step = pages.send(told)
        except StopIteration:
            return
        told = None
        if isinstance(step, Emit):
            yield from step.items
        else:
            told = run(step)


async def _awalk(pages: Pages[T], run: Callable[[Call[Any]], Any]) -> AsyncIterator[T]:
    told: Any = None
    while True:
        try:
            step = pages.send(told)
        except StopIteration:
            return
        told = None
        if isinstance(step, Emit):
            for item in step.items:
                yield item
        else:
            told = await run(step)


def moved(path: str, cursor: str | None, next_cursor: str) -> str:
    """Give the next cursor where there is more. Raises `TransportError` when it stands still: the rest is lost."""
    if next_cursor in ("", cursor):
        raise TransportError(f"{path}: there is more, but the cursor does not move; try later", sent=True)
    return next_cursor


def _inside(annotation: Any) -> Any:
    """Take `T` out of `Call[T]` or `Pages[T]`."""
    found = get_args(annotation)
    if found and get_args(found[0]):  # Generator[Call | Emit[T], Any, None]
        found = get_args(get_args(found[0])[-1])
    return found[0] if found else annotation
