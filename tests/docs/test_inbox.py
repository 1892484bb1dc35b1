"""The page on the inbox names every command and every state, in both languages."""

import re
from pathlib import Path

import pytest

from wxkf.cli.inbox.command import app
from wxkf.cli.inbox_texts import TEXTS

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("inbox.md", "inbox.zh.md")
STATES = {key.split(".")[2] for key in TEXTS if key.startswith("inbox.state.")}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_every_command_and_every_state_is_on_the_page(name: str) -> None:
    commands = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    assert set(re.findall(r"^wxkf inbox ([a-z]+)", page(name), re.MULTILINE)) == commands
    table = re.findall(r"^\| (`.+?) \|", page(name), re.MULTILINE)
    assert {state for cell in table[1:] for state in re.findall(r"`(\w+)`", cell)} == STATES


def test_both_languages_show_the_same_commands() -> None:
    english, chinese = (re.findall(r"^(wxkf .+?)  #", page(name), re.MULTILINE) for name in PAGES)
    assert english == chinese
    assert len(english) == 11
