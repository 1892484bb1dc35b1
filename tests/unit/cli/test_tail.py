"""`wxkf tail`: what a terminal shows, what a pipe gets, and that it ends."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from rich.console import Console

from kit.commands import started
from kit.inboxes import Inbox, row
from unit.cli.shop import CODE, WHEN, asks, fill
from wxkf.cli.tail import since_when, tail
from wxkf.engine.timer import timer_of
from wxkf.engine.values import Step, StepState
from wxkf.errors import ConfigError, StoreError
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock

Followed = Callable[..., str]


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    inbox = await fill(tmp_path / "wxkf.db")
    yield inbox
    await inbox.store.aclose()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WXKF_LANG", "en")


class Screen:
    """Somebody who follows a file, and what they see."""

    def __init__(self, path: Path, *, terminal: bool = True, as_json: bool = False, since: float = 0.0) -> None:
        self.clock = MovableClock(SimClock.frozen(WHEN + 30))
        self._stopped = asyncio.Event()
        self._file = io.StringIO()
        out = Console(file=self._file, width=80, force_terminal=terminal, color_system=None)
        self._task = asyncio.create_task(
            tail(path, since, out, as_json=as_json, clock=self.clock, stopped=self._stopped)
        )

    async def looks_again(self) -> None:
        """Let time pass until the next look."""
        await asyncio.sleep(0)
        self.clock.forward(seconds=1)
        await self.clock.caught_up()

    async def end(self) -> str:
        """Press Ctrl-C and give all that was printed."""
        self._stopped.set()
        assert await self._task == 0
        return self._file.getvalue()


async def test_a_terminal_shows_who_said_what_in_one_column(inbox: Inbox) -> None:
    screen = Screen(inbox.path)
    await screen.looks_again()
    lines = (await screen.end()).splitlines()
    assert [line.partition("  wk1        ")[2] for line in lines if "wmA" in line][:2] == [
        "wmA           › [enter_session]",
        "wmA           › 转人工",
    ]
    said = "\n".join(lines)
    assert all(
        words in said
        for words in (
            "‹ 稍等",
            "‹ session to a colleague zhang",
            "✗ given up: ValueError",
            "may have arrived, nobody knows",
        )
    )
    assert "\x1b" not in said
    assert CODE not in said
    assert max(map(len, lines)) <= 80


async def test_news_is_shown_as_it_comes(inbox: Inbox) -> None:
    screen = Screen(inbox.path, since=WHEN + 1)
    await screen.looks_again()
    await inbox.receive(asks("new", "wmZ", "新消息"), now=WHEN + 31)
    await screen.looks_again()
    (line,) = (await screen.end()).splitlines()
    assert line.endswith("wk1        wmZ           › 新消息")


async def test_a_pipe_gets_one_line_each(inbox: Inbox) -> None:
    await inbox.receive(asks("long", "wmZ", "第一行\n第二行 " + "长" * 100), now=WHEN + 1)
    screen = Screen(inbox.path, terminal=False, since=WHEN + 1)
    await screen.looks_again()
    (line,) = (await screen.end()).splitlines()
    assert line.endswith("› 第一行 第二行 " + "长" * 100)


async def test_programs_get_an_object_a_line(inbox: Inbox) -> None:
    screen = Screen(inbox.path, as_json=True)
    await screen.looks_again()
    said = await screen.end()
    rows = [json.loads(line) for line in said.splitlines()]
    assert CODE not in said
    outs = {(row["msgid"], row["text"], row["state"], row["result"]) for row in rows if row["what"] == "out"}
    assert ("doubt", "好的", "unknown", "not repeated") in outs
    assert ("human", "", "accepted", "***") in outs
    assert [row["reason"] for row in rows if row["what"] == "dead"] == ["ValueError: no such order"]
    assert [row["text"] for row in rows if row["what"] == "in"][1] == "转人工"


async def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no inbox"):
        await Screen(tmp_path / "nope.db")._task


@pytest.mark.parametrize(("given", "ago"), [("", 0), ("30s", 30), ("10m", 600), ("1.5h", 5_400), ("2d", 172_800)])
def test_since_is_a_length_of_time(given: str, ago: float) -> None:
    assert since_when(given, WHEN) == WHEN - ago


def test_since_is_a_moment() -> None:
    assert since_when("2026-11-25T14:30:00+08:00", WHEN) == 1_795_588_200
    assert since_when("9:30", WHEN) - since_when("09:00", WHEN) == 1_800
    for wrong in ("yesterday", "10x", "25:00"):
        with pytest.raises(ConfigError, match="is no time"):
            since_when(wrong, WHEN)


def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    async def make() -> None:
        await (await fill(tmp_path / "wxkf.db")).store.aclose()

    asyncio.run(make())
    with started("tail", "--since", "1h", cwd=tmp_path) as process:
        assert "given up" in process.said_until("given up")
        code, _, errors = process.interrupted()
    assert code == 0
    assert "Traceback" not in errors


@pytest.mark.parametrize("as_json", [False, True])
async def test_a_timer_that_is_set_is_no_answer(inbox: Inbox, as_json: bool) -> None:
    await inbox.receive(row("set", "wmTimer"), now=WHEN + 20)
    (claim,) = [one for one in await inbox.claim(50, now=WHEN + 20) if one.msgid == "set"]
    timer = timer_of(claim, "t-1", WHEN + 600, send={"msgtype": "text", "text": {"content": "还在吗"}})
    await inbox.store.schedule(claim, timer, Step(0, "timer", timer.raw, StepState.ACCEPTED, "t-1"))
    screen = Screen(inbox.path, as_json=as_json, since=WHEN + 15)
    await screen.looks_again()
    said = await screen.end()
    if as_json:
        assert [json.loads(line)["what"] for line in said.splitlines() if "wmTimer" in line] == ["in", "timer"]
    else:
        assert "⏱ timer set for" in said
        assert "‹ 还在吗" not in said
