"""A scripted customer for your tests: `async with Chat(bot) as customer: ...`."""

from wxkf.testing.chat import Chat

__all__ = ["Chat"]
