"""What a decrypted callback says (platform.md 5.6), and that nothing but a notice or the one error ever comes out."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.callbacks import KEY, TOKEN, V2, V4, V5, callback, envelope, receiver, signed, url_check
from wxkf.errors import CallbackError
from wxkf.protocol.callback import Notice

REFUSAL = "this request is not a callback from WeChat Customer Service"


def read(message: bytes) -> Notice:
    return receiver().read(*callback(message))


def event(inside: str) -> Notice:
    head = "<ToUserName><![CDATA[ww1]]></ToUserName><CreateTime>1348831860</CreateTime>"
    return read(f"<xml>{head}<MsgType><![CDATA[event]]></MsgType>{inside}</xml>".encode())


def outcome(read: Callable[[], Notice | bytes]) -> bytes | str:
    """Give the message, or what the one error says; any other exception ends the test."""
    try:
        got = read()
    except CallbackError as error:
        return str(error)
    return got.raw if isinstance(got, Notice) else got


def test_news_of_an_account() -> None:
    notice = read(V5.message)
    assert (notice.event, notice.open_kfid, notice.token, notice.created) == (
        "kf_msg_or_event",
        "wkxxxxxxx",
        "ENCtoken",
        1348831860,
    )
    assert notice.fields[0] == ("ToUserName", "wx5823bf96d3bd56c7")
    assert notice.raw == V5.message


def test_a_notice_of_2021_has_no_account() -> None:
    notice = event("<Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENC]]></Token>")
    assert (notice.event, notice.open_kfid, notice.token) == ("kf_msg_or_event", "", "ENC")


def test_a_change_of_rights_keeps_every_repeated_node_in_order() -> None:
    notice = event(
        "<FromUserName><![CDATA[sys]]></FromUserName><Event><![CDATA[kf_account_auth_change]]></Event>"
        "<AuthAddOpenKfId><![CDATA[wk1]]></AuthAddOpenKfId><AuthAddOpenKfId><![CDATA[wk2]]></AuthAddOpenKfId>"
        "<AuthDelOpenKfId><![CDATA[wk3]]></AuthDelOpenKfId><AuthAddOpenKfId><![CDATA[wk4]]></AuthAddOpenKfId>"
    )
    assert notice.event == "kf_account_auth_change"
    assert [value for name, value in notice.fields if name == "AuthAddOpenKfId"] == ["wk1", "wk2", "wk4"]
    assert [value for name, value in notice.fields if name == "AuthDelOpenKfId"] == ["wk3"]


def test_a_providers_event_goes_by_its_info_type() -> None:
    notice = read(b"<xml><SuiteId>ww4</SuiteId><InfoType>suite_ticket</InfoType><SuiteTicket>t</SuiteTicket></xml>")
    assert (notice.event, notice.created) == ("suite_ticket", 0)
    assert ("SuiteTicket", "t") in notice.fields


def test_a_message_that_is_no_event_is_a_notice_without_one() -> None:
    assert (read(V2.message).event, read(V2.message).created) == ("", 1409659813)


def test_a_notice_in_json_is_read_alike() -> None:
    notice = read(V4.message)
    assert (notice.event, notice.created) == ("", 1409659813)
    assert ("Content", "hello") in notice.fields
    assert read(b'{"Event":"kf_msg_or_event","OpenKfId":"wk1","Token":"t"}').open_kfid == "wk1"


def test_of_a_repeated_node_the_first_counts() -> None:
    notice = event("<Event>kf_msg_or_event</Event><Token>first</Token><Token>second</Token><Event>x</Event>")
    assert (notice.event, notice.token) == ("kf_msg_or_event", "first")


def test_entities_are_read_outside_of_cdata_and_kept_inside() -> None:
    notice = event("<Event>a&amp;lt;&quot;&apos;</Event><Token><![CDATA[a&amp;b<c>]]></Token>")
    assert (notice.event, notice.token) == ("a&lt;\"'", "a&amp;b<c>")


@pytest.mark.parametrize("created", ["", "-1", "x", "1.5", "１２", "9" * 12, "9" * 5000])
def test_a_time_that_is_none_is_0(created: str) -> None:
    assert read(f"<xml><Event>e</Event><CreateTime>{created}</CreateTime></xml>".encode()).created == 0


def test_a_notice_does_not_show_its_token() -> None:
    assert "ENCtoken" not in repr(read(V5.message))
    assert "wkxxxxxxx" in repr(read(V5.message))


@pytest.mark.parametrize("message", [b"", b"hello", b"<xml>", b"\xff", b"{", b"[1]"])
def test_a_sealed_message_that_is_no_notice_is_refused(message: bytes) -> None:
    with pytest.raises(CallbackError):
        read(message)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
markup = st.lists(
    st.sampled_from(
        ["<xml>", "</xml>", "<Encrypt>", "</Encrypt>", "<![CDATA[", "]]>", "<a>", "</a>", "<a/>", "&lt;", "&#1;", " ",
         "<!DOCTYPE xml>", "<?xml version='1.0'?>", V5.encrypted, "x", "{", "}", '"encrypt":', f'"{V5.encrypted}"']
    )
).map("".join)  # fmt: skip
bodies = st.binary() | st.text().map(str.encode) | markup.map(str.encode) | json_values.map(json.dumps).map(str.encode)
queries = st.text() | st.sampled_from([V5.query, "", "msg_signature=x&timestamp=1&nonce=1"])


@given(query=queries, body=bodies)
@example(query=V5.query, body=envelope(V5.encrypted))
def test_whatever_is_posted_is_a_notice_or_the_one_error(query: str, body: bytes) -> None:
    assert outcome(lambda: receiver().read(query, body)) in (V5.message, REFUSAL)


@given(query=st.text())
@example(query=url_check(V5.encrypted))
def test_whatever_is_asked_is_the_plaintext_or_the_one_error(query: str) -> None:
    assert outcome(lambda: receiver().verify_url(query)) in (V5.message, REFUSAL)


@given(message=bodies)
@example(message=b'{"a":' + b"[" * 900 + b"]" * 900 + b"}")
@example(message=b'{"CreateTime":"\\ud800","Event":1e999}')
def test_whatever_was_sealed_and_signed_is_a_notice_or_the_one_error(message: bytes) -> None:
    assert outcome(lambda: read(message)) in (message, REFUSAL)


@given(query=st.text(max_size=40), timestamp=st.text(max_size=8))
def test_a_wrong_signature_never_passes(query: str, timestamp: str) -> None:
    with pytest.raises(CallbackError) as caught:
        receiver().read(f"msg_signature={query}&timestamp={timestamp}&nonce=n", envelope(V5.encrypted))
    assert not {KEY, TOKEN, V5.encrypted} & set(str(caught.value).split())


def test_a_signature_made_with_another_token_does_not_pass() -> None:
    right = signed(V5.encrypted)
    with pytest.raises(CallbackError):
        receiver().read(right.replace("nonce=n", "nonce=m"), envelope(V5.encrypted))
