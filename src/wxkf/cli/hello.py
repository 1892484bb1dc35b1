"""The bot that `wxkf demo` runs. Copy it as a start for your own."""

from wxkf import Bot, Context, EnterSession, Image, Text, says

bot = Bot()


@bot.on(EnterSession)
async def greet(ctx: Context[EnterSession]) -> str:
    """Greet who opens the chat."""
    return "您好！我是演示机器人，发一句话或一张图片试试。"


@bot.on(Text, where=says("在吗", "在？", "hello"))
async def here(ctx: Context[Text]) -> str:
    """Be there."""
    return "在的，请讲。"


@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    """Repeat what was said. Call your LLM here."""
    return f"收到：{ctx.text}"


@bot.on(Image)
async def picture(ctx: Context[Image]) -> str:
    """Thank for a picture."""
    return "图片收到了，谢谢！"
