"""One item of `msg_list`: what we know becomes its class, everything else `Unknown`, and nothing ever raises."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wxkf.messages.decode import decode_message
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Image, Inbound, Origin, Text, Unknown

COMMON = {"msgid": "m1", "open_kfid": "wk1", "external_userid": "wmA", "send_time": 1615478585, "origin": 3}


def decode(raw: str | bytes | dict[str, Any]) -> Inbound:
    if isinstance(raw, dict):
        raw = json.dumps(raw)
    return decode_message(raw.encode() if isinstance(raw, str) else raw)


def text(content: Any = "你好", **changed: Any) -> dict[str, Any]:
    return {**COMMON, "msgtype": "text", "text": {"content": content}, **changed}


def enter(**changed: Any) -> dict[str, Any]:
    event = {"event_type": "enter_session", "open_kfid": "wk1", "external_userid": "wmA", "scene": "123", **changed}
    return {"msgid": "m2", "send_time": 1615478585, "origin": 4, "msgtype": "event", "event": event}


def test_a_text() -> None:
    message = decode(text())
    assert isinstance(message, Text)
    assert (message.text.content, message.text.menu_id) == ("你好", "")
    assert (message.msgid, message.open_kfid, message.external_userid) == ("m1", "wk1", "wmA")
    assert (message.send_time, message.origin, message.servicer_userid) == (1615478585, Origin.CUSTOMER, "")


def test_a_tap_on_a_menu_is_a_text_with_the_items_id() -> None:
    message = decode(text(text={"content": "人工", "menu_id": "human"}))
    assert isinstance(message, Text)
    assert message.text.menu_id == "human"


def test_an_image() -> None:
    message = decode({**COMMON, "msgtype": "image", "image": {"media_id": "MEDIA"}})
    assert isinstance(message, Image)
    assert message.image.media_id == "MEDIA"


def test_a_colleagues_message_names_the_colleague() -> None:
    message = decode(text(origin=5, servicer_userid="zhangsan"))
    assert (message.origin, message.servicer_userid) == (Origin.SERVICER, "zhangsan")


def test_entering_is_flat_with_the_ids_from_inside() -> None:
    message = decode(enter(scene_param="a=b", welcome_code="CODE"))
    assert isinstance(message, EnterSession)
    assert (message.msgid, message.open_kfid, message.external_userid) == ("m2", "wk1", "wmA")
    assert (message.send_time, message.origin) == (1615478585, Origin.SYSTEM)
    assert (message.scene, message.scene_param, message.welcome_code) == ("123", "a=b", "CODE")


def test_entering_without_a_welcome_code() -> None:
    message = decode(enter())
    assert isinstance(message, EnterSession)
    assert (message.scene_param, message.welcome_code) == ("", "")


def test_fields_nobody_knows_are_passed_over() -> None:
    assert isinstance(decode(text(new={"a": [1, None]})), Text)
    assert isinstance(decode(enter(new=[{}], wechat_channels={"nickname": "x"})), EnterSession)


def test_numbers_may_be_strings() -> None:
    message = decode(text(send_time="1615478585", origin="3"))
    assert isinstance(message, Text)
    assert (message.send_time, message.origin) == (1615478585, 3)


def test_a_kind_nobody_knows_keeps_its_ids_and_its_json() -> None:
    raw = json.dumps({**COMMON, "msgtype": "hologram", "hologram": {"depth": 3}}, indent=1)
    message = decode(raw)
    assert isinstance(message, Unknown)
    assert (message.msgtype, message.event_type, message.raw) == ("hologram", "", raw.encode())
    assert (message.msgid, message.open_kfid, message.external_userid) == ("m1", "wk1", "wmA")
    assert (message.send_time, message.origin) == (1615478585, 3)


def test_an_event_nobody_knows_keeps_the_ids_from_inside() -> None:
    message = decode(enter(event_type="customer_danced"))
    assert isinstance(message, Unknown)
    assert (message.msgtype, message.event_type) == ("event", "customer_danced")
    assert (message.msgid, message.open_kfid, message.external_userid) == ("m2", "wk1", "wmA")


def test_a_type_nobody_knows_is_no_error_for_the_next() -> None:
    assert isinstance(decode({"msgtype": "x"}), Unknown)
    assert isinstance(decode(text()), Text)


WRONG_SHAPES: dict[str, dict[str, Any]] = {
    "no text": {**COMMON, "msgtype": "text"},
    "text is null": text(text=None),
    "text is a list": text(text=[]),
    "content is missing": text(text={}),
    "content is null": text(None),
    "the time is a word": text(send_time="yesterday"),
    "the origin is a list": text(origin=[3]),
    "the kind is missing": {**COMMON, "text": {"content": "a"}},
    "the kind is a number": text(msgtype=1),
    "the kind is null": text(msgtype=None),
    "the kind is a list": text(msgtype=["text"]),
    "an event that is none": {**COMMON, "msgtype": "event"},
    "an event that is a word": {**COMMON, "msgtype": "event", "event": "enter_session"},
    "an event that is null": {**COMMON, "msgtype": "event", "event": None},
    "an event without a kind": {**COMMON, "msgtype": "event", "event": {}},
    "an event whose kind is a number": {**COMMON, "msgtype": "event", "event": {"event_type": 1}},
    "an image without its id": {**COMMON, "msgtype": "image", "image": {}},
}


@pytest.mark.parametrize("item", WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_another_shape_than_documented_costs_nothing_but_the_class(item: dict[str, Any]) -> None:
    message = decode(item)
    assert isinstance(message, Unknown)
    assert (message.msgid, message.external_userid, message.raw) == ("m1", "wmA", json.dumps(item).encode())


@pytest.mark.parametrize(
    "odd", [{"send_time": None}, {"send_time": 10**30}, {"send_time": 1e300}, {"origin": -(2**64)}, {"open_kfid": None}]
)
def test_an_odd_value_beside_the_words_never_costs_the_ids(odd: dict[str, Any]) -> None:
    message = decode(text("a", **odd))
    assert (message.msgid, message.external_userid) == ("m1", "wmA")
    assert isinstance(message, Text | Unknown)


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'"x"', b"5", b"{", b"\xff", b"{'a':1}", b'{"msgid":"m1",'])
def test_what_is_no_object_is_unknown_too(raw: bytes) -> None:
    assert decode(raw) == Unknown(raw=raw)


@pytest.mark.parametrize("wrong", [5, None, ["m1"], {"a": 1}, True])
def test_an_id_that_is_no_text_is_no_id(wrong: object) -> None:
    message = decode({**COMMON, "msgtype": "x", "msgid": wrong, "external_userid": wrong})
    assert (message.msgid, message.external_userid, message.open_kfid) == ("", "", "wk1")


READABLE: dict[str, tuple[bytes, str]] = {
    "a byte order mark": (b"\xef\xbb\xbf" + json.dumps(text("a")).encode(), "a"),
    "raw control characters": (json.dumps(text("@")).replace("@", "a\tb\nc\x01").encode(), "a\tb\nc\x01"),
    "a lone surrogate": (json.dumps(text("a\ud800b")).encode(), "a?b"),
    "half an emoji at the end": (json.dumps(text("a\ud83d")).encode(), "a?"),
    "an emoji in two halves": (json.dumps(text("a😀")).encode(), "a😀"),
    "bytes that are no UTF-8": (json.dumps(text("@")).encode().replace(b"@", b"a\xffb"), "a\ufffdb"),
    "NaN beside it": (json.dumps(text("a", new=float("nan"))).encode(), "a"),
    "an endless number beside it": (json.dumps(text("a", new=0)).replace("0}", "9" * 9999 + "}").encode(), "a"),
    "a tower beside it": (json.dumps(text("a", new=0)).replace("0}", "[" * 50_000 + "]" * 50_000 + "}").encode(), "a"),
    "a tower with brackets in its words": (
        json.dumps(text("]}[{\\")).replace("}}", '},"new":' + '["]",{"]":' * 999 + "1" + "}]" * 999 + "}").encode(),
        "]}[{\\",
    ),
}


@pytest.mark.parametrize(("raw", "content"), READABLE.values(), ids=READABLE)
def test_a_text_is_read_in_spite_of(raw: bytes, content: str) -> None:
    message = decode(raw)
    assert isinstance(message, Text)
    assert (message.msgid, message.external_userid, message.text.content) == ("m1", "wmA", content)


def test_the_same_item_is_read_the_same_again() -> None:
    for raw, _ in READABLE.values():
        assert decode(raw) == decode(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
names = ["msgid", "open_kfid", "external_userid", "send_time", "origin", "msgtype", "event", "text", "event_type"]
kinds = st.sampled_from(["text", "image", "event", "enter_session", "file"])
items = st.dictionaries(
    st.sampled_from(names),
    json_values | kinds | st.dictionaries(st.sampled_from([*names, "content", "media_id"]), json_values | kinds),
)


@given(items.map(json.dumps).map(str.encode) | json_values.map(json.dumps).map(str.encode) | st.binary())
@example(b'{"msgid":"\\ud800","msgtype":"x"}')
@example(b'{"msgtype":"x","send_time":' + b"9" * 5000 + b"}")
@example(b'{"msgtype":"x","send_time":1e999}')
def test_any_item_becomes_a_value_whose_words_can_be_written_down(raw: bytes) -> None:
    message = decode_message(raw)
    assert message == decode_message(msgspec.Raw(raw))
    for value in (message.msgid, message.open_kfid, message.external_userid, message.servicer_userid):
        assert value.encode().decode() == value
    if isinstance(message, Unknown):
        assert message.raw == raw
