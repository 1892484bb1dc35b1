"""What a message says, in one piece of plain text: what came from the platform, and what went to it.

Both have the same form on the wire, so one reader does for both. Customers write what they like: nothing of it may
reach the terminal as a command to it.
"""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from wxkf.cli.texts import text

SAY = "wxkf:say"  # the name under which `bot.send` files its words
_TITLED = ("title", "name", "userid", "nickname", "filename", "content")
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def read(raw: bytes) -> dict[str, Any]:
    """Read JSON however broken it is; what is none at all is {}."""
    try:
        found = json.loads(raw.decode("utf-8", "replace"), strict=False)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def said(raw: bytes) -> str:
    """Tell what a message says: its words, or its kind in brackets and what it is called."""
    message = read(raw)
    kind = str(message.get("msgtype", "?"))
    it = message.get(kind)
    if kind == "timer":
        return _timer(message)
    if not isinstance(it, Mapping):
        return f"[{safe(kind)}]"
    if kind == "text":
        return safe(str(it.get("content", "")))
    if kind == "event":
        return f"[{safe(str(it.get('event_type', '?')))}]{_of_event(it)}"
    return safe(_menu(it) if kind == "msgmenu" else f"[{kind}]{_title(it)}")


def safe(words: str) -> str:
    """Take out what a terminal would obey, or what would turn its lines around."""
    return "".join(sign for sign in words if sign == "\n" or _is_plain(sign))


def _is_plain(sign: str) -> bool:
    return sign not in _TURNING and unicodedata.category(sign) not in ("Cc", "Cs")


def _title(it: Mapping[str, Any]) -> str:
    return next((f" {it[name]}" for name in _TITLED if isinstance(it.get(name), str) and it[name]), "")


def _of_event(it: Mapping[str, Any]) -> str:
    known = {name: it[name] for name in ("scene", "fail_type", "change_type", "status") if it.get(name)}
    return safe("".join(f" {name}={value}" for name, value in known.items()))


def _menu(it: Mapping[str, Any]) -> str:
    items = it.get("list")
    lines = [it.get("head_content", ""), *map(_line, items if isinstance(items, list) else ()), it.get("tail_content")]
    return "\n".join(str(line) for line in lines if line)


def _line(item: object) -> str:
    if not isinstance(item, Mapping):
        return ""
    it = item.get(item.get("type", ""))
    content = it.get("content", "") if isinstance(it, Mapping) else ""
    return str(content) if item.get("type") == "text" else f"[{content}]"


def _timer(message: Mapping[str, Any]) -> str:
    name, send = message.get("name", ""), message.get("send")
    if name == SAY:
        it = message.get("data")
        return (
            f"[{text('inbox.outside')}] {said(json.dumps(it).encode()) if isinstance(it, Mapping) else safe(str(it))}"
        )
    words = said(json.dumps(send).encode()) if isinstance(send, Mapping) else safe(str(name))
    return f"[{text('inbox.timer')}] {words}".rstrip()
