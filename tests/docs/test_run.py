"""The guide to running a bot: its function answers a callback, its commands are taken, both languages show the same."""

import asyncio
import json
import re
import sys
import types
from configparser import ConfigParser
from pathlib import Path

import pytest

from kit.commands import wxkf
from wxkf.cli.new.make import make
from wxkf.serve import Server
from wxkf.sim import Simulator

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = ("run.md", "run.zh.md")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)


def bare(block: str) -> list[str]:
    """Give the lines without their comments."""
    return [line for found in block.splitlines() if (line := re.sub(r"(^|\s+)#.*", "", found).strip())]


@pytest.mark.parametrize("language", ["sh", "python", "ini"])
def test_both_languages_show_the_same(language: str) -> None:
    english, chinese = (["\n".join(bare(block)) for block in blocks(name, language)] for name in GUIDES)
    assert english
    assert english == chinese


def test_the_unit_stops_no_sooner_than_the_bot() -> None:
    unit = ConfigParser()
    unit.read_string(blocks("run.md", "ini")[0])
    assert int(unit["Service"]["timeoutstopsec"]) > 15
    assert unit["Service"]["execstart"].endswith("/wxkf run bot:bot --host 127.0.0.1")


def test_what_can_be_triggered_here_is_taken(tmp_path: Path) -> None:
    make(tmp_path / "shop", "zh")
    (tmp_path / "shop" / "menu.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    shown = [line for block in blocks("run.md", "sh") for line in bare(block) if line.startswith("wxkf trigger ")]
    assert len(shown) == 10
    for line in shown:
        words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line.removeprefix("wxkf "))]
        done = wxkf(*words, *(() if "--bot" in words else ("--bot", "bot:bot")), cwd=tmp_path / "shop")
        assert (done.returncode, done.stderr.count("wxkf:")) == (0, 0), (line, done.stderr)


async def test_the_function_answers_what_a_callback_announces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "shop", "zh")
    monkeypatch.syspath_prepend(tmp_path / "shop")
    monkeypatch.delitem(sys.modules, "bot", raising=False)
    index, sim = types.ModuleType("index"), Simulator()
    exec(compile(blocks("run.md", "python")[0], "index.py", "exec"), index.__dict__)
    answers = list[int]()

    async def ring(query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        event = {"httpMethod": "POST", "queryString": json.loads(json.dumps(query)), "body": body.decode()}
        done = await asyncio.to_thread(index.main, event, None)
        answers.append(done["statusCode"])
        return done["statusCode"], done["body"].encode()

    async with Server(sim.app) as server:
        names = {"CORP_ID": sim.corp_id, "SECRET": sim.secret, "TOKEN": sim.token, "AES_KEY": sim.aes_key}
        names |= {"BASE_URL": server.url, "DATABASE": str(tmp_path / "wxkf.db")}
        for name, value in names.items():
            monkeypatch.setenv(f"WXKF_{name}", value)
        sim.deliver_to(ring)
        customer = sim.customers.add("小王")
        sim.customers.say(sim.open_kfid, customer, "营业时间")
        await sim.quiet()
        assert await asyncio.to_thread(index.main, {}, None) == {"statusCode": 200, "body": "success"}
        await sim.aclose()
    heard = [one.body["content"] for one in sim.platform.phone(sim.open_kfid, customer) if one.who == "account"]
    assert (answers, heard) == ([200], ["每天 9:00 到 21:00。"])
    monkeypatch.delitem(sys.modules, "bot", raising=False)
