"""What an app may send: each message type's fields and limits, as tables (platform.md 7).

Reading a message returns what the phone will show, after the silent cut of texts; it raises `Refusal` otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wxkf.sim.fields import Fields, cut
from wxkf.sim.refusal import Refusal
from wxkf.sim.values import Json

_BAD, _TOO_LONG, _NO_MEDIA, _BAD_PLACE = 40058, 45002, 40007, 95022
_MENU_MAX = 50
_CHOICES_MAX = 10  # clicks, views and mini programs together
_LINK = "https://work.weixin.qq.com/ca/"


@dataclass(frozen=True, slots=True)
class Part:
    """A text field: its limit in bytes, what is done above it, what its absence returns."""

    key: str
    limit: int | None = None
    required: bool = True
    cuts: bool = False  # shortened silently
    missing: int = _BAD
    long: int = _TOO_LONG
    url: bool = False


_FILE = (Part("media_id", 128, missing=_NO_MEDIA, long=_NO_MEDIA),)
_THUMB = Part("thumb_media_id", 128, missing=_NO_MEDIA, long=_NO_MEDIA)
PARTS: Final[dict[str, tuple[Part, ...]]] = {
    "text": (Part("content", 2_048, cuts=True, missing=44004),),
    "image": _FILE,
    "voice": _FILE,
    "video": _FILE,
    "file": _FILE,
    "link": (
        Part("title", 128, cuts=True),
        Part("desc", 512, required=False, cuts=True),
        Part("url", 2_048, url=True),
        _THUMB,
    ),
    "miniprogram": (
        Part("appid"),
        Part("title", 64, required=False, cuts=True),
        _THUMB,
        Part("pagepath"),  # one without .html is accepted; WeChat then finds no page
    ),
    "location": (Part("name", required=False), Part("address", required=False)),
    "business_card": (Part("userid"),),
    "ca_link": (Part("link_url", url=True),),
    "msgmenu": (Part("head_content", 1_024, required=False), Part("tail_content", 1_024, required=False)),
}
"""The text fields of each message type."""
MENU_ITEMS: Final[dict[str, tuple[Part, ...]]] = {
    "click": (Part("id", 128, required=False), Part("content", 128)),
    "view": (Part("url", 2_048, url=True), Part("content", 1_024)),
    "miniprogram": (Part("appid", 32), Part("pagepath", 1_024), Part("content", 1_024)),
    "text": (Part("content", 256),),
}
"""The text fields of each menu item."""


def _read(fields: Fields, parts: tuple[Part, ...]) -> Json:
    return {part.key: _part(fields, part) for part in parts}


def _part(fields: Fields, part: Part) -> str:
    limit = None if part.cuts else part.limit
    value = fields.text(part.key, required=part.required, limit=limit, missing=part.missing, long=part.long)
    if part.url and not value.lower().startswith(("http://", "https://")):
        raise Refusal(45034, fields.name(part.key))
    return cut(value, part.limit) if part.cuts and part.limit else value


def _place(fields: Fields, body: Json) -> Json:
    body["latitude"] = fields.real("latitude", -90, 90, bad=_BAD_PLACE)
    body["longitude"] = fields.real("longitude", -180, 180, bad=_BAD_PLACE)
    return body


def _acquisition(_fields: Fields, body: Json) -> Json:
    if not body["link_url"].startswith(_LINK):
        raise Refusal(_BAD, f"link_url must begin with {_LINK}")
    return body


def _msgmenu(fields: Fields, body: Json) -> Json:
    items = list(fields.tables("list"))
    choices = [item for item in items if item.values.get("type") != "text"]
    if len(items) > _MENU_MAX or len(choices) > _CHOICES_MAX:
        raise Refusal(95008)
    menu = {"head_content": body["head_content"], "list": [_menu_item(item) for item in items]}
    menu["tail_content"] = body["tail_content"]
    if not any(menu.values()):
        raise Refusal(44004, "the menu is empty")
    return menu


def _menu_item(item: Fields) -> Json:
    kind = item.text("type", required=True, missing=95009)
    if kind not in MENU_ITEMS:
        raise Refusal(95009, kind[:32])
    body = item.table(kind)
    read = _read(body, MENU_ITEMS[kind])
    if kind == "text":
        read["no_newline"] = body.number("no_newline", 0, 0, 1)
    return {"type": kind, kind: read}


_MORE: dict[str, Callable[[Fields, Json], Json]] = {"location": _place, "ca_link": _acquisition, "msgmenu": _msgmenu}
"""What is not a text field."""
MESSAGES = frozenset(PARTS)
CODE_MESSAGES = frozenset({"text", "msgmenu"})


def read_message(fields: Fields, allowed: frozenset[str]) -> tuple[str, Json]:
    """Read `msgtype` and the object under that name. Refuses other types than those allowed with 40008."""
    msgtype = fields.text("msgtype", required=True, missing=40008)
    if msgtype not in allowed:
        raise Refusal(40008, msgtype[:32])
    inner = fields.table(msgtype)
    body = _read(inner, PARTS[msgtype])
    return msgtype, _MORE[msgtype](inner, body) if msgtype in _MORE else body
