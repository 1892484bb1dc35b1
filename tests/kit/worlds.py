"""A bot that can be stopped and started again beside a platform that goes on: what `Chat` hides from its users."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from wxkf.bot.app import Bot
from wxkf.bot.service import Service
from wxkf.client.asgi import AsgiTransport, ask
from wxkf.client.settings import App
from wxkf.engine.sqlite import SqliteStore
from wxkf.sim import Settings, SimClock, Simulator
from wxkf.sim.values import Entry
from wxkf.testing import Chat
from wxkf.testing.clock import MovableClock


class World:
    """The platform, its time, and the file of the bot's inbox. `calls()` is the journal of what was asked."""

    def __init__(self, inbox: Path, **settings: Any) -> None:
        self.sim = Simulator(clock=SimClock.frozen(), seed=5, settings=Settings(**settings))
        self.clock = MovableClock(self.sim.clock)
        self.kf = self.sim.open_kfid
        self._inbox = inbox

    @property
    def app(self) -> App:
        """The credentials of the app."""
        return App(self.sim.corp_id, self.sim.secret, self.sim.token, self.sim.aes_key, "http://simulator")

    def customer(self, nickname: str = "小明") -> str:
        """Let a customer appear."""
        return self.sim.customers.add(nickname)

    def say(self, customer: str, *texts: str) -> None:
        """Let a customer write."""
        for text in texts:
            self.sim.customers.say(self.kf, customer, text)

    def heard(self, customer: str, *, kf: str | None = None) -> list[str]:
        """List the texts that the account put on a customer's phone."""
        return [b.body["content"] for b in self.sim.platform.phone(kf or self.kf, customer) if b.who == "account"]

    def land(self, item: dict[str, Any]) -> None:
        """Put an item into the account's stream that nobody on a phone could send."""
        land(self.sim, item)

    def calls(self, path: str) -> list[Entry]:
        """List the calls of a path."""
        return calls(self.sim, path)

    @asynccontextmanager
    async def runs(self, bot: Bot) -> AsyncIterator[Service]:
        """Run the bot on the inbox file; callbacks reach it while it runs."""
        transport = AsgiTransport(self.sim.app)
        async with Service(bot, self.app, SqliteStore(self._inbox), transport=transport, clock=self.clock) as it:

            async def ring(query: dict[str, str], body: bytes) -> tuple[int, bytes]:
                answer = await ask(it.callback, "POST", "/", urlencode(query), body)
                return answer.status, answer.body

            self.sim.deliver_to(ring)
            await self.settled(it)
            yield it
            await self.settled(it)
            self.sim.deliver_to(_nobody)

    async def passes(self, service: Service, seconds: float) -> None:
        """Let time pass and the bot do what it does meanwhile."""
        self.clock.forward(seconds=seconds)
        service.engine.look()  # for timers that are due
        await self.settled(service)

    async def settled(self, service: Service) -> None:
        """Return when nothing is left to do; what is due later is brought forward."""
        async with asyncio.timeout(10):
            while True:
                await self.clock.caught_up()
                await self.sim.quiet()
                await service.engine.quiet()
                due = await service.engine.next_due()
                if due is None:
                    return
                self.clock.forward(seconds=max(0.0, due - self.clock.now()))
                service.engine.look()


async def _nobody(_query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
    raise ConnectionRefusedError


def land(sim: Simulator, item: dict[str, Any]) -> None:
    """Put an item into the stream of the simulator's first account."""
    world = sim.platform.world
    world.land(world.accounts[sim.open_kfid], item)


def calls(sim: Simulator, path: str) -> list[Entry]:
    """List the calls of a path."""
    return [entry for entry in sim.platform.journal if entry.kind == "call" and entry.title == path]


def callbacks(sim: Simulator) -> list[Entry]:
    """List the callbacks that left."""
    return [entry for entry in sim.platform.journal if entry.kind == "callback"]


def customer_of(chat: Chat) -> str:
    """Tell the external_userid of a chat's customer."""
    (found,) = chat.sim.platform.world.customers
    return found
