"""Where the commands of the calls hang: a group each, filled when somebody looks inside.

The names and helps of the groups stand here as text, so that `wxkf --help` and `wxkf explain` import no client; a test
holds them against the tree.
"""

from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from wxkf.cli.calls.words import FIELDS
from wxkf.cli.texts import language, text

GROUPS: Final = (
    "account", "servicer", "session", "customer", "message", "link", "knowledge", "media", "stats", "corp",
    "idconvert", "externalcontact", "batch", "service",
)  # fmt: skip


class Lazy(TyperGroup):
    """A group that is filled on first use, by its name."""

    def _fill(self) -> None:
        if not self.commands:
            from wxkf.cli.calls.build import commands

            self.commands.update(typer.main.get_group(commands(self.name or "")).commands)

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands."""
        self._fill()
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give one command."""
        self._fill()
        return super().get_command(ctx, cmd_name)


def mount(app: typer.Typer) -> None:
    """Hang the groups, and `call`, under an app."""
    for name in GROUPS:
        group = typer.Typer(cls=Lazy, no_args_is_help=True)
        app.add_typer(group, name=name, help=text(f"calls.{name}"), rich_help_panel=text("calls.panel"))
    app.command("call", help=text("calls.call"), rich_help_panel=text("calls.panel"))(_call)


def _verbs() -> list[str]:
    return ["GET", "POST"]


def _field(name: str) -> str:
    return FIELDS[name][language() == "zh"]


def _call(
    path: Annotated[str, typer.Argument(help=_field("path"), metavar="PATH")],
    body: Annotated[str | None, typer.Argument(help=_field("body"), metavar="BODY")] = None,
    verb: Annotated[str, typer.Option(help=_field("verb"), metavar="GET|POST", autocompletion=_verbs)] = "POST",
    as_json: Annotated[bool, typer.Option("--json", help=text("calls.json"))] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=text("calls.yes"))] = False,
    show_secrets: Annotated[bool, typer.Option("--show-secrets", help=text("calls.show_secrets"))] = False,
) -> None:
    """Call an endpoint by its path."""
    from wxkf.cli.calls.build import command_of
    from wxkf.cli.calls.tree import endpoints

    run = command_of(endpoints()["call"])
    run(path=path, body=body, verb=verb, as_json=as_json, yes=yes, show_secrets=show_secrets)
