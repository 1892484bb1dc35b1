"""Fixtures of the conversations."""

from pathlib import Path

import pytest

from kit.worlds import World
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Text


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A platform, and the place for an inbox."""
    return World(tmp_path / "inbox.db")


@pytest.fixture
def parrot() -> Bot:
    """A bot that greets, and says what was said."""
    bot = Bot()

    @bot.on(EnterSession)
    async def greet(_: Context[EnterSession]) -> str:
        return "欢迎"

    @bot.on(Text)
    async def repeat(ctx: Context[Text]) -> str:
        return f"您说：{ctx.text}"

    return bot
