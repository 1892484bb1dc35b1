"""The commands and their options; what they do stands in a file each."""

import logging
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from wxkf import __version__
from wxkf.cli import dotenv
from wxkf.cli.calls.mount import mount
from wxkf.cli.inbox.command import app as inbox_app
from wxkf.cli.provider import PROVIDER_FILE, ProviderFile
from wxkf.cli.provider import app as provider_app
from wxkf.cli.roles import ENGINE, HOSTS, PORTS, Place, Role
from wxkf.cli.texts import text
from wxkf.errors import ConfigError

_INTERRUPTED = 130  # as shells say it: 128 and SIGINT

app = typer.Typer(
    help=text("about"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(inbox_app, name="inbox")
app.add_typer(provider_app, name="provider")


Reload = Annotated[bool, typer.Option("--reload", help=text("reload"))]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"wxkf {__version__}")
        raise typer.Exit


@app.callback()
def wxkf(
    version: Annotated[bool, typer.Option("--version", help=text("version"), callback=_version, is_eager=True)] = False,
) -> None:
    """Take options that stand before the command."""


@app.command(help=text("demo"))
def demo(
    bot: Annotated[str, typer.Argument(help=text("demo.bot"), metavar="MODULE:BOT")] = "wxkf.cli.hello:bot",
    say: Annotated[list[str] | None, typer.Option(help=text("demo.say"))] = None,
    browser: Annotated[bool, typer.Option(help=text("demo.browser"))] = True,
    port: Annotated[int, typer.Option(help=text("demo.port"), min=0, max=65535)] = 0,
    timeout: Annotated[float, typer.Option(help=text("demo.timeout"), min=0.1)] = 30.0,
    reload: Reload = False,
) -> None:
    """Try a bot against the simulator."""
    from wxkf.cli.demo import demo as show
    from wxkf.cli.load import load_bot
    from wxkf.cli.reload import demo_folder, reloading_demo

    if not all(line.strip() for line in say or ()):
        raise ConfigError("--say needs words")
    if reload:
        return _finish(reloading_demo(Console(), port))
    _log(logging.WARNING)
    lines, folder = say or (), demo_folder()
    return _finish(
        show(load_bot(bot), lines, browser=browser, port=port, patience=timeout, out=Console(), folder=folder)
    )


@app.command(help=text("sim"))
def sim(
    callback: Annotated[str, typer.Option(help=text("sim.callback"), metavar="URL")] = "",
    port: Annotated[int, typer.Option(help=text("sim.port"), min=0, max=65535)] = 8700,
    host: Annotated[str, typer.Option(help=text("run.host"))] = "127.0.0.1",
    state: Annotated[Path | None, typer.Option(help=text("sim.state"), metavar="FILE")] = None,
    seed: Annotated[int | None, typer.Option(help=text("sim.seed"))] = None,
    browser: Annotated[bool, typer.Option(help=text("demo.browser"))] = True,
) -> None:
    """Run the platform in a box."""
    from wxkf.cli.sim import Options, serve

    _log(logging.WARNING)
    _finish(serve(Options(callback, host, port, state, seed, browser), Console()))


@app.command(help=text("run"))
def run(
    bot: Annotated[str, typer.Argument(help=text("run.bot"), metavar="MODULE:BOT")] = "",
    role: Annotated[Role, typer.Option(help=text("run.role"))] = "all",
    engine: Annotated[str, typer.Option(help=text("run.engine"), envvar="WXKF_ENGINE", metavar="URL")] = ENGINE,
    host: Annotated[str | None, typer.Option(help=text("run.host"), show_default=HOSTS)] = None,
    port: Annotated[int | None, typer.Option(help=text("run.port"), min=0, max=65535, show_default=PORTS)] = None,
    database: Annotated[Path, typer.Option(help=text("run.database"), envvar="WXKF_DATABASE")] = Path("wxkf.db"),
    config: Annotated[Path | None, typer.Option(help=text("run.config"), envvar="WXKF_CONFIG")] = None,
    provider: ProviderFile = PROVIDER_FILE,
    log: Annotated[Literal["text", "json"], typer.Option(help=text("run.log"))] = "text",
    poll: Annotated[bool, typer.Option("--poll", help=text("run.poll"))] = False,
    reload: Reload = False,
) -> None:
    """Run a bot on a real account, or on many."""
    from wxkf.cli.load import load_bot
    from wxkf.cli.reload import reloading
    from wxkf.cli.run import run as serve
    from wxkf.cli.run import run_fleet, run_web
    from wxkf.client.settings import App

    if reload:
        return _finish(reloading(Console()))
    _log(logging.INFO, log)
    out = None if log == "json" else Console()
    place = Place.of(role, host, port)
    if role == "web":
        return _finish(run_web(engine, place, out=out))
    if not bot:
        raise ConfigError("say which bot, for example: wxkf run hello:bot (only --role web needs none)")
    if config is not None:
        return _finish(run_fleet(load_bot(bot), config, database, provider, place, out=out))
    settings = App.from_env(dotenv.here(), callback=not poll)
    return _finish(serve(load_bot(bot), settings, database, place, out=out))


@app.command(help=text("new"))
def new(
    folder: Annotated[Path, typer.Argument(help=text("new.folder"), metavar="NAME")],
    lang: Annotated[Literal["en", "zh"] | None, typer.Option(help=text("new.lang"))] = None,
) -> None:
    """Start a project."""
    from wxkf.cli.new.command import new as start

    start(folder, lang, Console())


def _kinds() -> list[str]:
    from wxkf.cli.trigger.plan import KINDS

    return list(KINDS)


@app.command("trigger", help=text("trigger"))
def trigger_(
    kind: Annotated[str, typer.Argument(help=text("trigger.what"), metavar="KIND", autocompletion=_kinds)] = "",
    value: Annotated[str, typer.Argument(help=text("trigger.value"), metavar="WHAT")] = "",
    bot: Annotated[str, typer.Option(help=text("trigger.bot"), metavar="MODULE:BOT")] = "",
    file: Annotated[Path | None, typer.Option(help=text("trigger.file"))] = None,
    scene: Annotated[str, typer.Option(help=text("trigger.scene"))] = "",
    scene_param: Annotated[str, typer.Option(help=text("trigger.scene_param"))] = "",
    servicer: Annotated[str, typer.Option(help=text("trigger.servicer"))] = "zhangsan",
    customer: Annotated[str, typer.Option(help=text("trigger.who"))] = "",
    account: Annotated[str, typer.Option(help=text("trigger.account"))] = "",
    sim: Annotated[str, typer.Option(help=text("trigger.sim"), metavar="URL")] = "",
    timeout: Annotated[float, typer.Option(help=text("trigger.timeout"), min=0.1)] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help=text("explain.json"))] = False,
) -> None:
    """Let something happen."""
    from wxkf.cli.load import load_bot
    from wxkf.cli.trigger.command import Options, simulator, trigger
    from wxkf.cli.trigger.plan import Wish, check

    if not kind:
        return print("\n".join(_kinds()))
    wish = Wish(kind, value, file, scene, scene_param, servicer)
    check(wish)
    _log(logging.WARNING)
    if bot and (account or sim):
        raise ConfigError(text("trigger.not_with_bot"))
    options = Options(customer, account, timeout, as_json)
    url = simulator(sim, dotenv.here())
    return _finish(trigger(wish, load_bot(bot) if bot else None, url, options, Console()))


@app.command(help=text("explain"), context_settings={"ignore_unknown_options": True})  # -1 and -40001 are codes
def explain(
    words: Annotated[list[str] | None, typer.Argument(help=text("explain.words"), metavar="CODE")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=text("explain.json"))] = False,
) -> None:
    """Explain codes of the platform."""
    from wxkf.cli.explain import explain as show

    if code := show(words or (), as_json=as_json, out=Console()):
        raise typer.Exit(code)


@app.command(help=text("doctor"))
def doctor(
    url: Annotated[str, typer.Option(help=text("doctor.url"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=text("explain.json"))] = False,
    probe: Annotated[bool, typer.Option(help=text("doctor.probe"))] = True,
) -> None:
    """Examine the set-up of a real account."""
    from wxkf.cli.doctor.command import doctor as examine

    _log(logging.ERROR)
    _finish(examine(url=url, as_json=as_json, probe=probe, out=Console()))


@app.command(help=text("setup"))
def setup(
    env: Annotated[Path, typer.Option(help=text("setup.env"))] = Path(".env"),
    url: Annotated[str, typer.Option(help=text("doctor.url"))] = "",
    host: Annotated[str, typer.Option(help=text("run.host"))] = "0.0.0.0",  # noqa: S104 - the platform calls from outside
    port: Annotated[int, typer.Option(help=text("run.port"), min=0, max=65535)] = 8000,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=text("setup.yes"))] = False,
) -> None:
    """Set up a real account step by step."""
    from wxkf.cli.setup.command import Options, prepare
    from wxkf.cli.setup.command import setup as walk

    _log(logging.ERROR)
    options, out = Options(env, url, host, port, yes), Console()
    _finish(walk(options, prepare(options, os.environ, out), out))


@app.command(help=text("tail"))
def tail(
    since: Annotated[str, typer.Option(help=text("tail.since"), metavar="TIME")] = "",
    database: Annotated[Path, typer.Option(help=text("run.database"), envvar="WXKF_DATABASE")] = Path("wxkf.db"),
    as_json: Annotated[bool, typer.Option("--json", help=text("tail.json"))] = False,
) -> None:
    """Follow an inbox."""
    from wxkf.cli.tail import run as follow

    _finish(follow(database, since, Console(), as_json=as_json))


def _log(level: int, style: Literal["text", "json"] = "text") -> None:
    from wxkf.cli.logs import set_up

    set_up(level, style)


def _finish(work: Coroutine[Any, Any, int]) -> None:
    """Run to the end on the fastest loop there is and exit with the code it returns."""
    import asyncio

    from wxkf.cli.reload import with_parent

    try:
        from uvloop import new_event_loop
    except ImportError:  # Windows
        new_event_loop = None  # type: ignore[assignment]  # Runner takes None for the usual loop
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            code = runner.run(with_parent(work))
    except asyncio.CancelledError:  # a second Ctrl-C
        code = _INTERRUPTED
    if code:
        raise typer.Exit(code)


mount(app)
