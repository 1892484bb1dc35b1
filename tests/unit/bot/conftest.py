"""Fixtures of the bot's tests."""

import pytest

from wxkf.bot.app import Bot


@pytest.fixture
def bot() -> Bot:
    """A bot without handlers."""
    return Bot()
