"""The async client, and its transport on aiohttp.

`AiohttpTransport` is the only code that knows aiohttp. Its errors are turned into ours at once and their causes cut
off, because they print URLs and the URL holds the access token.
"""

import random
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from wxkf.api.corp import gettoken
from wxkf.api.resource import Async
from wxkf.api.root import Api
from wxkf.client.settings import BASE_URL, App
from wxkf.client.tokens import AsyncTokens
from wxkf.clock import Clock, SystemClock
from wxkf.errors import TransportError, WxkfError
from wxkf.protocol.call import Call, Request, Response
from wxkf.protocol.flow import NeedToken, RetryPolicy, Sleep, Step, Told, flow

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")


class AsyncTransport(Protocol):
    """Carries one request. Raises `TransportError` and nothing else."""

    async def send(self, request: Request) -> Response:
        """Send and wait for the whole answer."""
        ...

    async def aclose(self) -> None:
        """Give back what it holds."""
        ...


class AiohttpTransport:
    """One connection pool to one base address. `timeout` bounds the whole exchange, in seconds."""

    def __init__(self, base_url: str = BASE_URL, *, timeout: float = 10.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def send(self, request: Request) -> Response:
        """Send one request; the pool opens on the first."""
        import aiohttp
        from yarl import URL

        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._timeout)
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        headers = {"Content-Type": "application/json"} if request.body is not None else {}
        url = URL(self._base_url + request.target, encoded=True)
        try:
            async with self._session.request(
                request.verb, url, data=request.body, headers=headers, allow_redirects=False
            ) as answer:
                return Response(answer.status, await answer.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            sent = not isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
            raise _no_answer(request, error, sent=sent) from None

    async def aclose(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _no_answer(request: Request, error: Exception, *, sent: bool) -> TransportError:
    what = "no connection" if not sent else "no answer" if isinstance(error, TimeoutError) else "connection broken"
    return TransportError(f"{request.path}: {what} ({type(error).__name__})", sent=sent)


class AsyncClient(Api[Async]):
    """WeChat Customer Service, async. Use it as `async with AsyncClient(...)`, or call `aclose()`.

    Safe for any number of tasks of one event loop. `transport`, `retry`, `clock` and `rng` may be passed in.
    """

    def __init__(
        self,
        corp_id: str,
        secret: str,
        *,
        base_url: str = BASE_URL,
        timeout: float = 10.0,
        transport: AsyncTransport | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        rng: random.Random | None = None,
    ) -> None:
        super().__init__(self.run)
        self._corp_id = corp_id
        self._transport = transport or AiohttpTransport(base_url, timeout=timeout)
        self._retry = retry or RetryPolicy()
        self._clock = clock or SystemClock()
        self._rng = rng or random.Random()
        self._tokens = AsyncTokens(lambda: self.run(gettoken(corp_id, secret)), self._clock.now)

    def __repr__(self) -> str:
        return f"AsyncClient({self._corp_id!r})"

    @classmethod
    def of(cls, app: App, **options: Any) -> Self:
        """Make a client for an `App`; `options` as for the constructor."""
        return cls(app.corp_id, app.secret, base_url=app.base_url, **options)

    async def run(self, call: Call[T]) -> T:
        """Send a call given as a value, with token and retries, and return its typed answer."""
        steps = flow(call, self._retry, self._rng)
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
        try:
            return await self._transport.send(step.request)
        except TransportError as error:
            return error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
