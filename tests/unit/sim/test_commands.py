"""Commands to a provider (指令回调, platform.md 1.3): tickets by the clock, authorisations, answers, data callbacks."""

import asyncio
from typing import Any

import pytest

from unit.sim.receiver import Receiver, nodes
from unit.sim.shop import Shop
from wxkf.sim import SimClock, Simulator


class Office:
    """A provider whose URLs take notice, and a corp."""

    def __init__(self, shop: Shop, kind: Any = "third_party", answer: bytes = b"success") -> None:
        self.shop, self.sim = shop, shop.sim
        self.suite = shop.sim.provider.add_suite("小店助手", kind=kind)
        self.id = self.suite["suite_id"]
        self.commands, self.data = Receiver(body=answer), Receiver()
        self.sim.deliver_suite_to(self.id, self.commands, self.data)

    async def heard(self) -> list[list[tuple[str, str]]]:
        """Open all commands that came, without their time."""
        await self.sim.quiet()
        keys = self.suite["token"], self.suite["aes_key"], self.id
        opened = [nodes(sent, *keys) for sent in self.commands.sent]
        assert {dict(one)["SuiteId"] for one in opened} <= {self.id}
        return [[node for node in one if node[0] not in {"SuiteId", "TimeStamp"}] for one in opened]

    async def kinds(self) -> list[str]:
        """List the commands that came."""
        return [dict(one)["InfoType"] for one in await self.heard()]


@pytest.fixture
def office(shop: Shop) -> Office:
    return Office(shop)


async def test_a_ticket_comes_every_ten_minutes_of_the_clock(office: Office) -> None:
    assert await office.kinds() == ["suite_ticket"]
    office.shop.clock.forward(599)
    assert len(await office.kinds()) == 1
    office.shop.clock.forward(1)
    assert len(await office.kinds()) == 2
    office.shop.clock.forward(86_400)
    heard = await office.heard()
    assert len(heard) == 3  # those that were leapt over are not made up for
    ticket = dict(heard[-1])["SuiteTicket"]
    body = {"suite_id": office.id, "suite_secret": office.suite["suite_secret"], "suite_ticket": ticket}
    assert "suite_access_token" in office.shop.post("service/get_suite_token", **body)


async def test_on_a_ticking_clock_tickets_come_by_themselves() -> None:
    time, slept, wake = [1_000_000.0], list[float](), [asyncio.Event(), asyncio.Event()]

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await wake[len(slept) - 1].wait()

    sim, receiver = Simulator(clock=SimClock(lambda: time[0]), sleep=sleep), Receiver()
    sim.deliver_suite_to(sim.provider.add_suite("小店助手")["suite_id"], receiver)
    await sim.quiet()
    await asyncio.sleep(0)
    assert (slept, len(receiver.sent)) == ([600.0], 1)
    time[0] += 600
    wake[0].set()
    for _ in range(3):  # the sleeper wakes, the clock is looked at, the callback starts
        await asyncio.sleep(0)
    await sim.quiet()
    assert len(receiver.sent) == 2
    await sim.aclose()


async def test_each_step_of_an_authorisation_is_a_command(shop: Shop) -> None:
    office = Office(shop, "customized")
    provider, corp = shop.sim.provider, shop.sim.corp_id
    found = provider.authorize(office.id, corp, state="s 1")
    provider.change_auth(office.id, corp)
    provider.reset_permanent_code(office.id, corp)
    provider.withdraw(office.id, corp)
    reset = list(shop.platform.world.suites[office.id].auth_codes)[-1]

    assert (await office.heard())[1:] == [
        [("InfoType", "create_auth"), ("AuthCode", found["auth_code"]), ("State", "s 1")],
        [("InfoType", "change_auth"), ("AuthCorpId", corp), ("State", "")],
        [("InfoType", "reset_permanent_code"), ("AuthCode", reset)],
        [("InfoType", "cancel_auth"), ("AuthCorpId", corp)],
    ]


async def test_an_authorisation_on_the_providers_own_site_is_not_told(office: Office) -> None:
    suite = office.shop.platform.world.suites[office.id]
    suite.pre_auth_codes["code"] = office.shop.clock.now()
    office.sim.provider.authorize(office.id, office.sim.corp_id, pre_auth_code="code")
    assert await office.kinds() == ["suite_ticket"]


@pytest.mark.parametrize(("answer", "errcode"), [(b"success", 0), (b"", -1), (b"success\n", -1)])
async def test_a_command_wants_exactly_success_and_is_not_sent_again(shop: Shop, answer: bytes, errcode: int) -> None:
    office = Office(shop, answer=answer)
    assert await office.kinds() == ["suite_ticket"]
    assert shop.platform.journal[-1].errcode == errcode


async def test_a_command_that_meets_a_broken_line_is_tried_three_times(shop: Shop) -> None:
    office = Office(shop)
    office.commands.answers = [ConnectionResetError()]
    assert await office.kinds() == ["suite_ticket"] * 3


async def test_a_third_party_apps_news_goes_to_the_suites_data_url(office: Office) -> None:
    shop, corp = office.shop, office.sim.corp_id
    agent_id = office.sim.provider.authorize(office.id, corp)["agent_id"]
    own = Receiver()
    shop.sim.deliver_to(own, agent_id=agent_id)
    shop.platform.console.manage(shop.kf, agent_id=agent_id)
    shop.say()
    await shop.sim.quiet()

    opened = [dict(nodes(sent, office.suite["token"], office.suite["aes_key"], office.id)) for sent in office.data.sent]

    assert {one["Event"] for one in opened} == {"kf_account_auth_change", "kf_msg_or_event"}
    assert {one["ToUserName"] for one in opened} == {corp}
    assert own.sent == []


async def test_an_agency_developed_apps_news_goes_to_the_app(shop: Shop) -> None:
    office, own = Office(shop, "customized"), Receiver()
    app = shop.sim.provider.authorize(office.id, shop.sim.corp_id)
    shop.sim.deliver_to(own, agent_id=app["agent_id"])
    shop.platform.console.manage(shop.kf, agent_id=app["agent_id"])
    await shop.sim.quiet()
    found = dict(nodes(own.sent[0], app["token"], app["aes_key"], shop.sim.corp_id))
    assert found["AuthAddOpenKfId"] == shop.kf
    assert office.data.sent == []


async def test_a_withdrawn_authorisation_takes_the_accounts_too(office: Office) -> None:
    shop, corp = office.shop, office.sim.corp_id
    agent_id = office.sim.provider.authorize(office.id, corp)["agent_id"]
    shop.platform.console.manage(shop.kf, agent_id=agent_id)
    await shop.sim.quiet()
    office.sim.provider.withdraw(office.id, corp)
    await shop.sim.quiet()
    last = dict(nodes(office.data.sent[-1], office.suite["token"], office.suite["aes_key"], office.id))
    assert last["AuthDelOpenKfId"] == shop.kf
    shop.say()
    await shop.sim.quiet()
    assert len(office.data.sent) == 2


async def test_a_ticket_may_be_lost(office: Office) -> None:
    await office.sim.quiet()
    office.sim.trouble.add("callback_lost", path="suite_ticket", times=1)
    office.shop.clock.forward(600)
    assert len(await office.kinds()) == 1
    office.shop.clock.forward(600)
    assert len(await office.kinds()) == 2
