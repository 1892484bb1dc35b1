"""One simulated platform, wired: the rules, the callbacks' way out, the web app."""

import asyncio

from wxkf.sim.actions import Console, Customers, Providers, Staff, Trouble, Worlds
from wxkf.sim.actions.worlds import begin
from wxkf.sim.callback_http import ask_now
from wxkf.sim.clock import SimClock
from wxkf.sim.delivery import Post
from wxkf.sim.hearers import data_of
from wxkf.sim.notice import url_check
from wxkf.sim.platform import Platform
from wxkf.sim.pusher import Pusher
from wxkf.sim.settings import Settings
from wxkf.sim.web.server import App as Web
from wxkf.sim.web.server import Sleep
from wxkf.sim.world import App


class Simulator:
    """A world that begins with one corp, one app and one account, the same for the same seed.

    `corp_id`, `secret`, `token`, `aes_key` and `open_kfid` are that app's and that account's. `customers`, `staff`,
    `console` and `trouble` are what people do. `app` is an ASGI app: /cgi-bin/ is the platform, / the page, /_sim/ what
    the page uses. Several simulators live side by side in one process. Close with `aclose()`, before the server that
    runs `app` is stopped: it ends the page's event streams.
    """

    def __init__(
        self,
        *,
        clock: SimClock | None = None,
        seed: int = 0,
        settings: Settings | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.clock = clock or SimClock()
        self.platform = Platform(self.clock, seed=seed, settings=settings)
        world = self.platform.world
        begin(world)
        self.app = Web(self.platform, sleep)
        world.asks = ask_now
        self._pusher = Pusher(world, sleep)

    def __repr__(self) -> str:
        return f"Simulator(corp_id={self.corp_id!r})"

    @property
    def corp_id(self) -> str:
        """The first app's corp."""
        return self._app(0).corp_id

    @property
    def secret(self) -> str:
        """The first app's secret."""
        return self._app(0).secret

    @property
    def token(self) -> str:
        """The Token of the first app's callbacks."""
        return self._app(0).token

    @property
    def aes_key(self) -> str:
        """The EncodingAESKey of the first app's callbacks."""
        return self._app(0).aes_key

    @property
    def open_kfid(self) -> str:
        """The first account."""
        return next(iter(self.platform.world.accounts), "")

    @property
    def customers(self) -> Customers:
        """What people do on their phones."""
        return self.platform.customers

    @property
    def staff(self) -> Staff:
        """What servicers do in WeCom."""
        return self.platform.staff

    @property
    def console(self) -> Console:
        """What an admin does."""
        return self.platform.console

    @property
    def trouble(self) -> Trouble:
        """What goes wrong on demand."""
        return self.platform.trouble

    @property
    def provider(self) -> Providers:
        """What happens between corps and a provider."""
        return self.platform.provider

    @property
    def worlds(self) -> Worlds:
        """What is done to the world as a whole: reset, snapshot, restore."""
        return self.platform.worlds

    def deliver_to(self, post: Post | None, *, agent_id: int = 0) -> None:
        """Let an app's callbacks leave through an async (query, body) -> (status, body).

        It raises OSError when cut off; None ends it. Without an `agent_id` the first app is meant.
        """
        self._pusher.use(self._app(agent_id).agent_id, post)

    def deliver_suite_to(self, suite_id: str, commands: Post | None, data: Post | None = None) -> None:
        """Let a suite's commands leave through a function as `deliver_to` takes it, and its data through another."""
        self._pusher.use(suite_id, commands)
        self._pusher.use(data_of(suite_id), data)

    def deliver_to_url(self, url: str, *, agent_id: int = 0) -> None:
        """Let an app's callbacks leave over HTTP."""
        app = self._app(agent_id)
        app.callback_url = url
        self._pusher.use(app.agent_id, None)

    async def verify_url(self, *, agent_id: int = 0) -> bool:
        """Ask the callback URL its question (echostr), as the console does when it is saved (page 90930)."""
        app = self._app(agent_id)
        if not app.callback_url:
            raise RuntimeError("deliver_to_url() comes first")
        return await self.check_url(app.callback_url, agent_id=app.agent_id)

    async def check_url(self, url: str, *, agent_id: int = 0) -> bool:
        """Ask any URL the question, sealed with an app's keys."""
        return await self._pusher.url(url).verify(url_check(self.platform.world, self._app(agent_id)))

    async def quiet(self) -> None:
        """Return when no callback is waiting or under way."""
        await self._pusher.quiet()

    async def aclose(self) -> None:
        """End callbacks, connections and the page's event streams."""
        self.app.close()
        await self._pusher.aclose()

    def _app(self, agent_id: int) -> App:
        apps = self.platform.world.apps
        return apps[agent_id or next(iter(apps))]
