"""The sync client, and its transport on urllib3.

`Urllib3Transport` is the only code that knows urllib3. Its own retries are off: what may be repeated is the flow's
decision. Causes are cut off, because they print URLs and the URL holds the access token.
"""

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from wxkf.api.corp import gettoken
from wxkf.api.resource import Sync
from wxkf.api.root import Api
from wxkf.client.settings import BASE_URL, App
from wxkf.client.tokens import SyncTokens
from wxkf.errors import TransportError, WxkfError
from wxkf.protocol.call import Call, Request, Response
from wxkf.protocol.flow import NeedToken, RetryPolicy, Sleep, Step, Told, flow

if TYPE_CHECKING:
    import urllib3

T = TypeVar("T")


class SyncTransport(Protocol):
    """Carries one request. Raises `TransportError` and nothing else."""

    def send(self, request: Request) -> Response:
        """Send and wait for the whole answer."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class Urllib3Transport:
    """One connection pool to one base address. `timeout` bounds each wait for the network, in seconds."""

    def __init__(self, base_url: str = BASE_URL, *, timeout: float = 10.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._pool: urllib3.PoolManager | None = None

    def send(self, request: Request) -> Response:
        """Send one request; the pool opens on the first."""
        import urllib3
        from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

        if self._pool is None:
            self._pool = urllib3.PoolManager(maxsize=16, timeout=self._timeout, retries=False)
        headers = {"Content-Type": "application/json"} if request.body is not None else {}
        url = self._base_url + request.target
        try:
            answer = self._pool.request(request.verb, url, body=request.body, headers=headers, redirect=False)
            return Response(answer.status, answer.data)
        except HTTPError as error:
            sent = not isinstance(error, NewConnectionError | ConnectTimeoutError)
            what = "connection broken or no answer in time" if sent else "no connection"
            raise TransportError(f"{request.path}: {what} ({type(error).__name__})", sent=sent) from None

    def close(self) -> None:
        """Close the pool."""
        if self._pool is not None:
            self._pool.clear()
            self._pool = None


class Client(Api[Sync]):
    """WeChat Customer Service, sync. Use it as `with Client(...)`, or call `close()`.

    Safe for any number of threads. `transport`, `retry`, `now`, `sleep` and `rng` may be passed in.
    """

    def __init__(
        self,
        corp_id: str,
        secret: str,
        *,
        base_url: str = BASE_URL,
        timeout: float = 10.0,
        transport: SyncTransport | None = None,
        retry: RetryPolicy | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        rng: random.Random | None = None,
    ) -> None:
        super().__init__(self.run)
        self._corp_id = corp_id
        self._transport = transport or Urllib3Transport(base_url, timeout=timeout)
        self._retry = retry or RetryPolicy()
        self._sleep = sleep
        self._rng = rng or random.Random()
        self._tokens = SyncTokens(lambda: self.run(gettoken(corp_id, secret)), now)

    def __repr__(self) -> str:
        return f"Client({self._corp_id!r})"

    @classmethod
    def of(cls, app: App, **options: Any) -> Self:
        """Make a client for an `App`; `options` as for the constructor."""
        return cls(app.corp_id, app.secret, base_url=app.base_url, **options)

    def run(self, call: Call[T]) -> T:
        """Send a call given as a value, with token and retries, and return its typed answer."""
        steps = flow(call, self._retry, self._rng)
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
        try:
            return self._transport.send(step.request)
        except TransportError as error:
            return error

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
