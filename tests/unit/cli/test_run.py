"""`wxkf run` beside a platform: it answers, it stops, and it does not start on credentials that are refused."""

import asyncio
import json
import re
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from kit.commands import COMMAND, PATIENCE, environment
from wxkf.serve import Server
from wxkf.sim import Simulator
from wxkf.sim.values import Bubble

WRONG = "wrong-and-not-to-be-shown"
RUN = ("run", "wxkf.cli.hello:bot", "--host", "127.0.0.1", "--port", "0")


@asynccontextmanager
async def running(sim: Simulator, folder: Path, words: Sequence[str] = RUN, **extra: str) -> AsyncIterator[Process]:
    """Serve the platform and run the bot on it; in the end neither is left running."""
    async with asyncio.timeout(PATIENCE), Server(sim.app) as server:
        known = {"CORP_ID": sim.corp_id, "SECRET": sim.secret, "TOKEN": sim.token, "AES_KEY": sim.aes_key}
        env = environment(**{f"WXKF_{name}": value for name, value in known.items()}, WXKF_BASE_URL=server.url)
        process = await asyncio.create_subprocess_exec(
            *COMMAND, *words, cwd=folder, env={**env, **extra}, stdout=PIPE, stderr=PIPE
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()
            await sim.aclose()


async def health(url: str, path: str) -> tuple[int, dict[str, Any]]:
    """Ask as a monitor does, again while the accounts are still looked for."""
    while True:
        try:
            with await asyncio.to_thread(urlopen, f"{url}/{path}", timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                said = json.load(error)
        if said["why"] != ["the accounts are not found yet"]:
            return 503, said


async def test_run_answers_what_a_callback_announces_and_stops_on_sigterm(tmp_path: Path) -> None:
    sim, answered = Simulator(), asyncio.Event()
    customer = sim.customers.add("小王")
    sim.platform.watch(lambda seen: answered.set() if isinstance(seen, Bubble) and seen.who == "account" else None)
    async with running(sim, tmp_path, WXKF_LANG="zh") as process:
        assert process.stdout
        first = (await process.stdout.readline()).decode()
        sim.deliver_to_url(re.findall(r"http://\S+:\d+", first)[0])
        assert await sim.verify_url()
        status, ready = await health(re.findall(r"http://\S+:\d+", first)[0], "readyz")
        assert (status, ready["ready"], ready["accounts"], ready["waiting"]) == (200, True, 1, 0)
        sim.customers.say(sim.open_kfid, customer, "在吗")
        await answered.wait()
        process.terminate()
        more, errors = (said.decode() for said in await process.communicate())

    assert first.startswith("正在监听 ")
    assert [bubble.body["content"] for bubble in sim.platform.phone(sim.open_kfid, customer)] == ["在吗", "收到：在吗"]
    assert (process.returncode, more) == (0, "")
    assert "Traceback" not in errors
    assert sim.secret not in errors
    assert (tmp_path / "wxkf.db").exists()


async def test_run_does_not_start_on_a_wrong_secret(tmp_path: Path) -> None:
    async with running(Simulator(), tmp_path, WXKF_SECRET=WRONG) as process:
        said, errors = (said.decode() for said in await process.communicate())

    assert (process.returncode, said) == (2, "")
    assert re.fullmatch(r"wxkf: WXKF_CORP_ID or WXKF_SECRET: gettoken was refused with 40001 .*", errors.strip())
    assert WRONG not in errors
    assert not (tmp_path / "wxkf.db").exists()


FALLS = """
import logging
from wxkf import Bot, Context, Text
bot = Bot()
@bot.on(Text)
async def fall(ctx: Context[Text]) -> str:
    logging.getLogger("shop").warning("looking for access_token=not-to-be-shown")
    raise KeyError("no such order")
"""


async def test_the_log_as_json_is_nothing_but_json_and_says_which_message_it_is_about(tmp_path: Path) -> None:
    (tmp_path / "falls.py").write_text(FALLS, encoding="utf-8")
    sim = Simulator()
    customer = sim.customers.add("小王")
    msgid = sim.customers.say(sim.open_kfid, customer, "在吗")
    words = ("run", "falls:bot", "--host", "127.0.0.1", "--port", "0", "--log", "json")
    lines: list[dict[str, str]] = []
    async with running(sim, tmp_path, words) as process:
        assert process.stderr
        while not any("error" in line for line in lines):
            lines.append(json.loads(await process.stderr.readline()))
        process.terminate()
        said, errors = (said.decode() for said in await process.communicate())

    assert (process.returncode, said) == (0, "")
    lines += [json.loads(line) for line in errors.splitlines()]
    assert lines[0]["message"].startswith("Listening on http://")
    (looked,) = [line for line in lines if line["logger"] == "shop"][:1]
    assert looked["message"] == "looking for access_token=***"
    failed = next(line for line in lines if "error" in line)
    for line in (looked, failed):
        about = (line["msgid"], line["open_kfid"], line["external_userid"], line["level"])
        assert about == (msgid, sim.open_kfid, customer, "warning")
    assert "KeyError: 'no such order'" in failed["error"]
    assert set(looked) == {"time", "level", "logger", "message", "msgid", "open_kfid", "external_userid"}


async def test_run_without_callbacks_polls_and_needs_no_keys(tmp_path: Path) -> None:
    sim, answered = Simulator(), asyncio.Event()
    customer = sim.customers.add("小王")
    sim.platform.watch(lambda seen: answered.set() if isinstance(seen, Bubble) and seen.who == "account" else None)
    sim.customers.say(sim.open_kfid, customer, "在吗")
    async with running(sim, tmp_path, (*RUN, "--poll"), WXKF_TOKEN="", WXKF_AES_KEY="") as process:
        assert process.stdout
        first = (await process.stdout.readline()).decode()
        assert "within 10 s for each account" in first
        await answered.wait()
