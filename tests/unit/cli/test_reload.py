"""`--reload`: what is saved takes effect, what is wrong is told, and nobody is forgotten or answered twice by it."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import msgspec
import pytest

from kit.commands import COMMAND, PATIENCE, environment
from wxkf.cli.reload import files
from wxkf.serve import Server
from wxkf.sim import Simulator
from wxkf.sim.values import Bubble

pytestmark = pytest.mark.processes

BOT = """
from wxkf import Bot, Context, Text

bot = Bot()

@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    return f"one: {ctx.text}"
"""


class Command:
    """The command while it runs, and the file that it runs."""

    def __init__(self, process: Process, file: Path) -> None:
        self.process, self._file, self.said = process, file, ""

    async def says(self, words: str) -> str:
        """Read what it prints up to a line with these words."""
        assert self.process.stdout
        while line := (await self.process.stdout.readline()).decode():
            self.said += line
            if words in line:
                return line
        raise AssertionError(f"never said {words!r}, but {self.said}")

    async def ended(self) -> int | None:
        """Wait until it has ended, and whoever else writes to where it writes."""
        out, _ = await self.process.communicate()
        self.said += out.decode()
        return self.process.returncode

    def save(self, *, new: str, old: str = "one") -> None:
        """Change the file as an editor does: a new one in its place."""
        beside = self._file.with_name(".bot.py.swp")
        beside.write_text(BOT.replace(old, new), encoding="utf-8")
        beside.replace(self._file)


@asynccontextmanager
async def command(folder: Path, *words: str, **env: str) -> AsyncIterator[Command]:
    """Run a command with --reload; in the end nothing of it is left running."""
    file = folder / "bot.py"
    file.write_text(BOT, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *words, "--reload", cwd=folder, env=environment(**env), stdout=PIPE, stderr=STDOUT,
        start_new_session=True,
    )  # fmt: skip
    running = Command(process, file)
    try:
        async with asyncio.timeout(PATIENCE):
            yield running
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


class Shop:
    """A platform with a customer, and the words a running bot needs to serve it."""

    def __init__(self, url: str, sim: Simulator) -> None:
        self.sim, self.customer, self.changed = sim, sim.customers.add("小王"), asyncio.Event()
        known = {"CORP_ID": sim.corp_id, "SECRET": sim.secret, "TOKEN": sim.token, "AES_KEY": sim.aes_key}
        self.env = {f"WXKF_{name}": value for name, value in known.items()} | {"WXKF_BASE_URL": url}
        sim.platform.watch(lambda change: self.changed.set() if isinstance(change, Bubble) else None)

    def say(self, words: str) -> None:
        """Let the customer write."""
        self.sim.customers.say(self.sim.open_kfid, self.customer, words)

    async def hears(self, count: int) -> list[str]:
        """Wait until there are so many answers."""
        while len(heard := self._heard()) < count:
            self.changed.clear()
            await self.changed.wait()
        return heard

    def _heard(self) -> list[str]:
        bubbles = self.sim.platform.phone(self.sim.open_kfid, self.customer)
        return [one.body["content"] for one in bubbles if one.who == "account"]


RUN = ("run", "bot:bot", "--host", "127.0.0.1", "--port", "0")


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """A platform over HTTP."""
    sim = Simulator()
    async with Server(sim.app) as server:
        yield Shop(server.url, sim)
        await sim.aclose()


async def test_what_is_saved_takes_effect_and_a_mistake_waits_for_the_next_change(tmp_path: Path, shop: Shop) -> None:
    async with command(tmp_path, *RUN, **shop.env) as run:
        await run.says("Listening")
        shop.say("一")
        assert await shop.hears(1) == ["one: 一"]

        run.save(new="two")
        await run.says("bot.py has changed")
        shop.say("二")
        await run.says("Listening")
        assert await shop.hears(2) == ["one: 一", "two: 二"]

        run.said = ""
        run.save(old="bot = Bot()", new="bot = Bot(")
        await run.says("Ended with exit code 1. The next change begins it anew.")
        assert "SyntaxError: '(' was never closed" in run.said
        assert "site-packages" not in run.said
        shop.say("三")

        run.save(new="three")
        assert await shop.hears(3) == ["one: 一", "two: 二", "three: 三"]

        run.process.send_signal(signal.SIGTERM)
        assert await run.ended() == 0


async def test_settings_are_part_of_a_project(tmp_path: Path, shop: Shop) -> None:
    secret = shop.env.pop("WXKF_SECRET")
    async with command(tmp_path, *RUN, **shop.env) as run:
        await run.says("WXKF_SECRET is not set")
        await run.says("Ended with exit code 2")
        (tmp_path / ".env").write_text(f"WXKF_SECRET={secret}\n", encoding="utf-8")
        await run.says(".env has changed")
        await run.says("Listening")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups like these")
async def test_one_ctrl_c_ends_both(tmp_path: Path, shop: Shop) -> None:
    async with command(tmp_path, *RUN, **shop.env) as run:
        await run.says("Listening")
        os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does: everybody in front of it hears
        assert await run.ended() == 0
    assert "Traceback" not in run.said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell who is an orphan")
async def test_the_bot_does_not_outlive_the_one_who_begins_it_anew(tmp_path: Path, shop: Shop) -> None:
    async with command(tmp_path, *RUN, **shop.env) as run:
        await run.says("Listening")
        run.process.kill()
        await run.ended()


async def test_the_demo_says_its_lines_again_and_goes_on_at_the_same_page(tmp_path: Path) -> None:
    async with command(tmp_path, "demo", "bot:bot", "--say", "Hi") as demo:
        await demo.says("‹ one: Hi")
        await demo.says("Ended with exit code 0")
        demo.save(new="two")
        await demo.says("‹ two: Hi")
        await demo.says("Ended with exit code 0")
    pages = re.findall(r"simulator (\S+)", demo.said)
    assert len(pages) == 2
    assert pages[0] == pages[1]


async def test_the_demos_conversation_goes_on(tmp_path: Path) -> None:
    async with command(tmp_path, "demo", "bot:bot", "--no-browser") as demo:
        url = re.findall(r"simulator (\S+)", await demo.says("simulator"))[0]
        await demo.says("Ctrl-C")
        kf = (await asyncio.to_thread(asked, f"{url}/_sim/people"))["accounts"][0]["open_kfid"]
        person = (await asyncio.to_thread(asked, f"{url}/_sim/customers/add", nickname="小红"))["external_userid"]
        chat = {"open_kfid": kf, "external_userid": person}
        await asyncio.to_thread(asked, f"{url}/_sim/customers/say", **chat, text="一")
        await demo.says("‹ one: 一")
        demo.save(new="two")
        await demo.says("bot.py has changed")
        await demo.says("wxkf demo")
        await asyncio.to_thread(asked, f"{url}/_sim/customers/say", **chat, text="二")
        await demo.says("‹ two: 二")
        shown = await asyncio.to_thread(asked, f"{url}/_sim/chat?open_kfid={kf}&external_userid={person}")
        demo.process.send_signal(signal.SIGINT)
        assert await demo.ended() == 0
    assert [bubble["body"]["content"] for bubble in shown["bubbles"]] == ["一", "one: 一", "二", "two: 二"]


def asked(url: str, **body: object) -> Any:
    """Use the control API."""
    with urlopen(Request(url, msgspec.json.encode(body) if body else None), timeout=PATIENCE) as answer:
        return msgspec.json.decode(answer.read())


def test_only_what_somebody_writes_is_watched(tmp_path: Path) -> None:
    kept = {"bot.py", "wxkf.toml", ".env", "shop/orders.py"}
    others = {"notes.txt", "wxkf.db", ".git/hooks.py", "__pycache__/bot.py", "env/lib/site.py", "node_modules/x.py"}
    for name in (*kept, *others, "env/pyvenv.cfg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {str(path.relative_to(tmp_path)) for path in files(tmp_path)} == kept
