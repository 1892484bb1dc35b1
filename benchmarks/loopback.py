"""The platform's part of a call, as little of it as there can be: a server in a process of its own, on another core.

Strategy: a bare protocol over uvloop that splits requests by their Content-Length and answers from constants, so that
what is measured is the client. It answers `gettoken`, and everything else as `send_msg` is answered. One core only
takes 60,000 requests a second and more, several times what any client below asks for.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvloop

TOKEN = "made-up_" * 10 + "token"  # as long as a real one
_HEAD = b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Type: application/json; charset=UTF-8\r\n"


def _answer(body: bytes) -> bytes:
    return b"%sContent-Length: %d\r\n\r\n%s" % (_HEAD, len(body), body)


_SENT = _answer(b'{"errcode":0,"errmsg":"ok","msgid":"4f1d8c2ab7e93f06"}')
_TOKEN = _answer(f'{{"errcode":0,"errmsg":"ok","access_token":"{TOKEN}","expires_in":7200}}'.encode())


class _Connection(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        self._transport, self._buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            size = _length(self._buffer[:end])
            if len(self._buffer) < end + 4 + size:
                return
            self._transport.write(_TOKEN if b"/gettoken?" in self._buffer[:64] else _SENT)
            self._buffer = self._buffer[end + 4 + size :]


def _length(head: bytes) -> int:
    at = head.lower().find(b"\r\ncontent-length:")
    return int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


@contextmanager
def loopback() -> Iterator[str]:
    """Run the server on a core that this process is not pinned to, where there is one; give its base address."""
    command = [sys.executable, "-m", "benchmarks.loopback"]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    assert server.stdout is not None  # noqa: S101 - for the type checkers
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.communicate()  # closes its standard input, which ends it


def step_aside() -> None:
    """Leave the core that our parent is pinned to."""
    if hasattr(os, "sched_setaffinity"):
        parents = os.sched_getaffinity(0)
        os.sched_setaffinity(0, set(range(os.cpu_count() or 1)) - parents or parents)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)  # until whoever started us is done or gone


if __name__ == "__main__":
    step_aside()
    uvloop.run(_serve())
