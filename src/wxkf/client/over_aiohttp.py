"""The async transport, on aiohttp.

The only code that knows aiohttp. Its errors are turned into ours at once and their causes cut off, because they print
URLs and the URL holds the access token.
"""

from typing import TYPE_CHECKING, Protocol

from wxkf.client.settings import BASE_URL, check_address
from wxkf.errors import TransportError
from wxkf.protocol.call import Request, Response

if TYPE_CHECKING:
    import aiohttp


class AsyncTransport(Protocol):
    """Carries one request. Raises `TransportError` and nothing else."""

    async def send(self, request: Request) -> Response:
        """Send and wait for the whole answer."""
        ...

    async def aclose(self) -> None:
        """Give back what it holds."""
        ...


class AiohttpTransport:
    """One connection pool to one base address.

    `timeout` bounds the whole exchange, in seconds, unless a request has its own. `proxy` is a URL. A `session` of the
    caller's is used as it is and not closed.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        timeout: float = 10.0,
        proxy: str | None = None,
        session: "aiohttp.ClientSession | None" = None,
    ) -> None:
        self._base_url, self._host = base_url.rstrip("/"), check_address(base_url)
        self._timeout, self._proxy = timeout, proxy
        self._session, self._owned = session, session is None

    def __repr__(self) -> str:
        return f"AiohttpTransport({self._host!r})"

    async def send(self, request: Request) -> Response:
        """Send one request; the pool opens on the first."""
        import aiohttp
        from yarl import URL

        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        seconds = request.timeout or self._timeout
        try:
            async with self._session.request(
                request.verb,
                URL(self._base_url + request.target, encoded=True),
                data=request.body,
                headers=request.headers,
                timeout=aiohttp.ClientTimeout(total=seconds, connect=seconds / 2),
                proxy=self._proxy,
                allow_redirects=False,
            ) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status, await answer.read(), headers)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            sent = not isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
            failure = _no_answer(request, self._host, error, sent=sent)
        raise failure  # out here, so that not even __context__ leads to a URL with a token

    async def aclose(self) -> None:
        """Close the pool, if it is ours."""
        if self._session is not None and self._owned:
            await self._session.close()
            self._session = None


def _no_answer(request: Request, host: str, error: Exception, *, sent: bool) -> TransportError:
    what = "no connection" if not sent else "no answer" if isinstance(error, TimeoutError) else "connection broken"
    return TransportError(f"{request.path}: {what}, asking {host} ({type(error).__name__})", sent=sent)
