"""`wxkf demo` with bots of one's own: what it says of those that do not answer, and the platform it lends out.

The processes run two at a time: beside the slowest, the bot that is tried three times, all others have theirs.
"""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from kit.commands import started, wxkf
from wxkf.client.settings import App
from wxkf.client.sync import Client

BOTS = """
import asyncio
from wxkf import Bot, Context, Text

bot, fails, silent, half, slow, empty = (Bot() for _ in range(6))

@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    return f"You said [b]{ctx.text}"

@fails.on(Text)
async def fail(ctx: Context[Text]) -> str:
    raise ValueError("out of paper [/A4]")

@silent.on(Text)
async def hush(ctx: Context[Text]) -> None:
    pass

@half.on(Text)
async def stumble(ctx: Context[Text]):
    await ctx.reply("One moment")
    return 7

@slow.on(Text)
async def dream(ctx: Context[Text]) -> None:
    await asyncio.Event().wait()
"""
ENDLESS = "600"  # seconds; whoever waits so long for an answer that will not come fails the test
CASES = {
    "fails": ("en", "bots:fails", "--say", "hi", "--say", "more", "--timeout", ENDLESS),
    "a file": ("en", "./bots.py", "--say", "hi"),
    "silent": ("en", "bots:silent", "--say", "hi", "--timeout", ENDLESS),
    "half": ("en", "bots:half", "--say", "hi", "--timeout", ENDLESS),
    "slow": ("en", "bots:slow", "--say", "hi", "--timeout", "1"),
    "empty": ("zh", "bots.py:empty", "--say", "hi", "--timeout", ENDLESS),
}
WARNINGS = ("The bot has no handlers: it will not answer anything.", "机器人没有处理函数，不会回答任何消息。")
NOT_AS_IT_SHOULD = "✗ “hi” was not answered as it should. Last seen: "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with bots."""
    path = tmp_path_factory.mktemp("bots")
    (path / "bots.py").write_text(BOTS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def played(folder: Path) -> Mapping[str, CompletedProcess[str]]:
    """Every case, played."""

    def play(case: str) -> CompletedProcess[str]:
        language, *words = CASES[case]
        return wxkf("demo", *words, cwd=folder, WXKF_LANG=language)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(CASES, pool.map(play, CASES), strict=True))


def test_a_bot_in_a_file_answers(played: Mapping[str, CompletedProcess[str]]) -> None:
    done = played["a file"]
    assert (done.returncode, done.stderr) == (0, "")
    assert "‹ You said [b]hi" in done.stdout
    assert "1 of 1 answered." in done.stdout


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("fails", f"{NOT_AS_IT_SHOULD}given up: ValueError: out of paper [/A4]."),
        (
            "silent",
            f"{NOT_AS_IT_SHOULD}handled; the handler said nothing, or none takes it, or colleagues have",
        ),
        (
            "empty",
            "✗ “hi” 没有得到应有的回答。最后位置：已处理；处理函数什么也没说，或没有函数接收它，或会话在接待人员处。",
        ),
        ("half", f"{NOT_AS_IT_SHOULD}given up: BadReply: int cannot be sent; a reply is a str, "),
        ("slow", "✗ No answer to “hi” within 1 s. Last seen: in the handler, which has not returned."),
    ],
)
def test_the_first_line_that_is_not_answered_ends_the_demo_and_says_where_it_was_last_seen(
    played: Mapping[str, CompletedProcess[str]], case: str, sentence: str
) -> None:
    done = played[case]
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith(sentence)
    assert "› more" not in done.stdout


def test_what_was_answered_before_a_failure_is_shown(played: Mapping[str, CompletedProcess[str]]) -> None:
    assert "‹ One moment" in played["half"].stdout


def test_the_handler_that_fails_is_named_in_the_log(played: Mapping[str, CompletedProcess[str]]) -> None:
    assert re.search(r"^in the handler fail for Text \S+$", played["fails"].stderr, re.MULTILINE)


@pytest.mark.parametrize("case", CASES)
def test_only_a_bot_without_handlers_is_warned_about(played: Mapping[str, CompletedProcess[str]], case: str) -> None:
    assert any(warning in played[case].stdout for warning in WARNINGS) is (case == "empty")


def test_demo_lends_its_platform_to_other_programs_and_stops_cleanly_on_ctrl_c() -> None:
    with started("demo", "--no-browser") as demo:
        said = demo.said_until("Ctrl-C")
        env = dict(re.findall(r"(WXKF_\w+)=(\S+)", said))
        with Client.of(App.from_env(env)) as client:
            (account,) = client.account.list().account_list
        stopped = demo.interrupted()

    assert f"  {env['WXKF_BASE_URL']}/\n" in said
    assert [line.split()[0] for line in said.splitlines() if "WXKF_SECRET=" in line] == ["export"]
    assert account.name == "演示小店"
    assert stopped == (0, "Stopped.", "")
