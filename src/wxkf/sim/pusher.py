"""How callbacks leave: one at a time for each account, news that comes meanwhile shares the next (platform.md 5.3).

The only asyncio of the simulator's middle. A customer's action never waits for it: `ring` notes the account and, if
a loop runs, starts a task. Three attempts in total, only after a broken connection or a timeout.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from wxkf.sim.notice import Notice
from wxkf.sim.platform import Platform
from wxkf.sim.values import Json

Post = Callable[[dict[str, str], bytes], Awaitable[tuple[int, bytes]]]
_FAILED = -1  # stands in the journal where a callback got no answer


class Pusher:
    """Send notices through `post`, an async (query, body) -> (status, body) that raises OSError when cut off."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._settings = platform.world.settings
        self._post: Post | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[str] = set()
        self._running: dict[str, asyncio.Task[None]] = {}
        platform.on_news(self.ring)

    def use(self, post: Post | None) -> None:
        """Let callbacks leave through `post` from now on; None drops them."""
        self._post = post
        if post is None:
            self._waiting.clear()

    def ring(self, open_kfid: str) -> None:
        """Note that an account has news. May be called from any thread, with or without a loop."""
        if self._post is None:
            return
        self._waiting.add(open_kfid)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            if self._loop is not None and self._loop.is_running():
                self._loop.call_soon_threadsafe(self._start)
        else:
            self._start()

    async def quiet(self) -> None:
        """Return when no callback is waiting or under way. Raises what `post` raised, other than a broken line."""
        self._start()
        while self._running:
            await asyncio.gather(*self._running.values())

    async def aclose(self) -> None:
        """Drop what waits and end what is under way."""
        self.use(None)
        tasks = tuple(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self) -> None:
        self._loop = asyncio.get_running_loop()
        for open_kfid in self._waiting - self._running.keys():
            task = self._running[open_kfid] = self._loop.create_task(self._serve(open_kfid))
            task.add_done_callback(partial(self._ended, open_kfid))

    def _ended(self, open_kfid: str, _task: asyncio.Task[None]) -> None:
        del self._running[open_kfid]
        if open_kfid in self._waiting:
            self._start()

    async def _serve(self, open_kfid: str) -> None:
        while open_kfid in self._waiting:
            self._waiting.discard(open_kfid)
            notice = self._platform.notice(open_kfid)
            for attempt in range(1, self._settings.callback_attempts + 1):
                if self._post is None or await self._attempt(self._post, notice, attempt):
                    break

    async def _attempt(self, post: Post, notice: Notice, attempt: int) -> bool:
        world = self._platform.world
        account = world.accounts[notice.open_kfid]
        request: Json = {"open_kfid": notice.open_kfid, "attempt": attempt, "query": notice.query}
        request |= {"body": notice.body.decode(), "xml": notice.shown}
        entry = world.journal.add(world.now(), "callback", "kf_msg_or_event", request)
        account.rung, account.rung_outcome = notice.upto, f"attempt {attempt}, no answer yet"
        outcome, heard = await self._outcome(post, notice)
        account.rung_outcome = str(outcome.get("status") or outcome["failure"])
        world.journal.conclude(entry, outcome, 0 if heard else _FAILED)
        return heard

    async def _outcome(self, post: Post, notice: Notice) -> tuple[Json, bool]:
        try:
            async with asyncio.timeout(self._settings.callback_timeout):
                status, body = await post(notice.query, notice.body)
        except TimeoutError:
            return {"failure": "timeout"}, False
        except OSError as error:
            return {"failure": f"no connection ({type(error).__name__})"}, False
        heard = status == 200 or not self._settings.resend_on_bad_status
        return {"status": status, "body": body[:512].decode(errors="replace")}, heard
