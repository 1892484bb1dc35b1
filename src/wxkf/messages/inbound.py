"""What arrives through `sync_msg`: one class per kind of message, mirroring the wire.

`Text.text.content` is `item["text"]["content"]` on the official page, so who has read the page can read the code.
A kind, a field or a shape we do not know never raises: the item becomes `Unknown` and keeps its raw JSON. Where the
documents spell a field in two ways, both are read and either attribute answers. All of it: page 94670.
"""

from collections.abc import Iterator
from enum import IntEnum

import msgspec
from msgspec.structs import force_setattr

from wxkf.messages.veil import Veiled


class Origin(IntEnum):
    """Who a message comes from."""

    CUSTOMER = 3
    SYSTEM = 4
    SERVICER = 5  # a colleague, writing in the WeCom client


class Inbound(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What every message and event carries.

    `send_time` is in seconds; `origin` is 3 for a customer, 4 for the system, 5 for a servicer in the WeCom client;
    `servicer_userid` is set only for origin 5.
    """

    msgid: str = ""
    open_kfid: str = ""
    external_userid: str = ""
    send_time: int = 0
    origin: int = 0
    servicer_userid: str = ""


class Content(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The base of what stands under a message's kind."""


class TextContent(Content, frozen=True, kw_only=True):
    """The words, and the id of the menu item when a tap wrote them."""

    content: str
    menu_id: str = ""


class Media(Content, frozen=True, kw_only=True):
    """A file to be fetched with `media/get` within 3 days; its name comes with the download."""

    media_id: str


class LocationContent(Content, frozen=True, kw_only=True):
    """A place; latitude and longitude in degrees."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class LinkContent(Content, frozen=True, kw_only=True):
    """A shared link."""

    title: str = ""
    desc: str = ""
    url: str = ""
    pic_url: str = ""


class CardContent(Content, frozen=True, kw_only=True):
    """A member's card."""

    userid: str


class MiniProgramContent(Content, frozen=True, kw_only=True):
    """A shared mini program."""

    title: str = ""
    appid: str = ""
    pagepath: str = ""
    thumb_media_id: str = ""


class MenuClick(Content, frozen=True, kw_only=True):
    """A line to tap."""

    id: str = ""
    content: str = ""


class MenuView(Content, frozen=True, kw_only=True):
    """A line that opens a page."""

    url: str = ""
    content: str = ""


class MenuMiniProgram(Content, frozen=True, kw_only=True):
    """A line that opens a mini program."""

    appid: str = ""
    pagepath: str = ""
    content: str = ""


class MenuText(Content, frozen=True, kw_only=True):
    """A line of words."""

    content: str = ""
    no_newline: bool | int = 0


class MenuLine(Content, frozen=True, kw_only=True):
    """A line of a menu; `type` tells which of the others is set."""

    type: str = ""
    click: MenuClick | None = None
    view: MenuView | None = None
    miniprogram: MenuMiniProgram | None = None
    text: MenuText | None = None


class MenuContent(Content, frozen=True, kw_only=True):
    """A menu that was forwarded."""

    head_content: str = ""
    list: tuple[MenuLine, ...] = ()
    tail_content: str = ""


class ProductContent(Content, frozen=True, kw_only=True):
    """A product; `sales_price` is in cents (分), as text."""

    product_id: str = ""
    head_image: str = ""
    head_img: str = ""
    title: str = ""
    sales_price: str = ""
    shop_nickname: str = ""
    shop_head_image: str = ""
    shop_head_img: str = ""

    def __post_init__(self) -> None:
        """Let either spelling answer for the other."""
        for one, other in (("head_image", "head_img"), ("shop_head_image", "shop_head_img")):
            found = getattr(self, one) or getattr(self, other)
            force_setattr(self, one, found)
            force_setattr(self, other, found)


class OrderContent(Content, frozen=True, kw_only=True):
    """An order."""

    order_id: str = ""
    product_titles: str = ""
    price_wording: str = ""
    state: str = ""
    image_url: str = ""
    shop_nickname: str = ""


class MergedItem(Content, frozen=True, kw_only=True):
    """One message of a forwarded conversation.

    `msg_content` is JSON in a string, as it came; `message` is the same as a value (`Unknown` where it does not
    parse), None only below the depth at which reading stops.
    """

    send_time: int = 0
    msgtype: str | int = ""
    sender_name: str | int = ""
    msg_content: str = ""
    message: Inbound | None = None


class MergedContent(Content, frozen=True, kw_only=True):
    """A forwarded conversation."""

    title: str = ""
    item: tuple[MergedItem, ...] = ()


class ChannelsContent(Content, frozen=True, kw_only=True):
    """Something from a channels account (视频号): `sub_type` 1 post (with `title`), 2 live, 3 card."""

    sub_type: int = 0
    nickname: str = ""
    title: str = ""


class Text(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="text"):
    """Words, typed or sent by tapping a menu item."""

    text: TextContent


class Image(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="image"):
    """A picture. Above 2 MB the platform delivers a text notice in its place."""

    image: Media


class Voice(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="voice"):
    """A recording, AMR or Silk as `sync_msg` was told. Above 2 MB a text notice comes in its place."""

    voice: Media


class Video(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="video"):
    """A film. Above 10 MB a text notice comes in its place."""

    video: Media


class File(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="file"):
    """A file. Above 20 MB a text notice comes in its place."""

    file: Media


class Location(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="location"):
    """A place."""

    location: LocationContent


class Link(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="link"):
    """A link."""

    link: LinkContent


class BusinessCard(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="business_card"):
    """A member's card."""

    business_card: CardContent


class MiniProgram(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="miniprogram"):
    """A mini program."""

    miniprogram: MiniProgramContent


class Menu(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="msgmenu"):
    """A menu, sent by a servicer."""

    msgmenu: MenuContent


class ShopProduct(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="channels_shop_product"):
    """A product of a channels shop (视频号小店)."""

    channels_shop_product: ProductContent


class ShopOrder(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="channels_shop_order"):
    """An order in a channels shop (视频号小店)."""

    channels_shop_order: OrderContent


class Merged(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="merged_msg"):
    """A forwarded conversation (聊天记录)."""

    merged_msg: MergedContent

    def walk(self) -> Iterator[Inbound]:
        """Go through the messages inside, those of conversations inside conversations included."""
        for item in self.merged_msg.item:
            if isinstance(item.message, Merged):
                yield from item.message.walk()
            elif item.message is not None:
                yield item.message


class Channels(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="channels"):
    """Something from a channels account (视频号)."""

    channels: ChannelsContent


class Meeting(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="meeting"):
    """A meeting; the platform tells no more."""


class Calendar(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="calendar"):
    """A date (日程); the platform tells no more."""


class Note(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="note"):
    """A note (笔记); the platform tells no more."""


class Unknown(Veiled, Inbound, frozen=True, kw_only=True):
    """A message or event wxkf has no class for, or whose shape is not the documented one.

    `raw` is the item's JSON as it came, `event_type` is set when `msgtype` is "event". What is in `raw` is not printed:
    it may be a code.
    """

    veiled = ("raw",)

    msgtype: str = ""
    event_type: str = ""
    raw: bytes = b""


AnyMessage = (
    Text | Image | Voice | Video | File | Location | Link | BusinessCard | MiniProgram | Menu | ShopProduct | ShopOrder
    | Merged | Channels | Meeting | Calendar | Note
)  # fmt: skip
