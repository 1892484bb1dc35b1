"""aiohttp, the bot in its process: python -m aiohttp.web -H 127.0.0.1 -P 8000 aiohttp_app:make_app."""

from collections.abc import AsyncIterator

from aiohttp import web
from hello import bot

from wxkf import App, Service, SqliteStore

service = Service(bot, App.from_env(), SqliteStore("wxkf.db"))


async def at_work(app: web.Application) -> AsyncIterator[None]:
    async with service:
        yield


async def callback(request: web.Request) -> web.Response:
    query = request.rel_url.raw_query_string  # not request.query_string, which is decoded
    reply = await service.callback.answer(request.method, query, await request.read())
    return web.Response(body=reply.body, status=reply.status, headers=reply.headers)


def make_app(argv: list[str]) -> web.Application:
    app = web.Application()
    app.cleanup_ctx.append(at_work)
    app.router.add_route("*", "/callback", callback)
    return app
