"""How callbacks leave: one at a time for each app and account, news that comes meanwhile shares the next (5.3).

The only asyncio of the simulator's middle. A customer's action never waits for it: `ring` notes the account and, if
a loop runs, starts a task. Three attempts in total, only after a broken connection or a timeout. Each app hears of
the accounts it manages, at a URL or a function of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from wxkf.sim.callback_http import CallbackUrl
from wxkf.sim.notice import Notice, kf_msg_or_event
from wxkf.sim.values import Json
from wxkf.sim.world import App, World

Post = Callable[[dict[str, str], bytes], Awaitable[tuple[int, bytes]]]
_FAILED = -1  # stands in the journal where a callback got no answer
_Line = tuple[int, str]  # agent_id, open_kfid


class Pusher:
    """Send notices; a `Post` is an async (query, body) -> (status, body) that raises OSError when cut off."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._posts: dict[int, Post] = {}
        self._urls: dict[str, CallbackUrl] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[_Line] = set()
        self._running: dict[_Line, asyncio.Task[None]] = {}
        world.news.append(self.ring)

    def use(self, agent_id: int, post: Post | None) -> None:
        """Let an app's callbacks leave through `post` from now on; None leaves the app's URL, if it has one."""
        if post is None:
            self._posts.pop(agent_id, None)
            self._waiting = {line for line in self._waiting if line[0] != agent_id}
        else:
            self._posts[agent_id] = post

    def url(self, address: str) -> CallbackUrl:
        """Give the connection to a callback URL."""
        if address not in self._urls:
            self._urls[address] = CallbackUrl(address)
        return self._urls[address]

    def ring(self, open_kfid: str) -> None:
        """Note that an account has news. May be called from any thread, with or without a loop."""
        managers = self._world.accounts[open_kfid].managers
        lines = {(agent_id, open_kfid) for agent_id in managers if self._post_of(self._world.apps[agent_id])}
        if not lines:
            return
        self._waiting |= lines
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            if self._loop is not None and self._loop.is_running():
                self._loop.call_soon_threadsafe(self._start)
        else:
            self._start()

    async def quiet(self) -> None:
        """Return when no callback is waiting or under way. Raises what a `Post` raised, other than a broken line."""
        self._start()
        while self._running:
            await asyncio.gather(*self._running.values())

    async def aclose(self) -> None:
        """Drop what waits, end what is under way, close connections."""
        self._posts.clear()
        self._waiting.clear()
        tasks = tuple(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for url in self._urls.values():
            await url.aclose()

    def _post_of(self, app: App) -> Post | None:
        found = self._posts.get(app.agent_id)
        return found or (self.url(app.callback_url).post if app.callback_url else None)

    def _start(self) -> None:
        self._loop = asyncio.get_running_loop()
        for line in self._waiting - self._running.keys():
            task = self._running[line] = self._loop.create_task(self._serve(line))
            task.add_done_callback(partial(self._ended, line))

    def _ended(self, line: _Line, _task: asyncio.Task[None]) -> None:
        del self._running[line]
        if line in self._waiting:
            self._start()

    async def _serve(self, line: _Line) -> None:
        while line in self._waiting:
            self._waiting.discard(line)
            app, account = self._world.apps.get(line[0]), self._world.accounts.get(line[1])
            if app is None or account is None:  # of a world that is gone
                return
            notice = kf_msg_or_event(self._world, app, account)
            for attempt in range(1, self._world.settings.callback_attempts + 1):
                post = self._post_of(app)
                if post is None or await self._attempt(post, app, notice, attempt):
                    break

    async def _attempt(self, post: Post, app: App, notice: Notice, attempt: int) -> bool:
        world = self._world
        account = world.accounts[notice.open_kfid]
        request: Json = {"open_kfid": notice.open_kfid, "agent_id": app.agent_id, "attempt": attempt}
        request |= {"query": notice.query, "body": notice.body.decode(), "xml": notice.shown}
        entry = world.journal.add(world.now(), "callback", "kf_msg_or_event", request)
        account.rung, account.rung_outcome = notice.upto, f"attempt {attempt}, no answer yet"
        outcome, heard = await self._outcome(post, notice)
        account.rung_outcome = str(outcome.get("status") or outcome["failure"])
        world.journal.conclude(entry, outcome, 0 if heard else _FAILED)
        return heard

    async def _outcome(self, post: Post, notice: Notice) -> tuple[Json, bool]:
        settings = self._world.settings
        try:
            async with asyncio.timeout(settings.callback_timeout):
                status, body = await post(notice.query, notice.body)
        except TimeoutError:
            return {"failure": "timeout"}, False
        except OSError as error:
            return {"failure": f"no connection ({type(error).__name__})"}, False
        heard = status == 200 or not settings.resend_on_bad_status
        return {"status": status, "body": body[:512].decode(errors="replace")}, heard
