"""How smooth the simulator's page stays while the journal runs: frames of a real browser, short journal and long.

Strategy: one simulator, two pages in headless Chromium, one opened on an empty journal and one that has seen 20,000
lines; in turn each is in front while 200 calls a second come in, and tells how long its frames took by
requestAnimationFrame. 16.7 ms is a frame of 60 Hz.
"""

import asyncio
import shutil
from statistics import median
from typing import Any

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

CALLS, SECONDS, ROUNDS, LONG = 200, 2.0, 5, 20_000
_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_FRAMES = """seconds => new Promise(done => {
  const gaps = [], end = performance.now() + seconds * 1000;
  let last = performance.now();
  const frame = at => {
    gaps.push(at - last);
    last = at;
    at < end ? requestAnimationFrame(frame) : done(gaps.slice(2));
  };
  requestAnimationFrame(frame);
})"""


def run() -> None:
    """Measure the frames and print them."""
    found = asyncio.run(_race())
    table = Table("", "median frame", "95 of 100", "longest", "lines in the page", box=MARKDOWN)
    for name, (gaps, lines) in found.items():
        ordered = sorted(gaps)
        numbers = [median(gaps), ordered[len(ordered) * 95 // 100], ordered[-1]]
        table.add_row(name, *(f"{one:.1f} ms" for one in numbers), str(lines))
    Console().print(f"The page's frames while {CALLS} calls a second come in:", table, sep="\n")


async def _race() -> dict[str, tuple[list[float], int]]:
    from playwright.async_api import async_playwright

    from wxkf.serve import Server
    from wxkf.sim import Settings, Simulator

    sim = Simulator(settings=Settings(limits_frequency=False))
    found: dict[str, tuple[list[float], int]] = {}
    async with Server(sim.app) as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        pages = {}
        for name, lines in ((f"after {LONG:,} lines", LONG), ("an empty journal", 0)):
            pages[name] = await browser.new_page(viewport={"width": 1480, "height": 880})
            await pages[name].goto(server.url)
            await _flood(sim, lines, 2_000)
            if not lines:
                sim.worlds.reset(1)
        for _ in range(ROUNDS):
            for name, page in pages.items():
                await page.bring_to_front()
                gaps, _ = await asyncio.gather(
                    page.evaluate(_FRAMES, SECONDS), _flood(sim, int(CALLS * SECONDS), CALLS)
                )
                count = await page.locator(".entry").count()
                found[name] = (found.get(name, ([], 0))[0] + gaps, count)
        await browser.close()
        await sim.aclose()
    return found


async def _flood(sim: Any, calls: int, rate: int) -> None:
    from wxkf.sim.values import Request

    for number in range(calls):
        sim.platform.call(Request("GET", "/cgi-bin/gettoken", {"corpid": sim.corp_id, "corpsecret": sim.secret}))
        if number % 10 == 9:
            await asyncio.sleep(10 / rate)
