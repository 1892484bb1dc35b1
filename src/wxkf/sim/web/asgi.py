"""The little of ASGI that the simulator needs: read a body within a limit, answer, stream."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = tuple[tuple[str, str], ...]


class TooLarge(Exception):
    """A body went over its limit."""


async def read_body(receive: Receive, limit: int) -> bytes:
    """Read a whole body. Raises `TooLarge` above the limit, `ConnectionError` when the caller went away."""
    parts, size = list[bytes](), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the caller went away")
        part = message.get("body", b"")
        if not (parts or message.get("more_body")) and len(part) <= limit:
            return bytes(part)
        size += len(part)
        if size > limit:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def query_of(scope: Scope) -> dict[str, str]:
    """Decode the query; of a repeated key the first counts. Not to be changed: equal queries share it."""
    return _decoded(scope["query_string"])


@lru_cache(512)  # clients send the same token again and again
def _decoded(query: bytes) -> dict[str, str]:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return dict(reversed(pairs))


def header_of(scope: Scope, name: str) -> str:
    """Find a header, "" where it is absent."""
    wanted = name.encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == wanted), "")


_JSON = "application/json; charset=UTF-8"
_JSON_HEAD = (b"content-type", _JSON.encode())


async def answer_json(send: Send, content: bytes) -> None:
    """Send JSON with HTTP 200: what nearly every call ends in, in the fewest steps."""
    headers = [_JSON_HEAD, (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def start(send: Send, status: int, content_type: str, headers: Headers, length: int | None) -> None:
    """Send an answer's head."""
    lines = [("content-type", content_type), *headers]
    if length is not None:
        lines.append(("content-length", str(length)))
    raw = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in lines]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def respond(send: Send, status: int, content: bytes, content_type: str, headers: Headers = ()) -> None:
    """Send a whole answer."""
    await start(send, status, content_type, headers, len(content))
    await send({"type": "http.response.body", "body": content})


async def respond_json(send: Send, status: int, value: object, headers: Headers = ()) -> None:
    """Send a JSON answer."""
    await respond(send, status, msgspec.json.encode(value), _JSON, headers)
