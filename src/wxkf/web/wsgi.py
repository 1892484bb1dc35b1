"""The callback address as a plain WSGI app, for servers that give each request a thread."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from http.client import responses
from typing import Any

from wxkf.errors import WxkfError
from wxkf.protocol.callback import MAX_BODY, Notice, Receiver
from wxkf.web.reply import TOO_LONG, Reply, answer, not_taken


class WsgiApp(ABC):
    """Reads a request whole and gives the reply that a subclass has for it."""

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve one request."""
        body = _whole(environ)
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace") or "/"
        verb, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
        reply = TOO_LONG if body is None else self.answer(verb, query, body, path)
        headers = [*reply.headers.items(), ("Content-Length", str(len(reply.body)))]
        start_response(f"{reply.status} {responses.get(reply.status, '')}", headers)
        return [reply.body]

    @abstractmethod
    def answer(self, verb: str, query: str | bytes, body: bytes, path: str = "/") -> Reply:
        """Answer one request in a view of any framework. `query` is the query string as it came, not decoded."""


class SyncCallbackApp(WsgiApp):
    """The callback address as a WSGI app, for a program that does its own work with notices.

    `on_notice` is called in the request's thread. One that raises a `WxkfError` makes the answer 503: the platform
    rings again. For a bot, whose engine runs elsewhere, take `SyncForward`.
    """

    def __init__(self, receiver: Receiver, on_notice: Callable[[Notice], None]) -> None:
        self._receiver, self._on_notice = receiver, on_notice

    def answer(self, verb: str, query: str | bytes, body: bytes, path: str = "/") -> Reply:
        reply = answer(self._receiver, verb, query, body)
        if reply.notice is not None:
            try:
                self._on_notice(reply.notice)
            except WxkfError as error:
                return not_taken(error)
        return reply


def _whole(environ: Mapping[str, Any]) -> bytes | None:
    """Read the body, or None of one that says it is longer than any notice; WSGI has none of unsaid length."""
    size = environ.get("CONTENT_LENGTH") or "0"
    if not size.isascii() or not size.isdigit() or len(size) > 9 or int(size) > MAX_BODY:
        return None
    body: bytes = environ["wsgi.input"].read(int(size))
    return body
