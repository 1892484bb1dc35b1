"""The sync transport, on urllib3.

The only code that knows urllib3. Its own retries are off: what may be repeated is the flow's decision. Causes are cut
off, because they print URLs and the URL holds the access token.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from wxkf.client.settings import BASE_URL, check_address
from wxkf.errors import TransportError
from wxkf.protocol.call import Request, Response

if TYPE_CHECKING:
    import urllib3


class SyncTransport(Protocol):
    """Carries one request. Raises `TransportError` and nothing else."""

    def send(self, request: Request) -> Response:
        """Send and wait for the whole answer."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class Urllib3Transport:
    """One connection pool to one base address.

    `timeout` bounds each wait for the network, in seconds, unless a request has its own. `proxy` is a URL. A `pool` of
    the caller's is used as it is and not closed.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        timeout: float = 10.0,
        proxy: str | None = None,
        pool: "urllib3.PoolManager | None" = None,
    ) -> None:
        self._base_url, self._host = base_url.rstrip("/"), check_address(base_url)
        self._timeout, self._proxy = timeout, proxy
        self._pool, self._owned = pool, pool is None

    def __repr__(self) -> str:
        return f"Urllib3Transport({self._host!r})"

    def send(self, request: Request) -> Response:
        """Send one request; the pool opens on the first."""
        from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError, SSLError

        pool = self._pool = self._pool or self._open()
        try:
            answer = pool.request(
                request.verb,
                self._base_url + request.target,
                body=request.body,
                headers=dict(request.headers),
                timeout=request.timeout or self._timeout,
                retries=False,
                redirect=False,
            )
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Response(answer.status, answer.data, headers)
        except (HTTPError, OSError) as error:
            sent = not isinstance(error, NewConnectionError | ConnectTimeoutError | ProxyError | SSLError)
            what = "connection broken or no answer in time" if sent else "no connection"
            failure = TransportError(f"{request.path}: {what}, asking {self._host} ({type(error).__name__})", sent=sent)
        raise failure  # out here, so that not even __context__ leads to a URL with a token

    def _open(self) -> "urllib3.PoolManager":
        import ssl

        import urllib3

        context = ssl.create_default_context()  # one for all connections: making one is slow
        if self._proxy:
            return urllib3.ProxyManager(self._proxy, maxsize=16, ssl_context=context)
        return urllib3.PoolManager(maxsize=16, ssl_context=context)

    def close(self) -> None:
        """Close the pool, if it is ours."""
        if self._pool is not None and self._owned:
            self._pool.clear()
            self._pool = None


def fetch(url: str, headers: Mapping[str, str], *, timeout: float = 5.0) -> Response:
    """GET an address that is not the platform's, on a connection of its own. Raises `TransportError`."""
    import urllib3

    try:
        with urllib3.PoolManager() as pool:
            answer = pool.request("GET", url, headers=dict(headers), timeout=timeout, retries=False, redirect=False)
            return Response(answer.status, answer.data, {})
    except (urllib3.exceptions.HTTPError, OSError) as error:
        failure = TransportError(f"no answer from the token source ({type(error).__name__})", sent=False)
    raise failure  # out here, so that not even __context__ leads to a URL, which may hold a key
