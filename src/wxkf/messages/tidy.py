"""Make clean JSON of what is almost JSON, so that one odd message costs one message at most.

What msgspec refuses to read at all (a byte order mark, bytes that are no UTF-8, raw control characters, lone
surrogates, NaN, numbers without end, towers of brackets) the platform may still send: customers type strange things.
"""

import json
import math
import re

_DEEP = 64  # levels; no message has ten, and every parser gives up somewhere below a thousand
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{}\]]', re.DOTALL)


def tidy(raw: bytes) -> bytes:
    """Write it anew: what no strict parser or store could hold becomes null, `?` or U+FFFD. Raises `ValueError`."""
    text = _cut(raw.decode("utf-8-sig", "replace"))
    loose = json.loads(text, strict=False, parse_constant=_nothing, parse_int=_whole, parse_float=_finite)
    return json.dumps(loose, ensure_ascii=False).encode("utf-8", "replace")


def _cut(text: str) -> str:
    """Put null in the place of whatever stands deeper than any message does."""
    kept, depth, at = list[str](), 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            depth += 1
            if depth == _DEEP:
                kept += text[at : token.start()], "null"
        elif token[0] in ("]", "}"):
            if depth == _DEEP:
                at = token.end()
            depth -= 1
    return "".join((*kept, text[at:])) if depth < _DEEP else ""


def _nothing(_name: str) -> None:
    return None


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) < 20 else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None
