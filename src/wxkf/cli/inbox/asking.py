"""What the commands of an inbox say to who has given them: a question, an answer."""

import getpass
import sys
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from wxkf.cli.texts import text
from wxkf.errors import ConfigError

_YES = ("y", "yes", "是", "好")


def who() -> str:
    """Name the user of this machine, for the audit line."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return "?"


def can_ask() -> None:
    """Raise `ConfigError` where nobody can be asked."""
    if not sys.stdin.isatty():
        raise ConfigError(text("inbox.unsure"))


def ask(question: str) -> None:
    """Ask; anything but a yes ends the command with exit code 2."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in _YES:
        print(text("inbox.left"), file=sys.stderr)
        raise typer.Exit(2)


def tell(as_json: bool, data: dict[str, Any], key: str, **values: object) -> None:
    """Say what was done, to a program or a person."""
    print_json(data) if as_json else Console().print(Text(text(key, **values)), soft_wrap=True)


def print_json(data: Any) -> None:
    """Print JSON, for programs."""
    out = Console()
    out.print_json(data=data, ensure_ascii=out.options.ascii_only)
