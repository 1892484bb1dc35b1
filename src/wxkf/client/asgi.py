"""The in-process transport: a request becomes a call of an ASGI app, no socket in between.

`wxkf.testing.Chat` uses it in both directions: the client's calls go into the simulator, the simulator's callbacks
into the bot.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from wxkf.errors import TransportError
from wxkf.protocol.body import whole
from wxkf.protocol.call import Request, Response

Message = MutableMapping[str, Any]
AsgiApp = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


class AsgiTransport:
    """Carries requests into an ASGI app. An `OSError` of the app reaches the caller as a broken connection."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def send(self, request: Request) -> Response:
        """Call the app and collect its answer."""
        path, _, query = request.target.partition("?")
        try:
            return await ask(self._app, request.verb, path, query, await _content(request), request.headers)
        except OSError as error:
            raise TransportError.of("broken", request.path, sent=True, detail=type(error).__name__) from None

    async def aclose(self) -> None:
        """Hold nothing, give back nothing."""


async def _content(request: Request) -> bytes:
    if request.body is None or isinstance(request.body, bytes):
        return request.body or b""
    try:
        return await asyncio.to_thread(whole, request.body)
    except OSError as error:
        raise TransportError.of("upload", request.path, sent=False, detail=type(error).__name__) from None


async def ask(
    app: AsgiApp, verb: str, path: str, query: str, body: bytes, headers: Mapping[str, str] | None = None
) -> Response:
    """Put one HTTP request to an ASGI app and return its whole answer."""
    sent = {"content-length": str(len(body)), **(headers or {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": verb, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 0), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    incoming: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    status, got, parts = 500, dict[str, str](), list[bytes]()

    async def receive() -> Message:
        return incoming.pop() if incoming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status, got
        if message["type"] == "http.response.start":
            status = message["status"]
            got = {name.decode("latin-1"): value.decode("latin-1") for name, value in message.get("headers", ())}
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return Response(status, b"".join(parts), got)
