"""`wxkf run`: a bot on a real account, or on all that a settings file names."""

import asyncio
import logging
from pathlib import Path

from rich.console import Console

from wxkf.bot.app import Bot
from wxkf.bot.fleet import Fleet
from wxkf.bot.service import Service
from wxkf.cli import dotenv
from wxkf.cli.stop import stop_asked
from wxkf.cli.texts import text
from wxkf.cli.watch import follow, reload_asked
from wxkf.client.settings import App
from wxkf.client.settings_file import load_settings
from wxkf.clock import SystemClock
from wxkf.engine.sqlite import SqliteStore
from wxkf.errors import ApiError, ConfigError, WxkfError
from wxkf.health import HealthApp
from wxkf.provider.store import ProviderStore
from wxkf.serve import Server

log = logging.getLogger("wxkf.run")


async def run(bot: Bot, app: App, database: Path, *, host: str, port: int, out: Console | None) -> int:
    """Serve until stopped; without `out` the address is logged. Returns the exit code.

    Raises `ConfigError` for credentials the platform refuses.
    """
    service = Service(bot, app, SqliteStore(database))
    await _check_credentials(service)
    with stop_asked() as stopped:
        beside = service.callback if app.pairs else None
        async with service, Server(HealthApp(service.engine.status, beside), host=host, port=port) as server:
            seconds = round(service.engine.latency)
            _tell(
                out, text("run.ready", url=server.url) if beside else text("run.polls", url=server.url, seconds=seconds)
            )
            await stopped.wait()
    return 0


async def run_fleet(
    bot: Bot, config: Path, database: Path, provider: Path, *, host: str, port: int, out: Console | None
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
        async with fleet, Server(HealthApp(fleet.status, fleet.callback), host=host, port=port) as server:
            following = asyncio.create_task(follow(config, fleet, clock, reload))
            _tell(out, text("run.fleet", url=server.url, config=config))
            await stopped.wait()
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    return 0


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


def _tell(out: Console | None, words: str) -> None:
    if out is None:
        log.info("%s", words)
    else:
        out.print(words, highlight=False, soft_wrap=True)
