"""The commands as a person runs them: in a process of their own."""

import re
from pathlib import Path

import pytest

from kit.commands import wxkf

pytestmark = pytest.mark.processes

GOOD = {"WXKF_CORP_ID": "ww1", "WXKF_SECRET": "sec-ret", "WXKF_TOKEN": "Tok", "WXKF_AES_KEY": "a" * 43}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "some.py").write_text("from wxkf import Bot\nbot = Bot()\n", encoding="utf-8")
    (tmp_path / "empty.py").write_text("", encoding="utf-8")
    return tmp_path


def test_demo_greets_answers_and_exits_0() -> None:
    done = wxkf("demo", "--say", "你好", "--say", "在吗")

    assert done.returncode == 0, done.stderr
    assert [line.strip() for line in re.findall(r"‹ (.*?)  \d+ ms", done.stdout)] == [
        "您好，我是演示机器人。想了解什么？",
        "收到：你好",
        "收到：在吗",
    ]
    assert not done.stderr


def test_demo_speaks_chinese() -> None:
    assert "1 句都已回答" in wxkf("demo", "--say", "你好", WXKF_LANG="zh").stdout


@pytest.mark.parametrize(
    ("words", "env", "sentence"),
    [
        (("demo", "nowhere:bot"), {}, "there is no module 'nowhere'"),
        (("demo", "empty:bot"), {}, "empty has no Bot named 'bot'; make one with `bot = Bot()`"),
        (("demo", "some:robot"), {}, "some has no Bot named 'robot'; it has bot"),
        (("demo", "--say", "hi", "--say", ""), {}, "--say needs words"),
        (("run", "some:bot"), {**GOOD, "WXKF_SECRET": ""}, "WXKF_SECRET is not set"),
        (("run", "some:bot"), {}, "WXKF_CORP_ID, WXKF_SECRET, WXKF_TOKEN, WXKF_AES_KEY are not set"),
        (
            ("run", "some:bot"),
            {**GOOD, "WXKF_AES_KEY": "a" * 42},
            "WXKF_AES_KEY: the EncodingAESKey must be 43 letters and digits, this one has 42 characters",
        ),
        (
            ("run", "some:bot"),
            {**GOOD, "WXKF_AES_KEY": "-" * 43},
            "WXKF_AES_KEY: the EncodingAESKey must be 43 letters and digits, this one holds other characters",
        ),
        (("run", "some:bot"), {**GOOD, "WXKF_TOKEN": "a b"}, "WXKF_TOKEN: the callback Token must be 1 to 32"),
        (
            ("run", "some:bot"),
            {**GOOD, "WXKF_BASE_URL": "ftp://x"},
            "WXKF_BASE_URL: the base address must begin with https://",
        ),
        (("run", "some:bot", "--port", "0", "--database", "no/such/folder/x.db"), GOOD, "cannot be opened"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(
    folder: Path, words: tuple[str, ...], env: dict[str, str], sentence: str
) -> None:
    done = wxkf(*words, cwd=folder, **{"WXKF_BASE_URL": "http://127.0.0.1:9", **env})

    assert done.returncode == 2
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert GOOD["WXKF_SECRET"] not in done.stderr


@pytest.mark.parametrize("words", [("demo", "--port", "80000"), ("run", "some:bot", "--port=-1")])
def test_a_port_that_is_none_is_a_usage_error(words: tuple[str, ...]) -> None:
    done = wxkf(*words)

    assert done.returncode == 2
    assert "Usage: wxkf" in done.stderr
    assert "'--port'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [(), ("demo",), ("run",)])
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    assert "Usage: wxkf" in wxkf(*command, "--help").stdout
