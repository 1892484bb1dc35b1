"""Work for days and see whether anything grows: `uv run python -m tests.proof.soak [--minutes 10]`.

The bot is a process of its own, on a clock that jumps ten minutes at a time: rings, pulls, answers, timers, failures,
tokens that run out, customers who come and go, and after a week of it the first messages that are deleted. The
platform is a stub beside it that keeps nothing. Once a simulated day the bot says how long its handlers were waited
for; its memory and its file are looked at from outside. Flat means that the last third is as the one before it.
"""

import argparse
import asyncio
import json
import logging
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from kit.callbacks import CORP, KEY, TOKEN, callback
from wxkf.client.aio import AsyncClient
from wxkf.client.asgi import ask
from wxkf.client.settings import App
from wxkf.engine.engine import Engine
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.work import Work
from wxkf.messages.inbound import Text
from wxkf.messages.outbound import Outbound
from wxkf.messages.outbound import Text as Say
from wxkf.serve import Server
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock
from wxkf.web import CallbackApp

KF = "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q"
DAY, STEP = 86_400, 600
BURST = 8  # messages each ten minutes
KEPT = 7  # days
NEWCOMERS = 300  # customers a day; each writes for two days
WARM = KEPT + 2  # days until something has been deleted every hour for a day


class Day(NamedTuple):
    """What one simulated day looked like; seconds and bytes."""

    messages: int
    p50: float
    p99: float
    memory: int
    file: int
    journal: int


# ── the platform ────────────────────────────────────────────────────────────────────────────────────────────────────


async def platform(scope: Any, receive: Any, send: Any) -> None:
    """Answer any call and keep nothing: the callback's token says how many messages there are, and what time it is."""
    body = (await receive()).get("body", b"")
    answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
    match scope["path"].removeprefix("/cgi-bin/"):
        case "gettoken":
            answer |= {"access_token": "made-up" * 8, "expires_in": 7200}
        case "kf/account/list":
            answer["account_list"] = [{"open_kfid": KF, "manage_privilege": True}]
        case "kf/sync_msg":
            asked = json.loads(body)
            at = int(asked.get("cursor") or 0)
            end, now = map(int, asked["token"].split(".")) if asked.get("token") else (at, 0)
            upto = min(end, at + asked["limit"])
            answer |= {"next_cursor": str(upto), "has_more": int(upto < end)}
            answer["msg_list"] = [_message(number, now) for number in range(at, upto)]
        case "kf/send_msg" | "kf/send_msg_on_event":
            answer["msgid"] = json.loads(body)["msgid"]
    raw = json.dumps(answer).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(raw))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": raw})


def _message(number: int, now: int) -> dict[str, Any]:
    day = number // (BURST * DAY // STEP)
    who = day * NEWCOMERS + number * 7919 % (2 * NEWCOMERS)
    common = {"msgid": f"{number * 7919 % 1_000_003:x}{number:030x}"[:32], "open_kfid": KF, "send_time": now}
    if number % 50 == 0:
        event = {"event_type": "enter_session", "open_kfid": KF, "external_userid": f"wm{who:030}"}
        event |= {"scene": "1", "welcome_code": f"code{number}"}
        return {**common, "origin": 4, "msgtype": "event", "event": event}
    text = {"content": f"{number} 请问我的订单什么时候可以发货，谢谢"}
    return {**common, "origin": 3, "external_userid": f"wm{who:030}", "msgtype": "text", "text": text}


def _notice(token: str, now: int) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><CreateTime>{now}</CreateTime>"
        f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>"
        f"<Token><![CDATA[{token}]]></Token><OpenKfId><![CDATA[{KF}]]></OpenKfId></xml>"
    ).encode()


# ── the bot ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Bot:
    """An engine at work, rung by hand."""

    def __init__(self, url: str, path: str) -> None:
        self.clock = MovableClock(SimClock.frozen())
        self._app = App(CORP, "made-up-for-the-soak", TOKEN, KEY, url)
        self._client = AsyncClient.of(self._app, clock=self.clock)
        self._store = SqliteStore(path, now=self.clock.now)
        settings = InboxSettings(start="all", retention=KEPT * DAY)
        self.engine = Engine(CORP, self._client, self._store, self._handle, clock=self.clock, settings=settings)
        self._callback = CallbackApp(self._app.receiver(), self.engine.note)
        self._luck = random.Random(1)
        self._rung, self._there, self.waits = 0.0, 0, list[float]()

    async def _handle(self, work: Work) -> Sequence[Outbound]:
        if work.claim.attempt == 1:
            self.waits.append(time.perf_counter() - self._rung)
        if not isinstance(work.event, Text):
            return [Say(content="欢迎")]
        chance = self._luck.random()
        await work.history(10)
        if chance < 0.02 and work.claim.attempt == 1:
            raise ValueError("not the first time")
        if chance < 0.1:
            await work.later(self.clock.now() + 3 * STEP, "还在吗", quiet=True)
        if chance < 0.2:
            await work.reply("稍等")
        return [Say(content="明天发货")]

    async def day(self) -> dict[str, Any]:
        """Let a day pass. Returns how long handlers were waited for."""
        self.waits.clear()
        for _ in range(DAY // STEP):
            self.clock.forward(seconds=STEP)
            await self.clock.caught_up()
            self._there += BURST
            query, body = callback(_notice(f"{self._there}.{int(self.clock.now())}", int(self.clock.now())))
            self._rung = time.perf_counter()
            answer = await ask(self._callback, "POST", "/", query, body)
            assert answer.status == 200, answer.body
            await self._quiet()
        cuts = quantiles(self.waits, n=100)
        return {"messages": len(self.waits), "p50": cuts[49], "p99": cuts[98]}

    async def _quiet(self) -> None:
        while True:
            await self.engine.quiet()
            due = await self.engine.next_due()
            if due is None:
                return
            self.clock.forward(seconds=max(0.0, due - self.clock.now()))
            self.engine.look()

    async def live(self) -> None:
        """Say how each day was, for as long as somebody listens."""
        async with self.engine:
            await self.engine.quiet()
            while True:
                print(json.dumps(await self.day()), flush=True)


# ── the watch ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def watched(minutes: float, folder: Path) -> list[Day]:
    """Let a bot live for so long. Returns its days."""
    days, path = list[Day](), folder / "inbox.db"
    end = time.monotonic() + minutes * 60
    async with Server(platform) as server:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, __file__, "--bot", server.url, str(path), stdout=asyncio.subprocess.PIPE
        )
        assert bot.stdout is not None
        try:
            while time.monotonic() < end or len(days) < 3:
                said = json.loads(await bot.stdout.readline())
                days.append(Day(**said, memory=_resident(bot.pid), file=_size(path), journal=_size(f"{path}-wal")))
        finally:
            bot.kill()
            await bot.wait()
    return days


def _resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096


def _size(path: object) -> int:
    return Path(str(path)).stat().st_size


def thirds(days: Sequence[Day]) -> list[Day]:
    """Give the median day of each third of the days after the warm-up, or of all of a short run."""
    steady = days[WARM:] if len(days) >= WARM + 9 else days
    size = len(steady) // 3
    parts = (steady[:size], steady[size : 2 * size], steady[2 * size :])
    return [Day(*(median(column) for column in zip(*part, strict=True))) for part in parts]


LIMITS = {"p50": 1.25, "p99": 1.5, "memory": 1.05, "file": 1.1, "journal": 1.5}
"""How many times as much as in the second third there may be in the last one."""


def grown(before: Day, after: Day) -> list[str]:
    """Name what is not flat."""
    return [name for name, most in LIMITS.items() if getattr(after, name) > most * getattr(before, name)]


def show(days: Sequence[Day]) -> bool:
    """Print the table. True if all of it is flat."""
    parts = thirds(days)
    first = parts[0]
    table = Table(box=MARKDOWN)
    for head in ("", "messages a day", "to the handler, p50", "p99", "memory", "file", "journal"):
        table.add_column(head, justify="right" if head else "left")
    for name, day in zip(("first third", "second third", "last third"), parts, strict=True):
        times = (f"{day.p50 * 1e3:.2f} ms", f"{day.p99 * 1e3:.2f} ms")
        sizes = (f"{size / 1e6:.1f} MB" for size in (day.memory, day.file, day.journal))
        table.add_row(name, f"{day.messages:.0f}", *times, *sizes)
    bad = grown(*parts[1:])
    total = sum(day.messages for day in days)
    Console(width=140).print(f"{len(days)} simulated days, {total:,} messages; {KEPT} days are kept:", table, sep="\n")
    print(f"Not flat: {', '.join(bad)}" if bad else "Flat.")
    return not bad and bool(first.messages)


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--minutes", type=float, default=10.0, help="of real time")
    given.add_argument("--bot", nargs=2, metavar=("URL", "FILE"), help=argparse.SUPPRESS)
    asked = given.parse_args()
    logging.disable(logging.CRITICAL)
    if asked.bot:
        asyncio.run(Bot(*asked.bot).live())
    with TemporaryDirectory() as name:
        sys.exit(not show(asyncio.run(watched(asked.minutes, Path(name)))))
