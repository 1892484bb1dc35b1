"""A bot in a process of its own beside a simulator served over HTTP, and the ways to kill it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from kit.ports import free_port
from wxkf.serve import Server
from wxkf.sim import Settings, Simulator
from wxkf.sim.values import Json

CHILD = Path(__file__).parents[1] / "crash" / "child.py"
PATIENCE = 15.0  # seconds of real time until something is declared never to happen


class Street:
    """One simulator over HTTP, one customer, and the address at which the bot lives, if it lives."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.sim = Simulator(seed=3, settings=Settings(**settings))
        self.customer = self.sim.customers.add("小明")
        self._folder = folder
        self._port = 0
        self._process: asyncio.subprocess.Process | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Street"]:
        """Serve the simulator; in the end nothing is left running."""
        async with Server(self.sim.app, port=0) as server:
            self._url, self._port = server.url, free_port()
            self.sim.deliver_to_url(f"http://127.0.0.1:{self._port}/")
            try:
                yield self
            finally:
                await self.kill()
                await self.sim.aclose()

    async def start(self, *, die_in_handler: bool = False) -> None:
        """Start the bot and return when it is ready."""
        mark = [str(self._folder / "died")] if die_in_handler else []
        secrets = {
            "WXKF_CORP_ID": self.sim.corp_id,
            "WXKF_SECRET": self.sim.secret,
            "WXKF_TOKEN": self.sim.token,
            "WXKF_AES_KEY": self.sim.aes_key,
            "WXKF_BASE_URL": self._url,
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, CHILD, str(self._port), str(self._folder / "inbox.db"), *mark,
            env={**os.environ, **secrets}, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            assert await self._process.stdout.readline() == b"ready\n"

    async def died(self) -> None:
        """Return when the bot is dead. Raises `TimeoutError` if it lives on."""
        assert self._process is not None
        async with asyncio.timeout(PATIENCE):
            await self._process.communicate()
        assert self._process.returncode == -signal.SIGKILL
        self._process = None

    async def kill(self) -> None:
        """Kill the bot if it lives."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()

    def kill_before_answer_to(self, path: str, *, count: int = 1) -> None:
        """Kill the bot when the platform has accepted its call of this path for the n-th time: it never hears so."""
        left = [count]

        def hook(called: str, _body: Json, answer: Json) -> None:
            if called != path or answer["errcode"]:
                return
            left[0] -= 1
            if left[0] == 0:
                assert self._process is not None
                self._process.kill()
                # wait until it is really gone, and leave it to asyncio to collect
                with contextlib.suppress(ChildProcessError):  # it was quicker
                    os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
                raise ConnectionResetError

        self.sim.platform.before_answer.append(hook)

    def say(self, *texts: str) -> None:
        """Let the customer write."""
        for text in texts:
            self.sim.customers.say(self.sim.open_kfid, self.customer, text)

    def enter(self) -> None:
        """Let the customer enter through the link."""
        self.sim.customers.enter(self.sim.open_kfid, self.customer)

    @property
    def heard(self) -> list[str]:
        """The texts on the phone that came from the account, without the process id at their end."""
        bubbles = self.sim.platform.phone(self.sim.open_kfid, self.customer)
        return [bubble.body["content"].partition(" ")[0] for bubble in bubbles if bubble.who == "account"]

    async def hears(self, last: str) -> list[str]:
        """Wait for a text, and give all that came up to it."""
        await self.until(lambda: last in self.heard)
        return self.heard

    async def until(self, true: Callable[[], bool]) -> None:
        """Return once something holds; looked at whenever something happens on the platform."""
        happened = asyncio.Event()
        unwatch = self.sim.platform.watch(lambda _: happened.set())
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():
                    await happened.wait()
                    happened.clear()
        finally:
            unwatch()
