"""One simulated platform, wired: the rules, the callbacks' way out, the web app."""

from wxkf.sim.callback_http import CallbackUrl
from wxkf.sim.clock import SimClock
from wxkf.sim.platform import Platform
from wxkf.sim.pusher import Post, Pusher
from wxkf.sim.server import App
from wxkf.sim.settings import Settings

DEFAULT_ACCOUNT = "演示小店"


class Simulator:
    """A world of one corp, one app and one account, the same for the same seed.

    `app` is an ASGI app: /cgi-bin/ is the platform, / the page, /_sim/ what the page uses. Several simulators live
    side by side in one process. Close with `aclose()`, before the server that runs `app` is stopped: it ends the
    page's event streams.
    """

    def __init__(self, *, clock: SimClock | None = None, seed: int = 0, settings: Settings | None = None) -> None:
        self.clock = clock or SimClock()
        self.platform = Platform(self.clock, seed=seed, settings=settings)
        world = self.platform.world
        self.corp_id, self.secret, self.token, self.aes_key = world.corp_id, world.secret, world.token, world.aes_key
        self.open_kfid = world.add_account(DEFAULT_ACCOUNT).open_kfid
        self.app = App(self.platform)
        self._pusher = Pusher(self.platform)
        self._url: CallbackUrl | None = None
        self._old_urls: list[CallbackUrl] = []

    def __repr__(self) -> str:
        return f"Simulator(corp_id={self.corp_id!r})"

    def deliver_to(self, post: Post) -> None:
        """Let callbacks leave through an async (query, body) -> (status, body); it raises OSError when cut off."""
        self._pusher.use(post)

    def deliver_to_url(self, url: str) -> None:
        """Let callbacks leave over HTTP."""
        if self._url is not None:
            self._old_urls.append(self._url)
        self._url = CallbackUrl(url)
        self._pusher.use(self._url.post)

    async def verify_url(self) -> bool:
        """Ask the callback URL its question (echostr), as the console does when it is saved (page 90930)."""
        if self._url is None:
            raise RuntimeError("deliver_to_url() comes first")
        return await self._url.verify(self.platform.url_check())

    async def quiet(self) -> None:
        """Return when no callback is waiting or under way."""
        await self._pusher.quiet()

    async def aclose(self) -> None:
        """End callbacks, connections and the page's event streams."""
        self.app.close()
        await self._pusher.aclose()
        for url in (*self._old_urls, self._url):
            if url is not None:
                await url.aclose()
