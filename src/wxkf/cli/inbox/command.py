"""`wxkf inbox …`: the commands and their options."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from wxkf.cli.inbox.asking import ask, can_ask, print_json, tell, who
from wxkf.cli.saying import safe
from wxkf.cli.texts import text
from wxkf.errors import StoreError

if TYPE_CHECKING:
    from wxkf.engine.views import Filed

DATABASE = Path("wxkf.db")
app = typer.Typer(help=text("inbox"), invoke_without_command=True)

Database = Annotated[Path, typer.Option(help=text("inbox.database"))]
Json = Annotated[bool, typer.Option("--json", help=text("explain.json"))]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=text("inbox.yes"))]
Msgid = Annotated[str, typer.Argument(help=text("inbox.msgid"), metavar="MSGID")]
App = Annotated[str, typer.Argument(help=text("inbox.pause.app"), metavar="APP")]
Account = Annotated[str, typer.Argument(help=text("inbox.pause.account"), metavar="[OPEN_KFID]")]
Customer = Annotated[str, typer.Option("--customer", help=text("inbox.pause.customer"), metavar="ID")]
Limit = Annotated[int, typer.Option(help=text("inbox.limit"), min=1)]


@app.callback()
def overview(
    ctx: typer.Context,
    database: Annotated[Path, typer.Option(help=text("inbox.database"), envvar="WXKF_DATABASE")] = DATABASE,
    as_json: Json = False,
) -> None:
    """Show how it stands, or take the options for a command of the group."""
    if ctx.invoked_subcommand:
        ctx.default_map = {ctx.invoked_subcommand: {"database": database, "as_json": as_json}}
        return
    from wxkf.cli.inbox.overview import Seen, as_data, show
    from wxkf.engine.sqlite import looks
    from wxkf.engine.sqlite.lock import EngineLock
    from wxkf.engine.sqlite.visit import looked_at

    with looked_at(database) as db:
        apps = {name: looks.overview(db, name) for name in looks.apps(db)}
        seen = Seen(database, EngineLock(database).is_held, looks.overview(db), apps, time.time())
    print_json(as_data(seen)) if as_json else show(seen, Console())
    if seen.in_trouble:
        raise typer.Exit(1)


@app.command("list", help=text("inbox.list"))
def list_(
    kind: Annotated[Literal["waiting", "dead", "unknown", "all"], typer.Argument(help=text("inbox.kind"))] = "waiting",
    of_app: Annotated[str, typer.Option("--app", help=text("inbox.app"))] = "",
    limit: Limit = 50,
    database: Database = DATABASE,
    as_json: Json = False,
) -> None:
    """List messages."""
    from wxkf.cli.inbox.message import as_data, show_list
    from wxkf.engine.sqlite import looks
    from wxkf.engine.sqlite.visit import looked_at

    with looked_at(database) as db:
        if of_app:
            _check_app(of_app, looks.apps(db))
        found, now = looks.listed(db, kind, of_app, limit), time.time()
    print_json([as_data(it, now) for it in found]) if as_json else show_list(found, now, Console())


@app.command(help=text("inbox.show"))
def show(msgid: Msgid, database: Database = DATABASE, as_json: Json = False) -> None:
    """Show one message."""
    from wxkf.cli.inbox.message import as_data, show_message

    found, now = _find(database, msgid), time.time()
    print_json(as_data(found, now)) if as_json else show_message(found, now, Console())


@app.command(help=text("inbox.retry"))
def retry(msgid: Msgid, database: Database = DATABASE, as_json: Json = False) -> None:
    """Let a message be handled again."""
    from wxkf.engine.sqlite import admin
    from wxkf.engine.sqlite.visit import administered

    with administered(database) as db:
        new = admin.retry(db, msgid, who(), time.time())
    tell(as_json, {"retried": new}, "inbox.retried", msgid=new)


@app.command(help=text("inbox.skip"))
def skip(msgid: Msgid, yes: Yes = False, database: Database = DATABASE, as_json: Json = False) -> None:
    """Let go of a message."""
    from wxkf.cli.inbox.message import show_message
    from wxkf.engine.sqlite import admin
    from wxkf.engine.sqlite.visit import administered

    found = _find(database, msgid)
    if not yes:
        can_ask()
        show_message(found, time.time(), Console(stderr=True))
        ask(text("inbox.sure.skip"))
    with administered(database) as db:
        admin.skip(db, found.msgid, who(), time.time())
    tell(as_json, {"skipped": found.msgid}, "inbox.skipped")


@app.command(help=text("inbox.pause"))
def pause(
    of_app: App,
    account: Account = "",
    customer: Customer = "",
    to_people: Annotated[bool, typer.Option("--to-people", help=text("inbox.pause.to_people"))] = False,
    note: Annotated[str, typer.Option("--note", help=text("inbox.pause.note"), metavar="TEXT")] = "",
    database: Database = DATABASE,
    as_json: Json = False,
) -> None:
    """Hand out nothing of these."""
    from wxkf.cli.inbox.standing import spelled
    from wxkf.engine.sqlite import admin, looks
    from wxkf.engine.sqlite.visit import administered
    from wxkf.engine.views import Pause

    what = Pause(of_app, account, customer, time.time(), note if to_people or note else None)
    with administered(database) as db:
        _check_app(of_app, looks.apps(db))
        unknown = looks.strangers(db, what)
        admin.pause(db, what, who())
    for one in unknown:
        print(text("inbox.pause.stranger", id=one), file=sys.stderr)
    told = "inbox.now_paused" if what.note is None else "inbox.now_to_people"
    tell(as_json, {"paused": what.named, "to_people": what.note is not None}, told, what=spelled(what))


@app.command(help=text("inbox.resume"))
def resume(
    of_app: App, account: Account = "", customer: Customer = "", database: Database = DATABASE, as_json: Json = False
) -> None:
    """Hand out again."""
    from wxkf.engine.sqlite import admin
    from wxkf.engine.sqlite.visit import administered
    from wxkf.engine.views import Pause

    what = Pause(of_app, account, customer)
    with administered(database) as db:
        admin.resume(db, what, who(), time.time())
    tell(as_json, {"resumed": what.named}, "inbox.resumed", what=what.named)


@app.command(help=text("inbox.forget"))
def forget(
    customer: Annotated[str, typer.Argument(help=text("inbox.forget.customer"), metavar="CUSTOMER")],
    yes: Yes = False,
    database: Database = DATABASE,
    as_json: Json = False,
) -> None:
    """Delete what is stored of a customer, in every app."""
    from wxkf.engine.sqlite import admin, looks
    from wxkf.engine.sqlite.forget import scrub
    from wxkf.engine.sqlite.visit import administered, looked_at

    with looked_at(database) as db:
        apps = looks.whereabouts(db, customer)
    if not customer or not apps:
        raise StoreError(text("inbox.stranger", customer=customer or "''"))
    if not yes:
        can_ask()
        ask(text("inbox.sure.forget", count=sum(apps.values()), customer=customer))
    with administered(database) as db:
        gone = sum(admin.forget_person(db, name, customer, who(), time.time()) for name in apps)
    scrubbed = any(scrub(database) for _ in range(10))
    tell(as_json, {"deleted": gone}, "inbox.forgotten", count=gone)
    if not scrubbed:
        print(text("inbox.forgotten.journal", path=f"{database}-wal"), file=sys.stderr)
    for copy in sorted(database.parent.glob(f"{database.name}.schema-*")):
        print(text("inbox.forgotten.copy", path=copy), file=sys.stderr)


@app.command(help=text("inbox.audit"))
def audit(limit: Limit = 50, database: Database = DATABASE, as_json: Json = False) -> None:
    """List what operators did."""
    from wxkf.cli.times import clock, iso
    from wxkf.engine.sqlite import looks
    from wxkf.engine.sqlite.visit import looked_at

    with looked_at(database) as db:
        rows, now = looks.audit(db, limit), time.time()
    if as_json:
        print_json([{"at": iso(one.at), "who": one.who, "did": one.did, "about": one.about} for one in rows])
        return
    table = Table(*text("inbox.audit.columns").split(","), box=None, padding=(0, 2, 0, 0), header_style="dim")
    for one in rows:
        table.add_row(clock(one.at, now), safe(one.who), one.did, safe(one.about))
    Console().print(table if rows else text("inbox.nothing"), highlight=False)


def _find(database: Path, msgid: str) -> "Filed":
    from wxkf.engine.sqlite import looks
    from wxkf.engine.sqlite.visit import looked_at

    with looked_at(database) as db:
        return looks.find(db, msgid)


def _check_app(name: str, known: list[str]) -> None:
    if name not in known:
        raise StoreError(text("inbox.no_app", app=name, apps=", ".join(known) or "-"))
