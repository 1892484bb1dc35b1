"""The bot that the examples serve in the test: it is at work until the test opens the gate."""

import os
from urllib.request import urlopen

from wxkf import Bot, SyncContext, Text

bot = Bot()


@bot.on(Text)
def answer(ctx: SyncContext[Text]) -> str:
    """Wait at the gate, then repeat what was said."""
    with urlopen(os.environ["GATE"], timeout=60):
        return f"收到：{ctx.text}"
