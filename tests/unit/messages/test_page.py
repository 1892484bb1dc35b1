"""A page of `sync_msg`: never refused while it can be framed, and one broken item costs one item."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxkf.messages.decode import decode_message, decode_page
from wxkf.messages.inbound import Text, Unknown

GOOD = '{"msgid":"good","send_time":1,"origin":3,"msgtype":"text","text":{"content":"在"}}'


def page(*items: str, more: str = "0", head: str = '"errcode":0,"errmsg":"ok","next_cursor":"C1"') -> bytes:
    return f'{{{head},"has_more":{more},"msg_list":[{",".join(items)}]}}'.encode("utf-8", "surrogatepass")


def test_a_page() -> None:
    read = decode_page(page(GOOD, GOOD.replace("good", "m2"), more="1"))
    assert (read.errcode, read.errmsg, read.next_cursor, read.has_more) == (0, "ok", "C1", True)
    assert [message.msgid for message in read.msg_list] == ["good", "m2"]
    assert read.raw_list[0] == GOOD.encode()


def test_an_empty_page_may_promise_more() -> None:
    read = decode_page(page(more="1"))
    assert (read.msg_list, read.raw_list, read.has_more, read.next_cursor) == ((), (), True, "C1")


def test_a_page_without_anything_is_empty_and_the_last() -> None:
    read = decode_page(b"{}")
    assert (read.msg_list, read.has_more, read.next_cursor, read.errcode) == ((), False, "", 0)


@pytest.mark.parametrize("strange", ["", "NaN", "null"], ids=["clean", "with NaN", "with null"])
@pytest.mark.parametrize(
    ("more", "expected"),
    [(value, True) for value in ("true", "1", '"1"', '"true"', "1.0")]
    + [(value, False) for value in ("false", "0", '"0"', '"false"', '""', "null", "0.0")],
)
def test_has_more_is_read_however_it_is_written(more: str, expected: bool, strange: str) -> None:
    assert decode_page(page(strange, more=more)).has_more is expected


BROKEN = {
    "no object": "5",
    "null": "null",
    "a list": "[[]]",
    "NaN": "NaN",
    "a kind nobody knows": '{"msgtype":"x"}',
    "a wrong shape": '{"msgtype":"text","text":[]}',
    "NaN inside": '{"msgtype":"x","n":NaN}',
    "infinity": '{"msgtype":"x","n":-Infinity,"m":1e999}',
    "a raw control character": '{"msgtype":"x","n":"\x01\n"}',
    "a lone surrogate": '{"msgtype":"x","n":"\\ud800"}',
    "a lone surrogate in bytes": '{"msgtype":"x","n":"\ud800"}',
    "an endless number": '{"msgtype":"x","n":' + "9" * 9999 + "}",
    "a number for no machine": '{"msgtype":"x","send_time":' + "9" * 30 + "}",
    "a tower of lists": '{"msgtype":"x","n":' + "[" * 50_000 + "]" * 50_000 + "}",
    "a tower of objects": '{"msgtype":"x","n":' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}",
}


@pytest.mark.parametrize("item", BROKEN.values(), ids=BROKEN)
def test_one_broken_item_costs_one_item(item: str) -> None:
    read = decode_page(page(GOOD, item, GOOD.replace("good", "next"), more="1"))
    assert (read.next_cursor, read.has_more) == ("C1", True)
    before, broken, after = read.msg_list
    assert isinstance(before, Text)
    assert isinstance(broken, Unknown)
    assert isinstance(after, Text)
    assert (before.msgid, before.text.content, after.msgid) == ("good", "在", "next")
    assert [decode_message(raw) for raw in read.raw_list] == list(read.msg_list)


def test_a_page_with_all_broken_items_still_moves_the_cursor() -> None:
    read = decode_page(b"\xef\xbb\xbf" + page(*BROKEN.values()))
    assert (len(read.msg_list), read.next_cursor) == (len(BROKEN), "C1")
    for raw in read.raw_list:
        json.loads(raw, parse_constant=pytest.fail)


def test_every_item_keeps_its_json() -> None:
    strange = '{ "msgtype" : "x",  "n": 1.50 }'
    read = decode_page(page(GOOD, strange))
    assert read.raw_list == (GOOD.encode(), strange.encode())
    unknown = read.msg_list[1]
    assert isinstance(unknown, Unknown)
    assert unknown.raw == strange.encode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize(
    ("head", "errcode"),
    [
        ('"errcode":95007,"errmsg":"m"', 95007),
        ('"errcode":"95007"', 95007),
        ('"errcode":-1', -1),
        ('"errcode":"-1"', -1),
    ],
)
def test_a_refusal_is_seen_whatever_else_is_wrong(head: str, errcode: int, mark: bytes) -> None:
    assert decode_page(mark + page(head=head)).errcode == errcode


@pytest.mark.parametrize(
    ("head", "cursor"),
    [('"next_cursor":null', ""), ('"errmsg":null,"next_cursor":"C"', "C"), ('"next_cursor":"C","new":{"a":NaN}', "C")],
)
def test_fields_of_the_page_are_read_leniently(head: str, cursor: str) -> None:
    read = decode_page(page(GOOD, head=head))
    assert (read.next_cursor, len(read.msg_list)) == (cursor, 1)


@pytest.mark.parametrize("items", ["null", "{}", '"x"', "0"])
def test_a_list_that_is_none_is_empty(items: str) -> None:
    assert decode_page(f'{{"next_cursor":"C","msg_list":{items}}}'.encode()).msg_list == ()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b'{"msg_list":[{"msgid":"m1"}', b"\xff", b"[" * 99_999]
)
def test_what_is_no_page_at_all_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_page(body)


@given(st.lists(st.dictionaries(st.text(), st.text() | st.floats() | st.integers() | st.none()), max_size=5))
def test_any_list_of_objects_is_as_many_messages(items: list[dict[str, Any]]) -> None:
    read = decode_page(json.dumps({"next_cursor": "C", "msg_list": items}).encode())
    assert (len(read.msg_list), len(read.raw_list), read.next_cursor) == (len(items), len(items), "C")


@given(st.binary())
def test_any_body_is_a_page_or_refused(body: bytes) -> None:
    try:
        decode_page(body)
    except msgspec.DecodeError:
        return
