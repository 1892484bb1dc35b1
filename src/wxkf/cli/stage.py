"""The demo's stage: simulator and bot as two HTTP servers on loopback, an inbox in a temporary folder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from wxkf.bot.app import Bot
from wxkf.bot.service import Service
from wxkf.cli.kept import Keeper
from wxkf.client.settings import App
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.errors import ConfigError
from wxkf.serve import Server
from wxkf.sim import Simulator

_WORLD = "world.json"


@dataclass(frozen=True, slots=True)
class Stage:
    """What is set up: the platform, the bot at work, and the addresses of both."""

    sim: Simulator
    service: Service
    page: str
    callback: str


@asynccontextmanager
async def set_up(bot: Bot, *, port: int = 0, folder: Path | None = None) -> AsyncIterator[Stage]:
    """Start everything and take it down again; in a `folder` what happened is kept, and taken up the next time."""
    sim = Simulator()
    async with _place(sim, folder) as place, Server(sim.app, port=port) as platform:
        app = App(sim.corp_id, sim.secret, sim.token, sim.aes_key, platform.url)
        service = Service(bot, app, SqliteStore(place / "inbox.db"), settings=InboxSettings(grace=0.5))
        async with service, Server(service.callback) as callback:
            try:
                sim.deliver_to_url(f"{callback.url}/callback")
                if not await sim.verify_url():
                    raise ConfigError("the bot's callback address did not answer the platform's URL check")
                await service.engine.quiet()
                yield Stage(sim, service, platform.url, callback.url)
            finally:
                await sim.aclose()


def has_world(folder: Path) -> bool:
    """Tell whether there is something to take up in a folder."""
    return (folder / _WORLD).exists()


@asynccontextmanager
async def _place(sim: Simulator, folder: Path | None) -> AsyncIterator[Path]:
    if folder is None:
        with TemporaryDirectory(prefix="wxkf-demo-", ignore_cleanup_errors=True) as passing:
            yield Path(passing)
        return
    keeper = Keeper(folder / _WORLD, sim.platform.world)
    keeper.open()
    keeper.load()
    try:
        yield folder
    finally:
        keeper.save()
        keeper.close()
