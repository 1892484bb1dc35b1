"""The callback address: one pure function, and a plain ASGI app around it.

A callback is a doorbell: it is verified, noted and answered at once, the work comes later and elsewhere. What to do
with a notice is handed in as a coroutine function, which must be quick: the platform waits 5 seconds, then rings
again. Whatever is wrong with a request, the answer is one sentence that tells nothing.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple

from wxkf.errors import CallbackError
from wxkf.protocol.callback import MAX_BODY, Notice, Receiver

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
OnNotice = Callable[[Notice], Awaitable[None]]

_REFUSAL = f"{CallbackError()}\n".encode()


class Reply(NamedTuple):
    """The HTTP answer, and the notice to act on if there was one."""

    status: int
    body: bytes
    notice: Notice | None = None


def answer(receiver: Receiver, verb: str, query: str, body: bytes) -> Reply:
    """Answer one request to the callback address: URL check (GET) or notice (POST). Never raises."""
    try:
        if verb == "GET":
            return Reply(200, receiver.verify_url(query))
        if verb == "POST":
            return Reply(200, b"success", receiver.read(query, body))
    except CallbackError:
        return Reply(400, _REFUSAL)
    return Reply(405, _REFUSAL)


class CallbackApp:
    """The callback address as an ASGI app; mount it where you like, or serve it alone."""

    def __init__(self, receiver: Receiver, on_notice: OnNotice) -> None:
        self._receiver, self._on_notice = receiver, on_notice

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request (or the lifespan protocol)."""
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        if scope["type"] != "http":
            return None
        body = await _body(receive)
        if body is None:
            return await _respond(send, Reply(413, _REFUSAL))
        reply = answer(self._receiver, scope["method"], scope["query_string"].decode("latin-1"), body)
        if reply.notice:
            await self._on_notice(reply.notice)
        return await _respond(send, reply)


async def _body(receive: Receive) -> bytes | None:
    """Collect the body, or None as soon as it is longer than any notice."""
    parts, size, more = list[bytes](), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


async def _respond(send: Send, reply: Reply) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(reply.body)).encode()),
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
