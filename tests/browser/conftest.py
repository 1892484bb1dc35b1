"""A real browser and a real server for the page's tests.

Debian's chromium is driven through playwright. Where one of them is absent the tests skip and say so; under CI=true
they fail instead, so that a broken set-up cannot pass for a green run.
"""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, NoReturn

import pytest
import uvicorn

from browser.bot import Bot
from wxkf.sim import SimClock, Simulator

if TYPE_CHECKING:
    from playwright.async_api import ConsoleMessage, Page

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def absent(what: str) -> NoReturn:
    """Skip for want of something, or fail where CI promised it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI=true says it must not be")
    pytest.skip(f"{what} is missing: see CONTRIBUTING.md")


def _is_wrong(message: "ConsoleMessage") -> bool:
    """Tell an error from the line a browser writes for each 400; what was refused is shown to the person."""
    return message.type == "error" and "400 (Bad Request)" not in message.text


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    """A simulator on a ticking clock."""
    sim = Simulator(clock=SimClock(), seed=1)
    yield sim
    await sim.aclose()


@pytest.fixture
async def address(sim: Simulator) -> AsyncIterator[str]:
    """The simulator behind uvicorn on a free loopback port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:  # it listens already: early browsers wait in line
        config = uvicorn.Config(sim.app, log_level="warning", ws="none", timeout_graceful_shutdown=5)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        await sim.aclose()
        server.should_exit = True
        await serving


@pytest.fixture
def bot(sim: Simulator) -> Bot:
    """Who answers."""
    return Bot(sim)


@pytest.fixture
async def page() -> AsyncIterator["Page"]:
    """A page in an English chromium, wide enough for all three parts. Whatever it logs as an error fails the test."""
    chromium = shutil.which("chromium")
    if chromium is None:
        absent("Debian's chromium")
    if find_spec("playwright") is None:
        absent("playwright")

    from playwright.async_api import async_playwright

    errors = list[str]()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page(locale="en-US", viewport={"width": 1600, "height": 940})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if _is_wrong(message) else None)
        yield page
        await browser.close()
    assert errors == []
