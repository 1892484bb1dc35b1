"""The smallest bot: it says what was said.

uv run wxkf demo examples/echo.py        # talk to it in the browser
uv run pytest examples/echo.py           # the conversation at the end
"""

from wxkf import Bot, Context, Text
from wxkf.testing import Chat

bot = Bot()


@bot.on(Text)
async def echo(ctx: Context[Text]) -> str:
    return ctx.text


# ── the conversation ──────────────────────────────────────────────────────────────────────────────────────────


async def test_it_says_what_was_said() -> None:
    async with Chat(bot) as customer:
        assert await customer.says("你好") == ["你好"]
        assert await customer.says("在吗", "有人吗") == ["在吗", "有人吗"]
