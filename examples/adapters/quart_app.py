"""Quart, the bot in its process: uvicorn quart_app:app."""

from collections.abc import AsyncGenerator

from hello import bot
from quart import Quart, Response, request

from wxkf import App, Service, SqliteStore

app = Quart(__name__)
service = Service(bot, App.from_env(), SqliteStore("wxkf.db"))


@app.while_serving
async def at_work() -> AsyncGenerator[None, None]:
    async with service:
        yield


@app.route("/callback", methods=["GET", "POST"])
async def callback() -> Response:
    reply = await service.callback.answer(request.method, request.query_string, await request.body)
    return Response(reply.body, reply.status, reply.headers)
