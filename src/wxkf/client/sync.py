"""The sync client: a driver for the flow, and the tree of calls."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from wxkf.api.resource import Sync
from wxkf.api.root import Api
from wxkf.api.uploads import MemoryCache, UploadCache, Uploads
from wxkf.client import logs
from wxkf.client.options import Changes
from wxkf.client.over_urllib3 import SyncTransport, Urllib3Transport
from wxkf.client.renewal import TokenStore
from wxkf.client.settings import BASE_URL, App
from wxkf.client.tokens import SyncTokens
from wxkf.client.wiring import TIMEOUT, OnRetry, TokenFrom, for_tokens, renewal_of, tell_retry, terms_of
from wxkf.errors import TransportError, WxkfError
from wxkf.protocol.call import Call, Request
from wxkf.protocol.flow import NeedSlot, NeedToken, RetryPolicy, Send, Sleep, Step, Terms, Told, flow
from wxkf.protocol.limiter import Limiter

if TYPE_CHECKING:
    import urllib3

T = TypeVar("T")


class Client(Api[Sync]):
    """WeChat Customer Service, sync. Use it as `with Client(...)`, or call `close()`.

    Safe for any number of threads. `proxy` (a URL) and `pool` (your own, left open) go to urllib3; `transport`
    `transport` replaces it.

    `timeout` bounds each try (10 by default), `deadline` a call as a whole: token, tries and pauses, in seconds.
    `on_retry` is told of every further try. `limiter` holds calls back before the platform refuses them; `concurrency`
    caps those under way. `token_source` is where the access token comes from, if not from the secret: a `TokenSource`,
    or the URL or function of somebody who owns it; `token_store` shares it with other clients and processes;
    `token_life` bounds for how many seconds one is used. `upload_cache` keeps media_ids for `media.upload_once`.
    `retry`, `now`, `elapsed`, `sleep` and `rng` may be passed in.
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
        pool: "urllib3.PoolManager | None" = None,
        transport: SyncTransport | None = None,
        token_source: TokenFrom | None = None,
        token_store: TokenStore | None = None,
        token_life: float | None = None,
        upload_cache: UploadCache | None = None,
        retry: RetryPolicy | None = None,
        on_retry: OnRetry | None = None,
        limiter: Limiter | None = None,
        concurrency: int | None = None,
        now: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        rng: random.Random | None = None,
    ) -> None:
        logs.set_up()
        own = timeout or TIMEOUT  # a transport of the caller's has its own, unless this client is told otherwise
        each = timeout if transport else own
        self._corp_id, self._on_retry, self._sleep = corp_id, on_retry, sleep
        self._terms = terms_of(
            corp_id, timeout=each, deadline=deadline, retry=retry, rng=rng, elapsed=elapsed,
            limiter=limiter, concurrency=concurrency,
        )  # fmt: skip
        self._slots = threading.BoundedSemaphore(concurrency) if concurrency else None
        self._transport = transport or Urllib3Transport(base_url, timeout=own, proxy=proxy, pool=pool)
        renewal = renewal_of(corp_id, secret, base_url, now, source=token_source, store=token_store, life=token_life)
        terms = self._terms
        self._tokens = SyncTokens(
            renewal, lambda call, within: self._drive(call, for_tokens(terms, within)), sleep, elapsed
        )
        cache = MemoryCache(now) if upload_cache is None else upload_cache
        super().__init__(self.run, Sync, Uploads(f"{base_url} {corp_id}", now, cache))

    def __repr__(self) -> str:
        return f"Client({self._corp_id!r})"

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
        for name in ("_corp_id", "_on_retry", "_sleep", "_slots", "_transport", "_tokens"):
            setattr(twin, name, getattr(self, name))
        twin._terms = replace(self._terms, options=replace(self._terms.options, **changes))
        Api.__init__(twin, twin.run, Sync, self.media.uploads)
        return twin

    def access_token(self, stale: str | None = None) -> str:
        """Give the token that the calls use, and not `stale`, which was refused. Keep it secret."""
        return self._tokens.get(stale)

    def run(self, call: Call[T]) -> T:
        """Send a call given as a value, with token and retries, and return its typed answer."""
        return self._drive(call, self._terms)

    def _drive(self, call: Call[T], terms: Terms) -> T:
        steps, slot = flow(call, terms), False
        try:
            step = next(steps)
            while True:
                try:
                    told = self._send(step.request) if type(step) is Send else self._take(step)
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

    def _take(self, step: Step) -> Told:
        match step:
            case NeedToken(stale=stale, within=within, retry=retry):
                if retry:
                    tell_retry(retry, self._on_retry)
                return self._tokens.get(stale, within)
            case Sleep(seconds=seconds, retry=retry):
                if retry:
                    tell_retry(retry, self._on_retry)
                self._sleep(seconds)
            case NeedSlot(within=within):
                assert self._slots is not None  # noqa: S101 - asked for under a cap only
                return self._slots.acquire(timeout=None if within is None else max(0.0, within))
            case Send(request=request):
                return self._send(request)
        return None

    def _send(self, request: Request) -> Told:
        started = time.perf_counter()
        try:
            response = self._transport.send(request)
        except TransportError as error:
            return error
        logs.tell(request, response, time.perf_counter() - started)
        return response

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
