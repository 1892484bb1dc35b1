"""The bot of the README, which all these examples serve."""

from wxkf import Bot, Context, EnterSession, Text, out, picked, says

bot = Bot()


@bot.on(EnterSession)
async def greet(ctx: Context[EnterSession]) -> out.Menu:
    return out.Menu("您好！有什么可以帮您？", out.Click("hours", "营业时间"))


@bot.on(Text, where=picked("hours") | says("营业时间"))
async def hours(ctx: Context[Text]) -> str:
    return "每天 9:00 到 21:00。"


@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    return f"收到：{ctx.text}"  # call your LLM here, take as long as it needs
