"""Gives out a request's streamed body and holds it to the size it announced.

What goes wrong is kept as well as raised: both libraries hide an error of a body behind one of their own.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator

from wxkf.client.faults import Fault
from wxkf.errors import FileError
from wxkf.protocol.body import Body
from wxkf.protocol.call import Request

_PIECE = 256 << 10
LARGE = 1 << 20
"""Bytes above which even a body in memory goes out in pieces, so that no event loop stands still for it."""


class Feed:
    """The pieces of one request's body, once."""

    _last = False  # whether the piece that was given last is the last there is

    def __init__(self, body: Body) -> None:
        self.size, self._body, self._last = body.size, body, False
        self.fault: Fault | FileError | None = None

    @classmethod
    def of(cls, request: Request) -> "Feed | None":
        """Give a feed for a body that should not go out in one piece."""
        body = request.body
        if isinstance(body, bytes):
            return cls(_InMemory(body)) if len(body) > LARGE else None
        return None if body is None else cls(body)

    def __iter__(self) -> Iterator[bytes]:
        """Give each piece once the next one is there, so that no request is complete before it is known to be right."""
        left, held = self.size, b""
        for piece in self._read():
            left -= len(piece)
            if left < 0:
                raise self._failed(f"it holds more than the {self.size} bytes announced")
            if held:
                yield held
            held = piece
        if left:
            raise self._failed(f"it ends {left} bytes short of the {self.size} announced")
        self._last = True
        yield held

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = iter(self)
        if isinstance(self._body, _InMemory):
            for piece in pieces:
                yield piece
            return
        while not self._last and (piece := await asyncio.to_thread(_next, pieces)):
            yield piece

    def _read(self) -> Iterator[bytes]:
        try:
            yield from self._body.chunks()
        except FileError as error:  # says itself what to do
            self.fault = error
            raise
        except (OSError, ValueError) as error:  # a file that is gone, or was closed
            raise self._failed(type(error).__name__) from None

    def _failed(self, detail: str) -> Fault:
        self.fault = fault = Fault("upload", detail)
        return fault


def _next(pieces: Iterator[bytes]) -> bytes:
    """Give the next piece that is not empty; b"" at the end, since no StopIteration leaves a thread."""
    return next(filter(None, pieces), b"")


class _InMemory:
    def __init__(self, content: bytes) -> None:
        self._view, self.size = memoryview(content), len(content)

    def chunks(self) -> Iterator[bytes]:
        for at in range(0, self.size, _PIECE):
            yield bytes(self._view[at : at + _PIECE])
