"""Several simulated platforms side by side, and one fleet that serves them all, in process and on one clock."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from wxkf.bot.fleet import Fleet
from wxkf.bot.member import Phase
from wxkf.bot.service import Handle
from wxkf.client.asgi import AsgiTransport, ask
from wxkf.client.settings import App
from wxkf.clock import Clock
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.work import Work
from wxkf.messages import outbound as out
from wxkf.messages.inbound import Text
from wxkf.sim import SimClock, Simulator
from wxkf.testing.clock import MovableClock


async def echo(work: Work, clock: Clock) -> Sequence[out.Outbound]:
    """Answer a text with the app it came to."""
    return [out.Text(f"{work.claim.app}: {work.event.text.content}")] if isinstance(work.event, Text) else []


class Corp:
    """One platform with one corp, one app and one customer."""

    def __init__(self, name: str, seed: int, clock: SimClock) -> None:
        self.sim = Simulator(clock=clock, seed=seed)
        self.name, self.url = name, f"http://{name}"
        self.customer = self.sim.customers.add("小明")

    def app(self, **changed: Any) -> App:
        """Give the settings of its app."""
        own = {
            "corp_id": self.sim.corp_id,
            "secret": self.sim.secret,
            "token": self.sim.token,
            "aes_key": self.sim.aes_key,
            "base_url": self.url,
            "name": self.name,
        }
        return App(**{**own, **changed})

    def say(self, text: str) -> None:
        """Let the customer write."""
        self.sim.customers.say(self.sim.open_kfid, self.customer, text)

    @property
    def heard(self) -> list[str]:
        """What the customer was answered."""
        phone = self.sim.platform.phone(self.sim.open_kfid, self.customer)
        return [bubble.body["content"] for bubble in phone if bubble.who == "account"]

    def calls(self, path: str) -> int:
        """Count the calls of a path."""
        return sum(entry.kind == "call" and entry.title == path for entry in self.sim.platform.journal)


class Town:
    """Corps by name, a clock for all, and a fleet's store."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.sim_clock = SimClock.frozen()
        self.clock = MovableClock(self.sim_clock)
        self.corps = {name: Corp(name, seed, self.sim_clock) for seed, name in enumerate(names, 1)}
        self.inbox = folder / "inbox.db"

    def __getitem__(self, name: str) -> Corp:
        return self.corps[name]

    def transport(self, base_url: str) -> AsgiTransport:
        """Give the way to the platform of an address."""
        return AsgiTransport(self.corps[base_url.removeprefix("http://")].sim.app)

    def fleet(self, apps: Sequence[App], handle: Handle = echo, **options: Any) -> Fleet:
        """Make a fleet that every platform's callbacks reach."""
        fleet = Fleet(
            handle,
            apps,
            SqliteStore(self.inbox),
            transport=self.transport,
            clock=self.clock,
            settings=InboxSettings(grace=0.5),
            **options,
        )
        self.connect(fleet)
        return fleet

    def connect(self, fleet: Fleet) -> None:
        """Let callbacks go to this fleet, each app's to a path that is its name."""
        for corp in self.corps.values():
            corp.sim.deliver_to(partial(ring, fleet, f"/{corp.name}"))

    async def settled(self, fleet: Fleet) -> None:
        """Return when every app has found out how it stands, and those that run have nothing to do."""
        while any(state.phase is Phase.STARTING for state in fleet.states().values()):  # noqa: ASYNC110 - a few turns
            await asyncio.sleep(0.001)
        for corp in self.corps.values():
            await corp.sim.quiet()
        for name, state in fleet.states().items():
            if state.phase is Phase.RUNNING:
                await fleet.engine(name).quiet()

    async def aclose(self) -> None:
        """End the platforms."""
        for corp in self.corps.values():
            await corp.sim.aclose()


async def ring(fleet: Fleet, path: str, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
    """Take a callback to a path of the fleet's address."""
    answer = await ask(fleet.callback, "POST", path, urlencode(query), body)
    return answer.status, answer.body


def phases(fleet: Fleet) -> dict[str, Phase]:
    """Tell how each app stands."""
    return {name: state.phase for name, state in fleet.states().items()}
