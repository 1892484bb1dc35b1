"""The bot that is killed: a program of its own, told by arguments where to listen, where its inbox is, when to die.

    python child.py PORT INBOX [MARK]

With MARK, its handler kills the process on its first run, and the file MARK remembers that it did.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from wxkf import App, Bot, Context, EnterSession, Text
from wxkf.bot.service import Service
from wxkf.engine.sqlite import SqliteStore
from wxkf.serve import Server

bot = Bot()


@bot.on(EnterSession)
async def greet(_: Context[EnterSession]) -> str:
    """Greet."""
    return "欢迎"


@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    """Answer with the process id in it, so that two runs never say the same."""
    mark = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    if mark and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if ctx.text.startswith("两"):
        await ctx.reply(f"{ctx.text}，先 {os.getpid()}")
    return f"{ctx.text}，答 {os.getpid()}"


async def main() -> None:
    """Serve until killed."""
    store = SqliteStore(sys.argv[2])
    async with Service(bot, App.from_env(), store) as service, Server(service.callback, port=int(sys.argv[1])):
        print("ready", flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
