"""The inbox: storing a page, handling what is in it from end to end, and both with a million messages in the file.

Strategy: what a person would write by hand stands beside ours, with the same tables, the same durability (WAL,
synchronous FULL) and the same promises: a message is dealt with when that is on disk, and only then is the next one of
its customer begun. Both take turns in one process, by the clock, since waiting for the disk is a part of it.
"""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Unpack

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from benchmarks.reference import Reference, commit_by_hand
from wxkf.bot.service import Asked
from wxkf.engine.dispatcher import Handler
from wxkf.engine.engine import Engine
from wxkf.engine.rows import rows_of
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.values import Account, Row
from wxkf.engine.work import Work
from wxkf.messages.decode import MessagePage, decode_page
from wxkf.messages.outbound import Outbound

APP, KF = "ww1", "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q"
PAGE, ROUNDS, PAGES = 1000, 9, 12
STORED, PEOPLE = 1_000_000, 100_000
KEPT = 30 * 86_400  # seconds: what is stored came in over as long as it is kept
NOW = 1_780_300_800.0


class Stream:
    """An account's log as the platform gives it out: pages of texts from so many customers, all of them new."""

    def __init__(self, people: int, size: int = PAGE, *, before: int = 0) -> None:
        """So many messages come `before` now, evenly; the others come now."""
        self._people, self._size, self._count, self._before = people, size, 0, before

    def page(self, more: bool) -> bytes:
        """Make the next page."""
        items = [self._item() for _ in range(self._size)]
        answer = {
            "errcode": 0,
            "errmsg": "ok",
            "next_cursor": f"c{self._count}",
            "has_more": int(more),
            "msg_list": items,
        }
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()

    def _item(self) -> dict[str, Any]:
        self._count += 1
        number = self._count * 7919 % 1_000_003  # msgids come in no order, as the platform's do
        sent = int(NOW - KEPT * max(0.0, 1 - self._count / self._before)) if self._before else int(NOW)
        return {
            "msgid": f"{number:x}{self._count:030x}"[:32], "open_kfid": KF, "send_time": sent, "origin": 3,
            "external_userid": f"wmAJ2GCAAA{number % self._people:022d}", "msgtype": "text",
            "text": {"content": "请问我的订单什么时候可以发货，谢谢"},
        }  # fmt: skip


class Line:
    """Stands in for the client: gives out pages that were made before."""

    def __init__(self, pages: Sequence[bytes]) -> None:
        self._pages = list(pages)
        self.account = self

    @property
    def is_empty(self) -> bool:
        """Whether all pages were given out."""
        return not self._pages

    def add(self, page: bytes) -> None:
        """Let a page come."""
        self._pages.append(page)

    async def list(self, **_: Any) -> Any:
        """List the account."""
        kinds = {"account_list": [type("Row", (), {"open_kfid": KF, "manage_privilege": True})()]}
        return type("Answer", (), kinds)()

    async def sync_msg(self, **_: Any) -> MessagePage:
        """Give the next page; an empty one at the end."""
        empty = b'{"next_cursor":"end","has_more":0,"msg_list":[]}'
        return decode_page(self._pages.pop(0) if self._pages else empty)


async def silent(_: Work) -> Sequence[Outbound]:
    """Say nothing."""
    return []


# ── storing a page ──────────────────────────────────────────────────────────────────────────────────────────────────


async def _ingest(folder: Path) -> dict[str, list[float]]:
    """Decode a page, keep each message raw, commit: ours and by hand, in turn."""
    store = SqliteStore(folder / "ours.db")
    await store.open()
    hand = Reference(folder / "hand.db")
    stream, account = Stream(400), await store.account(APP, KF, 0.0)
    seconds: dict[str, list[float]] = {"wxkf": [], "by hand": []}
    for turn in range(2 * ROUNDS):
        body = stream.page(more=True)
        began = perf_counter()
        if turn % 2:
            page = decode_page(body)
            await store.commit_page(account, page.next_cursor, rows_of(page, account), NOW)
            account = Account(APP, KF, page.next_cursor, 0.0)
        else:
            commit_by_hand(hand.db, body)
        seconds["wxkf" if turn % 2 else "by hand"].append(perf_counter() - began)
    await store.aclose()
    hand.db.close()
    return seconds


# ── end to end ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def ours(path: Path, pages: Sequence[bytes], handler: Handler = silent, **asked: Unpack[Asked]) -> float:
    """Pull and handle all of it. Returns the seconds."""
    line: Any = Line(pages)
    store = SqliteStore(path)
    await store.open()
    settings = InboxSettings(start="all", tokenless=1e9)
    engine = Engine(APP, line, store, handler, settings=settings, shared=True, **asked)
    began = perf_counter()
    async with engine:
        await engine.quiet()
        took = perf_counter() - began
        assert (await store.overview(APP)).waiting == 0  # noqa: S101 - it has been handled
        assert line.is_empty  # noqa: S101
    await store.aclose()
    return took


async def _end_to_end(folder: Path) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {"wxkf": [], "reference loop": []}
    for turn in range(ROUNDS):
        stream = Stream(2_000)
        pages = [stream.page(more=number < PAGES - 1) for number in range(PAGES)]
        seconds["wxkf"].append(await ours(folder / f"ours{turn}.db", pages))
        hand = Reference(folder / f"hand{turn}.db")
        seconds["reference loop"].append(await hand.run(pages))
        hand.db.close()
    return seconds


# ── with a full file ────────────────────────────────────────────────────────────────────────────────────────────────


async def _filled(path: Path, messages: int, people: int) -> list[float]:
    """Fill a file, then handle some pages more. Returns the seconds of each run of pages."""
    stream, store = Stream(people, before=messages), SqliteStore(path)
    await store.open()
    account = await store.account(APP, KF, 0.0)
    for _ in range(messages // PAGE):
        page = decode_page(stream.page(more=True))
        rows = [Row(one.msgid, one.external_userid, one.send_time, 3, one.raw, True) for one in rows_of(page, account)]
        await store.commit_page(account, page.next_cursor, rows, NOW)
        account = Account(APP, KF, page.next_cursor, 0.0)
    await store.aclose()
    return [await ours(path, [stream.page(more=number < 3) for number in range(4)]) / (4 * PAGE) for _ in range(5)]


def run() -> None:
    """Print the tables."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        ingest = asyncio.run(_ingest(folder))
        _show("Storing a page of 1000 messages", ingest, "by hand", 1.3, 1.0)
        loop = asyncio.run(_end_to_end(folder))
        _show("From page to handled, a message", loop, "reference loop", 1 / 0.7, PAGES * PAGE)
        full = {
            "10,000 messages stored": asyncio.run(_filled(folder / "small.db", 10_000, 1_000)),
            f"{STORED:,} messages, {PEOPLE:,} conversations": asyncio.run(_filled(folder / "big.db", STORED, PEOPLE)),
        }
        _show("From page to handled, a message, in a full file", full, "10,000 messages stored", 1.5, 1.0)


def _show(title: str, seconds: dict[str, list[float]], base: str, most: float, per: float) -> None:
    table = Table("", "median", f"x {base}", "reach", "", box=MARKDOWN)
    for name, found in seconds.items():
        ratio = median(found) / median(seconds[base])
        reach = "" if name == base else f"≤ {most:.2f}x"
        table.add_row(
            name, f"{median(found) / per * 1e6:,.1f} µs", f"{ratio:.2f}", reach, _said(ratio, most) if reach else ""
        )
    Console(width=120).print(f"{title}:", table, sep="\n")


def _said(ratio: float, most: float) -> str:
    return "yes" if ratio <= most else "no"
