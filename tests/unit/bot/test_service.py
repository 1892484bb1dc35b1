"""A service that cannot start leaves nothing open."""

from pathlib import Path

import pytest

from kit.lines import Line
from wxkf.bot.app import Bot
from wxkf.bot.service import Service
from wxkf.client.settings import App
from wxkf.engine.sqlite import SqliteStore
from wxkf.errors import StoreError


class Watched(Line):
    """A line that knows how often it was closed."""

    closed = 0

    async def aclose(self) -> None:
        """Count."""
        self.closed += 1


async def test_a_service_whose_inbox_cannot_be_opened_closes_its_client(bot: Bot, tmp_path: Path) -> None:
    line, app = Watched(), App("ww1", "secret", "token", "k" * 43)
    with pytest.raises(StoreError):
        async with Service(bot, app, SqliteStore(tmp_path), transport=line):
            raise AssertionError("a folder is no inbox")
    assert line.closed == 1
