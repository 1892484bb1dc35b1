"""What calls leave behind: the memory of a process after 10,000 of them, and after 100,000.

Strategy: each client in a fresh process, every call to another customer with other words and another id, so that what
is kept by content shows as well. By the first reading pools and caches are full; what grows from there on would grow
for ever. On Linux only, where a process may read its resident set.
"""

import asyncio
import subprocess
import sys
from itertools import count
from pathlib import Path
from resource import getpagesize

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from benchmarks.lanes import AT_ONCE, CORP, KFID, SECRET, WORDS
from benchmarks.loopback import loopback
from wxkf import AsyncClient, Client

FIRST, LAST = 10_000, 100_000
MOST = 2.0  # MB of growth that count as none: the allocator's own
LANES = {"wxkf, 64 at once": "async", "wxkf, sync": "sync"}


def run() -> None:
    """Measure both clients and print the table."""
    table = Table("", box=MARKDOWN)
    for head in (f"after {FIRST:,}", f"after {LAST:,}", "growth", "reach", ""):
        table.add_column(head, justify="right")
    with loopback() as url:
        for lane, mode in LANES.items():
            first, last = _measured(mode, url)
            verdict = "yes" if last - first <= MOST else "no"
            table.add_row(
                lane, f"{first:.1f} MB", f"{last:.1f} MB", f"{last - first:+.1f} MB", f"≤ {MOST:g} MB", verdict
            )
    Console().print("Resident memory of a process that makes calls:", table, sep="\n")


def _measured(mode: str, url: str) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.memory", mode, url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    first, last = map(float, done.stdout.split())
    return first, last


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 1e6


def _said(number: int) -> dict[str, str]:
    return {"touser": f"wm{number:030}", "open_kfid": KFID, "message": f"{number} {WORDS}", "msgid": f"{number:032}"}


async def _async(url: str) -> None:
    numbers = count()
    async with AsyncClient(CORP, SECRET, base_url=url) as client:

        async def task(until: int) -> None:
            while (number := next(numbers)) < until:
                await client.send_msg(**_said(number))

        for until in (FIRST, LAST):
            await asyncio.gather(*(task(until) for _ in range(AT_ONCE)))
            print(_resident())


def _sync(url: str) -> None:
    with Client(CORP, SECRET, base_url=url) as client:
        for number in range(LAST):
            client.send_msg(**_said(number))
            if number + 1 in (FIRST, LAST):
                print(_resident())


if __name__ == "__main__":
    _sync(sys.argv[2]) if sys.argv[1] == "sync" else asyncio.run(_async(sys.argv[2]))
