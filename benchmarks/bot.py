"""What a bot costs on top of its engine: context, routes, rules and journal around a handler that does nothing.

Strategy: the engine end to end as in `engine.py`, with a bare function and with a bot of twenty handlers whose last one
fits, in turn; what the bot adds is told as a share of what the engine costs without it.
"""

import asyncio
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from benchmarks.engine import PAGE, PAGES, ROUNDS, Stream, ours, silent
from wxkf import Bot, Context, EnterSession, Image, Text, picked, says
from wxkf.bot.service import asked_of
from wxkf.clock import SystemClock

_MOST = 0.25


def shop(handlers: int = 20) -> Bot:
    """Make a bot with so many handlers, of which the last takes every text."""
    bot = Bot(staff_idle=1_800)

    @bot.on(EnterSession)
    async def greet(ctx: Context[EnterSession]) -> str:
        return "您好"

    @bot.on(Image)
    async def look(ctx: Context[Image]) -> str:
        return "收到图片"

    for number in range(handlers - 3):

        @bot.on(Text, where=picked(f"item-{number}") | says(f"第{number}项"))
        async def item(ctx: Context[Text]) -> str:
            return "这一项"

    @bot.on(Text)
    async def nothing(ctx: Context[Text]) -> None: ...

    return bot


async def _both(folder: Path) -> list[tuple[float, float]]:
    """Run both in turn. Returns the seconds of each round, without and with a bot."""
    handler, asked = asked_of(shop(), SystemClock())
    rounds = []
    for turn in range(ROUNDS):
        stream = Stream(2_000)
        pages = [[stream.page(more=number < PAGES - 1) for number in range(PAGES)] for _ in range(2)]
        bare = await ours(folder / f"bare{turn}.db", pages[0], silent)
        rounds.append((bare, await ours(folder / f"bot{turn}.db", pages[1], handler, **asked)))
    return rounds


def run() -> None:
    """Print the table."""
    with TemporaryDirectory() as name:
        rounds = asyncio.run(_both(Path(name)))
    bare, with_bot = (median(one[side] for one in rounds) / (PAGE * PAGES) * 1e6 for side in (0, 1))
    added = median(bot / alone for alone, bot in rounds) - 1
    table = Table("From page to handled, a message", "median", "more", "reach", "", box=MARKDOWN)
    table.add_row("engine, a function that does nothing", f"{bare:.1f} µs", "", "", "")
    table.add_row(
        "bot, twenty handlers, the last does nothing", f"{with_bot:.1f} µs", f"{added:+.0%}", f"≤ {_MOST:.0%}",
        "yes" if added <= _MOST else "no",
    )  # fmt: skip
    Console(width=120).print(table)
