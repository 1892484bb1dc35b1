"""`wxkf tail`: an inbox as a conversation that goes on, of everybody at once."""

import asyncio
import json
import re
import time
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from wxkf.cli.inbox.message import short
from wxkf.cli.inbox.step import TIMER, outcome, shown_result, style, title, words
from wxkf.cli.saying import safe, said
from wxkf.cli.texts import text
from wxkf.cli.times import clock, iso
from wxkf.cli.wrap import wrap
from wxkf.clock import Clock
from wxkf.engine.sqlite.follow import Follower, Happened
from wxkf.engine.sqlite.visit import watched
from wxkf.engine.values import StepState
from wxkf.errors import ConfigError

EVERY = 0.25  # seconds between looks
_SHARE = 5  # a look may take one part in so many of the time
_NARROW = 20  # cells that are too few to fold in
_SPAN = re.compile(r"(\d+(?:\.\d+)?)([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


async def tail(path: Path, since: float, out: Console, *, as_json: bool, clock: Clock, stopped: asyncio.Event) -> int:
    """Print what happens until told to stop. Returns the exit code. Raises `StoreError`."""
    with watched(path) as db:
        follower = Follower(db)
        follower.begin(since)
        while not stopped.is_set():
            began = clock.elapsed()
            for one in follower.look():
                _print_json(one, out) if as_json else show(one, clock.now(), out)
            await clock.wait(stopped, max(EVERY, _SHARE * (clock.elapsed() - began)))
    return 0


def since_when(given: str, now: float) -> float:
    """Read a time, or how long ago. Raises `ConfigError`."""
    if not given:
        return now
    if ago := _SPAN.fullmatch(given):
        return now - float(ago[1]) * _UNITS[ago[2]]
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", given):
            today = datetime.fromtimestamp(now).astimezone().date()
            return datetime.fromisoformat(f"{today}T{given:0>5}").astimezone().timestamp()
        return datetime.fromisoformat(given).astimezone().timestamp()
    except ValueError:
        raise ConfigError(text("tail.wrong_since", given=given)) from None


def show(one: Happened, now: float, out: Console) -> None:
    """Print one thing; in a terminal its words are folded beneath each other, elsewhere it is one line."""
    head = Text.assemble(
        (f"{clock(one.at, now)}  ", "dim"), (f"{short(one.open_kfid, 9):<9}  ", "dim"),
        (f"{short(one.external_userid, 13) or '-':<13} ", "cyan"),
    )  # fmt: skip
    sign, parts = _parts(one, now)
    head += sign + Text(" ")
    room = out.width - head.cell_len
    if not out.is_terminal or room < _NARROW:
        words_ = "  ".join(part.plain.replace("\n", " ") for part in parts if part)
        out.print(head + Text(words_), soft_wrap=True)
        return
    lines = [Text(line, style=part.style) for part in parts for line in _folded(part.plain, room)]
    for line in lines or [Text()]:
        out.print(head + line, soft_wrap=True)
        head = Text(" " * head.cell_len)


def _parts(one: Happened, now: float) -> tuple[Text, list[Text]]:
    """Give the sign, and the words: what was said, and what is to be said about that."""
    if one.what == "in":
        of_customer = one.origin == 3
        said_ = Text(said(one.raw), style="bold" if of_customer else "dim italic")
        return Text("›", style="green" if of_customer else "dim"), [said_]
    if one.what == "dead":
        return Text("✗", style="bold red"), [Text(text("tail.dead", reason=safe(one.result)), style="bold red")]
    colour = style(one.state)
    spoken = words(one.path, one.raw)
    if one.path == TIMER:
        set_ = " ".join(word for word in (title(one.path, one.raw, now), spoken) if word)
        return Text("⏱", style="dim"), [Text(set_, style="dim italic")]
    did = Text(spoken) if spoken else Text(title(one.path, one.raw, now), style="italic")
    return Text("‹", style="cyan" if one.state == StepState.ACCEPTED else colour), [
        did,
        Text(_unless_fine(one), colour),
    ]


def _folded(words: str, width: int) -> list[str]:
    return [line for part in words.splitlines() for line in wrap(part, width).splitlines()]


def _unless_fine(one: Happened) -> str:
    """Say what came of a step where it is not what everybody expects."""
    return "" if one.state == StepState.ACCEPTED else outcome(one.path, one.state, one.result)


def _print_json(one: Happened, out: Console) -> None:
    data: dict[str, object] = {"time": iso(one.at), "what": one.what, "app": one.app, "open_kfid": one.open_kfid}
    data |= {"external_userid": one.external_userid, "msgid": one.msgid}
    if one.what == "in":
        data |= {"origin": one.origin, "text": said(one.raw)}
    elif one.what == "out":
        data["what"] = "timer" if one.path == TIMER else "out"
        data |= {"path": one.path, "text": words(one.path, one.raw), "state": one.state}
        data["result"] = shown_result(one.path, one.state, one.result)
    else:
        data["reason"] = one.result
    print(json.dumps(data, ensure_ascii=out.options.ascii_only), file=out.file, flush=True)


async def run(path: Path, since: str, out: Console, *, as_json: bool) -> int:
    """Follow a file in real time until Ctrl-C."""
    from wxkf.cli.stop import stop_asked
    from wxkf.clock import SystemClock

    begin = since_when(since, time.time())
    with stop_asked() as stopped:
        if not as_json:
            Console(stderr=True).print(f"[dim]{text('tail.following', file=path)}[/]", highlight=False, soft_wrap=True)
        return await tail(path, begin, out, as_json=as_json, clock=SystemClock(), stopped=stopped)
