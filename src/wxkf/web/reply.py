"""What is answered at the callback address: a value, and a pure function from one request to it."""

import logging
from typing import NamedTuple

from wxkf.errors import CallbackError, WxkfError
from wxkf.protocol.callback import MAX_BODY, Notice, Receiver

log = logging.getLogger("wxkf.web")

PLAIN = "text/plain; charset=utf-8"
_REFUSAL = f"{CallbackError()}\n".encode()


class Reply(NamedTuple):
    """The HTTP answer, and the notice to act on if there was one."""

    status: int
    body: bytes
    notice: Notice | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The HTTP headers that go with it."""
        return {"Content-Type": PLAIN}


REFUSED, NOWHERE = Reply(400, _REFUSAL), Reply(404, _REFUSAL)
WRONG_VERB, TOO_LONG = Reply(405, _REFUSAL), Reply(413, _REFUSAL)
BUSY = Reply(503, b"this callback could not be taken now\n")


def answer(receiver: Receiver, verb: str, query: str | bytes, body: bytes) -> Reply:
    """Answer one request to the callback address: URL check (GET) or notice (POST). Never raises."""
    if len(body) > MAX_BODY:
        return TOO_LONG
    try:
        if verb == "GET":
            return Reply(200, receiver.verify_url(as_text(query)))
        if verb == "POST":
            return Reply(200, b"success", receiver.read(as_text(query), body))
    except CallbackError:
        return REFUSED
    return WRONG_VERB


def not_taken(error: WxkfError) -> Reply:
    """Answer for a notice that is the platform's and cannot be taken now: it is to ring again. Say why in the log."""
    log.error("a callback could not be taken: %s", error)
    return BUSY


def as_text(query: str | bytes) -> str:
    """Give a query string, which servers hand over as either, as text."""
    return query if isinstance(query, str) else query.decode("latin-1")
