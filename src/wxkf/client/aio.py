"""The async client: a driver for the flow, and the tree of calls."""

import asyncio
import logging
import random
import time
from collections.abc import Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from wxkf.api.resource import Async
from wxkf.api.root import Api
from wxkf.api.uploads import MemoryCache, UploadCache, Uploads
from wxkf.client import logs
from wxkf.client.options import Changes
from wxkf.client.over_aiohttp import AiohttpTransport, AsyncTransport
from wxkf.client.renewal import TokenStore
from wxkf.client.settings import BASE_URL, App
from wxkf.client.tokens import AsyncTokens
from wxkf.client.wiring import TIMEOUT, OnRetry, TokenFrom, for_tokens, renewal_of, tell_retry, terms_of
from wxkf.clock import Clock, SystemClock
from wxkf.errors import TransportError, WxkfError
from wxkf.protocol.call import Call, Request
from wxkf.protocol.flow import NeedSlot, NeedToken, RetryPolicy, Send, Sleep, Step, Terms, Told, flow
from wxkf.protocol.limiter import Limiter

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")


class AsyncClient(Api[Async]):
    """WeChat Customer Service, async. Use it as `async with AsyncClient(...)`, or call `aclose()`.

    Safe for any number of tasks of one event loop. `proxy` (a URL) and `session` (your own, left open) go to aiohttp;
    `transport` replaces it.

    `timeout` bounds each try (10 by default), `deadline` a call as a whole: token, tries and pauses, in seconds.
    `on_retry` is told of every further try. `limiter` holds calls back before the platform refuses them; `concurrency`
    caps those under way. `token_source` is where the access token comes from, if not from the secret: a `TokenSource`,
    or the URL or function of somebody who owns it; `token_store` shares it with other clients and processes;
    `token_life` bounds for how many seconds one is used. `upload_cache` keeps media_ids for `media.upload_once`.
    `retry`, `clock` and `rng` may be passed in.
    """

    def __init__(
        self,
        corp_id: str,
        secret: str = "",
        *,
        base_url: str = BASE_URL,
        timeout: float | None = None,
        deadline: float | None = None,
        proxy: str | None = None,
        session: "aiohttp.ClientSession | None" = None,
        transport: AsyncTransport | None = None,
        token_source: TokenFrom | None = None,
        token_store: TokenStore | None = None,
        token_life: float | None = None,
        upload_cache: UploadCache | None = None,
        retry: RetryPolicy | None = None,
        on_retry: OnRetry | None = None,
        limiter: Limiter | None = None,
        concurrency: int | None = None,
        clock: Clock | None = None,
        rng: random.Random | None = None,
    ) -> None:
        logs.set_up()
        own = timeout or TIMEOUT  # a transport of the caller's has its own, unless this client is told otherwise
        each = timeout if transport else own
        self._corp_id, self._on_retry = corp_id, on_retry
        self._clock = clock or SystemClock()
        self._terms = terms_of(
            corp_id, timeout=each, deadline=deadline, retry=retry, rng=rng, elapsed=self._clock.elapsed,
            limiter=limiter, concurrency=concurrency,
        )  # fmt: skip
        self._slots = asyncio.Semaphore(concurrency) if concurrency else None
        self._transport = transport or AiohttpTransport(base_url, timeout=own, proxy=proxy, session=session)
        renewal = renewal_of(
            corp_id, secret, base_url, self._clock.now, source=token_source, store=token_store, life=token_life
        )
        fetching = for_tokens(self._terms)
        self._tokens = AsyncTokens(renewal, lambda call: self._drive(call, fetching), self._clock.sleep)
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

        `timeout` in seconds for each try; `deadline` in seconds for all of a call; `validate=False` sends what breaks
        a documented limit; `truncate=True` cuts what the platform would silently cut; `extra` adds fields to every
        body (of a GET: to the query).
        """
        twin = object.__new__(type(self))
        for name in ("_corp_id", "_on_retry", "_clock", "_slots", "_transport", "_tokens"):
            setattr(twin, name, getattr(self, name))
        twin._terms = replace(self._terms, options=replace(self._terms.options, **changes))
        Api.__init__(twin, twin.run, Async, self.media.uploads)
        return twin

    async def access_token(self, stale: str | None = None) -> str:
        """Give the token that the calls use, and not `stale`, which was refused. Keep it secret."""
        return await self._tokens.get(stale)

    def run(self, call: Call[T]) -> Coroutine[Any, Any, T]:
        """Send a call given as a value, with token and retries, and return its typed answer."""
        return self._drive(call, self._terms)

    async def _drive(self, call: Call[T], terms: Terms) -> T:
        steps, slot = flow(call, terms), False
        try:
            step = next(steps)
            while True:
                try:
                    if type(step) is Send:
                        told = await self._send(step.request)
                    elif type(step) is NeedToken and (fresh := self._tokens.fresh(step.stale)) and not step.retry:
                        told = fresh  # as nearly always; without a coroutine of its own
                    else:
                        told = await self._take(step)
                except WxkfError as error:
                    step = steps.throw(error)
                    continue
                if slot and self._slots:
                    self._slots.release()
                slot = told is True
                step = steps.send(told)
        except StopIteration as done:
            answer: T = done.value
            return answer
        finally:
            if slot and self._slots:
                self._slots.release()

    async def _take(self, step: Step) -> Told:
        match step:
            case NeedToken(stale=stale, within=within, retry=retry):
                if retry:
                    tell_retry(retry, self._on_retry)
                return await self._tokens.get(stale, within)
            case Sleep(seconds=seconds, retry=retry):
                if retry:
                    tell_retry(retry, self._on_retry)
                await self._clock.sleep(seconds)
            case NeedSlot(within=within):
                return await self._slot(within)
            case Send(request=request):
                return await self._send(request)
        return None

    async def _send(self, request: Request) -> Told:
        told = logs.log.isEnabledFor(logging.DEBUG)
        started = time.perf_counter() if told else 0.0
        try:
            response = await self._transport.send(request)
        except TransportError as error:
            return error
        if told:
            logs.tell(request, response, time.perf_counter() - started)
        return response

    async def _slot(self, within: float | None) -> bool:
        assert self._slots is not None  # noqa: S101 - asked for under a cap only
        try:
            async with asyncio.timeout(within):
                return await self._slots.acquire()
        except TimeoutError:
            return False

    async def aclose(self) -> None:
        """Close the connections."""
        await self._tokens.aclose()
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
