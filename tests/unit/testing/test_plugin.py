"""The fixtures as another project's tests use them, in a pytest of its own."""

import subprocess
import sys
from pathlib import Path

BOT = """
from wxkf import Bot, Context, Text

bot = Bot()

@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    return f"收到：{ctx.text}"
"""

TESTS = """
import asyncio

from theirs import bot
from wxkf import AsyncClient
from wxkf.client.asgi import AsgiTransport


def test_a_bot_in_a_plain_function(wxkf_chat):
    async def talk():
        async with wxkf_chat(bot, nickname="小红") as customer:
            return await customer.says("你好")

    assert asyncio.run(talk()) == ["收到：你好"]


def test_a_client_and_what_the_platform_saw(wxkf_platform):
    async def ask():
        transport = AsgiTransport(wxkf_platform.app)
        async with AsyncClient(wxkf_platform.corp_id, wxkf_platform.secret, transport=transport) as client:
            return await client.account.list()

    assert asyncio.run(ask()).account_list[0].open_kfid == wxkf_platform.open_kfid
    assert [one.title for one in wxkf_platform.platform.journal] == ["gettoken", "kf/account/list"]


def test_the_two_share_one_world(wxkf_platform, wxkf_chat):
    async def talk():
        async with wxkf_chat(bot) as customer:
            await customer.says("一")
            wxkf_platform.trouble.revoke_token()
            return await customer.says("二")

    assert asyncio.run(talk()) == ["收到：二"]
"""

IDLE = """
import sys

def test_it_loads_nothing_until_asked():
    assert not [name for name in sys.modules if name.startswith("wxkf") and name not in ("wxkf", "wxkf.testing",
        "wxkf.testing.plugin")]
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "pytest", "-q", "-p", "no:asyncio", "-p", "no:xdist", *words]
    return subprocess.run(asked, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_the_fixtures_need_no_other_plugin(tmp_path: Path) -> None:
    (tmp_path / "theirs.py").write_text(BOT, encoding="utf-8")
    (tmp_path / "test_theirs.py").write_text(TESTS, encoding="utf-8")
    done = run(tmp_path)
    assert "3 passed" in done.stdout, done.stdout + done.stderr


def test_an_idle_plugin_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_idle.py").write_text(IDLE, encoding="utf-8")
    done = run(tmp_path)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
