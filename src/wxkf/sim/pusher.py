"""How callbacks leave: one at a time on each line (5.3), each hearer by a URL or a function of its own.

The only asyncio of the simulator's middle. Nobody waits for it: what is to be told is noted in `Mail` from any thread
and, if a loop runs, a task is started. For what comes due later a task sleeps until then, if the world's clock ticks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from wxkf.sim.callback_http import CallbackUrl
from wxkf.sim.delivery import Post, deliver, lose
from wxkf.sim.faults import Kind
from wxkf.sim.hearers import Hearer, url_of
from wxkf.sim.letters import Letter
from wxkf.sim.mail import LATE, Line, Mail
from wxkf.sim.notice import Notice
from wxkf.sim.world import World

_SPOILERS: tuple[Kind, ...] = ("callback_lost", "callback_duplicate", "callback_late", "callback_reordered")


class Pusher:
    """Send notices; a `Post` is an async (query, body) -> (status, body) that raises OSError when cut off."""

    def __init__(self, world: World, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self._world, self._sleep = world, sleep
        self._mail = Mail(world, lambda hearer: self._way(hearer) is not None)
        self._posts: dict[Hearer, Post] = {}
        self._urls: dict[str, CallbackUrl] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: dict[Line, asyncio.Task[None]] = {}
        self._aside: dict[Hearer, Notice] = {}  # one that lets the next overtake it
        self._alarm: tuple[float, asyncio.Task[None]] | None = None
        world.news.append(self.ring)
        world.mail.append(self.write)
        world.clock.on_move(self.tick)

    def use(self, hearer: Hearer, post: Post | None) -> None:
        """Let a hearer's callbacks leave through `post` from now on; None leaves its URL, if it has one."""
        if post is None:
            self._posts.pop(hearer, None)
            self._mail.forget(hearer)
        else:
            self._posts[hearer] = post
        self.tick()

    def url(self, address: str) -> CallbackUrl:
        """Give the connection to a callback URL."""
        if address not in self._urls:
            self._urls[address] = CallbackUrl(address)
        return self._urls[address]

    def ring(self, open_kfid: str) -> None:
        """Note that an account has news. This and the next two may be called from any thread, loop or not."""
        self._mail.ring(open_kfid)
        self._wake()

    def write(self, letter: Letter | None) -> None:
        """Note a letter; None asks whether something has come due."""
        if letter is None:
            self._mail.tick()
        else:
            self._mail.write(letter)
        self._wake()

    def tick(self) -> None:
        """Do what has come due by the world's clock."""
        self.write(None)

    async def quiet(self) -> None:
        """Return when no callback waits or is under way, but for those that are to come later.

        Raises what a `Post` raised, other than a broken line.
        """
        self._start()
        while self._running:
            await asyncio.gather(*self._running.values())

    async def aclose(self) -> None:
        """Drop what waits, end what is under way, close connections."""
        self._posts.clear()
        self._mail.forget()
        tasks = [*self._running.values(), *([self._alarm[1]] if self._alarm else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for url in self._urls.values():
            await url.aclose()

    def _way(self, hearer: Hearer) -> Post | None:
        if (post := self._posts.get(hearer)) is not None:
            return post
        address = url_of(self._world, hearer)
        return self.url(address).post if address else None

    def _wake(self) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            if self._loop is not None and self._loop.is_running():
                self._loop.call_soon_threadsafe(self._start)
        else:
            self._start()

    def _start(self) -> None:
        self._loop = asyncio.get_running_loop()
        for line in self._mail.lines():
            if line not in self._running:
                task = self._running[line] = self._loop.create_task(self._serve(line))
                task.add_done_callback(partial(self._ended, line))
        self._set_alarm(self._loop)

    def _ended(self, line: Line, _task: asyncio.Task[None]) -> None:
        del self._running[line]
        if line in self._mail.lines():
            self._start()

    def _set_alarm(self, loop: asyncio.AbstractEventLoop) -> None:
        due = self._mail.next_due() if self._world.clock.ticks else None
        if self._alarm is not None and (self._alarm[0] != due or self._alarm[1].done()):
            self._alarm[1].cancel()
            self._alarm = None
        if self._alarm is None and due is not None:
            self._alarm = due, loop.create_task(self._ring_at(due))

    async def _ring_at(self, due: float) -> None:
        await self._sleep(max(0.0, due - self._world.now()))
        self._alarm = None
        self.tick()

    async def _serve(self, line: Line) -> None:
        while (notice := self._mail.take(line)) is not None:
            if line[1] == LATE:
                await self._deliver(line[0], notice)
            else:
                await self._carry(line[0], notice)

    async def _carry(self, hearer: Hearer, notice: Notice) -> None:
        """Let a notice leave, or what the faults make of it; only one at a time is overtaken."""
        fault = self._world.strike(notice.name, *(_SPOILERS[:-1] if hearer in self._aside else _SPOILERS))
        if fault and fault.kind == "callback_lost":
            lose(self._world, notice, "lost")
        elif fault and fault.kind == "callback_late":
            self._mail.hold(hearer, notice, self._world.now() + fault.seconds)
            self._start()
        elif fault and fault.kind == "callback_reordered":
            self._aside[hearer] = notice
        else:
            for _ in range(2 if fault else 1):  # what is left is a duplicate
                await self._deliver(hearer, notice)
            if (overtaken := self._aside.pop(hearer, None)) is not None:
                await self._deliver(hearer, overtaken)

    async def _deliver(self, hearer: Hearer, notice: Notice) -> None:
        await deliver(self._world, notice, lambda: self._way(hearer))
