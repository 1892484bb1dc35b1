"""`wxkf run --config`: many apps from a file, and the file's changes while it runs."""

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
from wxkf.sim.values import Bubble

pytestmark = pytest.mark.processes

RUN = ("run", "wxkf.cli.hello:bot", "--host", "127.0.0.1", "--port", "0", "--config", "wxkf.toml")
WRONG = "wrong-and-not-to-be-shown"


class Shop:
    """One platform over HTTP with one customer, and the table that names its app."""

    def __init__(self, name: str, seed: int) -> None:
        self.sim, self.name, self.url = Simulator(seed=seed), name, ""
        self.customer = self.sim.customers.add("小王")

    def table(self, secret: str = "") -> str:
        """Write its table."""
        return (
            f'[[app]]\nname = "{self.name}"\npath = "/{self.name}"\ncorp_id = "{self.sim.corp_id}"\n'
            f'secret = "{secret or self.sim.secret}"\ntoken = "{self.sim.token}"\naes_key = "{self.sim.aes_key}"\n'
            f'base_url = "{self.url}"\n'
        )

    def say(self, words: str) -> None:
        """Let the customer write."""
        self.sim.customers.say(self.sim.open_kfid, self.customer, words)

    async def hears(self, words: str) -> None:
        """Wait until the customer is answered this."""
        while not any(bubble.body["content"] == words for bubble in self._phone()):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)

    def _phone(self) -> list[Bubble]:
        return self.sim.platform.phone(self.sim.open_kfid, self.customer)


class Running:
    """The command, and what it has logged so far."""

    def __init__(self, process: Process) -> None:
        self.process, self.logged = process, ""

    async def logs(self, words: str) -> None:
        """Read the log up to a line with these words."""
        assert self.process.stderr
        while line := (await self.process.stderr.readline()).decode():
            self.logged += line
            if words in line:
                return
        raise AssertionError(f"never said {words!r}, but {self.logged}")


@asynccontextmanager
async def shops(folder: Path) -> AsyncIterator[tuple[Shop, Shop]]:
    """Serve two platforms; the file names the first."""
    first, second = Shop("a", 1), Shop("b", 2)
    async with asyncio.timeout(PATIENCE), Server(first.sim.app) as one, Server(second.sim.app) as two:
        first.url, second.url = one.url, two.url
        write(folder, first.table())
        yield first, second
        for shop in (first, second):
            await shop.sim.aclose()


def write(folder: Path, text: str) -> None:
    """Put a settings file into the place of another, as editors do."""
    new = folder / "new.toml"
    new.touch(0o600)
    new.write_text(text)
    new.replace(folder / "wxkf.toml")


@asynccontextmanager
async def running(folder: Path, *shops: Shop) -> AsyncIterator[Running]:
    """Run the command; callbacks reach it."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *RUN, cwd=folder, env=environment(), stdout=PIPE, stderr=PIPE
    )
    try:
        assert process.stdout
        url = re.findall(r"http://\S+:\d+", (await process.stdout.readline()).decode())[0]
        for shop in shops:
            shop.sim.deliver_to_url(f"{url}/{shop.name}")
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_the_file_is_followed_while_it_runs(tmp_path: Path) -> None:
    async with shops(tmp_path) as (first, second), running(tmp_path, first, second) as command:
        await command.logs("a is at work")
        first.say("一")
        await first.hears("收到：一")

        write(tmp_path, first.table() + second.table(WRONG))
        await command.logs("settings read again: +b")
        await command.logs("b is stopped, the others go on: gettoken was refused with 40001")

        write(tmp_path, first.table().replace("corp_id", "corpid"))
        await command.logs("the settings before stay in force: wxkf.toml: app 1: there is no key corpid")
        first.say("二")
        await first.hears("收到：二")

        write(tmp_path, first.table() + second.table())
        await command.logs("settings read again: ~b")
        await command.logs("b is at work")
        second.say("三")
        await second.hears("收到：三")

        write(tmp_path, second.table())
        await command.logs("settings read again: -a")
        command.process.terminate()
        _, errors = await command.process.communicate()
    logged = command.logged + errors.decode()
    assert command.process.returncode == 0
    assert "Traceback" not in logged
    assert not any(secret in logged for secret in (WRONG, first.sim.secret, second.sim.secret))
    assert not (tmp_path / "wxkf-provider.db").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
async def test_sighup_tries_again_what_was_refused(tmp_path: Path) -> None:
    async with shops(tmp_path) as (first, _):
        right = first.sim.secret
        first.sim.console.reset_secret("not yet")
        async with running(tmp_path, first) as command:
            await command.logs("a is stopped")
            first.sim.console.reset_secret(right)
            command.process.send_signal(signal.SIGHUP)
            await command.logs("settings read again: ~a")
            await command.logs("a is at work")


async def test_a_file_that_is_wrong_from_the_start_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path, "[[app]]\n")
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *RUN, cwd=tmp_path, env=environment(), stdout=PIPE, stderr=PIPE
    )
    said, errors = await process.communicate()
    assert (process.returncode, said) == (2, b"")
    assert errors.decode().startswith("wxkf: wxkf.toml: app 1: corp_id is missing")
    assert "Traceback" not in errors.decode()
    assert not (tmp_path / "wxkf.db").exists()


async def test_secrets_named_in_the_file_may_stand_in_dot_env(tmp_path: Path) -> None:
    async with shops(tmp_path) as (first, _):
        secret = f'secret = "{first.sim.secret}"\n'
        write(tmp_path, first.table().replace(secret, 'secret_env = "SHOP_SECRET"\n'))
        (tmp_path / ".env").write_text(f"SHOP_SECRET={first.sim.secret}\n")
        async with running(tmp_path, first) as command:
            await command.logs("a is at work")
