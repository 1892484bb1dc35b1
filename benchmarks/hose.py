"""A client that keeps 32 connections full, so that the server is what is measured, and servers apart from it.

Strategy: raw sockets here, two uvicorn servers on the other core, alike but for the app, one busy at a time.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CONNECTIONS = 32


class _Connection(asyncio.Protocol):
    """Sends the next request when an answer is whole."""

    def __init__(self, line: "Line") -> None:
        self._line, self._got = line, b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        head = self._got.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._got.lower().find(b"content-length: ")
        size = int(self._got[at + 16 : self._got.index(b"\r", at)])
        if len(self._got) >= head + 4 + size:
            if b'"errcode":' in self._got and b'"errcode":0' not in self._got:
                raise RuntimeError(self._got.decode())
            self._got = b""
            self._line.answered(self)


class Line:
    """Many connections to one server that ask for the same things in turn."""

    def __init__(self, loop: asyncio.AbstractEventLoop, url: str, requests: list[bytes]) -> None:
        self._loop, self._requests = loop, requests
        port = int(url.rpartition(":")[2])
        self._held = [
            loop.run_until_complete(loop.create_connection(lambda: _Connection(self), "127.0.0.1", port))[1]
            for _ in range(CONNECTIONS)
        ]
        self._left = self._open = self._at = 0

    def __call__(self, calls: int) -> None:
        self._left, self._open = calls, 0
        self._done = self._loop.create_future()
        for connection in self._held:
            self._next(connection)
        self._loop.call_soon(self._stay_awake)
        self._loop.run_until_complete(self._done)

    def _stay_awake(self) -> None:
        """Never sleep: to wake somebody costs the server more the slower it is, which would count twice."""
        if not self._done.done():
            self._loop.call_soon(self._stay_awake)

    def answered(self, connection: _Connection) -> None:
        """Go on, or end when all are answered."""
        self._open -= 1
        self._next(connection)
        if not self._open:
            self._done.set_result(None)

    def _next(self, connection: _Connection) -> None:
        if self._left:
            self._left -= 1
            self._open += 1
            self._at = (self._at + 1) % len(self._requests)
            connection.transport.write(self._requests[self._at])


@contextmanager
def served(module: str, kind: str) -> Iterator[str]:
    """Run `python -m benchmarks.<module> <kind>`, a server that prints its address. Gives the address."""
    command = [sys.executable, "-m", f"benchmarks.{module}", kind]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    assert server.stdout is not None  # noqa: S101 - for the type checkers
    try:
        yield server.stdout.readline().strip()
    finally:
        server.communicate()  # closes its standard input, which ends it


def get(target: str) -> bytes:
    """Make a GET."""
    return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def post(target: str, body: object) -> bytes:
    """Make a POST of JSON, or of bytes as they are."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    head = f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}"
    return f"{head}\r\n\r\n".encode() + raw


async def serve(app: Any) -> None:
    """Serve until standard input is closed."""
    from wxkf.serve import Server

    async with Server(app) as server:
        print(server.url, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
