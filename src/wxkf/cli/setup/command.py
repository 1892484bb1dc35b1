"""`wxkf setup`: choose, walk, give the link."""

import asyncio
import secrets
import sys
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from wxkf.cli import dotenv
from wxkf.cli.doctor.ask import PATIENT, ask_with
from wxkf.cli.doctor.examine import URL
from wxkf.cli.doctor.gate import gates
from wxkf.cli.doctor.line import Line
from wxkf.cli.doctor.local import judge_crypto, judge_settings, settings
from wxkf.cli.doctor.show import mine, show
from wxkf.cli.setup.board import Board
from wxkf.cli.setup.choose import CHECKED, CREDENTIALS, Person, choose
from wxkf.cli.setup.door import Door
from wxkf.cli.setup.git import would_commit
from wxkf.cli.setup.keys import Pick
from wxkf.cli.setup.qr import qr_lines
from wxkf.cli.setup.steps import fatal
from wxkf.cli.setup.walk import Walk
from wxkf.cli.setup.words import tell
from wxkf.cli.stop import stop_asked
from wxkf.client.aio import AsyncClient
from wxkf.client.settings import App
from wxkf.clock import Clock, SystemClock
from wxkf.errors import ConfigError, WxkfError
from wxkf.serve import Server

_LINKS: Final = 4  # that are printed; a corp may have thousands of accounts


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line said."""

    path: Path
    url: str
    host: str
    port: int
    yes: bool


def person(options: Options) -> Person | None:
    """Give the person at the terminal; `--yes` agrees for them, and without a terminal there is nobody else."""
    here = sys.stdin.isatty() and sys.stdout.isatty()
    if not here and not options.yes:
        return None

    def ask(name: str) -> str:
        if not here:
            raise ConfigError(f"{name} is missing and there is no terminal to ask in")
        label = tell("ask.secret" if name == "WXKF_SECRET" else "ask.corp_id")
        return str(typer.prompt(label, hide_input=name == "WXKF_SECRET"))

    def agree(names: list[str]) -> bool:
        return options.yes or typer.confirm(tell("ask.replace", path=options.path, names=", ".join(names)))

    return Person(ask, agree)


def prepare(options: Options, env: Mapping[str, str], out: Console, pick: Pick = secrets.choice) -> dict[str, str]:
    """Bring the settings together, ask for what is missing, write what was made. Raises `ConfigError`."""
    new = not options.path.exists()
    values = choose(options.path, env, options.url, person(options), pick)
    app, faults = settings(values)
    for line in (judge_settings(faults), judge_crypto(app, faults, 0.0, secrets.token_bytes)):
        if line.ok is False:
            raise ConfigError(tell("malformed", found=mine(line.found), remedy=mine(line.remedy)))
    out.print(tell("made" if new else "kept", path=options.path), highlight=False)
    if would_commit(options.path):
        out.print(f"[bold yellow]{escape(tell('git', path=options.path))}[/]", highlight=False)
    return values


async def setup(options: Options, values: Mapping[str, str], out: Console, clock: Clock | None = None) -> int:
    """Walk through the steps. Returns the exit code: 0 when all are done."""
    app, path = settings(values)[0], options.path
    async with AsyncClient.of(app, retry=PATIENT) as client:
        asked = await ask_with(client, app, probe=True)
        if wrong := fatal(gates(asked)):
            return _refused(wrong, out)
        dotenv.write(path, {name: values[name] for name in CREDENTIALS})
        board = Board(out)
        walk = Walk(app, client, values.get(URL, ""), board, clock or SystemClock(), lambda: _remember(path))
        if values.get(CHECKED) == "yes":
            board.done.add("url")
        _introduce(app, walk.url, path, out)
        async with Server(Door(app.receiver(), walk.opened, walk.ours), host=options.host, port=options.port) as server:
            local = f"{server.url}/callback"
            board.where = tell("server.public" if walk.url else "server.local", url=walk.url, local=local)
            with stop_asked() as stopped, board:
                ended = await _until(stopped, walk.go(asked))
        if ended is not None and not board.is_full:
            return _refused(ended, out)
        if not board.is_full:
            out.print(f"\n{tell('stopped', path=path)}", highlight=False)
            return 1
        await _give_links(client, walk, out)
    return 0


async def _until(stopped: asyncio.Event, work: Coroutine[Any, Any, list[Line]]) -> list[Line] | None:
    """Run to the end, or until somebody stops it: then None."""
    tasks = (asyncio.ensure_future(work), asyncio.ensure_future(stopped.wait()))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return tasks[0].result() if tasks[0].done() else None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _remember(path: Path) -> None:
    dotenv.write(path, {CHECKED: "yes"})


def _refused(wrong: list[Line], out: Console) -> int:
    out.print()
    show(wrong, out)
    out.print(f"[bold red]{tell('wrong')}[/]", highlight=False)
    return 1


def _introduce(app: App, url: str, path: Path, out: Console) -> None:
    """Say what to do where; the keys only to a person, a pipe's other end may be a log."""
    if out.is_terminal:
        out.print(f"\n{tell('enter')}", highlight=False)
        for name, value in (("URL", url or tell("enter.url")), ("Token", app.token), ("EncodingAESKey", app.aes_key)):
            out.print(Text(f"  {name:<16}{value}"), soft_wrap=True)
    else:
        out.print(tell("enter.file", path=path), highlight=False)
    out.print(f"\n{tell('steps')}\n[yellow]{tell('routing')}[/]\n[dim]{tell('waiting')}[/]\n", highlight=False)


async def _give_links(client: AsyncClient, walk: Walk, out: Console) -> None:
    """Print the links of the first accounts, the first one as a QR code too."""
    out.print(f"\n[bold green]{tell('done')}[/]\n", highlight=False)
    for number, account in enumerate(walk.managed[:_LINKS]):
        try:
            link = (await client.add_contact_way(open_kfid=account.open_kfid)).url
        except WxkfError as error:
            out.print(tell("link.none", why=error), highlight=False, markup=False)
            return
        out.print(Text(f"{account.name}  {link}"), soft_wrap=True)
        if not number:
            out.print(*(Text(line, style="black on bright_white") for line in qr_lines(link)), "", sep="\n")
    out.print(f"[dim]{tell('next')}[/]", highlight=False)
