"""A town for the machine: the platform with two accounts, its people, and an engine that can die at any moment.

One loop, a clock that stands still until it is moved, and chance from a seed: a run can be played again exactly.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from proof.script import Noted, Notes, last_words, play
from proof.turns import MortalStore, turns
from wxkf.client.aio import AsyncClient
from wxkf.client.asgi import AsgiTransport, ask
from wxkf.client.settings import App
from wxkf.engine.engine import Engine
from wxkf.engine.settings import InboxSettings, Limits
from wxkf.engine.work import Work
from wxkf.errors import TransportError
from wxkf.messages.inbound import Origin
from wxkf.messages.outbound import Outbound
from wxkf.protocol.call import Request, Response
from wxkf.sim import Settings, SimClock, Simulator
from wxkf.testing.clock import MovableClock
from wxkf.web import CallbackApp

STAFF = ("zhangsan", "lisi")
_PATIENCE = 10.0  # seconds a client waits for an answer
_DAYS = 86_400.0


class Wire(AsgiTransport):
    """A line on which a call and its answer are under way for a while each; it dies with its process."""

    def __init__(self, sim: Simulator, luck: random.Random) -> None:
        super().__init__(sim.app)
        self._luck = luck
        self.dead = False

    async def send(self, request: Request) -> Response:
        """Carry a call there and its answer back."""
        await turns(self._luck.randint(0, 3))
        if self.dead:
            raise TransportError.of("refused", request.path, sent=False)
        answer = await super().send(request)
        await turns(self._luck.randint(0, 3))
        return answer


class Life:
    """One run of the bot, from its start to its stop or its death."""

    def __init__(self, town: "Town") -> None:
        sim, self._town = town.sim, town
        self.clock = MovableClock(sim.clock)
        app = App(sim.corp_id, sim.secret, sim.token, sim.aes_key, "http://sim")
        self._wire = Wire(sim, town.luck)
        self._client = AsyncClient.of(app, transport=self._wire, clock=self.clock, rng=town.luck)
        self.store = MortalStore(town.path, self.clock.now)
        self.engine = Engine(
            app.name, self._client, self.store, self._handle, clock=self.clock, settings=town.settings,
            make=lambda *given: Noted(town.notes, *given), despair=last_words,
        )  # fmt: skip
        self._address = CallbackApp(app.receiver(), self.engine.note)

    async def start(self) -> None:
        """Go to work."""
        await self.engine.__aenter__()
        self._town.sim.deliver_to(self._ring)

    async def stop(self) -> None:
        """Stop as one should."""
        self._town.sim.deliver_to(None)
        await self.engine.__aexit__()
        await self._client.aclose()

    async def die(self) -> None:
        """Be killed: nothing is written, sent or said any more, whatever the cut off tasks try on their way out."""
        self._town.sim.deliver_to(None)
        self._wire.dead = True
        self.store.kill()
        mine = [task for task in asyncio.all_tasks() if task is not asyncio.current_task() and not _is_platform(task)]
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    async def _handle(self, work: Work) -> Sequence[Outbound]:
        with self._town.notes.during(work.claim) as run:
            if self._town.notes.batched:
                await self._hesitate(work)
            await turns(self._town.luck.randint(0, 3))
            return await play(work, run, self.clock.now(), batched=self._town.notes.batched)

    async def _hesitate(self, work: Work) -> None:
        """Take so long that the customer writes again, now and then, and begin anew if that comes in time."""
        luck, claim = self._town.luck, work.claim
        work.begins_anew = True
        if luck.random() < 0.3 and claim.external_userid and work.event.origin == Origin.CUSTOMER:
            self._town.sim.customers.say(claim.open_kfid, claim.external_userid, "says one, returns one")
            await turns(luck.randint(0, 80))

    async def _ring(self, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        asking = asyncio.ensure_future(ask(self._address, "POST", "/", urlencode(query), body))
        try:
            answer = await asking
        except asyncio.CancelledError:
            if self._wire.dead:
                raise ConnectionResetError("the bot has died") from None
            raise
        return answer.status, answer.body


class Town:
    """Everybody, and what is known of what they did. `calls` are those that the platform has judged."""

    def __init__(self, folder: Path, settings: Settings, seed: int, batch: int = 1) -> None:
        self.luck = random.Random(seed)
        self.path = folder / "inbox.db"
        self.settings = InboxSettings(
            start="all", grace=5.0, retention=400 * _DAYS, limits=Limits(seconds=400 * _DAYS, batch=batch)
        )
        self.sim = Simulator(clock=SimClock.frozen(), seed=seed, settings=settings, sleep=self._be_slow)
        self.notes = Notes(batched=batch > 1)
        self.life: Life | None = None
        self.graves: list[Life] = []
        self.accounts = [self.sim.open_kfid, self.sim.console.add_account("分店")]
        self.people = [self.sim.customers.add(name) for name in ("甲", "乙", "丙")]
        for open_kfid in self.accounts:
            for userid in STAFF:
                self.sim.console.add_servicer(open_kfid, userid)

    async def start(self) -> None:
        """Let the bot work, if it does not."""
        if self.life is None:
            self.life = Life(self)
            await self.life.start()

    async def die(self) -> None:
        """Let the bot die."""
        if self.life is not None:
            life, self.life = self.life, None
            await life.die()
            self.graves.append(life)

    async def stop(self) -> None:
        """Let the bot stop."""
        if self.life is not None:
            life, self.life = self.life, None
            await life.stop()

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.sim.clock.forward(seconds)
        if self.life is not None:
            self.life.engine.look()

    async def calm(self) -> None:
        """End all trouble, then let time pass until nobody has anything left to do."""
        self.sim.trouble.clear()
        await self.start()
        assert self.life is not None
        self.life.store.turns.full = 0
        for _ in range(12):  # of a minute: a look for lost callbacks, the longest back-off, the timers
            await self._settle(self.life)
            self.passes(61.0)
        await self._settle(self.life)
        await self.stop()

    async def aclose(self) -> None:
        """Leave nothing open."""
        await self.die()
        await self.sim.aclose()
        for life in self.graves:
            life.store.turns.bury()

    async def _settle(self, life: Life) -> None:
        seen = Counter[float]()
        while True:
            await life.clock.caught_up()
            await self.sim.quiet()
            await life.engine.quiet()
            due = await life.engine.next_due()
            if due is None:
                return
            seen[due] += 1
            assert seen[due] < 50, "a message is ready and nobody takes it"
            self.passes(max(0.0, due - life.clock.now()))

    async def _be_slow(self, seconds: float) -> None:
        """Let the time of a slow answer pass; whoever asked has hung up by then if it is too long."""
        self.sim.clock.forward(seconds)
        await turns(3)
        if seconds > _PATIENCE:
            raise TimeoutError


def _is_platform(task: "asyncio.Task[Any]") -> bool:
    return "Pusher" in getattr(task.get_coro(), "__qualname__", "")
