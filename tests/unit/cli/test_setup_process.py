"""`wxkf setup` in a process of its own: through pipes, and at a terminal with somebody typing."""

import asyncio
import os
import re
import signal
import stat
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kit.commands import COMMAND, PATIENCE, environment, wxkf
from unit.cli.clinic import Clinic, clinic
from wxkf.cli import dotenv

pytestmark = pytest.mark.processes

SETUP = (*COMMAND, "setup", "--host", "127.0.0.1", "--port", "0")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/callback")


async def save_url(it: Clinic, folder: Path, said: str) -> None:
    """Do what an admin does: enter URL, Token and key, and save."""
    kept = dotenv.read(folder / ".env")
    it.platform.console.seal_with(kept["WXKF_TOKEN"], kept["WXKF_AES_KEY"])
    it.sim.deliver_to_url(ADDRESS.findall(said)[0])
    while not await it.sim.verify_url():
        pass  # the console waits one second, and a busy machine may need longer: press save again


async def test_through_pipes_it_needs_nobody(tmp_path: Path) -> None:
    async with clinic() as it, asyncio.timeout(PATIENCE):
        env = environment(**{name: it.env[name] for name in ("WXKF_BASE_URL", "WXKF_CORP_ID", "WXKF_SECRET")})
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *SETUP, cwd=tmp_path, env=env, stdout=pipe, stderr=pipe, stdin=-3
        )
        assert process.stdout
        said = ""
        try:
            while not ADDRESS.search(said) or "✓  6." not in said:
                said += (await process.stdout.readline()).decode()
            await save_url(it, tmp_path, said)
            more, errors = (part.decode() for part in await process.communicate())
        finally:
            if process.returncode is None:
                process.kill()

    assert process.returncode == 0, errors
    assert "█▀▀▀▀▀█" in more
    assert not errors
    kept = dotenv.read(tmp_path / ".env")
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert kept["WXKF_SECRET"] == it.sim.secret
    for secret in (kept["WXKF_SECRET"], kept["WXKF_TOKEN"], kept["WXKF_AES_KEY"]):
        assert secret not in said + more  # the other end of a pipe may be a log


def test_through_pipes_what_is_missing_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    done = wxkf("setup", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("wxkf: WXKF_CORP_ID and WXKF_SECRET are missing and there is no terminal to ask in")


def test_a_malformed_setting_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    done = wxkf("setup", cwd=tmp_path, WXKF_CORP_ID="ww1", WXKF_SECRET="two words", WXKF_AES_KEY="short")

    assert done.returncode == 2
    assert "wxkf: WXKF_SECRET is malformed" in done.stderr
    assert "two words" not in done.stderr


def test_a_malformed_setting_is_told_in_chinese_with_chinese_stops(tmp_path: Path) -> None:
    done = wxkf("setup", cwd=tmp_path, WXKF_CORP_ID="ww1", WXKF_SECRET="two words", WXKF_LANG="zh")

    assert "wxkf: WXKF_SECRET 格式不对。Secret 见管理后台" in done.stderr


def test_run_reads_what_setup_wrote(tmp_path: Path) -> None:
    dotenv.write(tmp_path / ".env", {"WXKF_CORP_ID": "ww1", "WXKF_SECRET": "s", "WXKF_TOKEN": "t"})

    assert "wxkf: WXKF_AES_KEY is not set" in wxkf("run", "wxkf.cli.hello:bot", cwd=tmp_path).stderr


class Terminal:
    """What a person sees and types."""

    def __init__(self, master: int) -> None:
        self._master, self.seen = master, ""

    async def until(self, words: str) -> None:
        """Read until these words are on the screen."""
        while words not in self.seen:
            self.seen += (await asyncio.to_thread(os.read, self._master, 65_536)).decode(errors="replace")

    def types(self, words: str) -> None:
        """Press keys."""
        os.write(self._master, words.encode())


@asynccontextmanager
async def at_a_terminal(folder: Path, env: dict[str, str]) -> AsyncIterator[tuple[Terminal, Process]]:
    """Start it at a terminal; in the end it is not left running."""
    import pty

    master, slave = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *SETUP, cwd=folder, env=environment(**env), stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    )
    os.close(slave)
    try:
        async with asyncio.timeout(PATIENCE):
            yield Terminal(master), process
    finally:
        os.close(master)
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
async def test_at_a_terminal_somebody_is_asked_stops_and_goes_on(tmp_path: Path) -> None:
    async with clinic() as it:
        it.platform.console.switches.trusted_ips = set()
        env = {"WXKF_BASE_URL": it.env["WXKF_BASE_URL"], "TERM": "xterm", "COLUMNS": "100"}
        async with at_a_terminal(tmp_path, env) as (screen, process):
            await screen.until("企业ID)")
            screen.types(f"{it.sim.corp_id}\n")
            await screen.until("hidden while you type): ")  # the blank comes after what was typed ahead is dropped
            screen.types(f"{it.sim.secret}\n")
            await screen.until("60020")
            process.send_signal(signal.SIGINT)
            await screen.until("run `wxkf setup` again")
            first = await process.wait()
        kept = dotenv.read(tmp_path / ".env")
        assert first == 1
        assert it.sim.secret not in screen.seen
        assert kept["WXKF_TOKEN"] in screen.seen  # to be copied into the console
        assert kept["WXKF_SECRET"] == it.sim.secret

        it.platform.console.switches.trusted_ips = None
        async with at_a_terminal(tmp_path, env) as (screen, process):
            await screen.until("✓\x1b[0m  6.")
            await save_url(it, tmp_path, screen.seen)
            await screen.until("wxkf doctor, then")
            second = await process.wait()

    assert second == 0
    assert {**kept, "WXKF_URL_CHECKED": "yes"} == dotenv.read(tmp_path / ".env")
