"""Starlette, the bot in its process: uvicorn starlette_app:app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hello import bot
from starlette.applications import Starlette
from starlette.routing import Route

from wxkf import App, Service, SqliteStore

service = Service(bot, App.from_env(), SqliteStore("wxkf.db"))


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with service:
        yield


app = Starlette(routes=[Route("/callback", service.callback)], lifespan=lifespan)
