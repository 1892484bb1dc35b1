"""What arrives through `sync_msg`: one class per kind of message, mirroring the wire.

`Text.text.content` is `item["text"]["content"]` on the official page, so who has read the page can read the code.
A kind, a field or a shape we do not know never raises: the item becomes `Unknown` and keeps its raw JSON.
"""

from enum import IntEnum
from typing import Annotated

import msgspec

Whole = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""A number every store can hold; an item with a larger one is `Unknown`."""


class Origin(IntEnum):
    """Who a message comes from (page 94670)."""

    CUSTOMER = 3
    SYSTEM = 4
    SERVICER = 5  # a colleague, writing in the WeCom client


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """What every message and event carries.

    `send_time` is in seconds; `origin` is 3 for a customer, 4 for the system, 5 for a servicer in the WeCom client;
    `servicer_userid` is set only for origin 5.
    """

    msgid: str = ""
    open_kfid: str = ""
    external_userid: str = ""
    send_time: Whole = 0
    origin: Whole = 0
    servicer_userid: str = ""


class TextContent(msgspec.Struct, frozen=True):
    """The words, and the id of the menu item when a tap wrote them."""

    content: str
    menu_id: str = ""


class Media(msgspec.Struct, frozen=True):
    """A file to be fetched with `media/get` within 3 days."""

    media_id: str


class Text(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="text"):
    """Words, typed or sent by tapping a menu item."""

    text: TextContent


class Image(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="image"):
    """A picture. Above 2 MB the platform delivers a text notice in its place."""

    image: Media


class Unknown(Inbound, frozen=True, kw_only=True):
    """A message or event wxkf has no class for, or whose shape is not the documented one.

    `raw` is the item's JSON as it came, `event_type` is set when `msgtype` is "event".
    """

    msgtype: str = ""
    event_type: str = ""
    raw: bytes = b""
