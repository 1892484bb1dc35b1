"""The bot: one greeting, one answer it knows, a way to a person, and a place for your model."""

from wxkf import Bot, Context, EnterSession, Text, out, picked, says

bot = Bot(staff_idle=10 * 60)  # colleagues who say nothing for so many seconds give the customer back


@bot.on(EnterSession)
async def greet(ctx: Context[EnterSession]) -> out.Menu:
    return out.Menu("Hello! What can I do for you?", out.Click("hours", "Hours"), out.Click("person", "A person"))


@bot.on(Text, where=picked("hours") | says("Hours"))
async def hours(ctx: Context[Text]) -> str:
    return "9:00 to 21:00, every day."


@bot.on(Text, where=picked("person") | says("A person"))
async def person(ctx: Context[Text]) -> None:
    await ctx.hand_over(note="One moment, a colleague is coming.")


@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    return f"You said: {ctx.text}"  # call your LLM here, take as long as it needs
