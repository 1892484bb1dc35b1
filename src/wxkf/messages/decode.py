"""From JSON to values, without ever refusing what can be framed.

Strategy: a page is cut into raw items first, each item is decoded on its own, so a broken one costs one message.
What msgspec cannot read (a lone surrogate, a raw control character, NaN, a byte order mark, deep nesting) goes through
the forgiving parser of the standard library and is tried again: a page as well as a single item. What no store can
hold (a lone surrogate, a number beyond 2**53) never leaves this module.
"""

import json
import re
from typing import Any

import msgspec

from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Image, Inbound, Text, Unknown, Whole


class _EventItem(msgspec.Struct, frozen=True, tag_field="msgtype", tag="event"):
    event: msgspec.Raw
    msgid: str = ""
    send_time: Whole = 0
    origin: Whole = 0


class _PageFrame(msgspec.Struct, frozen=True):
    errcode: int = 0
    errmsg: str = ""
    next_cursor: str = ""
    has_more: bool | int | str = 0
    msg_list: list[msgspec.Raw] = []


class MessagePage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of `sync_msg`. Go on while `has_more`, also when `msg_list` is empty (page 94670).

    `raw_list[i]` is the JSON that `msg_list[i]` was read from.
    """

    errcode: int = 0
    errmsg: str = ""
    next_cursor: str = ""
    has_more: bool = False
    msg_list: tuple[Inbound, ...] = ()
    raw_list: tuple[bytes, ...] = ()


# strict=False reads numbers that come as strings, as several fields do.
_item = msgspec.json.Decoder(Text | Image | _EventItem, strict=False)
_event = msgspec.json.Decoder(EnterSession, strict=False)
_frame = msgspec.json.Decoder(_PageFrame, strict=False)

_DEEP = 64  # levels; no message has ten, and both parsers give up near a thousand
_NESTING = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{}\]]', re.DOTALL)


def decode_message(raw: bytes | msgspec.Raw) -> Inbound:
    """Decode one item of `msg_list`; what cannot be read becomes `Unknown` with the raw JSON."""
    message = _known(raw)
    if message is None:
        item = _fields(bytes(raw))
        message = _known(_dump(item)) or _unknown(item, bytes(raw))
    return message


def decode_page(body: bytes) -> MessagePage:
    """Decode the answer of `sync_msg`. Raises `msgspec.DecodeError` only for what is not a JSON object at all."""
    try:
        frame = _frame.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        frame = _reframe(body)
    return MessagePage(
        errcode=frame.errcode,
        errmsg=frame.errmsg,
        next_cursor=frame.next_cursor,
        has_more=frame.has_more not in (0, "0", "", "false"),  # 0 is False as well
        msg_list=tuple(decode_message(raw) for raw in frame.msg_list),
        raw_list=tuple(bytes(raw) for raw in frame.msg_list),
    )


def _known(raw: bytes | msgspec.Raw) -> Inbound | None:
    try:
        item = _item.decode(raw)
        return _flatten(item) if isinstance(item, _EventItem) else item
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _flatten(item: _EventItem) -> Inbound:
    event = _event.decode(item.event)
    return msgspec.structs.replace(event, msgid=item.msgid, send_time=item.send_time, origin=item.origin)


def _unknown(item: dict[str, Any], raw: bytes) -> Unknown:
    """Save what can be saved, field by field: the ids decide whose message it is and whether it came before."""
    event = item.get("event")
    event = event if isinstance(event, dict) else {}
    return Unknown(
        msgid=_text(item.get("msgid")),
        open_kfid=_text(item.get("open_kfid")) or _text(event.get("open_kfid")),
        external_userid=_text(item.get("external_userid")) or _text(event.get("external_userid")),
        send_time=_number(item.get("send_time")),
        origin=_number(item.get("origin")),
        servicer_userid=_text(item.get("servicer_userid")),
        msgtype=_text(item.get("msgtype")),
        event_type=_text(event.get("event_type")),
        raw=raw,
    )


def _fields(raw: bytes) -> dict[str, Any]:
    try:
        item = _loose(raw)
    except ValueError:
        return {}
    return item if isinstance(item, dict) else {}


def _reframe(body: bytes) -> _PageFrame:
    """Cut a page the strict parser refuses."""
    try:
        loose = _loose(body)
    except ValueError as error:
        raise msgspec.DecodeError(f"not JSON: {error}") from None
    if not isinstance(loose, dict):
        raise msgspec.DecodeError("not a JSON object")
    items = loose.get("msg_list")
    return _PageFrame(
        errcode=_number(loose.get("errcode")),
        errmsg=str(loose.get("errmsg", "")),
        next_cursor=str(loose.get("next_cursor") or ""),
        has_more=_flag(loose.get("has_more")),
        msg_list=[msgspec.Raw(_dump(item)) for item in items] if isinstance(items, list) else [],
    )


def _loose(raw: bytes) -> Any:
    """Parse forgivingly. NaN and endless numbers become null, lone surrogates `?`, what is nested too deep is cut."""
    text = _prune(raw.decode("utf-8-sig", "replace"))
    loose = json.loads(text, strict=False, parse_constant=lambda _name: None, parse_int=_digits)
    return json.loads(json.dumps(loose, ensure_ascii=False).encode("utf-8", "replace"))


def _prune(text: str) -> str:
    """Put null in the place of whatever stands deeper than any message does."""
    kept, depth, at = list[str](), 0, 0
    for found in _NESTING.finditer(text):
        if found[0] in ("[", "{"):
            depth += 1
            if depth == _DEEP:
                kept += text[at : found.start()], "null"
        elif found[0] in ("]", "}"):
            if depth == _DEEP:
                at = found.end()
            depth -= 1
    return "".join((*kept, text[at:]))


def _digits(text: str) -> int | None:
    return int(text) if len(text) < 20 else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _flag(value: object) -> bool | int | str:
    return value if isinstance(value, bool | int | str) else bool(value)


def _number(value: object) -> int:
    try:
        number = int(str(value or 0))
    except ValueError:
        return 0
    return number if 0 <= number <= 2**53 else 0


def _dump(item: Any) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode("utf-8", "replace")
