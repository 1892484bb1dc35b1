"""One declaration, two modes: the descriptor that makes `kf/account/list` callable in a sync and an async client.

A declared method *returns a value* (`Call[T]`). Read through a resource of a sync client it becomes a function that
returns `T`; through one of an async client, a function that returns an awaitable of `T`. Type checkers see that
through the overloads of `__get__`; people see it in `help()`, since signature and docstring are carried over.
The bound function is kept in the instance, so the descriptor runs once per method and instance.
"""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, get_args, overload

from wxkf.protocol.call import Call


class Sync:
    """Marks the resources of a `Client`."""


class Async:
    """Marks the resources of an `AsyncClient`."""


M = TypeVar("M", Sync, Async)
P = ParamSpec("P")
T = TypeVar("T")


class Resource(Generic[M]):
    """A group of endpoints. `run` sends a call and gives its answer, or an awaitable of it."""

    def __init__(self, run: Callable[[Call[Any]], Any]) -> None:
        self._run = run


class endpoint(Generic[P, T]):  # noqa: N801 - reads as the decorator it is
    """Declare a method of a `Resource` as a call to the platform."""

    def __init__(self, declare: Callable[Concatenate[Any, P], Call[T]]) -> None:
        self._declare = declare
        self._name = declare.__name__
        self.__doc__ = declare.__doc__
        self.__signature__ = _signature_of_answer(declare)

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

        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(method, name, getattr(declare, name))
        parameters = list(self.__signature__.parameters.values())[1:]
        method.__dict__["__signature__"] = self.__signature__.replace(parameters=parameters)
        instance.__dict__[self._name] = method
        return method


def _signature_of_answer(declare: Callable[..., Any]) -> inspect.Signature:
    """Take the declaration's signature with `Call[T]` replaced by `T`, as a caller sees it."""
    signature = inspect.signature(declare)
    answer = get_args(signature.return_annotation)
    return signature.replace(return_annotation=answer[0]) if answer else signature
