"""What a bot can say. A plain `str` is `Text`; everything else is one of these values.

Users reach this module as `wxkf.out`. A value knows its own wire form and nothing of who sends it: the same one
goes through `send_msg`, `send_msg_on_event` and the journal. Limits stand in `wxkf.api.message`, where they are
checked; here they are named so that nobody has to look them up. All of them: page 94677.
"""

import os
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, Literal, NoReturn

from wxkf.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Outbound:
    """Any outgoing message."""

    msgtype: ClassVar[str] = ""

    def wire(self) -> dict[str, Any]:
        """Give the platform's form: `{"msgtype": kind, kind: {fields}}`, unset fields left out."""
        return {"msgtype": self.msgtype, self.msgtype: _set_fields(self)}


@dataclass(frozen=True, slots=True)
class Text(Outbound):
    """Words: at most 2048 bytes of UTF-8, beyond which the platform would silently cut."""

    msgtype: ClassVar[str] = "text"
    content: str


@dataclass(frozen=True, slots=True)
class Image(Outbound):
    """A picture (JPG, PNG) uploaded before; a media_id lives 3 days."""

    msgtype: ClassVar[str] = "image"
    media_id: str


@dataclass(frozen=True, slots=True)
class Voice(Outbound):
    """A recording (AMR, up to 60 s) uploaded before; a media_id lives 3 days."""

    msgtype: ClassVar[str] = "voice"
    media_id: str


@dataclass(frozen=True, slots=True)
class Video(Outbound):
    """A film (MP4) uploaded before; a media_id lives 3 days."""

    msgtype: ClassVar[str] = "video"
    media_id: str


@dataclass(frozen=True, slots=True)
class File(Outbound):
    """A file uploaded before, shown under the name it was uploaded with; a media_id lives 3 days."""

    msgtype: ClassVar[str] = "file"
    media_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Outbound):
    """A link as a card: title up to 128 bytes, desc up to 512, url up to 2048 with its scheme, a thumbnail."""

    msgtype: ClassVar[str] = "link"
    title: str
    url: str
    thumb_media_id: str
    desc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniProgram(Outbound):
    """A mini program as a card: `pagepath` ends with .html (before any ?), title up to 64 bytes, a thumbnail.

    The program must be associated with the corp (90206, 90207, 90208).
    """

    msgtype: ClassVar[str] = "miniprogram"
    appid: str
    thumb_media_id: str
    pagepath: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location(Outbound):
    """A place on the map."""

    msgtype: ClassVar[str] = "location"
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class BusinessCard(Outbound):
    """A member's card, one in 48 hours (95025). Documented for standalone mode only."""

    msgtype: ClassVar[str] = "business_card"
    userid: str


@dataclass(frozen=True, slots=True)
class CaLink(Outbound):
    """A link made with 获客助手; it becomes a card."""

    msgtype: ClassVar[str] = "ca_link"
    link_url: str


@dataclass(frozen=True, slots=True)
class Here(Outbound):
    """What is still on this machine. A bot uploads it when it is said; it has no form on the wire."""

    def wire(self) -> NoReturn:
        """Raise `ConfigError`: there is no media_id yet."""
        raise ConfigError(
            f"out.{type(self).__name__} is for what a bot's handler returns or replies; elsewhere upload the file "
            "first, client.media.upload_once(type=…, media=…), and send the media_id"
        )


@dataclass(frozen=True, slots=True)
class Upload(Here):
    """A file, its content or its path: `out.Upload(Path("menu.png"))`. Uploaded once in two and a half days.

    It is sent as a picture (JPG, PNG up to 10 MB), a film (MP4 up to 10 MB), a recording (AMR up to 60 s), or else as a
    file of up to 20 MB, by its first bytes unless `kind` says which. A file shows its name, which is `filename`.
    """

    media: bytes | os.PathLike[str] = field(repr=False)
    filename: str = ""
    kind: Literal["image", "voice", "video", "file"] | None = None


@dataclass(frozen=True, slots=True)
class Speech(Here):
    """Spoken words (WAV, MP3, Ogg …), content or path, sent as a recording: `out.Speech(wav, or_text="您好")`.

    Encoded with the extra `voice`. What lasts more than 60 seconds or cannot be encoded is sent as a file, which has
    that `filename`, and what cannot be uploaded either as `or_text`.
    """

    audio: bytes | os.PathLike[str] = field(repr=False)
    or_text: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of a menu."""

    type: ClassVar[str] = ""

    def wire(self) -> dict[str, Any]:
        """Give the platform's form."""
        return {"type": self.type, self.type: _set_fields(self)}


@dataclass(frozen=True, slots=True)
class Click(MenuItem):
    """A line to tap, which makes the customer say `content`; `id` comes back as `menu_id`.

    `id` up to 128 bytes, letters, digits and _ (a # cuts it); `content` up to 128 bytes.
    """

    type: ClassVar[str] = "click"
    id: str | None
    content: str


@dataclass(frozen=True, slots=True)
class View(MenuItem):
    """A line that opens a web page: `url` up to 2048 bytes, `content` up to 1024."""

    type: ClassVar[str] = "view"
    url: str
    content: str


@dataclass(frozen=True, slots=True)
class OpenMiniProgram(MenuItem):
    """A line that opens a mini program: `appid` up to 32 bytes, `pagepath` and `content` up to 1024."""

    type: ClassVar[str] = "miniprogram"
    appid: str
    pagepath: str
    content: str


@dataclass(frozen=True, slots=True)
class Line(MenuItem):
    """A line of plain words, up to 256 bytes; `no_newline` keeps the next item on the same line."""

    type: ClassVar[str] = "text"
    content: str
    no_newline: bool | None = None

    def wire(self) -> dict[str, Any]:
        """Give the platform's form, where a yes is 1."""
        item: dict[str, Any] = {"content": self.content}
        if self.no_newline is not None:
            item["no_newline"] = int(self.no_newline)
        return {"type": self.type, self.type: item}


@dataclass(frozen=True, slots=True, init=False)
class Menu(Outbound):
    """A menu: words, lines to tap, words. `Menu("您好", Click("order", "查订单"), View(url, "官网"), tail="谢谢")`.

    At most 50 lines, of which 10 that can be tapped (95008); head and tail up to 1024 bytes each.
    """

    msgtype: ClassVar[str] = "msgmenu"
    head: str | None
    items: tuple[MenuItem, ...]
    tail: str | None

    def __init__(self, head: str | None = None, *items: MenuItem, tail: str | None = None) -> None:
        for item in items:
            if not isinstance(item, MenuItem):
                raise TypeError(f"a line of a menu is a value as out.Click(id, words), not {item!r}")
        for name, value in (("head", head), ("items", items), ("tail", tail)):
            object.__setattr__(self, name, value)

    def wire(self) -> dict[str, Any]:
        """Give the platform's form; unset parts are left out."""
        parts = {"head_content": self.head, "list": [item.wire() for item in self.items], "tail_content": self.tail}
        return {"msgtype": self.msgtype, self.msgtype: {name: part for name, part in parts.items() if part}}


def as_outbound(said: str | Outbound) -> Outbound:
    """Read a plain string as text."""
    return Text(said) if isinstance(said, str) else said


@cache
def _names(kind: type[Outbound | MenuItem]) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


def _set_fields(value: Outbound | MenuItem) -> dict[str, Any]:
    names = _names(type(value))  # type: ignore[arg-type]  # mypy takes these classes for unhashable
    return {name: item for name in names if (item := getattr(value, name)) is not None}
