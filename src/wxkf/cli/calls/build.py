"""The commands themselves, out of endpoints: options from the signature, help from the docstring."""

from collections.abc import Callable
from typing import Any

import typer
from rich.markup import escape

from wxkf.cli.calls import media, prose, stats, words
from wxkf.cli.calls.parameters import Option, options
from wxkf.cli.calls.perform import How, perform
from wxkf.cli.calls.signature import extras, signed, values
from wxkf.cli.calls.tree import Endpoint, endpoints
from wxkf.cli.texts import language, text


def commands(group: str) -> typer.Typer:
    """Make the commands of a group; the group "" is `wxkf call`."""
    app = typer.Typer(no_args_is_help=True)
    for one in endpoints().values():
        if one.group == group:
            app.command(one.command, help=help_of(one), epilog=epilog_of(one))(command_of(one))
    return app


def title(one: Endpoint, tongue: int) -> str:
    """Say in a line what a command does."""
    path = one.call.path if one.group else ""
    if tongue:
        return prose.official(one.single.doc) or words.NAMES[path]
    return words.TITLES.get(path) or prose.sentence(one.single.doc)


def help_of(one: Endpoint) -> str:
    """Say what a command does and where its limits are, in the user's language."""
    tongue = int(language() == "zh")
    notes = prose.notes(f"{one.single.doc} {one.single.around}", tongue)
    more = "；".join(notes) + "。" if tongue and notes else "" if tongue else prose.rest(one.single.doc)
    return escape(f"{title(one, tongue)}{'。' if tongue else '.'}\n\n{more}".strip())


def epilog_of(one: Endpoint) -> str:
    """Name the path, the official page and the codes to expect."""
    page, found = prose.page(one.single.doc), prose.errors(one.single.doc)
    parts = [f"{one.call.verb} {one.call.path}" if one.group else ""]
    parts.append(prose.PAGE.format(page) if page else "")
    first = "  ".join(part for part in parts if part)
    second = text("calls.errors", codes=" ".join(map(str, found)), first=found[0]) if found else ""
    return escape("\n\n".join(part for part in (first, second) if part))


def command_of(one: Endpoint) -> Callable[..., None]:
    """Make the function behind a command; statistics and files have ways of their own."""
    special = {"stats": stats.command, "media": media.command}.get(one.group, _no_command)
    return special(one) or _general(one)


def _no_command(_: Endpoint) -> None:
    return None


def _general(one: Endpoint) -> Callable[..., None]:
    fields = options(one)

    def run(**given: Any) -> None:
        how = How(given.pop("as_json"), given.pop("show_secrets", False), given.pop("yes", False))
        whole = given.pop("all", False)
        arguments = values(fields, given)
        if whole:
            arguments = _of_all(one, fields, arguments)
        if code := perform(one, arguments, how, whole=whole):
            raise typer.Exit(code)

    return signed(run, one, fields, extras(one))


def _of_all(one: Endpoint, fields: list[Option], arguments: dict[str, Any]) -> dict[str, Any]:
    """Keep to what the iterator takes. Raises `typer.BadParameter` for what only a single page can have."""
    taken = {parameter.name for parameter in one.all.parameters} if one.all else set()
    for field in fields:
        if field.name in arguments and field.name not in taken:
            raise typer.BadParameter(text("calls.with_all", option=field.shown))
    return arguments
