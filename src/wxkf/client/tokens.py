"""The access token of one client: in hand while it is fresh, renewed once however many ask at the same moment.

`get(stale=...)` says which token the platform refused: only whoever still holds that very one causes a renewal, so a
hundred calls that fail together with 42001 lead to one `gettoken`. From 95 % of its life on, whoever asks first
renews it while the others go on with it; if that fails, so does the first. What renewing means stands in
`client.renewal`; here are its two drivers, one for tasks and one for threads.
"""

import asyncio
import inspect
import logging
import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from wxkf.client.renewal import LEASE, Get, Pause, Renewal, Run, Step, TokenStore
from wxkf.client.token import Token
from wxkf.errors import TransportError, WxkfError
from wxkf.protocol.ask import Ask
from wxkf.protocol.call import Call

log = logging.getLogger("wxkf.client")

_POSTPONED = 30.0  # seconds until an early renewal that failed is tried again


def _late() -> TransportError:
    return TransportError.of("deadline", "gettoken", sent=False, detail="the access token did not come")


class _InHand(ABC):
    """The token in hand, as both modes see it."""

    def __init__(self, renewal: Renewal) -> None:
        self._renewal, self._now = renewal, renewal.now
        self._token: Token | None = None
        self._not_before = 0.0
        self._others: dict[str, Any] = {}

    def fresh(self, stale: str | None) -> str | None:
        """Give the token if there is nothing to be done about it."""
        token, now = self._token, self._now()
        if token is None or not token.serves(stale, now):
            return None
        return token.value if token.is_fresh(now) or now < self._not_before <= now + _POSTPONED else None

    def _take_in_hand(self, token: Token) -> None:
        """Keep a token; one that is not fresh is all that could be had, so the next is not asked for at once."""
        self._token = token
        if not token.is_fresh(self._now()):
            self._not_before = self._now() + _POSTPONED

    def _alive(self, stale: str | None) -> str | None:
        """Give the token if it serves, though it should be renewed."""
        token = self._token
        return token.value if token and token.serves(stale, self._now()) else None

    def _postpone(self, error: WxkfError) -> None:
        log.warning("the access token could not be renewed early, the old one serves on: %s", error)
        self._not_before = self._now() + _POSTPONED

    def _other(self, step: Get) -> Any:
        """Find the holder of another source's token; one for each, so that it is renewed once as well."""
        key = step.source.key
        if key not in self._others:
            mine = self._renewal
            self._others[key] = self._like(Renewal(step.source, mine.now, mine.store, mine.life))
        return self._others[key]

    @abstractmethod
    def _like(self, renewal: Renewal) -> Any: ...


async def lent(do: Callable[[], Any]) -> Any:
    """Lend a thread to what may block, and await what it returns if that is awaitable."""
    told = await asyncio.to_thread(do)
    return await told if inspect.isawaitable(told) else told


async def forget(store: TokenStore, key: str) -> None:
    """Delete what a store keeps under a key; while somebody is fetching, it is his to write. Raises what it raises."""
    fence = await lent(lambda: store.lease(key, LEASE))
    if fence is not None:
        await lent(lambda: store.write(key, b"", fence))


class AsyncTokens(_InHand):
    """The token of an async client. `run` makes a call, `sleep` waits."""

    def __init__(
        self,
        renewal: Renewal,
        run: Callable[[Call[Any]], Awaitable[Any]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(renewal)
        self._run, self._sleep = run, sleep
        self._task: asyncio.Task[Token] | None = None

    async def get(self, stale: str | None = None, within: float | None = None) -> str:
        """Give a token other than `stale`, renewing it if need be, within so many seconds."""
        token = self.fresh(stale)
        while token is None:
            under_way, token = self._task, self._alive(stale)
            if token is not None and under_way is not None:
                return token
            token = await self._renewed(stale, token, within)
        return token

    async def aclose(self) -> None:
        """End a renewal that is under way, and those of the tokens it needs first."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._task
        for other in self._others.values():
            await other.aclose()

    async def _renewed(self, stale: str | None, alive: str | None, within: float | None) -> str | None:
        """Wait for the renewal, which goes on for the others if we give up; None if it was for another `stale`."""
        mine = self._task is None
        if self._task is None:
            self._task = asyncio.create_task(self._renew(stale))
            self._task.add_done_callback(self._over)
        try:
            async with asyncio.timeout(within):
                token = await asyncio.shield(self._task)
        except TimeoutError:
            raise TransportError.of(
                "deadline", "gettoken", sent=False, detail="the access token did not come"
            ) from None
        except WxkfError as error:
            if alive is None:
                raise
            self._postpone(error)
            return alive
        return token.value if mine or token.serves(stale, self._now()) else None

    def _over(self, task: "asyncio.Task[Token]") -> None:
        self._task = None
        if not task.cancelled():
            _ = task.exception()  # fetched, so that asyncio does not complain when nobody waits any more

    async def _renew(self, stale: str | None) -> Token:
        steps = self._renewal.run(stale)
        try:
            step = next(steps)
            while True:
                try:
                    told = await self._take(step)
                except Exception as error:  # noqa: BLE001 - the generator decides what it means
                    step = steps.throw(error)
                else:
                    step = steps.send(told)
        except StopIteration as done:
            token: Token = done.value
            self._take_in_hand(token)  # here and not where it is waited for: who comes in between must find it
            return token

    async def _take(self, step: Step) -> Any:
        match step:
            case Ask(do=do):
                return await lent(do)
            case Run(call=call):
                return await self._run(call)
            case Get(stale=stale):
                return await self._other(step).get(stale)
            case Pause(seconds=seconds):
                return await self._sleep(seconds)

    def _like(self, renewal: Renewal) -> "AsyncTokens":
        return AsyncTokens(renewal, self._run, self._sleep)


class SyncTokens(_InHand):
    """The token of a sync client, shared by its threads. `run` makes a call within so many seconds, `sleep` waits."""

    def __init__(
        self,
        renewal: Renewal,
        run: Callable[[Call[Any], float | None], Any],
        sleep: Callable[[float], None] = time.sleep,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(renewal)
        self._run, self._sleep, self._elapsed = run, sleep, elapsed
        self._lock = threading.Lock()

    def get(self, stale: str | None = None, within: float | None = None) -> str:
        """Give a token other than `stale`, renewing it if need be, within so many seconds."""
        token = self.fresh(stale)
        if token is not None:
            return token
        alive = self._alive(stale)
        ends = math.inf if within is None else self._elapsed() + within
        if not self._lock.acquire(blocking=alive is None, timeout=-1 if within is None or alive else max(0.0, within)):
            if alive is not None:
                return alive  # somebody is at it
            raise _late()
        try:
            return self.fresh(stale) or self._renewed(stale, ends)
        finally:
            self._lock.release()

    def _renewed(self, stale: str | None, ends: float) -> str:
        alive = self._alive(stale)
        try:
            token = self._renew(stale, ends)
        except WxkfError as error:
            if alive is None:
                raise
            self._postpone(error)
            return alive
        self._take_in_hand(token)
        return token.value

    def _renew(self, stale: str | None, ends: float) -> Token:
        steps = self._renewal.run(stale)
        try:
            step = next(steps)
            while True:
                try:
                    told = self._take(step, ends)
                except Exception as error:  # noqa: BLE001 - the generator decides what it means
                    step = steps.throw(error)
                else:
                    step = steps.send(told)
        except StopIteration as done:
            token: Token = done.value
            return token

    def _take(self, step: Step, ends: float) -> Any:
        left = None if ends == math.inf else max(0.0, ends - self._elapsed())
        match step:
            case Ask(do=do):
                told = do()
                if inspect.iscoroutine(told):
                    told.close()
                    raise TypeError("an async function or store works with AsyncClient only")
                return told
            case Run(call=call):
                return self._run(call, left)
            case Get(stale=stale):
                return self._other(step).get(stale, left)
            case Pause(seconds=seconds):
                if left is not None and left <= seconds:
                    raise _late()
                return self._sleep(seconds)

    def _like(self, renewal: Renewal) -> "SyncTokens":
        return SyncTokens(renewal, self._run, self._sleep, self._elapsed)
