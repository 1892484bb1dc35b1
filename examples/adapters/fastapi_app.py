"""FastAPI, the bot in its process: uvicorn fastapi_app:app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from hello import bot
from starlette.routing import Route

from wxkf import App, Service, SqliteStore

service = Service(bot, App.from_env(), SqliteStore("wxkf.db"))


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with service:
        yield


app = FastAPI(lifespan=lifespan)
app.router.routes.append(Route("/callback", service.callback))  # mount() would send /callback elsewhere, to /callback/
