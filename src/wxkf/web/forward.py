"""Callbacks handed on to an engine in another process: how web processes, of which there may be many, share one.

What came goes on as it came, and what the engine answers is the answer: a web process needs neither keys nor database.
Every callback has a connection of its own: over loopback that costs 0.3 ms, and nothing is kept that a restarted
engine, a fork or another event loop would spoil.
"""

import logging
import re
from urllib.parse import SplitResult, quote, urlsplit

from wxkf.client.over_aiohttp import AiohttpTransport
from wxkf.client.over_urllib3 import Urllib3Transport
from wxkf.errors import ConfigError, TransportError
from wxkf.protocol.call import Request, Response
from wxkf.protocol.callback import MAX_BODY
from wxkf.web.asgi import AsgiApp
from wxkf.web.reply import BUSY, REFUSED, TOO_LONG, WRONG_VERB, Reply, as_text
from wxkf.web.wsgi import WsgiApp

log = logging.getLogger("wxkf.forward")

_TIMEOUT = 4.0  # seconds; the platform waits for five
_MOST = 1 << 16  # bytes of an answer; an engine's are a line
_QUERY = re.compile(r"[!-~]*")
_HEADERS = {"Content-Type": "text/xml", "Connection": "close"}


class _Passed(Request, frozen=True):
    """A request that keeps the target it came with."""

    onward: str = ""

    @property
    def target(self) -> str:
        """Give path and query as they came."""
        return self.onward


class _Way:
    """Where the engine is, and what goes there: the same for both kinds of forwarding."""

    def __init__(self, engine: str) -> None:
        parts = _parts(engine)
        self.base, self._path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")

    def request(self, verb: str, query: str | bytes, body: bytes, path: str) -> _Passed | Reply:
        """Make the request for the engine, or the answer to what is no callback."""
        query = as_text(query)
        if len(body) > MAX_BODY:
            return TOO_LONG
        if verb not in ("GET", "POST"):
            return WRONG_VERB
        if not _QUERY.fullmatch(query):
            return REFUSED
        onward = f"{self._path or '/' + quote(path.lstrip('/'))}?{query}"
        return _Passed(verb, "callback", {}, body if verb == "POST" else None, _HEADERS, most=_MOST, onward=onward)

    def lost(self, error: TransportError) -> Reply:
        """Answer for an engine that does not: the platform rings again, and the engine looks by itself once it runs."""
        log.error("what came was not taken, the engine at %s gave no answer: %s", self.base, error.meaning)
        return BUSY


def _parts(engine: str) -> SplitResult:
    """Split an address that holds a host, a port, a path at most."""
    try:
        parts = urlsplit(engine)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not set("@?#") & set(engine):
            return parts
    except ValueError:  # a port that is none
        pass
    raise ConfigError(f"the engine's address must be like http://127.0.0.1:8001, not {engine.rpartition('@')[2]!r}")


class Forward(AsgiApp):
    """Hands callbacks on to the engine at this address: an ASGI app, or call `answer` in a view.

    The path below where it is mounted goes along, unless the address has one of its own. An engine that does not
    answer within `timeout` seconds makes the answer 503, at once if nothing listens. Needs no closing. Raises
    `ConfigError` for an address that is none.
    """

    def __init__(self, engine: str, *, timeout: float = _TIMEOUT) -> None:
        self._way, self._timeout = _Way(engine), timeout

    async def answer(self, verb: str, query: str | bytes, body: bytes, path: str = "/") -> Reply:
        request = self._way.request(verb, query, body, path)
        if isinstance(request, Reply):
            return request
        transport = AiohttpTransport(self._way.base, timeout=self._timeout)
        try:
            return _as_it_came(await transport.send(request))
        except TransportError as error:
            return self._way.lost(error)
        finally:
            await transport.aclose()


class SyncForward(WsgiApp):
    """Hands callbacks on to the engine at this address: a WSGI app, or call `answer` in a view. As `Forward` else."""

    def __init__(self, engine: str, *, timeout: float = _TIMEOUT) -> None:
        self._way = _Way(engine)
        self._transport = Urllib3Transport(self._way.base, timeout=timeout)

    def answer(self, verb: str, query: str | bytes, body: bytes, path: str = "/") -> Reply:
        request = self._way.request(verb, query, body, path)
        if isinstance(request, Reply):
            return request
        try:
            return _as_it_came(self._transport.send(request))
        except TransportError as error:
            return self._way.lost(error)


def _as_it_came(response: Response) -> Reply:
    return Reply(response.status, response.body)
