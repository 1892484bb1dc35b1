"""Health and readiness over HTTP, for whoever starts, stops and watches processes: a bare ASGI app.

`/healthz` answers 200 while the engine is alive: if not, start it again. `/readyz` answers 200 while accounts are
pulled and the store answers: if not, somebody should look. Both say 503 otherwise, with the same JSON. Its `lag` tells
how long customers wait: only you know how long is too long.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable

from wxkf.clock import Clock, SystemClock
from wxkf.engine.status import Status
from wxkf.web import Message, Receive, Reply, Send, lifespan

App = Callable[[Message, Receive, Send], Awaitable[None]]

_LIVE, _READY = "/healthz", "/readyz"
_AGE = 1.0  # seconds; the port may be open to the world, and counting costs something
_JSON = (b"content-type", b"application/json")


class HealthApp:
    """Answers `/healthz` and `/readyz`; every other request is for the app `beside`, 404 without one.

    `status` is `engine.status` or `fleet.status`. What it says is kept for a second, however many ask.
    """

    def __init__(
        self, status: Callable[[], Awaitable[Status]], beside: App | None = None, *, clock: Clock | None = None
    ) -> None:
        self._status, self._beside, self._clock = status, beside, clock or SystemClock()
        self._asking = asyncio.Lock()
        self._known: tuple[float, Status] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request (or the lifespan protocol)."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] == "http" and path in (_LIVE, _READY):
            return await _respond(send, await self._reply(scope["method"], path))
        if self._beside is not None:
            return await self._beside(scope, receive, send)
        if scope["type"] == "lifespan":
            return await lifespan(receive, send)
        return await _respond(send, Reply(404, b"{}")) if scope["type"] == "http" else None

    async def _reply(self, verb: str, path: str) -> Reply:
        if verb not in ("GET", "HEAD"):
            return Reply(405, b"{}")
        status = await self._now()
        good = status.alive if path == _LIVE else status.ready
        return Reply(200 if good else 503, json.dumps(status.as_data()).encode() if verb == "GET" else b"")

    async def _now(self) -> Status:
        async with self._asking:
            now = self._clock.elapsed()
            if self._known is None or not 0 <= now - self._known[0] < _AGE:
                self._known = now, await self._status()
            return self._known[1]


async def _respond(send: Send, reply: Reply) -> None:
    headers = [_JSON, (b"content-length", b"%d" % len(reply.body)), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
