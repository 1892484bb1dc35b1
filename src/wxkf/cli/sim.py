"""`wxkf sim`: the simulator alone, for any client: its keys printed, callbacks to a URL, its world kept in a file."""

import asyncio
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape

from wxkf.cli.kept import Keeper
from wxkf.cli.screen import has_screen
from wxkf.cli.stop import stop_asked
from wxkf.cli.texts import text
from wxkf.errors import ConfigError
from wxkf.serve import Server
from wxkf.sim import Simulator

_RETRY = 2.0  # seconds between URL checks
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_KEYS = ("corp_id", "secret", "token", "aes_key", "open_kfid")


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    callback: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    state: Path | None = None
    seed: int | None = None
    browser: bool = False


async def serve(options: Options, out: Console) -> int:
    """Run until asked to stop. Returns the exit code."""
    if options.callback and not _is_url(options.callback):
        raise ConfigError(f"--callback takes a URL such as http://127.0.0.1:8000/callback, not {options.callback!r}")
    sim = Simulator(seed=options.seed or 0)
    keeper = Keeper(options.state, sim.platform.world)
    keeper.open()
    if keeper.load() and options.seed is not None:
        raise ConfigError(f"--seed is for a new world, and {options.state} holds one: leave one of the two out")
    sim.app.opened = options.host not in _LOOPBACK
    with stop_asked() as stopped:
        async with Server(sim.app, host=options.host, port=options.port) as server:
            tasks = [asyncio.create_task(keeper.run())]
            try:
                _show(sim, server.url, options, out)
                if options.callback:
                    tasks.append(asyncio.create_task(_connect(sim, options.callback, out)))
                await stopped.wait()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await sim.aclose()
                keeper.save()
                keeper.close()
    out.print(f"\n{text('demo.stopped')}")
    return 0


def _show(sim: Simulator, url: str, options: Options, out: Console) -> None:
    out.print(f"[bold]wxkf sim[/] [dim]· {text('sim.title')}[/]\n")
    rows = {"page": f"{url}/", "base": url} | {key: getattr(sim, key) for key in _KEYS}
    wide = max(_cells(text(f"sim.{key}")) for key in rows)
    for key, value in rows.items():
        label = text(f"sim.{key}")
        style = "bold cyan" if key == "page" else "default"
        gap = " " * (wide - _cells(label))
        out.print(f"  [dim]{label}[/]{gap}  [{style}]{escape(value)}[/]", highlight=False, soft_wrap=True)
    out.print(
        f"\n  export WXKF_BASE_URL={url} WXKF_CORP_ID={sim.corp_id} WXKF_SECRET={sim.secret} "
        f"WXKF_TOKEN={sim.token} WXKF_AES_KEY={sim.aes_key}\n",
        highlight=False,
        soft_wrap=True,
    )
    if not options.callback:
        out.print(f"[dim]{text('sim.nowhere')}[/]", highlight=False, soft_wrap=True)
    if options.state:
        out.print(f"[dim]{escape(text('sim.kept', file=options.state))}[/]", highlight=False)
    if sim.app.opened:
        out.print(f"[yellow]{text('sim.open', host=options.host)}[/]", highlight=False)
    out.print(f"[dim]{text('demo.stop')}[/]")
    if options.browser and has_screen():
        webbrowser.open(f"{url}/")


async def _connect(sim: Simulator, url: str, out: Console) -> None:
    """Send callbacks to a URL once it passes the console's check; say once that it does not yet."""
    told = False
    while not await sim.check_url(url):
        if not told:
            out.print(f"[yellow]{escape(text('sim.refused', url=url))}[/]", highlight=False)
            told = True
        await asyncio.sleep(_RETRY)
    sim.deliver_to_url(url)
    out.print(f"[green]✓[/] {escape(text('sim.verified', url=url))}", highlight=False)


def _is_url(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _cells(words: str) -> int:
    from rich.cells import cell_len

    return cell_len(words)
