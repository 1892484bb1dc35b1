"""A conversation by command line, against the simulator over real HTTP."""

import asyncio
import json
from pathlib import Path

from kit.terminal import Done, Run
from wxkf.serve import Server
from wxkf.sim import Simulator

PICTURE = b"\x89PNG\r\n\x1a\n" + b"pixels"


async def test_a_customer_is_answered_from_the_terminal(cli: Run, tmp_path: Path) -> None:
    sim = Simulator(seed=7)
    kfid, customer = sim.open_kfid, sim.customers.add("小王")
    async with Server(sim.app) as server:

        async def run(*words: str) -> Done:
            settings = {"WXKF_BASE_URL": server.url, "WXKF_CORP_ID": sim.corp_id, "WXKF_SECRET": sim.secret}
            done: Done = await asyncio.to_thread(cli, *words, **settings)
            assert done.code == 0, done.err
            return done

        assert kfid in (await run("account", "list")).out
        sim.customers.say(kfid, customer, "在吗")
        sim.customers.send_file(kfid, customer, "image", PICTURE, content_type="image/png")
        page = json.loads((await run("message", "sync-msg", "--open-kfid", kfid, "--all", "--json")).out)
        text, image = page["msg_list"]
        assert text["text"]["content"] == "在吗"
        await run("media", "get", image["image"]["media_id"], "-o", "picture")
        assert (tmp_path / "picture").read_bytes() == PICTURE
        session = ("--open-kfid", kfid, "--external-userid", customer)
        assert "0 new" in (await run("session", "get", *session)).out
        await run("message", "send-msg", "--touser", customer, "--open-kfid", kfid, "--message", "在的 [微笑]")
        assert "1 with the API" in (await run("session", "get", *session)).out
    said = [bubble.body["content"] for bubble in sim.platform.phone(kfid, customer) if bubble.who == "account"]
    assert said == ["在的 [微笑]"]
    await sim.aclose()
