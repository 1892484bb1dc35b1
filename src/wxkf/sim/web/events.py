"""Live changes for browsers, as server-sent events.

Each stream has a bounded queue; one that falls behind is told to fetch the state again rather than to catch up. A
change may come from any thread. Every change has a number, its event's id: whatever else a browser is told carries the
number of the newest change that it knows of, so that the two ways cannot overtake each other unseen.
"""

import asyncio
from collections.abc import Callable

import msgspec

from wxkf.sim.platform import Platform
from wxkf.sim.web.asgi import Headers, Receive, Send, start
from wxkf.sim.web.view import change_of
from wxkf.sim.world import Change

_QUEUE = 500
_BREATH = 15.0  # seconds of wall time after which a silent stream shows that it lives


class _Stream:
    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(_QUEUE)
        self.loop = asyncio.get_running_loop()

    def offer(self, line: bytes | None) -> None:
        """Queue a line; None ends the stream."""
        if self.queue.full() or line is None:
            while not self.queue.empty():
                self.queue.get_nowait()
            line = None if line is None else _event("reload", {})
        self.queue.put_nowait(line)


class Streams:
    """All open event streams of one simulator."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._streams: set[_Stream] = set()
        self._unwatch: Callable[[], None] = _nothing
        self._count = 0

    @property
    def number(self) -> tuple[str, str]:
        """Give the header that tells the number of the newest change."""
        return ("x-wxkf-change", str(self._count))

    async def serve(self, receive: Receive, send: Send, headers: Headers) -> None:
        """Stream changes until the browser leaves or the simulator closes."""
        stream = _Stream()
        if not self._streams:  # while nobody looks, nothing has to be shown
            self._unwatch = self._platform.watch(self._changed)
        self._streams.add(stream)
        leaving = asyncio.ensure_future(_left(receive, stream))
        try:
            await start(send, 200, "text/event-stream; charset=utf-8", headers, None)
            await _pump(stream, send)
        finally:
            self._streams.discard(stream)
            if not self._streams:
                self._unwatch()
            leaving.cancel()

    def close(self) -> None:
        """End all streams."""
        self._offer(None)

    def _changed(self, change: Change) -> None:
        self._count += 1
        self._offer(b"id: %d\n%b" % (self._count, _event(*change_of(self._platform, change))))

    def _offer(self, line: bytes | None) -> None:
        for stream in tuple(self._streams):
            if not stream.loop.is_closed():
                stream.loop.call_soon_threadsafe(stream.offer, line)


def _nothing() -> None:
    """End no watch."""


async def _pump(stream: _Stream, send: Send) -> None:
    line: bytes | None = b"retry: 1000\n\n"
    while line is not None:
        await send({"type": "http.response.body", "body": line, "more_body": True})
        try:
            async with asyncio.timeout(_BREATH):
                line = await stream.queue.get()
        except TimeoutError:
            line = b": still here\n\n"
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive, stream: _Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.offer(None)


def _event(name: str, data: object) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), msgspec.json.encode(data))
