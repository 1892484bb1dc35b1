"""The sync transport, on urllib3.

Only this file and `bounded` know urllib3. Its own retries are off: what may be repeated is the flow's decision. Causes
are cut off, because they print URLs and the URL holds the access token.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from wxkf.client.faults import Fault, detail_of, kind_of
from wxkf.client.feeding import Feed
from wxkf.client.reading import Sink, headers_of
from wxkf.client.settings import BASE_URL, check_address, host_of
from wxkf.errors import FileError, TransportError, WxkfError
from wxkf.protocol.call import Request, Response

if TYPE_CHECKING:
    import ssl

    import urllib3

    from wxkf.client.bounded import Exchange

_PIECE = 64 << 10
_CONNECTIONS = 100  # kept for reuse; more threads than that are served by connections of their own


class SyncTransport(Protocol):
    """Carries one request. Raises `TransportError` and nothing else."""

    def send(self, request: Request) -> Response:
        """Send and wait for the whole answer."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class Urllib3Transport:
    """One connection pool to one base address, for any number of threads; it keeps up to 100 connections.

    `timeout` bounds the whole exchange, in seconds, unless a request has its own: connecting may take half of it.
    `proxy` is a URL. `context` is used in place of the system's CA certificates. A `pool` of the caller's is used as
    it is and not closed; in it, `timeout` bounds each wait until the body begins.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        timeout: float = 10.0,
        proxy: str | None = None,
        pool: "urllib3.PoolManager | None" = None,
        context: "ssl.SSLContext | None" = None,
    ) -> None:
        self._base_url, self._host = base_url.rstrip("/"), check_address(base_url)
        self._timeout, self._proxy, self._context = timeout, proxy, context
        self._pool, self._owned = pool, pool is None
        self._ask: Callable[..., Any] | None = None if pool is None else pool.urlopen
        self._prefix = self._base_url

    def __repr__(self) -> str:
        return f"Urllib3Transport({self._host!r})"

    def send(self, request: Request) -> Response:
        """Send one request; the pool opens on the first."""
        from urllib3.exceptions import HTTPError

        from wxkf.client.bounded import Exchange, current

        exchange, feed = Exchange(request.timeout or self._timeout), Feed.of(request)
        before = current.set(exchange)
        try:
            return self._exchange(request, feed, exchange)
        except (HTTPError, OSError, Fault) as error:
            fault = error if feed is None else feed.fault or error
            failure: WxkfError = fault if isinstance(fault, FileError) else self._failure(request, fault, exchange)
        finally:
            current.reset(before)
        raise failure  # out here, so that not even __context__ leads to a URL with a token

    def _exchange(self, request: Request, feed: Feed | None, exchange: "Exchange") -> Response:
        ask = self._ask or self._open()
        headers = headers_of(request, feed)
        answer = ask(
            request.verb,
            self._prefix + request.target,
            body=request.body if feed is None else iter(feed),
            headers=headers,
            timeout=exchange.remaining(),
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            sink = Sink(request.most, answer.headers.get("content-encoding", ""), answer.length_remaining)
            while piece := answer.read1(_PIECE, decode_content=False):
                sink.add(piece)
                exchange.remaining()
            response = Response(answer.status, sink.whole(), answer.headers)
        except BaseException:
            answer.close()  # what is left of the answer must not meet the next request
            raise
        answer.release_conn()
        return response

    def _failure(self, request: Request, error: Exception, exchange: "Exchange") -> TransportError:
        from wxkf.client.bounded import is_proxys, never_left

        sent = exchange.left if self._owned else not never_left(error)
        kind = "proxy" if not sent and is_proxys(error) else kind_of(error, sent=sent)
        host = self._host if self._proxy is None else f"{self._host} through the proxy {host_of(self._proxy)}"
        return TransportError.of(kind, request.path, sent=sent, detail=detail_of(error, host))

    def _open(self) -> Callable[..., Any]:
        import ssl

        import urllib3

        from wxkf.client.bounded import Pool, SecurePool

        context = self._context or ssl.create_default_context()  # one for all connections: making one is slow
        options: dict[str, Any] = {"maxsize": _CONNECTIONS, "ssl_context": context}
        manager = urllib3.ProxyManager(self._proxy, **options) if self._proxy else urllib3.PoolManager(**options)
        manager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}
        ask: Callable[..., Any] = manager.urlopen
        if not self._proxy:  # one host: its pool at once, without looking it up for every call
            self._prefix = urlsplit(self._base_url).path
            ask = manager.connection_from_url(self._base_url).urlopen
        self._pool, self._ask = manager, ask  # last: another thread may call as soon as it is there
        return ask

    def close(self) -> None:
        """Close the pool, if it is ours."""
        if self._pool is not None and self._owned:
            kept = self._pool.pools
            for key in kept.keys():  # noqa: SIM118 - urllib3's container is no iterable
                if (pool := kept.get(key)) is not None:
                    pool.close()  # at once, not when the last traceback that knows it is gone
            self._pool = self._ask = None
