"""Cut a long text into messages the platform takes whole: by bytes, at the ends of sentences where it can be."""

import re

from wxkf.messages.outbound import Outbound, Text

MOST_BYTES = 2048
MOST_PARTS = 5  # sends that one message of the customer pays for
_MORE = "…"
_ENDS = (re.compile(r"\n+"), re.compile(r"[。！？!?…；;]+[”」』）)]*|\.\s"), re.compile(r"[，,、：:\s]+"))


def split(content: str, *, most: int = MOST_BYTES, parts: int = MOST_PARTS) -> list[str]:
    """Split a text into at most `parts` pieces of at most `most` bytes; what is left over ends in an ellipsis."""
    pieces, rest = list[str](), content.encode("utf-8", "replace").decode()
    while rest and len(pieces) < parts:
        if len(rest.encode()) <= most:
            return [*pieces, rest]
        if len(pieces) == parts - 1:
            return [*pieces, _head(rest, most - len(_MORE.encode())).rstrip() + _MORE]
        piece = _head(rest, most)
        rest = rest[len(piece) :].lstrip()
        pieces.append(piece.rstrip() or piece)
    return pieces


def _head(text: str, most: int) -> str:
    """Take what fits, up to the best place to stop in its second half, else up to the last whole character."""
    fits = text.encode()[:most].decode("utf-8", "ignore")
    for ends in _ENDS:
        stops = [found.end() for found in ends.finditer(fits) if found.end() > len(fits) // 2]
        if stops:
            return fits[: stops[-1]]
    return fits


def in_parts(message: Outbound) -> list[Outbound]:
    """Give a message as the messages it is sent as: a long text in parts, anything else as it is."""
    return [Text(part) for part in split(message.content)] if isinstance(message, Text) else [message]
