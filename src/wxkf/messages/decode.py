"""From JSON to values, without ever refusing what can be framed.

Strategy, from fast to forgiving: a page is decoded whole; if one item is unknown or of a wrong shape, it is cut into
raw items and each is decoded alone, so a broken one costs one message; what msgspec cannot even cut, page or item (a
lone surrogate, a raw control character, NaN, a byte order mark, deep nesting), is tidied and tried again.
"""

import json
from typing import Any

import msgspec
from msgspec.structs import force_setattr

from wxkf.messages.answer import Answer, keep_raw
from wxkf.messages.events import AnyEvent
from wxkf.messages.forgive import decode_forgiving
from wxkf.messages.inbound import AnyMessage, Inbound, Merged, Unknown
from wxkf.messages.tidy import tidy

_DEPTH = 16  # of conversations forwarded inside conversations


class _EventItem(msgspec.Struct, frozen=True, tag_field="msgtype", tag="event", gc=False):
    event: AnyEvent
    msgid: str = ""
    send_time: int = 0
    origin: int = 0


class _Page(msgspec.Struct, frozen=True):
    errcode: int = 0
    errmsg: str = ""
    next_cursor: str = ""
    has_more: bool | int | str = 0
    msg_list: list[AnyMessage | _EventItem] = []


class _Frame(msgspec.Struct, frozen=True):
    errcode: int = 0
    errmsg: str = ""
    next_cursor: str = ""
    has_more: bool | int | str = 0
    msg_list: list[msgspec.Raw] = []


class MessagePage(Answer, frozen=True, kw_only=True):
    """One page of `sync_msg`. Go on while `has_more`, also when `msg_list` is empty (page 94670)."""

    next_cursor: str = ""
    has_more: bool = False
    msg_list: tuple[Inbound, ...] = ()

    @property
    def raw_list(self) -> tuple[bytes, ...]:
        """The JSON that each of `msg_list` was read from; cut out of `raw` when asked for."""
        return tuple(map(bytes, _frame_of(self.raw).msg_list))


# strict=False reads numbers that come as strings, as several fields do.
_item = msgspec.json.Decoder(AnyMessage | _EventItem, strict=False)
_page = msgspec.json.Decoder(_Page, strict=False)
_frame = msgspec.json.Decoder(_Frame, strict=False)
_UNFINISHED = frozenset((_EventItem, Merged))
_REFUSED = (msgspec.DecodeError, ValueError, RecursionError)  # UnicodeDecodeError and JSONDecodeError are ValueErrors


def decode_message(raw: bytes | msgspec.Raw, depth: int = 0) -> Inbound:
    """Decode one item of `msg_list`; what cannot be read becomes `Unknown` with the raw JSON."""
    try:
        return _finish(_item.decode(raw), depth)
    except _REFUSED:
        pass
    raw = bytes(raw)
    for written in (bytes, tidy):
        try:
            return _finish(decode_forgiving(_item.decode, written(raw)), depth)
        except _REFUSED:
            continue
    return _unknown(raw)


def decode_page(body: bytes) -> MessagePage:
    """Decode the answer of `sync_msg`. Raises `msgspec.DecodeError` only for what is not a JSON object at all."""
    frame: _Page | _Frame
    try:
        frame = _page.decode(body)
        messages = tuple([_finish(item, 0) if type(item) in _UNFINISHED else item for item in frame.msg_list])
    except _REFUSED:
        frame = _frame_of(body)
        messages = tuple([decode_message(raw) for raw in frame.msg_list])
    page = MessagePage(
        errcode=frame.errcode,
        errmsg=frame.errmsg,
        next_cursor=frame.next_cursor,
        has_more=frame.has_more not in (0, "0", "", "false"),
        msg_list=messages,
    )
    keep_raw(page, body)
    return page


def _finish(item: Any, depth: int) -> Inbound:
    """Flatten an event, open a forwarded conversation; anything else is ready."""
    if type(item) is _EventItem:
        event: Inbound = item.event
        force_setattr(event, "msgid", item.msgid)  # made a moment ago by us, seen by nobody yet
        force_setattr(event, "send_time", item.send_time)
        force_setattr(event, "origin", item.origin)
        return event
    if type(item) is Merged and depth < _DEPTH:
        for part in item.merged_msg.item:
            message = decode_message(part.msg_content.encode("utf-8", "surrogatepass"), depth + 1)
            force_setattr(part, "message", message)
    found: Inbound = item
    return found


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
        item = json.loads(tidy(raw))
    except ValueError:
        return {}
    return item if isinstance(item, dict) else {}


def _frame_of(body: bytes) -> _Frame:
    try:
        return _frame.decode(body)
    except _REFUSED:
        return _reframe(body)


def _reframe(body: bytes) -> _Frame:
    """Cut a page the strict parser refuses. Lone surrogates and NaN are replaced, not dropped."""
    try:
        loose = json.loads(tidy(body))
    except ValueError as error:
        raise msgspec.DecodeError(f"not JSON: {error}") from None
    if not isinstance(loose, dict):
        raise msgspec.DecodeError("not a JSON object")
    items, more = loose.get("msg_list"), loose.get("has_more")
    return _Frame(
        errcode=_number(loose.get("errcode")),
        errmsg=_text(loose.get("errmsg")),
        next_cursor=_text(loose.get("next_cursor")),
        has_more=more if isinstance(more, bool | int | str) else bool(more),
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
    return json.dumps(item, ensure_ascii=False).encode()
