"""The page on commands leaves none out, and both languages have the same."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from kit.commands import wxkf
from kit.pages import blocks, page, pages
from wxkf.cli.app import app
from wxkf.cli.calls.tree import endpoints

ROOT = Path(__file__).parents[2]
PAGES = ("commands.md", "commands.zh.md")
CELL = re.compile(r"^\| `wxkf ((?:\\\||[^`])+)` \|", re.MULTILINE)


def typed(name: str) -> list[str]:
    return CELL.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_every_command_is_on_the_page_once(name: str) -> None:
    words = [" ".join(re.findall(r"^[a-z0-9-]+(?: [a-z0-9-]+)?", one)) for one in typed(name)]
    assert sorted(words) == sorted(endpoints())


def test_both_languages_have_the_same_commands() -> None:
    assert typed(PAGES[0]) == typed(PAGES[1])


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_commands_the_readme_shows_are_taken(name: str, tmp_path: Path) -> None:
    shown = re.findall(r"^uv run wxkf (account|message|stats|media)(.*?)(?:  #.*)?$", _readme(name), re.MULTILINE)
    assert len(shown) == 4
    (tmp_path / "menu.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for group, words in shown:  # understood, and then found to have no settings
        done = wxkf(group, *words.split(), cwd=tmp_path)
        assert (done.returncode, "WXKF_CORP_ID, WXKF_SECRET must be set" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("name", [name for name in pages() if blocks(page(name), "sh")])
def test_the_commands_a_page_shows_are_taken(name: str) -> None:
    shown = [line for block in blocks(page(name), "sh") for line in block.splitlines()]
    for line in (re.sub(r"^(uv run|docker compose exec bot) ", "", line) for line in shown):
        if line.startswith("wxkf "):
            _, *words = shlex.split(line, comments=True)
            _taken(words)


def _taken(words: list[str]) -> None:
    """Let the command line read words, down to the command that they are for, and run nothing."""
    command: Any = typer.main.get_command(app)
    context = None
    while True:
        context = command.make_context("wxkf", words, parent=context)
        rest = [*context._protected_args, *context.args]
        if not rest or not hasattr(command, "resolve_command"):
            return
        _, command, words = command.resolve_command(context, rest)


def _readme(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
