"""`wxkf provider`: who authorised a provider's suites, what the platform commanded, deleting who withdrew."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from wxkf.cli.texts import text

app = typer.Typer(help=text("provider"), no_args_is_help=True)

PROVIDER_FILE = Path("wxkf-provider.db")
ProviderFile = Annotated[
    Path, typer.Option("--provider-database", help=text("provider.file"), envvar="WXKF_PROVIDER_DATABASE")
]
Json = Annotated[bool, typer.Option("--json", help=text("explain.json"))]


@app.command("list", help=text("provider.list"))
def list_(file: ProviderFile = PROVIDER_FILE, as_json: Json = False) -> None:
    """List the corps."""
    from wxkf.provider.store import ProviderStore

    corps = ProviderStore(file).authorisations()
    if as_json:
        return _json(
            {"suite": it.suite, "corp": it.corp, "name": it.corp_name, "active": it.active, "changed": it.changed}
            for it in corps
        )
    said = {True: text("provider.active"), False: text("provider.withdrawn")}
    return _table("list", ((it.suite, it.corp, it.corp_name, said[it.active], _time(it.changed)) for it in corps))


@app.command(help=text("provider.events"))
def events(
    file: ProviderFile = PROVIDER_FILE,
    limit: Annotated[int, typer.Option(help=text("provider.limit"), min=1)] = 100,
    as_json: Json = False,
) -> None:
    """List the journal."""
    from wxkf.provider.store import ProviderStore

    rows = ProviderStore(file).events(limit)
    if as_json:
        names = ("id", "suite", "kind", "corp", "stamp", "received", "state", "tries", "why")
        return _json({name: getattr(row, name) for name in names} for row in rows)
    cells = ((str(it.id), _time(it.received), it.suite, it.kind, it.corp, it.state.value, it.why) for it in rows)
    return _table("events", cells)


@app.command(help=text("provider.purge"))
def purge(
    suite: Annotated[str, typer.Argument(help=text("provider.suite"))],
    corp: Annotated[str, typer.Argument(help=text("provider.corp"))],
    file: ProviderFile = PROVIDER_FILE,
    database: Annotated[Path, typer.Option(help=text("run.database"), envvar="WXKF_DATABASE")] = Path("wxkf.db"),
    config: Annotated[Path | None, typer.Option(help=text("provider.config"), envvar="WXKF_CONFIG")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=text("provider.yes"))] = False,
) -> None:
    """Delete what is kept of a corp."""
    from wxkf.bot.wanted import corp_app
    from wxkf.cli import dotenv
    from wxkf.client.settings_file import load_settings
    from wxkf.engine.sqlite.forget import forget_in
    from wxkf.provider.store import ProviderStore

    store = ProviderStore(file)
    store.check_withdrawn(suite, corp)
    if not yes:
        typer.confirm(text("provider.sure", suite=suite, corp=corp), abort=True)
    apps = load_settings(config, dotenv.here()).apps if config else ()
    own = [app.name for app in apps if (app.suite, app.corp_id) == (suite, corp)]
    messages = sum(forget_in(database, name) for name in (corp_app(suite, corp), *own))
    rows = store.purge(suite, corp)  # last: cut short, it can be done again
    Console().print(text("provider.purged", rows=rows, messages=messages), highlight=False)


def _json(rows: Iterable[dict[str, Any]]) -> None:
    out = Console()
    out.print_json(data=list(rows), ensure_ascii=out.options.ascii_only)


def _table(kind: str, rows: Iterable[Sequence[str]]) -> None:
    table = Table(*text(f"provider.columns.{kind}").split(","))
    for row in rows:
        table.add_row(*row)
    Console().print(table if table.row_count else text("provider.nothing"), highlight=False)


def _time(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().isoformat(" ", "seconds")
