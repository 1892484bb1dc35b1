"""`wxkf run`: a bot on a real account, or on all that a settings file names; or a web process before its engine."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

from wxkf.bot.app import Bot
from wxkf.bot.fleet import Fleet
from wxkf.bot.service import Service
from wxkf.cli import dotenv
from wxkf.cli.roles import Place
from wxkf.cli.stop import stop_asked
from wxkf.cli.texts import text
from wxkf.cli.watch import follow, reload_asked
from wxkf.client.settings import BASE_URL, App
from wxkf.client.settings_file import load_settings
from wxkf.clock import SystemClock
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.status import Status
from wxkf.errors import ApiError, ConfigError, WxkfError
from wxkf.health import HealthApp
from wxkf.provider.store import ProviderStore
from wxkf.serve import Server
from wxkf.web import Message, Receive, Reply, Send, respond
from wxkf.web.forward import Forward

log = logging.getLogger("wxkf.run")

_AT_ONCE = 0.5  # seconds


async def run(bot: Bot, app: App, database: Path, place: Place, *, out: Console | None) -> int:
    """Serve until stopped; without `out` the address is logged. Returns the exit code.

    Raises `ConfigError` for credentials the platform refuses.
    """
    service = Service(bot, app, SqliteStore(database))
    await _check_credentials(service)
    with stop_asked() as stopped:
        beside = service.callback if app.pairs else None
        health = HealthApp(service.engine.status, beside)
        async with service, Server(health, host=place.host, port=place.port) as server:
            seconds = round(service.engine.latency)
            at = "run.ready" if app.base_url == BASE_URL else "run.beside"
            ready = "run.polls" if beside is None else "run.inside" if place.role == "engine" else at
            _tell(out, text(ready, url=server.url, seconds=seconds, platform=app.base_url))
            await stopped.wait()
            telling = asyncio.create_task(_tell_who_waits(out, service.engine.status))
        telling.cancel()
    return 0


async def run_fleet(
    bot: Bot, config: Path, database: Path, provider: Path, place: Place, *, out: Console | None
) -> int:
    """Serve what a settings file names, and follow the file, until stopped. Returns the exit code.

    Raises `ConfigError` for a file that is wrong from the start.
    """
    settings, clock = load_settings(config, dotenv.here()), SystemClock()
    fleet = Fleet(
        bot, settings.apps, SqliteStore(database),
        suites=settings.suites, provider=ProviderStore(provider), clock=clock,
    )  # fmt: skip
    with stop_asked() as stopped, reload_asked() as reload:
        health = HealthApp(fleet.status, fleet.callback)
        async with fleet, Server(health, host=place.host, port=place.port) as server:
            following = asyncio.create_task(follow(config, fleet, clock, reload))
            _tell(out, text("run.fleet", url=server.url, config=config))
            await stopped.wait()
            telling = asyncio.create_task(_tell_who_waits(out, fleet.status))
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        telling.cancel()
    return 0


async def run_web(engine: str, place: Place, *, out: Console | None) -> int:
    """Hand callbacks on to an engine until stopped. Returns the exit code. Raises `ConfigError`."""
    forward = Forward(engine)
    with stop_asked() as stopped:
        async with Server(_Web(forward), host=place.host, port=place.port) as server:
            here, there = urlsplit(server.url), urlsplit(engine)
            if there.port == here.port and there.hostname in ("localhost", here.hostname):
                raise ConfigError(f"{engine} is this process itself: give --engine the engine's address")
            _tell(out, text("run.web", url=server.url, engine=engine))
            await stopped.wait()
    return 0


class _Web:
    """Callbacks, and the question whether all is ready, go to the engine; `/healthz` is about this process alone."""

    def __init__(self, forward: Forward) -> None:
        self._forward = forward

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/healthz":
            return await respond(send, Reply(200, b'{"alive": true}'))
        return await self._forward(scope, receive, send)


async def _check_credentials(service: Service) -> None:
    """Refuse to start on wrong credentials: trying them again and again gets this server's IP banned."""
    try:
        await service.client.account.list(limit=1)
    except ApiError as error:
        if error.path == "gettoken" and not error.retryable:
            await service.client.aclose()
            raise ConfigError(f"WXKF_CORP_ID or WXKF_SECRET: {error}") from None
        log.warning("%s", error)
    except WxkfError as error:
        log.warning("%s", error)


async def _tell_who_waits(out: Console | None, status: Callable[[], Awaitable[Status]]) -> None:
    """Say why it does not stop at once, if it does not."""
    await asyncio.sleep(_AT_ONCE)
    overview = (await status()).overview
    if overview and overview.in_flight:
        _tell(out, text("run.stopping", count=overview.in_flight, seconds=InboxSettings().grace))


def _tell(out: Console | None, words: str) -> None:
    if out is None:
        log.info("%s", words)
    else:
        out.print(words, highlight=False, soft_wrap=True)
