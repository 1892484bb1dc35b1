"""`wxkf demo`: the page for people, the script for machines."""

import webbrowser
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from wxkf.bot.app import Bot
from wxkf.cli.screen import has_screen
from wxkf.cli.script import Script
from wxkf.cli.show import show_customer, show_replies
from wxkf.cli.stage import Stage, has_world, set_up
from wxkf.cli.stop import stop_asked
from wxkf.cli.texts import text
from wxkf.sim.values import Bubble
from wxkf.testing.words import words_of


async def demo(
    bot: Bot,
    lines: Sequence[str],
    *,
    browser: bool,
    port: int,
    patience: float,
    out: Console,
    folder: Path | None = None,
) -> int:
    """Run the demo, which goes on where the one before in that folder was stopped. Returns the exit code."""
    goes_on = folder is not None and has_world(folder)
    async with set_up(bot, port=port, folder=folder) as stage:
        out.print(f"[dim]wxkf demo · simulator {stage.page} · bot {stage.callback}[/]", highlight=False)
        if bot.is_empty:
            out.print(f"[yellow]{text('demo.empty')}[/]")
        if lines:
            return await Script(stage, out, patience=patience).play(lines)
        with stop_asked() as stopped:
            if not goes_on:  # else the page is open already
                _invite(stage, out, browser=browser)
            stage.sim.platform.watch(lambda change: _follow(stage, out, change))
            await stopped.wait()
        out.print(f"\n{text('demo.stopped')}")
        return 0


def _invite(stage: Stage, out: Console, *, browser: bool) -> None:
    out.print(f"\n{text('demo.ready')}\n\n  [bold cyan]{escape(stage.page)}/[/]\n\n[dim]{text('demo.env')}")
    sim = stage.sim
    out.print(
        f"  export WXKF_BASE_URL={stage.page} WXKF_CORP_ID={sim.corp_id} WXKF_SECRET={sim.secret} "
        f"WXKF_TOKEN={sim.token} WXKF_AES_KEY={sim.aes_key}\n\n[dim]{text('demo.stop')}[/]",
        style="dim",
        highlight=False,
        soft_wrap=True,
    )
    if browser and has_screen():
        webbrowser.open(f"{stage.page}/")


def _follow(stage: Stage, out: Console, change: object) -> None:
    """Print what happens on any phone as it happens."""
    if not isinstance(change, Bubble):
        return
    if change.who == "account":
        show_replies(out, [change])
        return
    name = stage.sim.platform.world.customers[change.external_userid].nickname
    if change.who == "customer":
        show_customer(out, name, words_of(change))
    elif change.body.get("event_type") == "enter_session":
        show_customer(out, name, text("demo.enters"), aside=True)
