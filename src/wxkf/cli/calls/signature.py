"""Functions with the signature that the command line's library reads, and the options that are none of a call's."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from wxkf.cli import dotenv
from wxkf.cli.calls.failures import explained
from wxkf.cli.calls.parameters import Option
from wxkf.cli.calls.perform import FINAL
from wxkf.cli.calls.tree import Endpoint
from wxkf.cli.texts import text
from wxkf.messages.answer import SecretAnswer
from wxkf.messages.decode import MessagePage
from wxkf.messages.veil import Veiled


def values(fields: Sequence[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """Read what was given; what was not is left to the declaration."""
    found = {field.name: field.value(given[field.name], dotenv.here) for field in fields}
    return {name: value for name, value in found.items() if value is not None}


def extras(one: Endpoint) -> list[inspect.Parameter]:
    """Give the options that every command has, and those that this one needs."""
    found = [flag("as_json", "--json", "calls.json")]
    if one.all:
        found.append(flag("all", "--all", "calls.all"))
    if one.call.path in FINAL or not one.group:
        found.append(flag("yes", "--yes", "calls.yes", "-y"))
    if _holds_secrets(one.single.answer) or not one.group:
        found.append(flag("show_secrets", "--show-secrets", "calls.show_secrets"))
    return found


def _holds_secrets(answer: Any) -> bool:
    return isinstance(answer, type) and issubclass(answer, SecretAnswer | Veiled | MessagePage)


def flag(name: str, shown: str, key: str, *more: str) -> inspect.Parameter:
    """Give a yes-or-no option."""
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=False,
        annotation=Annotated[bool, typer.Option(shown, *more, help=text(key))],
    )  # fmt: skip


def signed(
    run: Callable[..., None], one: Endpoint, fields: Sequence[Option], more: Sequence[inspect.Parameter]
) -> Callable[..., None]:
    """Give a function the signature that the command line's library reads, and words for its errors."""

    def guarded(**given: Any) -> None:
        with explained(Console(stderr=True), repeatable=one.call.repeatable):
            run(**given)

    parameters = [*(field.parameter() for field in fields), *more]
    guarded.__name__ = one.command.replace("-", "_")
    guarded.__dict__["__signature__"] = inspect.Signature(parameters)
    guarded.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return guarded
