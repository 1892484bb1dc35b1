"""`wxkf run`: a bot on a real account."""

import logging
from pathlib import Path

from rich.console import Console

from wxkf.bot.app import Bot
from wxkf.bot.service import Service
from wxkf.cli.stop import stop_asked
from wxkf.cli.texts import text
from wxkf.client.settings import App
from wxkf.engine.sqlite import SqliteStore
from wxkf.errors import ApiError, ConfigError, WxkfError
from wxkf.serve import Server

log = logging.getLogger("wxkf.run")


async def run(bot: Bot, app: App, database: Path, *, host: str, port: int, out: Console) -> int:
    """Serve until stopped. Returns the exit code. Raises `ConfigError` for credentials the platform refuses."""
    service = Service(bot.handle, app, SqliteStore(database))
    await _check_credentials(service)
    with stop_asked() as stopped:
        async with service, Server(service.callback, host=host, port=port) as server:
            out.print(text("run.ready", url=server.url), highlight=False)
            await stopped.wait()
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
