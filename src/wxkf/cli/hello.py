"""The bot that `wxkf demo` runs. Copy it as a start for your own."""

from wxkf import Bot, Context, EnterSession, Image, Text, out, picked, says

bot = Bot()


@bot.on(EnterSession)
async def greet(ctx: Context[EnterSession]) -> out.Menu:
    """Greet who opens the chat."""
    return out.Menu("您好，我是演示机器人。想了解什么？", out.Click("hours", "营业时间"), out.Click("about", "你是谁"))


@bot.on(Text, where=picked("hours") | says("营业时间"))
async def hours(ctx: Context[Text]) -> str:
    """Tell the opening hours."""
    return "每天 9:00 到 21:00。"


@bot.on(Text, where=picked("about") | says("你是谁"))
async def about(ctx: Context[Text]) -> str:
    """Introduce yourself."""
    await ctx.reply("我是用 wxkf 写的机器人。")
    return "二十几行代码，您也可以写一个。"


@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    """Repeat what was said. Call your LLM here."""
    return f"收到：{ctx.text}"


@bot.on(Image)
async def picture(ctx: Context[Image]) -> str:
    """Thank for a picture."""
    return "图片收到了，谢谢！"
