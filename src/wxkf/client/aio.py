"""The async client: a driver for the flow, and the tree of calls."""

import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from wxkf.api.corp import gettoken
from wxkf.api.resource import Async
from wxkf.api.root import Api
from wxkf.api.uploads import MemoryCache, UploadCache, Uploads
from wxkf.client import logs
from wxkf.client.options import Changes
from wxkf.client.over_aiohttp import AiohttpTransport, AsyncTransport
from wxkf.client.settings import BASE_URL, App
from wxkf.client.tokens import AsyncTokens, AsyncTokenStore, token_key
from wxkf.clock import Clock, SystemClock
from wxkf.errors import TransportError, WxkfError
from wxkf.protocol.call import Call
from wxkf.protocol.flow import NeedToken, Options, RetryPolicy, Sleep, Step, Told, flow

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")


class AsyncClient(Api[Async]):
    """WeChat Customer Service, async. Use it as `async with AsyncClient(...)`, or call `aclose()`.

    Safe for any number of tasks of one event loop. `proxy` (a URL) and `session` (your own, left open) go to aiohttp;
    `transport` replaces it. `token_store` keeps the access token somewhere of yours; `token_life` bounds for how many
    seconds one is used; `upload_cache` keeps media_ids for `media.upload_once`. `retry`, `clock` and `rng` may be
    passed in.
    """

    def __init__(
        self,
        corp_id: str,
        secret: str,
        *,
        base_url: str = BASE_URL,
        timeout: float = 10.0,
        proxy: str | None = None,
        session: "aiohttp.ClientSession | None" = None,
        transport: AsyncTransport | None = None,
        token_store: AsyncTokenStore | None = None,
        token_life: float | None = None,
        upload_cache: UploadCache | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        rng: random.Random | None = None,
    ) -> None:
        logs.set_up()
        self._corp_id = corp_id
        self._options = Options()
        self._transport = transport or AiohttpTransport(base_url, timeout=timeout, proxy=proxy, session=session)
        self._retry, self._rng = retry or RetryPolicy(), rng or random.Random()
        self._clock = clock or SystemClock()
        self._tokens = AsyncTokens(
            lambda: self.run(gettoken(corp_id, secret)),
            self._clock.now,
            key=token_key(base_url, corp_id, secret),
            store=token_store,
            life=token_life,
        )
        cache = MemoryCache(self._clock.now) if upload_cache is None else upload_cache
        super().__init__(self.run, Async, Uploads(f"{base_url} {corp_id}", self._clock.now, cache))

    def __repr__(self) -> str:
        return f"AsyncClient({self._corp_id!r})"

    @classmethod
    def of(cls, app: App, **options: Any) -> Self:
        """Make a client for an `App`; `options` as for the constructor."""
        return cls(app.corp_id, app.secret, base_url=app.base_url, **options)

    def with_options(self, **changes: Unpack[Changes]) -> Self:
        """Give a client with other options for its calls that shares connections and token with this one.

        `timeout` in seconds for each try; `validate=False` sends what breaks a documented limit; `truncate=True` cuts
        what the platform would silently cut; `extra` adds fields to every body (of a GET: to the query).
        """
        twin = object.__new__(type(self))
        for name in ("_corp_id", "_transport", "_retry", "_rng", "_clock", "_tokens"):
            setattr(twin, name, getattr(self, name))
        twin._options = replace(self._options, **changes)
        Api.__init__(twin, twin.run, Async, self.media.uploads)
        return twin

    async def run(self, call: Call[T]) -> T:
        """Send a call given as a value, with token and retries, and return its typed answer."""
        steps = flow(call, self._retry, self._rng, self._options)
        try:
            step = next(steps)
            while True:
                try:
                    told = await self._take(step)
                except WxkfError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(told)
        except StopIteration as done:
            answer: T = done.value
            return answer

    async def _take(self, step: Step) -> Told:
        if isinstance(step, NeedToken):
            return await self._tokens.get(step.stale)
        if isinstance(step, Sleep):
            await self._clock.sleep(step.seconds)
            return None
        started = time.perf_counter()
        try:
            response = await self._transport.send(step.request)
        except TransportError as error:
            return error
        logs.tell(step.request, response, time.perf_counter() - started)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
