"""What the READMEs show is run: the bot, its test, the client's calls; both languages show the same code."""

import ast
import re
import tomllib
import types
from pathlib import Path

import pytest

from wxkf.client.settings_file import read_settings
from wxkf.testing import Chat

ROOT = Path(__file__).parents[2]
KEY = "k" * 43
READMES = ("README.md", "README.zh.md")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)


def run(source: str, name: str) -> types.ModuleType:
    module = types.ModuleType(name)
    exec(compile(source, name, "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("name", READMES)
def test_the_first_code_stands_before_line_20(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()

    assert next(number for number, line in enumerate(lines, 1) if line.startswith("```")) < 20


def test_both_languages_show_the_same_python() -> None:
    english, chinese = ([ast.dump(ast.parse(block)) for block in blocks(name, "python")] for name in READMES)

    assert english == chinese
    assert len(english) == 3


def test_both_languages_give_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        return [line.partition("  #")[0].strip() for block in blocks(name, "sh") for line in block.splitlines()]

    assert commands("README.md") == commands("README.zh.md")
    assert commands("README.md")[:2] == ["pip install uv && uv run wxkf demo", "pip install uv && uv run pytest"]


def test_the_settings_file_is_one_and_is_read() -> None:
    apps = ("SHOP", "REPAIR", "SUITE")
    env = {f"{app}_{key}": value for app in apps for key, value in (("SECRET", "x"), ("TOKEN", "x"), ("AES_KEY", KEY))}
    english, chinese = (tomllib.loads(blocks(name, "toml")[0]) for name in READMES)

    assert english == chinese
    assert [app.name for app in read_settings(english, env).apps] == ["ww…", "ww…/1000007"]


async def test_the_bot_and_its_test_run_as_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    bot, test, _client = blocks("README.md", "python")
    monkeypatch.setitem(__import__("sys").modules, "hello", run(bot, "hello"))

    await run(test, "test_hello").test_greets_and_answers()


async def test_the_bot_would_fail_its_test_if_it_answered_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = run(blocks("README.md", "python")[0].replace("每天 9:00 到 21:00。", "?"), "hello")

    async with Chat(bot.bot) as customer:
        await customer.enters()
        assert await customer.says("营业时间") == ["?"]
