"""机器人：一句欢迎，一个现成的答案，一条找人工的路，和一处留给大模型的位置。"""

from wxkf import Bot, Context, EnterSession, Text, out, picked, says

bot = Bot(staff_idle=10 * 60)  # 同事这么多秒没有说话，就把顾客交还给机器人


@bot.on(EnterSession)
async def greet(ctx: Context[EnterSession]) -> out.Menu:
    return out.Menu("您好！有什么可以帮您？", out.Click("hours", "营业时间"), out.Click("person", "人工"))


@bot.on(Text, where=picked("hours") | says("营业时间"))
async def hours(ctx: Context[Text]) -> str:
    return "每天 9:00 到 21:00。"


@bot.on(Text, where=picked("person") | says("人工"))
async def person(ctx: Context[Text]) -> None:
    await ctx.hand_over(note="稍等，同事马上来。")


@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    return f"收到：{ctx.text}"  # 在这里调用你的大模型，需要多久都可以
