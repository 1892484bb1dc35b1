"""How `wxkf run` stops: what is being answered is answered first, and a second Ctrl-C does not wait for that."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kit.commands import COMMAND, PATIENCE, environment
from wxkf.serve import Server
from wxkf.sim import Simulator

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to one process"),
]

SLOW = """
import asyncio
from pathlib import Path
from wxkf import Bot, Context, Text

bot = Bot()

@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    print("begun", flush=True)
    while not Path("go").exists():
        await asyncio.sleep(0.01)
    return f"done: {ctx.text}"
"""
WAYS = {"one app": (), "a fleet": ("--config", "wxkf.toml")}


class Run:
    """The command, the platform beside it, and the customer."""

    def __init__(self, sim: Simulator, folder: Path, url: str, words: tuple[str, ...]) -> None:
        self.sim, self._folder, self._url, self._words = sim, folder, url, words
        self.customer = sim.customers.add("小王")
        self.process: Process | None = None

    async def start(self) -> None:
        """Start it."""
        known = {"CORP_ID": self.sim.corp_id, "SECRET": self.sim.secret, "TOKEN": self.sim.token}
        env = {f"WXKF_{name}": value for name, value in {**known, "AES_KEY": self.sim.aes_key}.items()}
        words = ("run", "slow:bot", "--host", "127.0.0.1", "--port", "0", *self._words)
        self.process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *words,
            cwd=self._folder,
            env=environment(**env, WXKF_BASE_URL=self._url),
            stdout=PIPE,
            stderr=PIPE,
        )

    async def says(self, words: str) -> str:
        """Read what it prints up to a line with these words."""
        assert self.process
        assert self.process.stdout
        while line := (await self.process.stdout.readline()).decode():
            if words in line:
                return line
        raise AssertionError(f"never said {words!r}")

    def asked(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self.process
        self.process.send_signal(number)

    async def ended(self) -> tuple[int | None, str]:
        """Wait for its end; the exit code and the errors."""
        assert self.process
        _, errors = await self.process.communicate()
        return self.process.returncode, errors.decode()

    @property
    def heard(self) -> list[str]:
        """What the customer was answered."""
        bubbles = self.sim.platform.phone(self.sim.open_kfid, self.customer)
        return [one.body["content"] for one in bubbles if one.who == "account"]


@pytest.fixture(params=WAYS)
async def run(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Run]:
    """A bot with a message in its hands."""
    async with running(tmp_path, WAYS[request.param]) as run:
        yield run


@asynccontextmanager
async def running(folder: Path, words: tuple[str, ...]) -> AsyncIterator[Run]:
    """Run the command until its handler has begun."""
    sim = Simulator()
    (folder / "slow.py").write_text(SLOW, encoding="utf-8")
    async with asyncio.timeout(PATIENCE), Server(sim.app) as server:
        table = f'[[app]]\ncorp_id = "{sim.corp_id}"\nsecret_env = "WXKF_SECRET"\nbase_url = "{server.url}"\n'
        (folder / "wxkf.toml").write_text(table + 'token_env = "WXKF_TOKEN"\naes_key_env = "WXKF_AES_KEY"\n')
        run = Run(sim, folder, server.url, words)
        sim.customers.say(sim.open_kfid, run.customer, "在吗")
        await run.start()
        try:
            await run.says("begun")
            yield run
        finally:
            if run.process and run.process.returncode is None:
                run.process.kill()
                await run.process.communicate()
            await sim.aclose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
async def test_what_is_being_answered_is_answered_first(run: Run, number: signal.Signals, tmp_path: Path) -> None:
    run.asked(number)
    said = await run.says("Stopping")
    assert run.heard == []
    (tmp_path / "go").touch()
    code, errors = await run.ended()
    assert re.match(r"Stopping\. 1 messages are still being answered, 10 s at most; Ctrl-C again", said)
    assert (code, run.heard, "Traceback" in errors) == (0, ["done: 在吗"], False)


async def test_a_second_ctrl_c_does_not_wait_and_nothing_is_lost(run: Run, tmp_path: Path) -> None:
    run.asked(signal.SIGINT)
    await run.says("Stopping")
    run.asked(signal.SIGINT)
    code, errors = await run.ended()
    assert (code, errors.count("Traceback"), "nclosed" in errors) == (130, 0, False)

    (tmp_path / "go").touch()
    await run.start()
    await run.says("begun")
    run.asked(signal.SIGTERM)
    assert (await run.ended())[0] == 0
    assert run.heard == ["done: 在吗"]


async def test_a_second_sigterm_is_no_hurry(run: Run, tmp_path: Path) -> None:
    run.asked(signal.SIGTERM)
    await run.says("Stopping")
    run.asked(signal.SIGTERM)
    run.asked(signal.SIGINT)
    (tmp_path / "go").touch()
    code, _ = await run.ended()
    assert (code, run.heard) == (0, ["done: 在吗"])
