"""The async transport, on aiohttp.

The only code that knows aiohttp. Its errors are turned into ours at once and their causes cut off, because they print
URLs and the URL holds the access token. A call spends most of its time in here, so the usual case takes the shortest
way there is: no timer of its own, no headers of its own, an answer that came in one piece is taken in one piece.
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from wxkf.client.alarm import Alarm, Watch
from wxkf.client.faults import Fault, detail_of, kind_of
from wxkf.client.feeding import Feed
from wxkf.client.reading import ACCEPTED, Sink, headers_of
from wxkf.client.settings import BASE_URL, check_address, host_of
from wxkf.errors import FileError, TransportError, WxkfError
from wxkf.errors.network import Kind
from wxkf.protocol.call import JSON, Request, Response

if TYPE_CHECKING:
    import ssl

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
    """One connection pool to one base address; up to 100 calls at once have a connection, more wait for one.

    `timeout` bounds the whole exchange, in seconds, unless a request has its own: connecting may take half of it.
    `proxy` is a URL. `context` is used in place of the system's CA certificates. A `session` of the caller's is used
    as it is and not closed.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        timeout: float = 10.0,
        proxy: str | None = None,
        session: "aiohttp.ClientSession | None" = None,
        context: "ssl.SSLContext | None" = None,
    ) -> None:
        self._base_url, self._host = base_url.rstrip("/"), check_address(base_url)
        self._alarm = Alarm()
        self._timeout, self._proxy, self._context = timeout, proxy, context
        self._session, self._owned = session, session is None

    def __repr__(self) -> str:
        return f"AiohttpTransport({self._host!r})"

    async def send(self, request: Request) -> Response:
        """Send one request; the pool opens on the first."""
        url, payload, trouble = _library()
        session = self._session or self._open()
        seconds, feed = request.timeout or self._timeout, Feed.of(request)
        if feed is None and self._owned and request.headers is JSON:  # what every request bears, our session says
            headers, data = None, payload(request.body, content_type=JSON["Content-Type"])
        else:
            headers, data = headers_of(request, feed), request.body if feed is None else aiter(feed)
        try:
            with Watch(self._alarm, seconds):
                answer = await session.request(
                    request.verb,
                    url(self._base_url + request.target, encoded=True),
                    data=data,
                    headers=headers,
                    timeout=_timeout(seconds),
                    proxy=self._proxy,
                    allow_redirects=False,
                    auto_decompress=False,
                )
                try:
                    return Response(answer.status, await _content(answer, request.most), answer.headers)
                except BaseException:
                    _drop(answer)
                    raise
        except (trouble, TimeoutError, OSError, Fault) as error:
            fault = error if feed is None else feed.fault or error
            failure: WxkfError = fault if isinstance(fault, FileError) else self._failure(request, fault)
        raise failure  # out here, so that not even __context__ leads to a URL with a token

    def _failure(self, request: Request, error: Exception) -> TransportError:
        kind, sent = _verdict(error)
        host = self._host if self._proxy is None else f"{self._host} through the proxy {host_of(self._proxy)}"
        return TransportError.of(kind, request.path, sent=sent, detail=detail_of(error, host))

    def _open(self) -> "aiohttp.ClientSession":
        import aiohttp

        from wxkf.client.connector import Connector

        kind = Connector if self._proxy else aiohttp.TCPConnector
        connector = kind(ssl=self._context or True)  # True: one of aiohttp's for the whole process
        headers = {"Accept": "*/*", "Accept-Encoding": ACCEPTED, "User-Agent": "wxkf"}
        jar = aiohttp.DummyCookieJar()
        self._session = aiohttp.ClientSession(connector=connector, cookie_jar=jar, headers=headers)
        return self._session

    async def aclose(self) -> None:
        """Close the pool, if it is ours."""
        if self._session is not None and self._owned:
            await self._session.close()
            self._session, self._alarm = None, Alarm()  # whoever opens it again may be in another event loop


@cache
def _library() -> tuple[Any, Any, Any]:
    """Load aiohttp when it is first needed, and find what every call needs at once from then on."""
    from aiohttp import BytesPayload, ClientError
    from yarl import URL

    return URL, BytesPayload, ClientError


async def _content(answer: "aiohttp.ClientResponse", most: int) -> bytes:
    stream, encoding = answer.content, answer.headers.get("content-encoding", "")
    if stream.is_eof() and not encoding and stream.total_bytes <= most:
        return stream.read_nowait()  # as a rule: it came in one piece with its headers
    sink = Sink(most, encoding, answer.content_length)
    async for piece in stream.iter_any():
        sink.add(piece)
    return sink.whole()


def _drop(answer: "aiohttp.ClientResponse") -> None:
    """End a connection at once: the rest of its answer must not meet the next request, and no farewell is due."""
    if answer.connection is not None and answer.connection.transport is not None:
        answer.connection.transport.abort()
    answer.close()


@lru_cache(64)
def _timeout(seconds: float) -> "aiohttp.ClientTimeout":
    import aiohttp

    return aiohttp.ClientTimeout(total=None, connect=seconds / 2)


def _verdict(error: Exception) -> tuple[Kind, bool]:
    """Tell of which kind an error is, and whether the request may have left: not while there was no connection."""
    import aiohttp

    if isinstance(error, Fault):
        return error.kind, error.sent
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return "proxy_auth" if error.status == 407 else "proxy_refused", False
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return "proxy", False
    sent = not isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    if isinstance(error, aiohttp.ClientPayloadError):
        return "incomplete", sent
    if isinstance(error, aiohttp.ClientResponseError):
        return "not_http", sent
    return kind_of(error, sent=sent), sent
