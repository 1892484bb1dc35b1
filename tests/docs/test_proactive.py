"""What the page on proactive messages serves: as it stands, by the command it gives, asked by a program outside."""

import asyncio
import re
import shlex
import sys
from asyncio.subprocess import PIPE, STDOUT
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kit.commands import PATIENCE, environment
from kit.pages import blocks, page
from wxkf.serve import Server
from wxkf.sim import Simulator
from wxkf.testing import Phone

PAGES = ("howto/proactive", "howto/proactive.zh")


@pytest.mark.parametrize("name", PAGES)
async def test_a_program_outside_tells_a_buyer(name: str, tmp_path: Path) -> None:
    for block in blocks(page(name), "python"):
        if named := re.match(r"# (orders|serve)\.py\n", block):
            (tmp_path / f"{named[1]}.py").write_text(block, encoding="utf-8")
    sim = Simulator()
    async with Server(sim.app) as platform:
        keys = {"CORP_ID": sim.corp_id, "SECRET": sim.secret, "TOKEN": sim.token, "AES_KEY": sim.aes_key}
        keys = {f"WXKF_{key}": value for key, value in (keys | {"BASE_URL": platform.url}).items()}
        process = await asyncio.create_subprocess_exec(
            *words_of(name), cwd=tmp_path, env=environment(SHOP_TOKEN="s3cret", **keys), stdout=PIPE, stderr=STDOUT
        )
        try:
            url = await address_of(process)
            sim.deliver_to_url(f"{url}/callback")
            customer = Phone(sim)
            customer.writes("17")
            await customer.sees("订单 17 发货时告诉您。", within=PATIENCE)
            assert await ask(f"{url}/shipped/17", "Bearer guess") == (401, '{"outcome":"wrong token"}')
            assert await ask(f"{url}/shipped/17", "Bearer s3cret") == (200, '{"outcome":"told"}')
            await customer.sees("订单 17 已发货。", within=PATIENCE)
            assert await ask(f"{url}/shipped/17", "Bearer s3cret") == (200, '{"outcome":"told before"}')
            assert await ask(f"{url}/shipped/99", "Bearer s3cret") == (200, '{"outcome":"nobody follows it"}')
        finally:
            process.terminate()
            print((await process.communicate())[0].decode())  # pytest shows it if something failed
            await sim.aclose()


def words_of(name: str) -> list[str]:
    """Give the page's command for uvicorn, at a free port."""
    (line,) = re.findall(r"^uv run --env-file \.env (uvicorn .+?)  #", page(name), re.MULTILINE)
    return [sys.executable, "-m", *shlex.split(line), "--port", "0"]


async def address_of(process: asyncio.subprocess.Process) -> str:
    """Give the address that a server says it listens on."""
    assert process.stdout
    said = ""
    async with asyncio.timeout(PATIENCE):
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said)):
            line = (await process.stdout.readline()).decode()
            assert line, said
            said += line
    return found[0]


async def ask(url: str, authorization: str) -> tuple[int, str]:
    """Post to an address, as a program in another process does."""

    def post() -> tuple[int, str]:
        parts = urlsplit(url)
        connection = HTTPConnection(str(parts.hostname), parts.port, timeout=PATIENCE)
        try:
            connection.request("POST", parts.path, headers={"Authorization": authorization})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    return await asyncio.to_thread(post)
