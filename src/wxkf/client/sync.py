"""The sync client: a driver for the flow, and the tree of calls."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from wxkf.api.corp import gettoken
from wxkf.api.resource import Sync
from wxkf.api.root import Api
from wxkf.api.uploads import MemoryCache, UploadCache, Uploads
from wxkf.client import logs
from wxkf.client.options import Changes
from wxkf.client.over_urllib3 import SyncTransport, Urllib3Transport
from wxkf.client.settings import BASE_URL, App
from wxkf.client.tokens import SyncTokens, TokenStore, token_key
from wxkf.errors import TransportError, WxkfError
from wxkf.protocol.call import Call
from wxkf.protocol.flow import NeedToken, Options, RetryPolicy, Sleep, Step, Told, flow

if TYPE_CHECKING:
    import urllib3

T = TypeVar("T")


class Client(Api[Sync]):
    """WeChat Customer Service, sync. Use it as `with Client(...)`, or call `close()`.

    Safe for any number of threads. `proxy` (a URL) and `pool` (your own, left open) go to urllib3; `transport`
    replaces it. `token_store` keeps the access token somewhere of yours; `token_life` bounds for how many seconds one
    is used; `upload_cache` keeps media_ids for `media.upload_once`. `retry`, `now`, `sleep` and `rng` may be passed in.
    """

    def __init__(
        self,
        corp_id: str,
        secret: str,
        *,
        base_url: str = BASE_URL,
        timeout: float = 10.0,
        proxy: str | None = None,
        pool: "urllib3.PoolManager | None" = None,
        transport: SyncTransport | None = None,
        token_store: TokenStore | None = None,
        token_life: float | None = None,
        upload_cache: UploadCache | None = None,
        retry: RetryPolicy | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        rng: random.Random | None = None,
    ) -> None:
        logs.set_up()
        self._corp_id = corp_id
        self._options = Options()
        self._transport = transport or Urllib3Transport(base_url, timeout=timeout, proxy=proxy, pool=pool)
        self._retry, self._rng = retry or RetryPolicy(), rng or random.Random()
        self._sleep = sleep
        self._tokens = SyncTokens(
            lambda: self.run(gettoken(corp_id, secret)),
            now,
            key=token_key(base_url, corp_id, secret),
            store=token_store,
            life=token_life,
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

        `timeout` in seconds for each try; `validate=False` sends what breaks a documented limit; `truncate=True` cuts
        what the platform would silently cut; `extra` adds fields to every body (of a GET: to the query).
        """
        twin = object.__new__(type(self))
        for name in ("_corp_id", "_transport", "_retry", "_rng", "_sleep", "_tokens"):
            setattr(twin, name, getattr(self, name))
        twin._options = replace(self._options, **changes)
        Api.__init__(twin, twin.run, Sync, self.media.uploads)
        return twin

    def run(self, call: Call[T]) -> T:
        """Send a call given as a value, with token and retries, and return its typed answer."""
        steps = flow(call, self._retry, self._rng, self._options)
        try:
            step = next(steps)
            while True:
                try:
                    told = self._take(step)
                except WxkfError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(told)
        except StopIteration as done:
            answer: T = done.value
            return answer

    def _take(self, step: Step) -> Told:
        if isinstance(step, NeedToken):
            return self._tokens.get(step.stale)
        if isinstance(step, Sleep):
            self._sleep(step.seconds)
            return None
        started = time.perf_counter()
        try:
            response = self._transport.send(step.request)
        except TransportError as error:
            return error
        logs.tell(step.request, response, time.perf_counter() - started)
        return response

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
