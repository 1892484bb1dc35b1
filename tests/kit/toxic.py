"""Servers that do harm: raw sockets, so that every byte, pause and cut is where a test wants it.

A play is a function of one connection, run in a thread of its own: `serving(play)` gives the address. What a play
may do is a method of `Line`; a client that hangs up ends the play. Nothing here knows HTTP beyond a request's end.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset
_BLOCK = 64 << 10


class Line:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket, over: threading.Event) -> None:
        self._sock, self._over, self._read = sock, over, b""

    def take(self, most: int = _BLOCK) -> bytes:
        """Read what has come; b"" when the client has closed."""
        if self._read:
            taken, self._read = self._read, b""
            return taken
        return self._sock.recv(most)

    def request(self) -> bytes:
        """Read one whole request, as long as its Content-Length says; b"" when the client has closed."""
        got = b""
        while b"\r\n\r\n" not in got:
            if not (piece := self.take()):
                return b""
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        sizes = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        due = int(sizes[0].partition(b":")[2]) if sizes else 0
        while len(body) < due and (piece := self.take()):
            body += piece
        self._read = body[due:]
        return head + b"\r\n\r\n" + body[:due]

    def say(self, *pieces: bytes) -> None:
        """Send these bytes."""
        for piece in pieces:
            self._sock.sendall(piece)

    def drip(self, text: bytes, every: float = 0.02) -> None:
        """Send byte by byte, with a pause before each."""
        for byte in text:
            self.pause(every)
            self.say(bytes([byte]))

    def pause(self, seconds: float = 0.02) -> None:
        """Wait; a server that stops ends the play here."""
        if self._over.wait(seconds):
            raise ConnectionAbortedError

    def hang(self) -> None:
        """Say nothing until the server stops."""
        self._over.wait()

    def cut(self) -> None:
        """Break the connection off: a reset, no orderly end."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._sock.close()


Play = Callable[[Line], None]


@dataclass
class Toxic:
    """A server under way: where it is, and how often somebody came."""

    port: int
    scheme: str
    came: int = 0
    lines: list[threading.Thread] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address, by number."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def idle(self) -> None:
        """Return once every connection so far has been closed by the server."""
        for line in self.lines:
            line.join(5)


@contextmanager
def serving(play: Play, tls: ssl.SSLContext | None = None) -> Iterator[Toxic]:
    """Play to every connection until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        toxic, over = Toxic(listening.getsockname()[1], "https" if tls else "http"), threading.Event()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    sock = listening.accept()[0]
                    toxic.came += 1
                    line = threading.Thread(target=_perform, args=(sock, play, tls, over), daemon=True)
                    toxic.lines.append(line)
                    line.start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield toxic
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
            for one in (thread, *toxic.lines):
                one.join(5)


def _perform(sock: socket.socket, play: Play, tls: ssl.SSLContext | None, over: threading.Event) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(5)
    with suppress(OSError):  # the client has hung up, or does not like our certificate
        if tls:
            sock = tls.wrap_socket(sock, server_side=True)
        play(Line(sock, over))
    sock.close()
