"""One declaration, two modes: the descriptors that make a declaration callable in a sync and an async client.

A method under `@endpoint` *returns a value* (`Call[T]`). Read through a resource of a sync client it becomes a
function that returns `T`; through one of an async client, a function that returns an awaitable of `T`. A method under
`@paged` is a generator that asks for calls and hands out items; it becomes an iterator or an async iterator. A method
under `@steps` is one that asks for calls and for what may block (`Ask`), and returns a value; it becomes a function
like that of an endpoint. Type checkers see all that through the overloads of `__get__`; people see it in `help()`,
since signature and docstring are carried over. The bound function is kept in the instance, so the descriptor runs once
per method and instance.
"""

import asyncio
import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterator, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, get_args, overload

from wxkf.errors import TransportError
from wxkf.protocol.ask import Ask
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


Pages = Generator[Call[Any] | Ask | Emit[T], Any, None]
Steps = Generator[Call[Any] | Ask, Any, T]


class _Declared:
    """What the descriptors share: name, docstring, the signature a caller sees, the bound function kept."""

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


class steps(_Declared, Generic[P, T]):  # noqa: N801 - reads as the decorator it is
    """Declare a method of a `Resource` as several calls, and other work, that come to one value."""

    def __init__(self, declare: Callable[Concatenate[Any, P], Steps[T]]) -> None:
        super().__init__(declare, lambda taken: get_args(taken)[-1])

    @overload
    def __get__(self, instance: None, owner: type) -> Callable[Concatenate[Any, P], Steps[T]]: ...
    @overload
    def __get__(self, instance: Resource[Sync], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, instance: Resource[Async], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, instance: Resource[Any] | None, owner: type) -> Callable[..., Any]:
        if instance is None:
            return self._declare
        declare, run = self._declare, instance._run
        finish = _finish if instance.mode is Sync else _afinish

        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return finish(declare(instance, *args, **kwargs), run)

        return self._bind(instance, method)


Run = Callable[[Call[Any]], Any]


def _walk(pages: Generator[Any, Any, T], run: Run) -> Generator[Any, None, T]:
    """Drive a generator: do what it asks, tell it what came of it, hand on what it emits, return what it returns."""
    tell: Callable[[Any], Any] = pages.send
    told: Any = None
    while True:
        try:
            step = tell(told)
        except StopIteration as done:
            value: T = done.value
            return value
        tell, told = pages.send, None
        try:
            if isinstance(step, Emit):
                yield from step.items
            else:
                told = step.do() if isinstance(step, Ask) else run(step)
        except BaseException as error:  # noqa: BLE001 - handed on to the declaration, which gives back what it holds
            tell, told = pages.throw, error


async def _awalk(pages: Generator[Any, Any, Any], run: Run) -> AsyncGenerator[Any, None]:
    """Do the same with awaiting; an async generator can return nothing, see `_afinish`."""
    tell: Callable[[Any], Any] = pages.send
    told: Any = None
    while True:
        try:
            step = tell(told)
        except StopIteration:
            return
        tell, told = pages.send, None
        try:
            if isinstance(step, Emit):
                for item in step.items:
                    yield item
            else:
                told = await _take(step, run)
        except BaseException as error:  # noqa: BLE001 - as above
            tell, told = pages.throw, error


def _finish(taken: Steps[T], run: Run) -> T:
    walk = _walk(taken, run)
    try:
        next(walk)
    except StopIteration as done:
        value: T = done.value
        return value
    raise AssertionError("a declaration under @steps emits nothing")


async def _afinish(taken: Steps[T], run: Run) -> T:
    tell: Callable[[Any], Any] = taken.send
    told: Any = None
    while True:
        try:
            step = tell(told)
        except StopIteration as done:
            value: T = done.value
            return value
        try:
            tell, told = taken.send, await _take(step, run)
        except BaseException as error:  # noqa: BLE001 - as above
            tell, told = taken.throw, error


async def _take(step: Call[Any] | Ask, run: Run) -> Any:
    if not isinstance(step, Ask):
        return await run(step)
    told = await _lend(step.do)
    return await told if inspect.isawaitable(told) else told


async def _lend(do: Callable[[], Any]) -> Any:
    """Run blocking work in a thread. A task cancelled meanwhile waits for its end, so that nobody closes its files."""
    work = asyncio.get_running_loop().run_in_executor(None, copy_context().run, do)
    cancelled: asyncio.CancelledError | None = None
    while not work.done():
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        work.exception()  # looked at, or the loop complains of one that nobody took
        raise cancelled
    return work.result()


def moved(path: str, cursor: str | None, next_cursor: str) -> str:
    """Give the next cursor where there is more. Raises `TransportError` when it stands still: the rest is lost."""
    if next_cursor in ("", cursor):
        raise TransportError(f"{path}: there is more, but the cursor does not move; try later", sent=True)
    return next_cursor


def _inside(annotation: Any) -> Any:
    """Take `T` out of `Call[T]` or `Pages[T]`."""
    found = get_args(annotation)
    if found and get_args(found[0]):  # Generator[Call | Ask | Emit[T], Any, None]
        found = get_args(get_args(found[0])[-1])
    return found[0] if found else annotation
