"""Connections of urllib3 on which a whole exchange ends in time.

urllib3 and http.client know a time-out for each wait, so a server that sends a byte now and then holds them for ever.
Here every single wait - connect, handshake, each send, each receive, in headers as in the body - gets what is left of
the exchange's time. And since only the connection knows it, it is noted here whether anything of a request has left.
Resolving a name is the one wait that the operating system lets nobody bound.
"""

import io
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from email.errors import MissingHeaderBodySeparatorDefect
from http.client import HTTPException, HTTPResponse, RemoteDisconnected
from typing import Any, cast

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

from wxkf.client.faults import Fault, kind_of
from wxkf.errors.network import Kind

Option = tuple[int, int, int | bytes]
_PIECE = 256 << 10  # bytes of one send
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")


class Exchange:
    """One request and its answer: until when it must be over (monotonic), and whether the request has left."""

    __slots__ = ("_connect_by", "_ends", "_now", "left")

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self.left = now, False
        self._ends = now() + seconds
        self._connect_by = self._ends - seconds / 2

    def remaining(self) -> float:
        """Tell the seconds it has left. Raises `TimeoutError`."""
        return self._until(self._ends)

    def to_connect(self) -> float:
        """Tell the seconds it has left to connect: half of all. Raises `TimeoutError`."""
        return self._until(self._connect_by)

    def _until(self, end: float) -> float:
        left = end - self._now()
        if left <= 0:
            raise TimeoutError
        return left


current: ContextVar[Exchange] = ContextVar("exchange")
"""The exchange of this thread; urllib3 has no other way to hand one down to its connections."""


class _Receiving(io.RawIOBase):
    """A socket's bytes, each wait for them bounded by the exchange."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, exchange: Exchange) -> None:
        self._raw, self._sock, self._exchange, self.over = raw, sock, exchange, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._exchange.remaining())
        got = cast("int | None", cast("Any", self._raw).readinto(buffer))
        self.over = got == 0
        return got

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(HTTPResponse):
    """An answer of http.client that reads through `_Receiving`."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._receiving = _Receiving(self.fp.detach(), sock, current.get())
        self.fp = io.BufferedReader(self._receiving)

    def begin(self) -> None:
        """Read status and headers; http.client itself is content with headers that break off or are none."""
        try:
            super().begin()
        except HTTPException:
            if not self._receiving.over:
                raise
        if self._receiving.over:
            raise RemoteDisconnected("within the headers")
        if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in self.headers.defects):
            raise HTTPException("a line that is no header")


class _Bounded:
    """What both kinds of connection do within their exchange's time."""

    response_class: type[HTTPResponse] = _Answer
    _connecting = False

    def connect(self) -> None:
        """Connect: to the host or the proxy, through the proxy, TLS."""
        self._connecting = True
        try:
            super().connect()  # type: ignore[misc]  # a mixin  # pyright: ignore[reportAttributeAccessIssue] - a mixin
        except OSError as error:
            if refused := _TUNNEL.match(str(error)):  # http.client has no other word for it
                kind: Kind = "proxy_auth" if refused[1] == "407" else "proxy_refused"
                raise Fault(kind, f"it answered HTTP {refused[1]}") from None
            raise
        finally:
            self._connecting = False

    def _new_conn(self) -> socket.socket:
        me, exchange = cast("HTTPConnection", self), current.get()
        try:
            sock = _reach(me.host, me.port, me.socket_options or (), exchange)
            sock.settimeout(exchange.remaining())  # for the handshake, which counts as one wait
        except OSError as error:  # not as it is: urllib3 swallows some of them, for a request that may have an answer
            kind = "proxy" if me.proxy else kind_of(error, sent=False)
            raise Fault(kind, type(error).__name__) from None
        return sock

    def send(self, data: Any) -> None:
        """Send, in pieces: of TLS, each piece is one wait."""
        me, exchange = cast("HTTPConnection", self), current.get()
        if me.sock is None:
            self.connect()
        exchange.left = exchange.left or not self._connecting  # what goes to a proxy to connect is not the request
        sock = cast("socket.socket", me.sock)
        for piece in _pieces(data):
            sock.settimeout(exchange.remaining())
            sock.sendall(piece)


class _Connection(_Bounded, HTTPConnection):
    pass


class _SecureConnection(_Bounded, HTTPSConnection):
    pass


class Pool(HTTPConnectionPool):
    """A pool of bounded connections."""

    ConnectionCls = _Connection  # pyright: ignore[reportAssignmentType]  # the protocol says less than the class keeps


class SecurePool(HTTPSConnectionPool):
    """A pool of bounded connections with TLS."""

    ConnectionCls = _SecureConnection  # pyright: ignore[reportAssignmentType]  # as above


def _reach(host: str, port: int | None, options: Iterable[Option], exchange: Exchange) -> socket.socket:
    """Connect to the first address of a host that lets us; each gets an even share of the time, not all of it."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except UnicodeError:  # no name can look like this
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from None
    failure: OSError = TimeoutError()
    for index, (family, kind, protocol, _, address) in enumerate(found):
        try:
            sock = socket.socket(family, kind, protocol)
        except OSError as error:  # a kind of address that this machine does not have
            failure = error
            continue
        try:
            for option in options:
                sock.setsockopt(*option)
            sock.settimeout(exchange.to_connect() / (len(found) - index))
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


def _pieces(data: Any) -> Iterator[Any]:
    if len(data) <= _PIECE:
        yield data
        return
    view = memoryview(data)
    for at in range(0, len(view), _PIECE):
        yield view[at : at + _PIECE]


def never_left(error: Exception) -> bool:
    """Tell for connections that are not ours and keep no account: by the errors that only connecting knows."""
    if isinstance(error, ConnectTimeoutError | NewConnectionError | ProxyError):
        return True
    return bool(error.args) and isinstance(error.args[0], ssl.SSLCertVerificationError)


def is_proxys(error: Exception) -> bool:
    """Tell whether it was the proxy that could not be reached."""
    return isinstance(error, ProxyError)
