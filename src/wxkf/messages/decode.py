"""From JSON to values, without ever refusing what can be framed.

Strategy: a page is cut into raw items first, each item is decoded on its own, so a broken one costs one message.
A page that msgspec cannot even cut (a lone surrogate, a raw control character, NaN, a byte order mark) goes through
the forgiving parser of the standard library and is cut again.
"""

import json
from typing import Any

import msgspec

from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Image, Inbound, Text, Unknown


class _EventItem(msgspec.Struct, frozen=True, tag_field="msgtype", tag="event"):
    event: msgspec.Raw
    msgid: str = ""
    send_time: int = 0
    origin: int = 0


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


def decode_message(raw: bytes | msgspec.Raw) -> Inbound:
    """Decode one item of `msg_list`; what cannot be read becomes `Unknown` with the raw JSON."""
    try:
        item = _item.decode(raw)
        return _flatten(item) if isinstance(item, _EventItem) else item
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _unknown(bytes(raw))


def decode_page(body: bytes) -> MessagePage:
    """Decode the answer of `sync_msg`. Raises `msgspec.DecodeError` only for what is not a JSON object at all."""
    try:
        frame = _frame.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        frame = _reframe(body)
    return MessagePage(
        errcode=frame.errcode,
        errmsg=frame.errmsg,
        next_cursor=frame.next_cursor,
        has_more=frame.has_more not in (0, "0", "", "false"),
        msg_list=tuple(decode_message(raw) for raw in frame.msg_list),
        raw_list=tuple(bytes(raw) for raw in frame.msg_list),
    )


def _flatten(item: _EventItem) -> Inbound:
    event = _event.decode(item.event)
    return msgspec.structs.replace(event, msgid=item.msgid, send_time=item.send_time, origin=item.origin)


def _unknown(raw: bytes) -> Unknown:
    """Save what can be saved, field by field: the ids decide whose message it is and whether it came before."""
    item = _fields(raw)
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
        item = json.loads(raw, strict=False)
    except (ValueError, RecursionError):
        return {}
    return item if isinstance(item, dict) else {}


def _reframe(body: bytes) -> _PageFrame:
    """Cut a page the strict parser refuses. Lone surrogates and NaN are replaced, not dropped."""
    try:
        loose = json.loads(body.decode("utf-8-sig", "replace"), strict=False, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise msgspec.DecodeError(f"not JSON: {error}") from None
    if not isinstance(loose, dict):
        raise msgspec.DecodeError("not a JSON object")
    items = loose.get("msg_list")
    return _PageFrame(
        errcode=_number(loose.get("errcode")),
        errmsg=str(loose.get("errmsg", "")),
        next_cursor=str(loose.get("next_cursor") or ""),
        has_more=bool(loose.get("has_more")),
        msg_list=[msgspec.Raw(_dump(item)) for item in items] if isinstance(items, list) else [],
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    try:
        return int(str(value or 0))
    except ValueError:
        return 0


def _dump(item: Any) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode("utf-8", "replace")
