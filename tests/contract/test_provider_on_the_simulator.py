"""The provider's side against the simulated platform: both were written from the page alone, and must agree."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import pytest

from kit.fleets import echo, phases
from wxkf.bot.fleet import Fleet
from wxkf.bot.member import Phase
from wxkf.client.asgi import AsgiTransport, ask
from wxkf.client.settings import Suite
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.provider.events import EventState
from wxkf.provider.store import ProviderStore
from wxkf.sim import SimClock, Simulator
from wxkf.testing.clock import MovableClock

Kind = Literal["third_party", "agency"]


class Provider:
    """A fleet with one suite, wired to a simulator in process and on its clock."""

    def __init__(self, folder: Path, kind: Kind) -> None:
        clock = SimClock.frozen()
        self.sim = Simulator(clock=clock, seed=11)
        self.clock, self.kind = MovableClock(clock), kind
        own = self.sim.provider.add_suite("小店助手", kind="customized" if kind == "agency" else kind)
        self.id, self.keys = own["suite_id"], (own["token"], own["aes_key"])
        self.suite = Suite(
            self.id, own["suite_secret"], token=own["token"], aes_key=own["aes_key"], kind=kind, base_url="http://sim"
        )
        self.store = ProviderStore(folder / "provider.db", now=self.clock.now, patience=0.5)
        self.fleet = Fleet(
            echo, (), SqliteStore(folder / "inbox.db"), suites=[self.suite], provider=self.store,
            transport=lambda _: AsgiTransport(self.sim.app), clock=self.clock, settings=InboxSettings(grace=0.1),
        )  # fmt: skip
        self.customer = self.sim.customers.add("小明")
        ring = partial(_ring, self.fleet)
        self.sim.deliver_suite_to(self.id, ring, ring)

    @property
    def name(self) -> str:
        """What the fleet calls the corp's app."""
        return f"{self.id}/{self.sim.corp_id}"

    async def authorised(self) -> int:
        """Let the corp authorise, give the account to the new app, and return when it works."""
        app = self.sim.provider.authorize(self.id, self.sim.corp_id, state="s1")
        agent_id = int(app["agent_id"])
        self.sim.console.seal_with(*self.keys, agent_id=agent_id)
        self.sim.deliver_to(partial(_ring, self.fleet), agent_id=agent_id)
        self.sim.console.manage(self.sim.open_kfid, agent_id=agent_id)
        await self.until(lambda: phases(self.fleet) == {self.name: Phase.RUNNING})
        return agent_id

    async def until(self, holds: Callable[[], bool]) -> None:
        """Let callbacks leave and the fleet work until something holds."""
        async with asyncio.timeout(10):
            while not holds():
                await self.sim.quiet()
                await asyncio.sleep(0.005)

    def heard(self) -> list[str]:
        """List what the customer was answered."""
        phone = self.sim.platform.phone(self.sim.open_kfid, self.customer)
        return [bubble.body["content"] for bubble in phone if bubble.who == "account"]


async def _ring(fleet: Fleet, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
    answer = await ask(fleet.callback, "POST", "/", urlencode(query), body)
    return answer.status, answer.body


@pytest.fixture(params=["third_party", "agency"])
async def provider(request: Any, tmp_path: Path) -> AsyncIterator[Provider]:
    """A provider at work, of each kind."""
    found = Provider(tmp_path, request.param)
    async with found.fleet:
        yield found
        await found.sim.aclose()


async def test_a_corp_authorises_and_its_customer_is_answered(provider: Provider) -> None:
    await provider.authorised()
    provider.sim.customers.say(provider.sim.open_kfid, provider.customer, "在吗")
    await provider.until(lambda: bool(provider.heard()))
    assert provider.heard() == [f"{provider.name}: 在吗"]
    assert [entry for entry in provider.sim.platform.journal if entry.kind == "callback" and entry.errcode] == []


async def test_a_corp_that_withdraws_is_stopped(provider: Provider) -> None:
    await provider.authorised()
    provider.sim.provider.withdraw(provider.id, provider.sim.corp_id)
    await provider.until(lambda: phases(provider.fleet) == {})


async def test_tickets_are_taken_and_the_next_token_is_had_with_the_newest(provider: Provider) -> None:
    await provider.sim.quiet()
    for _ in range(13):  # two hours and more: the first suite token is over
        provider.clock.forward(seconds=600)
        await provider.sim.quiet()
    await provider.authorised()
    errcodes = {entry.errcode for entry in provider.sim.platform.journal if entry.title.startswith("service/")}
    assert errcodes == {0}


async def test_an_exchange_whose_answer_is_lost_is_unknown_and_not_repeated(provider: Provider) -> None:
    await provider.sim.quiet()
    provider.sim.trouble.add("cut_after", path="service/v2/get_permanent_code", times=1)
    provider.sim.provider.authorize(provider.id, provider.sim.corp_id)
    await provider.until(lambda: any(event.state is EventState.UNKNOWN for event in provider.store.events()))
    asked = [e for e in provider.sim.platform.journal if e.title == "service/v2/get_permanent_code"]
    assert len(asked) == 1
