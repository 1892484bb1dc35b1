"""The callback address as a plain ASGI app, for one app and for several."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Generic

from wxkf.errors import CallbackError, WxkfError
from wxkf.protocol.callback import MAX_BODY, Notice, Receiver
from wxkf.protocol.receivers import K, Receivers
from wxkf.web.reply import NOWHERE, PLAIN, REFUSED, TOO_LONG, WRONG_VERB, Reply, answer, as_text, not_taken

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
OnNotice = Callable[[Notice], Awaitable[None]]

Find = Callable[[str], Receivers[K] | None]
OnOwned = Callable[[K, Notice], Awaitable[None]]

_KIND = (b"content-type", PLAIN.encode())


class AsgiApp(ABC):
    """Reads a request whole and sends the reply that a subclass has for it."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request (or the lifespan protocol)."""
        if scope["type"] == "http":
            message = await receive()
            body: bytes | None = message.get("body", b"")
            if message.get("more_body", False):
                body = await _whole(receive, body or b"")
            path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
            reply = TOO_LONG if body is None else await self.answer(scope["method"], scope["query_string"], body, path)
            await respond(send, reply)
        elif scope["type"] == "lifespan":
            await lifespan(receive, send)

    @abstractmethod
    async def answer(self, verb: str, query: str | bytes, body: bytes, path: str = "/") -> Reply:
        """Answer one request in a view of any framework. `query` is the query string as it came, not decoded."""


class CallbackApp(AsgiApp):
    """The callback address as an ASGI app; mount it where you like, serve it alone, or call `answer` in a view.

    A notice whose `on_notice` raises a `WxkfError` (the disk is full) is answered with 503: the platform rings again.
    """

    def __init__(self, receiver: Receiver, on_notice: OnNotice) -> None:
        self._receiver, self._on_notice = receiver, on_notice

    async def answer(self, verb: str, query: str | bytes, body: bytes, path: str = "/") -> Reply:
        reply = answer(self._receiver, verb, query, body)
        if reply.notice is not None:
            try:
                await self._on_notice(reply.notice)
            except WxkfError as error:
                return not_taken(error)
        return reply


class SharedCallbackApp(AsgiApp, Generic[K]):
    """The callback addresses of several owners as one ASGI app.

    `find` gives, for a path below where this is mounted, the check that holds there now. A notice whose `on_notice`
    raises a `WxkfError` is answered with 503: it was not taken, the platform may push it again.
    """

    def __init__(self, find: Find[K], on_notice: OnOwned[K]) -> None:
        self._find, self._on_notice = find, on_notice

    async def answer(self, verb: str, query: str | bytes, body: bytes, path: str = "/") -> Reply:
        if len(body) > MAX_BODY:
            return TOO_LONG
        receivers = self._find(path)
        if receivers is None:
            return NOWHERE
        try:
            if verb == "GET":
                return Reply(200, receivers.verify_url(as_text(query)))
            if verb != "POST":
                return WRONG_VERB
            owner, notice = receivers.read(as_text(query), body)
        except CallbackError:
            return REFUSED
        try:
            await self._on_notice(owner, notice)
        except WxkfError as error:
            return not_taken(error)
        return Reply(200, b"success", notice)


async def _whole(receive: Receive, body: bytes) -> bytes | None:
    """Collect the rest of a body that comes in pieces, or None as soon as it is longer than any notice."""
    while len(body) <= MAX_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body
    return None


async def respond(send: Send, reply: Reply) -> None:
    """Send an answer."""
    headers = [_KIND, (b"content-length", b"%d" % len(reply.body))]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def lifespan(receive: Receive, send: Send) -> None:
    """Follow the lifespan protocol to its end; there is nothing to start."""
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
