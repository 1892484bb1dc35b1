"""The callback address: one pure function, and plain ASGI apps around it, for one app and for several.

A callback is a doorbell: it is verified, noted and answered at once, the work comes later and elsewhere. What to do
with a notice is handed in as a coroutine function, which must be quick: the platform waits 5 seconds, then rings
again. Whatever is wrong with a request, the answer is one sentence that tells nothing.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Generic, NamedTuple

from wxkf.errors import CallbackError, WxkfError
from wxkf.protocol.callback import MAX_BODY, Notice, Receiver
from wxkf.protocol.receivers import K, Receivers

log = logging.getLogger("wxkf.web")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
OnNotice = Callable[[Notice], Awaitable[None]]

Find = Callable[[str], Receivers[K] | None]
OnOwned = Callable[[K, Notice], Awaitable[None]]

_REFUSAL = f"{CallbackError()}\n".encode()


class Reply(NamedTuple):
    """The HTTP answer, and the notice to act on if there was one."""

    status: int
    body: bytes
    notice: Notice | None = None


_TAKEN, _REFUSED = Reply(200, b"success"), Reply(400, _REFUSAL)
_TOO_LONG = Reply(413, _REFUSAL)
_BUSY = Reply(503, b"this callback could not be taken now\n")


def answer(receiver: Receiver, verb: str, query: str, body: bytes) -> Reply:
    """Answer one request to the callback address: URL check (GET) or notice (POST). Never raises."""
    try:
        if verb == "GET":
            return Reply(200, receiver.verify_url(query))
        if verb == "POST":
            return Reply(200, b"success", receiver.read(query, body))
    except CallbackError:
        return _REFUSED
    return Reply(405, _REFUSAL)


class _App(ABC):
    """Reads a request whole and sends the reply that a subclass has for it."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request (or the lifespan protocol)."""
        if scope["type"] == "http":
            message = await receive()
            body: bytes | None = message.get("body", b"")
            if message.get("more_body", False):
                body = await _whole(receive, body or b"")
            reply = _TOO_LONG if body is None or len(body) > MAX_BODY else await self._reply(scope, body)
            await respond(send, reply)
        elif scope["type"] == "lifespan":
            await lifespan(receive, send)

    @abstractmethod
    async def _reply(self, scope: Message, body: bytes) -> Reply: ...


class CallbackApp(_App):
    """The callback address as an ASGI app; mount it where you like, or serve it alone.

    A notice whose `on_notice` raises a `WxkfError` (the disk is full) is answered with 503: the platform rings again.
    """

    def __init__(self, receiver: Receiver, on_notice: OnNotice) -> None:
        self._receiver, self._on_notice = receiver, on_notice

    async def _reply(self, scope: Message, body: bytes) -> Reply:
        if scope["method"] != "POST":
            return answer(self._receiver, scope["method"], _query(scope), body)
        try:
            await self._on_notice(self._receiver.read(_query(scope), body))
        except CallbackError:
            return _REFUSED
        except WxkfError as error:
            log.error("a callback could not be taken: %s", error)
            return _BUSY
        return _TAKEN


class SharedCallbackApp(_App, Generic[K]):
    """The callback addresses of several owners as one ASGI app.

    `find` gives, for a path below where this is mounted, the check that holds there now. A notice whose `on_notice`
    raises a `WxkfError` is answered with 503: it was not taken, the platform may push it again.
    """

    def __init__(self, find: Find[K], on_notice: OnOwned[K]) -> None:
        self._find, self._on_notice = find, on_notice

    async def _reply(self, scope: Message, body: bytes) -> Reply:
        receivers = self._find(scope["path"].removeprefix(scope.get("root_path", "")) or "/")
        if receivers is None:
            return Reply(404, _REFUSAL)
        try:
            if scope["method"] == "GET":
                return Reply(200, receivers.verify_url(_query(scope)))
            if scope["method"] != "POST":
                return Reply(405, _REFUSAL)
            await self._on_notice(*receivers.read(_query(scope), body))
        except CallbackError:
            return _REFUSED
        except WxkfError as error:
            log.error("a callback could not be taken: %s", error)
            return _BUSY
        return _TAKEN


def _query(scope: Message) -> str:
    query: str = scope["query_string"].decode("latin-1")
    return query


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


async def respond(send: Send, reply: Reply, kind: bytes = b"text/plain; charset=utf-8") -> None:
    """Send an answer."""
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(reply.body))]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def lifespan(receive: Receive, send: Send) -> None:
    """Follow the lifespan protocol to its end; there is nothing to start."""
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
