"""What may reach a bot, and the handlers that do nothing about it."""

from typing import Any

from wxkf.bot.context import Context
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Image, Media, Origin, Text, TextContent, Unknown


def text(content: str = "你好", *, menu_id: str = "", origin: int = Origin.CUSTOMER) -> Text:
    """A customer's words."""
    return Text(text=TextContent(content=content, menu_id=menu_id), origin=origin)


IMAGE = Image(image=Media(media_id="m"), origin=Origin.CUSTOMER)
ENTER = EnterSession(origin=Origin.SYSTEM, welcome_code="CODE")
UNKNOWN = Unknown(msgtype="hologram", origin=Origin.CUSTOMER)


async def one(_: Context[Any]) -> None:
    """Handle."""


async def two(_: Context[Any]) -> None:
    """Handle as well."""
