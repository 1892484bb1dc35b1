"""The inbox without a bot, in a web application of yours: FastAPI takes the callback, tasks of yours the messages.

uv run wxkf sim --callback http://127.0.0.1:8000/callback      # prints an `export` line; where that is set:
uv run uvicorn --factory examples.inbox_elsewhere:create_app
uv run pytest examples/inbox_elsewhere.py                      # the conversation at the end, over real HTTP
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from starlette.routing import Route

from wxkf import App, CallbackApp, Inbound, Inbox, Origin, SqliteStore, Text
from wxkf.serve import Server
from wxkf.sim import Simulator
from wxkf.testing import Phone


async def think(event: Inbound) -> list[str]:
    """Stands for what you have: an agent, a workflow, a queue. Colleagues' words and all events come here as well."""
    if isinstance(event, Text) and event.origin == Origin.CUSTOMER:
        return [f"您说了 {len(event.text.content)} 个字。"]
    return []


async def work_off(inbox: Inbox) -> None:
    async for work in inbox:  # one message of each customer at a time
        async with work:  # an error is logged, and the message comes again
            await work.done(*await think(work.event))  # stored, then sent


def create_app(app: App | None = None, file: Path = Path("wxkf.db")) -> FastAPI:
    app = app or App.from_env()
    inbox = Inbox(app, SqliteStore(file))

    @asynccontextmanager
    async def lifespan(web: FastAPI) -> AsyncIterator[None]:
        async with inbox, asyncio.TaskGroup() as tasks:
            for _ in range(16):  # so many customers are answered at once
                tasks.create_task(work_off(inbox))
            yield
            inbox.stop()

    web = FastAPI(lifespan=lifespan)
    web.router.routes.append(Route("/callback", CallbackApp(app.receiver(), inbox.note)))
    return web


# ── the conversation ──────────────────────────────────────────────────────────────────────────────────────────


async def test_messages_are_taken_in_a_loop_of_ones_own() -> None:
    sim = Simulator()
    with TemporaryDirectory() as folder:
        async with Server(sim.app) as platform, aclosing(sim):
            app = App(sim.corp_id, sim.secret, sim.token, sim.aes_key, platform.url)
            web = create_app(app, Path(folder, "wxkf.db"))
            async with web.router.lifespan_context(web), Server(web) as server:
                sim.deliver_to_url(f"{server.url}/callback")
                customer = Phone(sim)
                customer.writes("你好")
                await customer.sees("您说了 2 个字。")
                customer.writes("在不在呀")
                await customer.sees("您说了 4 个字。")
