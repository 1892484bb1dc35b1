"""The tables of docs/commands.md: every command that is made from a declaration."""
# ruff: noqa: INP001 - beside a script, no package

import inspect
from collections.abc import Iterator
from typing import Any, Final, get_args

import typer.models

from wxkf.cli.calls import prose
from wxkf.cli.calls.build import command_of, title
from wxkf.cli.calls.mount import GROUPS
from wxkf.cli.calls.tree import Endpoint, endpoints
from wxkf.cli.texts import both

ORDER: Final = (*GROUPS, "")


def sections(tongue: int) -> str:
    """Write a section a group."""
    head = ("| Command | Does | Endpoint |\n|---|---|---|", "| 命令 | 作用 | 接口 |\n|---|---|---|")[tongue]
    parts = []
    for group in ORDER:
        found = [one for one in endpoints().values() if one.group == group]
        lines = "\n".join(
            "| " + " | ".join(cell.replace("|", "\\|") for cell in row(one, tongue)) + " |" for one in found
        )
        said = both(f"calls.{group or 'call'}")[tongue]
        parts.append(f"## wxkf {group or 'call'}\n\n{said}\n\n{head}\n{lines}")
    return "\n\n".join(parts)


def row(one: Endpoint, tongue: int) -> tuple[str, ...]:
    """Give the row of one command."""
    page = prose.page(one.single.doc)
    endpoint = f"`{one.call.path}`" if one.group else "–"
    return (
        f"`{usage(one)}`",
        title(one, tongue),
        f"[{endpoint}]({prose.PAGE.format(page)})" if page else endpoint,
    )


def usage(one: Endpoint) -> str:
    """Write how a command is typed; --json, which all of them take, is left out."""
    found = inspect.signature(command_of(one)).parameters.values()
    return " ".join(["wxkf", *one.words.split(), *(part for each in found for part in _typed(each))])


def _typed(parameter: inspect.Parameter) -> Iterator[str]:
    kind, info = get_args(parameter.annotation)
    if parameter.name == "as_json":
        return
    shown = _shown(kind, info)
    yield shown if parameter.default is parameter.empty else f"[{shown}]"


def _shown(kind: Any, info: Any) -> str:
    many = "…" if "list" in str(kind) and "…" not in info.metavar else ""
    if isinstance(info, typer.models.ArgumentInfo):
        return f"{info.metavar}{many}"
    name = info.default
    if kind is bool:
        return str(name)
    return f"{name} {info.metavar or 'N'}{many}"
