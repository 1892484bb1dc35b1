"""What a type checker knows after `from wxkf import *`, as scripts and notebooks begin: the same as at run time."""

from wxkf import *  # noqa: F403

bot: Bot = Bot()  # noqa: F405


@bot.on(Text, where=says("人工"))  # noqa: F405
async def person(ctx: Context[Text]) -> out.Menu:  # noqa: F405
    return out.Menu(ctx.text)  # noqa: F405
