"""What an app may send: each message type's fields and limits, as tables (platform.md 7).

Reading a message returns what the phone will show, after the silent cut of texts; it raises `Refusal` otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass

from wxkf.sim.fields import Fields, cut
from wxkf.sim.refusal import Refusal
from wxkf.sim.values import Json


@dataclass(frozen=True, slots=True)
class Part:
    """A text field of a menu item."""

    key: str
    limit: int
    required: bool = True


MENU_ITEMS: dict[str, tuple[Part, ...]] = {
    "click": (Part("id", 128, required=False), Part("content", 128)),
    "view": (Part("url", 2048), Part("content", 1024)),
    "miniprogram": (Part("appid", 32), Part("pagepath", 1024), Part("content", 1024)),
    "text": (Part("content", 256),),
}
_TEXT_MAX = 2_048
_MENU_TEXT_MAX = 1_024
_MENU_MAX = 50
_CHOICES_MAX = 10  # clicks, views and mini programs together
_TOO_LONG = 45002


def _text(fields: Fields) -> Json:
    return {"content": cut(fields.text("content", required=True, missing=44004), _TEXT_MAX)}


def _image(fields: Fields) -> Json:
    return {"media_id": fields.text("media_id", required=True, limit=128, missing=40007, long=40007)}


def _msgmenu(fields: Fields) -> Json:
    items = list(fields.tables("list"))
    choices = [item for item in items if item.values.get("type") != "text"]
    if len(items) > _MENU_MAX or len(choices) > _CHOICES_MAX:
        raise Refusal(95008)
    menu = {
        "head_content": fields.text("head_content", limit=_MENU_TEXT_MAX, long=_TOO_LONG),
        "list": [_menu_item(item) for item in items],
        "tail_content": fields.text("tail_content", limit=_MENU_TEXT_MAX, long=_TOO_LONG),
    }
    if not any(menu.values()):
        raise Refusal(44004, "the menu is empty")
    return menu


def _menu_item(item: Fields) -> Json:
    kind = item.text("type", required=True, missing=95009)
    if kind not in MENU_ITEMS:
        raise Refusal(95009, kind[:32])
    body = item.table(kind)
    read: Json = {
        part.key: body.text(part.key, required=part.required, limit=part.limit, long=_TOO_LONG)
        for part in MENU_ITEMS[kind]
    }
    if kind == "view" and not read["url"].lower().startswith(("http://", "https://")):
        raise Refusal(45034)
    if kind == "text":
        read["no_newline"] = body.number("no_newline", 0, 0, 1)
    return {"type": kind, kind: read}


MESSAGES: dict[str, Callable[[Fields], Json]] = {"text": _text, "image": _image, "msgmenu": _msgmenu}


def read_message(fields: Fields, allowed: frozenset[str] = frozenset(MESSAGES)) -> tuple[str, Json]:
    """Read `msgtype` and the object under that name. Refuses other types than those allowed with 40008."""
    msgtype = fields.text("msgtype", required=True, missing=40008)
    if msgtype not in allowed:
        raise Refusal(40008, msgtype[:32])
    return msgtype, MESSAGES[msgtype](fields.table(msgtype))
