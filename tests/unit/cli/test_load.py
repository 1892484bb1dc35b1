"""How a bot is named on the command line."""

import sys
from pathlib import Path

import pytest

from wxkf.bot.app import Bot
from wxkf.cli.load import load_bot
from wxkf.errors import ConfigError

BOTS = """
from wxkf import Bot

bot, night = Bot(), Bot()
other = 7

def made() -> Bot:
    return Bot()

def answer(ctx: object) -> str:
    return "hi"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a bot in it and another one below."""
    for name in ("wxkf_hello.py", "wxkf_shop/desk.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BOTS, encoding="utf-8")
    (tmp_path / "wxkf_torn.py").write_text("import wxkf_nowhere\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in ("wxkf_hello", "wxkf_shop", "wxkf_shop.desk"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    "spec",
    [
        "wxkf_hello:bot",
        "wxkf_hello",
        "wxkf_hello:night",
        "wxkf_hello:made",
        "wxkf_hello.py",
        "wxkf_hello.py:bot",
        "./wxkf_hello.py",
        "./wxkf_hello.py:night",
        "wxkf_shop.desk:bot",
        "wxkf_shop/desk.py",
        "./wxkf_shop/desk.py:bot",
    ],
)
def test_a_bot_goes_by_module_or_by_file(spec: str) -> None:
    assert isinstance(load_bot(spec), Bot)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("wxkf_hello:other", "wxkf_hello has no Bot named 'other'; it has bot, night"),
        ("wxkf_hello:answer", "wxkf_hello has no Bot named 'answer'; it has bot, night"),
        ("wxkf_hello.py:none", "wxkf_hello has no Bot named 'none'; it has bot, night"),
        ("wxkf_elsewhere.py", "there is no module 'wxkf_elsewhere' in "),
        ("wxkf_shop.till:bot", "there is no module 'wxkf_shop.till' in "),
        (":bot", "':bot' is not of the form module:name"),
        ("..hello:bot", "'..hello:bot' is not of the form module:name"),
        ("", "'' is not of the form module:name"),
        (".hello:bot", "'.hello:bot' is not of the form module:name"),
        (".", "'.' is not of the form module:name"),
        (".py", "'.py' is not of the form module:name"),
        ("./.py:bot", "'./.py:bot' is not of the form module:name"),
        ("/srv/shop/bot.py:bot", "'/srv/shop/bot.py:bot' is not of the form module:name; run it in its folder"),
        ("../bot.py", "'../bot.py' is not of the form module:name; run it in its folder"),
    ],
)
def test_a_wrong_name_is_a_sentence(spec: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_bot(spec)
    assert str(caught.value).startswith(sentence)


def test_a_mistake_inside_the_module_comes_through_as_it_is(folder: Path) -> None:
    (folder / "wxkf_slip.py").write_text("from wxkf import Bot, Text\nbot = Bot()\nint('x')\n", encoding="utf-8")
    with pytest.raises(ValueError, match="invalid literal for int"):
        load_bot("wxkf_slip:bot")


def test_a_module_that_is_missing_inside_the_bots_comes_through_as_it_is() -> None:
    with pytest.raises(ModuleNotFoundError, match="wxkf_nowhere"):
        load_bot("wxkf_torn:bot")
