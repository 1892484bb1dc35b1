"""What a phone can send, as tables: the fields of each message type, the files (platform.md 6.2, 6.3).

A body is kept as it is given: only what the platform always sends must be there, in its type; more is allowed.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from wxkf.sim.settings import MIB, RECEIVED_MAX
from wxkf.sim.values import Json

_NUMBER = (int, float)
SHAPES: Final[dict[str, dict[str, Any]]] = {
    "text": {"content": str},
    "location": {"latitude": _NUMBER, "longitude": _NUMBER},
    "link": {"title": str, "url": str},
    "business_card": {"userid": str},
    "miniprogram": {"title": str, "appid": str, "pagepath": str},
    "msgmenu": {"list": list},
    "channels_shop_product": {"product_id": str, "title": str, "sales_price": str},
    "channels_shop_order": {"order_id": str, "product_titles": str, "state": str},
    "merged_msg": {"title": str, "item": list},
    "channels": {"sub_type": int, "nickname": str},
    "meeting": {},
    "calendar": {},
    "note": {},
}
"""Each type without a file, and what its object must hold."""
_NAMES: dict[object, str] = {str: "a text", int: "a whole number", _NUMBER: "a number", list: "a list"}
_ROWS = {"msgmenu": ("list", {"type": str}), "merged_msg": ("item", {"msgtype": str, "msg_content": str})}
CHANNELS_SCENES = {1: "nickname", 2: "nickname", 3: "nickname", 4: "shop_nickname", 5: "shop_nickname"}
"""Where in WeChat Channels one comes from, and which name goes with it (6.4)."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its usual content type and name, which content types it may have, what it is called."""

    content_type: str
    filename: str
    allowed: str
    called: str


FILES: Final[dict[str, FileKind]] = {
    "image": FileKind("image/png", "", "image/(jpeg|png|gif|webp)", "一张图片"),
    "voice": FileKind("audio/amr", "voice.amr", "audio/[a-z0-9.+-]+", "一条语音"),
    "video": FileKind("video/mp4", "video.mp4", "video/[a-z0-9.+-]+", "一个视频"),
    "file": FileKind("application/octet-stream", "file.bin", "[a-z0-9.+-]+/[a-z0-9.+-]+", "一个文件"),
}


def check_shape(msgtype: str, body: Json) -> None:
    """Raise `ValueError` where a body is not what its type looks like."""
    if msgtype in FILES:
        raise ValueError(f"{msgtype} has a file: send_file sends it")
    if msgtype not in SHAPES:
        raise ValueError(f"a message is one of {', '.join(SHAPES)}")
    _check(msgtype, body, SHAPES[msgtype])
    if msgtype in _ROWS:
        key, shape = _ROWS[msgtype]
        for row in body[key]:
            _check(f"{msgtype}.{key}", row, shape)
    if msgtype == "text" and not body["content"]:
        raise ValueError("an empty text cannot be sent")


def check_channels(given: Json) -> Json:
    """Read from where in WeChat Channels one enters; raise `ValueError` for no such place."""
    scene = given.get("scene")
    name = CHANNELS_SCENES.get(scene) if isinstance(scene, int) else None
    if name is None or not isinstance(given.get(name), str) or set(given) != {"scene", name}:
        raise ValueError("wechat_channels is a scene 1 to 3 with nickname, or 4 to 5 with shop_nickname")
    return given


def checked_file(kind: str, data: bytes, content_type: str, filename: str) -> tuple[str, str]:
    """Give a file's content type and name; raise `ValueError` where it is none of its kind."""
    if kind not in FILES:
        raise ValueError(f"a file is one of {', '.join(FILES)}")
    row = FILES[kind]
    content_type = content_type.partition(";")[0].strip().lower() or row.content_type
    if not data or not re.fullmatch(row.allowed, content_type):
        raise ValueError(f"{kind} needs data, and a content type that fits it: {row.content_type}, for example")
    filename = filename or row.filename or f"image.{content_type.rpartition('/')[2]}"
    if len(filename.encode(errors="replace")) > 255 or not filename.isprintable() or "/" in filename:
        raise ValueError("a file name is at most 255 bytes, printable and without a slash")
    return content_type, filename


def notice_instead(kind: str, size: int) -> Json | None:
    """Give the text that arrives instead of a file above its limit; None for one that may pass."""
    limit = RECEIVED_MAX[kind]
    if size <= limit:
        return None
    return {"content": f"[收到{FILES[kind].called}，大小超过 {limit // MIB}MB，无法查看]"}


def _check(where: str, body: object, shape: dict[str, Any]) -> None:
    if not isinstance(body, dict):
        raise ValueError(f"{where} must be an object")
    for key, kind in shape.items():
        value = body.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ValueError(f"{where} needs {key}, {_NAMES[kind]}")
