"""The doorbell: how many callbacks the address takes, and how soon after one a handler begins.

Strategy: two servers alike but for the app; a bare ASGI app decrypts and answers, and does nothing else. For the wait,
one message comes every few milliseconds to an idle inbox, ours and the reference loop's.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import uvloop
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from benchmarks.callback import CORP, KEY, TOKEN, posted
from benchmarks.engine import APP, KF, Line, Stream
from benchmarks.hose import CONNECTIONS, post, serve, served
from benchmarks.hose import Line as Hose
from benchmarks.loopback import step_aside
from benchmarks.racing import stretches
from benchmarks.reference import Reference, claim_by_hand, commit_by_hand, settle_by_hand
from benchmarks.table import Goal, show
from wxkf.engine.engine import Engine
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound
from wxkf.protocol.callback import Notice, Receiver
from wxkf.web import CallbackApp

BARE = "bare ASGI app, same decode"
RINGS, PAUSE = 300, 0.005


def run() -> None:
    """Print both tables."""
    _show_endpoint()
    waits = asyncio.run(_waits())
    table = Table("", "p50", "p99", box=MARKDOWN)
    for name, found in waits.items():
        ordered = sorted(found)
        table.add_row(name, *(f"{ordered[len(ordered) * part // 100] * 1e3:.2f} ms" for part in (50, 99)))
    Console().print("From callback to handler on an idle machine:", table, sep="\n")


# ── the address ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _show_endpoint() -> None:
    query, body = posted()
    request = post(f"/?{query}", body)
    loop = uvloop.new_event_loop()
    with served("doorbell", BARE) as bare, served("doorbell", "wxkf") as ours:
        lanes: dict[str, Any] = {"wxkf": Hose(loop, ours, [request]), BARE: Hose(loop, bare, [request])}
        clock, _ = stretches(lanes, 21, least=CONNECTIONS)
    loop.close()
    show("Callbacks, 32 connections, by the clock", clock, BARE, {"wxkf": Goal(at_least=0.9)}, faster=True)


def _app(kind: str) -> Any:
    receiver = Receiver(TOKEN, KEY, CORP)
    taken: list[Notice] = []

    async def bare(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        taken[:] = [receiver.read(scope["query_string"].decode(), message["body"])]
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"7")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"success"})

    async def note(notice: Notice) -> None:
        taken[:] = [notice]

    return bare if kind == BARE else CallbackApp(receiver, note)


# ── the wait ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _waits() -> dict[str, list[float]]:
    with TemporaryDirectory() as name:
        return {
            "wxkf": await _ours(Path(name) / "ours.db"),
            "reference loop": await _by_hand(Path(name) / "hand.db"),
        }


async def _ours(path: Path) -> list[float]:
    stream, began, waits = Stream(50, size=1), 0.0, list[float]()

    async def handler(_: Work) -> Sequence[Outbound]:
        waits.append(perf_counter() - began)
        return []

    line: Any = Line([])
    store = SqliteStore(path)
    await store.open()
    async with Engine(APP, line, store, handler, settings=InboxSettings(start="all", tokenless=1e9), shared=True) as it:
        await it.quiet()
        ring = Notice("kf_msg_or_event", KF, "ENC", 0, (("OpenKfId", KF), ("Token", "ENC")), b"")
        for _ in range(RINGS):
            line.add(stream.page(more=False))
            await asyncio.sleep(PAUSE)
            began = perf_counter()
            await it.note(ring)
            await it.quiet()
    await store.aclose()
    return waits


async def _by_hand(path: Path) -> list[float]:
    stream, hand, waits = Stream(50, size=1), Reference(path), list[float]()
    loop = asyncio.get_running_loop()
    for _ in range(RINGS):
        page = stream.page(more=False)
        await asyncio.sleep(PAUSE)
        began = perf_counter()
        await loop.run_in_executor(None, commit_by_hand, hand.db, page)
        claimed = await loop.run_in_executor(None, claim_by_hand, hand.db)
        waits.append(perf_counter() - began)
        await loop.run_in_executor(None, settle_by_hand, hand.db, claimed)
    hand.db.close()
    return waits


if __name__ == "__main__":
    step_aside()
    uvloop.run(serve(_app(sys.argv[1])))
