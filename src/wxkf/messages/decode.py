"""From JSON to values, without ever refusing what can be framed.

Strategy, from fast to forgiving: a page is decoded whole; if one item is unknown or of a wrong shape, it is cut into
raw items and each is decoded alone, so a broken one costs one message; what msgspec cannot even cut, page or item (a
lone surrogate, a raw control character, NaN, a byte order mark, deep nesting), is tidied and tried again.
"""

import json
from typing import TYPE_CHECKING, Any, Union, get_args

import msgspec
from msgspec.structs import asdict, force_setattr

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

    def __bool__(self) -> bool:
        """Be false, as is all that waits for `_finish`: `or` finds it in a page, at half the cost of asking types."""
        return False


class _MergedItem(Merged, frozen=True, kw_only=True, tag_field="msgtype", tag="merged_msg"):
    def __bool__(self) -> bool:
        return False


if TYPE_CHECKING:
    _AnyItem = Any  # what is made from pieces at run time is no type to a checker
else:
    _AnyItem = Union[(*(kind for kind in get_args(AnyMessage) if kind is not Merged), _MergedItem, _EventItem)]


class _Page(msgspec.Struct, frozen=True):
    errcode: int = 0
    errmsg: str = ""
    next_cursor: str = ""
    has_more: bool | int | str = 0
    msg_list: list[_AnyItem] = []


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
        return tuple([b"" + raw for raw in _frame_of(self.raw).msg_list])  # bytes(raw) takes half as long again


# strict=False reads numbers that come as strings, as several fields do.
_item = msgspec.json.Decoder(_AnyItem, strict=False)
_page = msgspec.json.Decoder(_Page, strict=False)
_frame = msgspec.json.Decoder(_Frame, strict=False)
_KINDS = ("at `$.msgtype`", "at `$.event.event_type`")
_REFUSED = (msgspec.DecodeError, ValueError, RecursionError)  # UnicodeDecodeError and JSONDecodeError are ValueErrors


def decode_message(raw: bytes | msgspec.Raw, depth: int = 0) -> Inbound:
    """Decode one item of `msg_list`; what cannot be read becomes `Unknown` with the raw JSON."""
    try:
        item = _item.decode(raw)
        return item or _finish(item, depth)
    except _REFUSED as complaint:
        return _decode_odd(bytes(raw), depth, str(complaint))


def _decode_odd(raw: bytes, depth: int, complaint: str) -> Inbound:
    if complaint.startswith("Invalid value") and complaint.endswith(_KINDS):
        return _unknown(raw)  # a kind nobody knows: there is nothing to mend
    for written in (bytes, tidy):
        try:
            item = decode_forgiving(_item.decode, written(raw))
            return item or _finish(item, depth)
        except _REFUSED:
            continue
    return _unknown(raw)


def decode_page(body: bytes) -> MessagePage:
    """Decode the answer of `sync_msg`. Raises `msgspec.DecodeError` only for what is not a JSON object at all."""
    frame: _Page | _Frame
    try:
        frame = _page.decode(body)
        messages = tuple([item or _finish(item, 0) for item in frame.msg_list])
    except _REFUSED:
        frame = _frame_of(body)
        messages = _one_by_one(frame.msg_list)
    page = MessagePage(
        errcode=frame.errcode,
        errmsg=frame.errmsg,
        next_cursor=frame.next_cursor,
        has_more=frame.has_more not in (0, "0", "", "false"),
        msg_list=messages,
    )
    keep_raw(page, body)
    return page


def _one_by_one(raws: list[msgspec.Raw]) -> tuple[Inbound, ...]:
    decode, messages = _item.decode, list[Inbound]()
    for raw in raws:  # `decode_message`, without a call for each
        try:
            item = decode(raw)
            messages.append(item or _finish(item, 0))
        except _REFUSED as complaint:
            messages.append(_decode_odd(bytes(raw), 0, str(complaint)))
    return tuple(messages)


def _finish(item: _EventItem | _MergedItem, depth: int) -> Inbound:
    """Flatten an event, open a forwarded conversation."""
    if type(item) is _EventItem:
        event: Inbound = item.event
        force_setattr(event, "msgid", item.msgid)  # made a moment ago by us, seen by nobody yet
        force_setattr(event, "send_time", item.send_time)
        force_setattr(event, "origin", item.origin)
        return event
    merged = Merged(**asdict(item))
    if depth < _DEPTH:
        for part in merged.merged_msg.item:
            message = decode_message(part.msg_content.encode("utf-8", "surrogatepass"), depth + 1)
            force_setattr(part, "message", message)
    return merged


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
        item = msgspec.json.decode(raw)
    except _REFUSED:
        item = _loose(raw)
    return item if isinstance(item, dict) else {}


def _loose(raw: bytes) -> Any:
    try:
        return json.loads(tidy(raw))
    except ValueError:
        return None


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
