"""Cut a long text into messages the platform takes whole: by bytes, at the ends of sentences where it can be."""

import re
from collections.abc import AsyncIterator

from wxkf.bot.plain import plain
from wxkf.bot.quota import MOST as MOST_PARTS
from wxkf.errors import ConfigError
from wxkf.messages.events import EnterSession, SessionStatusChange
from wxkf.messages.inbound import Inbound
from wxkf.messages.outbound import Outbound, Text, as_outbound

MOST_BYTES = 2048
_MORE = "…"
_ENDS = (re.compile(r"\n+"), re.compile(r"[。！？!?…；;]+[”」』）)]*|\.\s"), re.compile(r"[，,、：:\s]+"))


def split(content: str, *, most: int = MOST_BYTES, parts: int = MOST_PARTS) -> list[str]:
    """Split a text into at most `parts` pieces of at most `most` bytes; what is left over ends in an ellipsis."""
    return cut(content, most=most, parts=parts)[0]


def cut(content: str, *, most: int = MOST_BYTES, parts: int = MOST_PARTS) -> tuple[list[str], str]:
    """Split a text. Returns the pieces, and what finds no room in them."""
    pieces, rest = list[str](), content.encode("utf-8", "replace").decode()
    while len(rest.encode()) > most and len(pieces) < parts - 1:
        piece = _head(rest, most, parts - len(pieces) - 1)
        rest = rest[len(piece) :].lstrip()
        pieces.append(piece.rstrip() or piece)
    unsent = ""
    if len(rest.encode()) > most and _fits(rest, most, 1):
        rest = rest.rstrip()
    elif len(rest.encode()) > most:
        head = _head(rest, most - len(_MORE.encode()))
        rest, unsent = head.rstrip() + _MORE, rest[len(head) :].strip()
    return ([*pieces, rest] if rest else pieces), unsent


def _head(text: str, most: int, parts: int = 0) -> str:
    """Take what fits, up to the best place to stop in its second half, else up to the last whole character.

    A stop so early that the rest would no longer fit in `parts` pieces is no good, unless it does not fit anyway.
    """
    head = _whole(text, most)
    can_be_said = _fits(text[len(head) :], most, parts)
    for ends in _ENDS:
        stops = [found.end() for found in ends.finditer(head) if found.end() > len(head) // 2]
        if stops and (not can_be_said or _fits(text[stops[-1] :], most, parts)):
            return head[: stops[-1]]
    return head


def _fits(text: str, most: int, parts: int) -> bool:
    """Tell whether a text fits in so many pieces, wherever they are cut."""
    rest = text.lstrip()
    for _ in range(parts):
        rest = rest[len(_whole(rest, most)) :].lstrip()
    return not rest


def _whole(text: str, most: int) -> str:
    """Take as many whole characters as fit."""
    return text[:most].encode()[:most].decode("utf-8", "ignore")


class BadReply(ConfigError, TypeError):
    """A handler said what cannot be sent; running it again would not help."""


def in_parts(reply: object, event: Inbound, *, most: int = MOST_PARTS) -> tuple[list[Outbound], str]:
    """Give a reply as the messages it is sent as: a long text in parts, anything else as it is; and what finds no room.

    A string may be markdown, a value of `wxkf.out` is sent as it is. What answers an event by its code is one message,
    since the code is good for one. Raises `BadReply`.
    """
    if not isinstance(reply, str | Outbound):
        hint = "; a handler that streams yields the pieces itself" if isinstance(reply, AsyncIterator) else ""
        kind = type(reply).__name__
        raise BadReply(f"{kind} cannot be sent; a reply is a str, a value of wxkf.out, or None{hint}")
    message = as_outbound(plain(reply) if isinstance(reply, str) else reply)
    if not isinstance(message, Text):
        return [message], ""
    by_code = isinstance(event, EnterSession | SessionStatusChange)
    pieces, unsent = cut(message.content, parts=1 if by_code else most)
    return [Text(piece) for piece in pieces], unsent
