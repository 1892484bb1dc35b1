"""`SyncContext`: what a plain function holds. It runs in a thread, so each call waits there for what it does.

Every method is that of `Context`, declared there once; here stands only that it is waited for.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from wxkf.bot.context import Context
from wxkf.bot.occasion import E, Occasion
from wxkf.errors import ConfigError
from wxkf.messages.outbound import Outbound

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S")


class Waited(Generic[P, T]):
    """A method of `Context` as one that returns when it is done."""

    def __init__(self, method: Callable[Concatenate[Context[Any], P], Coroutine[Any, Any, T]]) -> None:
        self._method, self.__doc__ = method, method.__doc__

    @overload
    def __get__(self, context: None, kind: type[Any]) -> "Waited[P, T]": ...
    @overload
    def __get__(self, context: "SyncContext[Any]", kind: type[Any]) -> Callable[P, T]: ...

    def __get__(self, context: "SyncContext[Any] | None", kind: type[Any]) -> Any:
        """Give the call."""
        if context is None:
            return self

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            return context.wait(self._method(context.context, *args, **kwargs))

        return call


class SyncContext(Occasion[E]):
    """The same as `Context`, for a plain function."""

    def __init__(self, context: Context[E]) -> None:
        super().__init__(context._event, context._work, context._clock)
        self.context, self._loop = context, asyncio.get_running_loop()

    reply = Waited(Context.reply)
    quota = Waited(Context.quota)
    superseded = Waited(Context.superseded)
    hand_over = Waited(Context.hand_over)
    close = Waited(Context.close)
    session = Waited(Context.session)
    history = Waited(Context.history)
    later = Waited(Context.later)
    cancel = Waited(Context.cancel)
    download = Waited(Context.download)
    transcript = Waited(Context.transcript)

    def notice(self, message: str | Outbound, *, after: float = 0.0) -> None:
        """See `Context.notice`."""

        async def on_the_loop() -> None:
            self.context.notice(message, after=after)

        self.wait(on_the_loop())

    def load(self, kind: type[S], name: str = "") -> S:
        """See `Context.load`."""
        return self.wait(self.context.load(kind, name))

    def save(self, state: object, name: str = "") -> None:
        """See `Context.save`."""
        self.context.save(state, name)

    @contextmanager
    def state(self, kind: type[S], name: str = "") -> Iterator[S]:
        """See `Context.state`."""
        state = self.load(kind, name)
        yield state
        self.save(state, name)

    @property
    def unsent(self) -> str:
        """See `Context.unsent`."""
        return self.context.unsent

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something on the bot's loop, and wait here until it is done. Raises `ConfigError` on that loop itself."""
        with suppress(RuntimeError):
            if asyncio.get_running_loop() is self._loop:
                work.close()
                raise ConfigError(
                    "a plain function that gives back a coroutine cannot wait in it: make it an `async def`"
                )
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
