"""A street corner: the simulated platform, some customers, and a bot of either kind that says back what it hears."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from field.naive import Answer, Naive
from wxkf.client.aio import AsyncClient
from wxkf.client.asgi import AsgiTransport, ask
from wxkf.client.settings import App
from wxkf.clock import Clock
from wxkf.engine.engine import Engine
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.store import Store
from wxkf.engine.work import Work
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Origin, Text
from wxkf.messages.outbound import Outbound
from wxkf.messages.outbound import Text as Say
from wxkf.protocol.callback import Notice
from wxkf.sim import SimClock, Simulator
from wxkf.testing.clock import MovableClock
from wxkf.web import CallbackApp


class Ours:
    """The engine, with the same handler."""

    def __init__(self, client: AsyncClient, store: Store, answer: Answer, *, app: str, clock: Clock) -> None:
        self._answer = answer
        self.engine = Engine(app, client, store, self._handle, clock=clock)

    async def __aenter__(self) -> Self:
        await self.engine.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.engine.__aexit__()

    async def note(self, notice: Notice) -> None:
        """Take a callback."""
        await self.engine.note(notice)

    async def quiet(self) -> None:
        """Return when nothing is under way."""
        await self.engine.quiet()

    async def _handle(self, work: Work) -> Sequence[Outbound]:
        if isinstance(work.event, EnterSession):
            return [Say(content="欢迎")]
        if not isinstance(work.event, Text) or work.event.origin != Origin.CUSTOMER:
            return []
        return [Say(content=part) for part in (await self._answer(work.event.text.content)).split("|")]


Kind = type[Ours] | type[Naive]


class Corner:
    """Where it happens."""

    def __init__(self, folder: Path, kind: Kind, answer: Answer) -> None:
        self.sim = Simulator(clock=SimClock.frozen(), seed=5)
        self.clock = MovableClock(self.sim.clock)
        self.answer = answer
        self._kind, self._path = kind, folder / "inbox.db"
        self.ming = self.sim.customers.add("小明")
        self.bot: Any = None

    def say(self, *texts: str, who: str = "") -> None:
        """Let a customer write."""
        for text in texts:
            self.sim.customers.say(self.sim.open_kfid, who or self.ming, text)

    def heard(self, who: str = "") -> list[str]:
        """List what a phone shows of the account."""
        bubbles = self.sim.platform.phone(self.sim.open_kfid, who or self.ming)
        return [one.body["content"] for one in bubbles if one.who == "account"]

    async def hears(self, who: str, *, patience: float = 2.0) -> None:
        """Return when somebody hears something, or it is clear that nobody says it."""
        said = asyncio.Event()
        unwatch = self.sim.platform.watch(lambda _: said.set() if self.heard(who) else None)
        try:
            async with asyncio.timeout(patience):
                await said.wait()
        except TimeoutError:
            return
        finally:
            unwatch()

    @asynccontextmanager
    async def bot_at_work(self) -> AsyncIterator[None]:
        """Run the bot; its callbacks come in process."""
        sim = self.sim
        app = App(sim.corp_id, sim.secret, sim.token, sim.aes_key, "http://sim")
        client = AsyncClient.of(app, transport=AsgiTransport(sim.app), clock=self.clock)
        store = SqliteStore(self._path)
        async with asyncio.timeout(20), client:
            async with self._kind(client, store, self.answer, app=app.name, clock=self.clock) as self.bot:
                address = CallbackApp(app.receiver(), self.bot.note)

                async def ring(query: dict[str, str], body: bytes) -> tuple[int, bytes]:
                    told = await ask(address, "POST", "/", urlencode(query), body)
                    return told.status, told.body

                sim.deliver_to(ring)
                await self.settled()
                yield
            sim.deliver_to(None)

    async def settled(self) -> None:
        """Return when nothing is under way on either side."""
        for _ in range(3):
            await self.clock.caught_up()
            await self.sim.quiet()
            await self.bot.quiet()
