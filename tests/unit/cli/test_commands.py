"""The commands as a person runs them: in a process of their own."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = {"WXKF_CORP_ID": "ww1", "WXKF_SECRET": "sec-ret", "WXKF_TOKEN": "Tok", "WXKF_AES_KEY": "a" * 43}
SILENT = """
from wxkf import Bot, Context, Text
bot = Bot()
@bot.on(Text)
async def fail(ctx: Context[Text]) -> str:
    raise ValueError("out of paper")
"""


def environment(**extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WXKF_")}
    return {**kept, "WXKF_LANG": "en", "PYTHONUNBUFFERED": "1", "COLUMNS": "200", **extra}


def wxkf(*words: str, cwd: Path | None = None, **extra: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wxkf", *words]
    return subprocess.run(
        command, cwd=cwd, env=environment(**extra), capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "broken.py").write_text(SILENT, encoding="utf-8")
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


def test_demo_says_where_an_unanswered_message_was_last_seen(folder: Path) -> None:
    done = wxkf("demo", "broken:bot", "--say", "hi", cwd=folder)

    assert done.returncode == 1
    assert "No answer to “hi” within 10 s. Last seen: given up: ValueError: out of paper." in done.stdout


def test_demo_serves_its_page_and_stops_cleanly_on_ctrl_c() -> None:
    command = [sys.executable, "-m", "wxkf", "demo", "--no-browser"]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout
        said: list[str] = []
        while "Ctrl-C" not in "".join(said):
            said.append(demo.stdout.readline())
        demo.send_signal(signal.SIGINT)
        rest, errors = demo.communicate(timeout=20)

    assert re.search(r"http://127\.0\.0\.1:\d+/", "".join(said))
    assert (demo.returncode, rest.strip(), errors) == (0, "Stopped.", "")


@pytest.mark.parametrize(
    ("words", "env", "sentence"),
    [
        (("demo", "nowhere:bot"), {}, "there is no module 'nowhere'"),
        (("demo", "empty:bot"), {}, "empty has no Bot named 'bot'; make one with `bot = Bot()`"),
        (("demo", "broken:robot"), {}, "broken has no Bot named 'robot'; it has bot"),
        (("run", "broken:bot"), {**GOOD, "WXKF_SECRET": ""}, "WXKF_SECRET is not set"),
        (("run", "broken:bot"), {}, "WXKF_CORP_ID, WXKF_SECRET, WXKF_TOKEN, WXKF_AES_KEY are not set"),
        (
            ("run", "broken:bot"),
            {**GOOD, "WXKF_AES_KEY": "a" * 42},
            "WXKF_AES_KEY: the EncodingAESKey must be 43 letters and digits, this one has 42 characters",
        ),
        (
            ("run", "broken:bot"),
            {**GOOD, "WXKF_AES_KEY": "-" * 43},
            "WXKF_AES_KEY: the EncodingAESKey must be 43 letters and digits, this one holds other characters",
        ),
        (("run", "broken:bot"), {**GOOD, "WXKF_TOKEN": "a b"}, "WXKF_TOKEN: the callback Token must be 1 to 32"),
        (("run", "broken:bot"), {**GOOD, "WXKF_BASE_URL": "ftp://x"}, "WXKF_BASE_URL: the base address must begin with https://"),
        (("run", "broken:bot", "--port", "0", "--database", "no/such/folder/x.db"), GOOD, "cannot be opened"),
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


@pytest.mark.parametrize("command", [(), ("demo",), ("run",)])
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    assert "Usage: wxkf" in wxkf(*command, "--help").stdout
