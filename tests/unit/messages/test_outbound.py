"""What goes out, as it stands on the wire (platform.md 7)."""

from typing import Any

import msgspec
import pytest

from wxkf import ConfigError, out
from wxkf.messages.outbound import Outbound, as_outbound


@pytest.mark.parametrize(
    ("message", "wire"),
    [
        (out.Text(content="你好"), {"msgtype": "text", "text": {"content": "你好"}}),
        (out.Image(media_id="MEDIA"), {"msgtype": "image", "image": {"media_id": "MEDIA"}}),
    ],
    ids=["text", "image"],
)
def test_the_kind_names_the_object_beside_it(message: Outbound, wire: dict[str, Any]) -> None:
    assert message.wire() == wire
    assert list(message.wire()) == list(wire)


def test_a_plain_string_is_text() -> None:
    assert as_outbound("在") == out.Text(content="在")


def test_a_message_stays_what_it_is() -> None:
    image = out.Image(media_id="M")
    assert as_outbound(image) is image


def test_a_message_is_a_value() -> None:
    message = out.Text(content="a")
    assert (message, hash(message)) == (out.Text(content="a"), hash(out.Text(content="a")))
    with pytest.raises(AttributeError):
        message.content = "b"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_nothing_of_the_wire_can_be_set_through_the_content() -> None:
    words = '"},"msgtype":"image"'
    assert msgspec.json.decode(msgspec.json.encode(as_outbound(words).wire())) == {
        "msgtype": "text",
        "text": {"content": words},
    }


@pytest.mark.parametrize("message", [out.Upload(b"123456"), out.Speech(b"123456", or_text="a")])
def test_what_is_on_this_machine_has_no_wire_form_and_says_so(message: Outbound) -> None:
    said = rf"out\.{type(message).__name__} is for what a bot's handler returns .*upload_once"
    with pytest.raises(ConfigError, match=said):
        message.wire()
    assert "123456" not in repr(message)
