"""How a sign is written that the terminal's encoding lacks: GBK has no ✓, and a pipe on Chinese Windows takes GBK.

A mark becomes one that means the same; anything else its JSON escape, which tells what it was. Never a traceback.
"""

import codecs
import io
from typing import Final, TextIO

NAME: Final = "wxkf.spelling"
_MARKS: Final = {"✓": "√v", "✗": "×x", "○": "o", "●": "*", "–": "-", "‹": "<", "›": ">", "…": "~", "·": "-", "→": ">"}
"""What stands for a mark, the best first; the last one is ASCII, so it is there."""
_UNCHOSEN: Final = ("strict", "surrogateescape")  # what Python sets by itself, the latter in the C locale


def forgive(stream: TextIO) -> None:
    """Let a stream write what its encoding lacks; one whose owner chose another way keeps it."""
    if isinstance(stream, io.TextIOWrapper) and stream.errors in _UNCHOSEN:
        codecs.register_error(NAME, _respell)
        stream.reconfigure(errors=NAME)


def _respell(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_one(sign, error.encoding) for sign in lacking), error.end


def _one(sign: str, encoding: str) -> str:
    for mark in _MARKS.get(sign, ""):
        if _has(encoding, mark):
            return mark
    pairs = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pairs[at : at + 4]}" for at in range(0, len(pairs), 4))


def _has(encoding: str, sign: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
