"""Two corps in one process: one bot, one callback address, one inbox; each customer is answered by their own account.

uv run wxkf demo examples/two_corps.py                      # the bot, for one corp in the browser
uv run wxkf run examples/two_corps.py --config wxkf.toml    # for all that the file names
uv run python -m examples.two_corps                         # the same in a process of yours
uv run pytest examples/two_corps.py                         # the conversation at the end, over real HTTP
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from wxkf import App, Bot, Context, Fleet, SqliteStore, Text, load_settings
from wxkf.serve import Server
from wxkf.sim import Simulator
from wxkf.testing import Phone

bot = Bot()
names = dict[str, str]()


async def account_name(ctx: Context[Text]) -> str:
    if ctx.account not in names:  # ctx.client is the client of this account's corp
        names.update({one.open_kfid: one.name for one in (await ctx.client.account.list()).account_list})
    return names[ctx.account]


@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    return f"这里是{await account_name(ctx)}，收到：{ctx.text}"


@asynccontextmanager
async def at_work(apps: Iterable[App], inbox: Path, port: int) -> AsyncIterator[Server]:
    async with Fleet(bot, apps, SqliteStore(inbox)) as fleet, Server(fleet.callback, port=port) as server:
        yield server


async def main() -> None:
    async with at_work(load_settings("wxkf.toml").apps, Path("wxkf.db"), 8000):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())


# ── the conversation ──────────────────────────────────────────────────────────────────────────────────────────


async def test_each_corp_answers_in_its_own_name() -> None:
    sim = Simulator()
    hats = sim.open_kfid
    other = sim.console.add_corp("自行车公司")
    bikes = sim.console.add_account("修车铺", agent_id=other["agent_id"])

    with TemporaryDirectory() as folder:
        async with Server(sim.app) as platform, aclosing(sim):
            apps = [
                App(sim.corp_id, sim.secret, sim.token, sim.aes_key, platform.url),
                App(other["corp_id"], other["secret"], other["token"], other["aes_key"], platform.url),
            ]
            async with at_work(apps, Path(folder, "wxkf.db"), port=0) as server:
                sim.deliver_to_url(server.url)
                sim.deliver_to_url(server.url, agent_id=other["agent_id"])
                one, two = Phone(sim, open_kfid=hats), Phone(sim, open_kfid=bikes)
                one.writes("有帽子吗")
                await one.sees("这里是演示小店，收到：有帽子吗")
                two.writes("车胎破了")
                await two.sees("这里是修车铺，收到：车胎破了")
