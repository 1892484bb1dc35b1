"""Many corps in one process: each is served, none disturbs another, and all may come and go."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from kit.fleets import Town, echo, phases, ring
from wxkf.bot.member import Phase
from wxkf.clock import Clock
from wxkf.engine.work import Work
from wxkf.errors import ConfigError
from wxkf.messages.outbound import File, Outbound

WRONG = "wrong-and-not-to-be-shown"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Three corps."""
    town = Town(tmp_path, "a", "b", "c")
    yield town
    await town.aclose()


async def test_each_corp_is_answered_by_its_own_app(town: Town) -> None:
    async with town.fleet([corp.app() for corp in town.corps.values()]) as fleet:
        await town.settled(fleet)
        for corp in town.corps.values():
            corp.say("在吗")
        await town.settled(fleet)
    assert {name: corp.heard for name, corp in town.corps.items()} == {name: [f"{name}: 在吗"] for name in "abc"}


async def test_a_corp_with_a_wrong_secret_stops_alone_and_asks_no_more(town: Town) -> None:
    async with town.fleet([town["a"].app(), town["b"].app(secret=WRONG), town["c"].app()]) as fleet:
        await town.settled(fleet)
        for corp in town.corps.values():
            corp.say("在吗")
        await town.settled(fleet)
        asked = town["b"].calls("gettoken")
        town.clock.forward(hours=2)
        await town.settled(fleet)
        state = fleet.states()["b"]

        assert phases(fleet) == {"a": Phase.RUNNING, "b": Phase.REFUSED, "c": Phase.RUNNING}
        assert "40001" in state.reason
        assert state.remedy
        assert WRONG not in repr(state)
    assert (town["a"].heard, town["b"].heard, town["c"].heard) == (["a: 在吗"], [], ["c: 在吗"])
    assert town["b"].calls("gettoken") == asked == 1


async def test_a_right_secret_starts_it_and_finds_what_was_missed(town: Town) -> None:
    apps = [town["a"].app(), town["b"].app(secret=WRONG)]
    async with town.fleet(apps) as fleet:
        await town.settled(fleet)
        engine = fleet.engine("a")
        town["b"].say("有人吗")
        await town.settled(fleet)
        assert await fleet.apply([apps[0], town["b"].app()], []) == ["~b"]
        await town.settled(fleet)
        assert phases(fleet) == {"a": Phase.RUNNING, "b": Phase.RUNNING}
        assert fleet.engine("a") is engine
    assert town["b"].heard == ["b: 有人吗"]


async def test_a_secret_that_is_changed_in_the_console_stops_its_app_while_it_runs(town: Town) -> None:
    async with town.fleet([town["a"].app(), town["b"].app()]) as fleet:
        await town.settled(fleet)
        town["a"].sim.console.reset_secret("another")
        town["a"].sim.trouble.revoke_token()
        town["a"].say("在吗")
        await town.settled(fleet)
        assert phases(fleet) == {"a": Phase.REFUSED, "b": Phase.RUNNING}
        town["b"].say("在吗")
        await town.settled(fleet)
    assert town["b"].heard == ["b: 在吗"]


async def test_what_was_refused_is_tried_again_only_when_asked(town: Town) -> None:
    apps = [town["a"].app(secret="another")]
    async with town.fleet(apps) as fleet:
        await town.settled(fleet)
        assert await fleet.apply(apps, []) == []
        town["a"].sim.console.reset_secret("another")
        assert await fleet.apply(apps, [], retry=True) == ["~a"]
        await town.settled(fleet)
        assert phases(fleet) == {"a": Phase.RUNNING}


async def test_an_app_comes_and_goes_without_a_restart(town: Town) -> None:
    async with town.fleet([town["a"].app()]) as fleet:
        await fleet.add(town["b"].app())
        await town.settled(fleet)
        town["b"].say("一")
        await town.settled(fleet)
        await fleet.remove("b")
        town["b"].say("二")
        await town.settled(fleet)
        assert phases(fleet) == {"a": Phase.RUNNING}
        assert town["b"].heard == ["b: 一"]
        await fleet.add(town["b"].app())
        await town.settled(fleet)
        assert town["b"].heard == ["b: 一", "b: 二"]
        with pytest.raises(ConfigError, match=r"no app 'z'.*a, b"):
            await fleet.remove("z")


async def test_new_sealing_needs_no_new_engine(town: Town) -> None:
    old = town["a"].app()
    new = town["a"].app(token="newtoken", aes_key="k" * 43, old_token=old.token, old_aes_key=old.aes_key, path="/a")
    async with town.fleet([old]) as fleet:
        await town.settled(fleet)
        engine = fleet.engine("a")
        assert await fleet.apply([new], []) == []
        town["a"].say("旧")
        await town.settled(fleet)
        town["a"].sim.console.seal_with(new.token, new.aes_key)
        town["a"].say("新")
        await town.settled(fleet)
        assert fleet.engine("a") is engine
    assert town["a"].heard == ["a: 旧", "a: 新"]


async def test_settings_that_contradict_change_nothing(town: Town) -> None:
    async with town.fleet([town["a"].app()]) as fleet:
        await town.settled(fleet)
        for wrong in (
            [town["a"].app(), town["a"].app(secret="other")],
            [town["a"].app(), town["b"].app(token="!")],
            [town["a"].app(), replace(town["a"].app(), name="twin")],
        ):
            with pytest.raises(ConfigError):
                await fleet.apply(wrong, [])
        town["a"].say("在吗")
        await town.settled(fleet)
        assert phases(fleet) == {"a": Phase.RUNNING}
    assert town["a"].heard == ["a: 在吗"]


async def test_two_apps_share_an_inbox_but_no_conversation(town: Town) -> None:
    """The same accounts under two names: each engine takes what is filed under its own."""
    town["a"].say("早")
    async with town.fleet([town["a"].app(), town["b"].app()]) as fleet:
        await town.settled(fleet)
        messages = [entry.title for entry in town["b"].sim.platform.journal if entry.title == "kf/send_msg"]
    assert (town["a"].heard, messages) == (["a: 早"], [])


async def test_what_was_cut_off_by_a_removal_is_handled_when_the_app_comes_back(town: Town) -> None:
    begun, runs = asyncio.Event(), 0

    async def slow_once(work: Work, clock: Clock) -> Sequence[Outbound]:
        nonlocal runs
        runs += 1
        if runs == 1:
            begun.set()
            await asyncio.Event().wait()
        return await echo(work, clock)

    async with town.fleet([town["a"].app(), town["b"].app()], slow_once) as fleet:
        await town.settled(fleet)
        town["a"].say("在吗")
        await begun.wait()
        await fleet.remove("a")
        await fleet.add(town["a"].app())
        await town.settled(fleet)
        assert (runs, town["a"].heard) == (2, ["a: 在吗"])


async def test_a_fleet_tells_how_all_its_apps_are(town: Town) -> None:
    fleet = town.fleet([town["a"].app(), town["b"].app(secret=WRONG)])
    async with fleet:
        await town.settled(fleet)
        town["a"].say("在吗")
        await town.settled(fleet)
        status = await fleet.status()
        assert (status.alive, status.ready) == (True, True)  # the one with the wrong secret stops alone
        data = status.as_data()
        assert (data["apps"], data["accounts"], data["waiting"]) == ({"running": 1, "refused": 1}, 1, 0)
        await fleet.remove("a")
        assert (await fleet.status()).why == ["no app is at work"]


async def test_a_fleet_that_is_stopped_while_it_starts_ends(town: Town) -> None:
    async with asyncio.timeout(5):
        async with town.fleet([corp.app() for corp in town.corps.values()]):
            pass
        async with town.fleet([town["a"].app()]) as fleet:
            await fleet.add(town["b"].app())
            await fleet.remove(town["b"].app().name)


async def test_apps_of_one_corp_share_what_was_uploaded_and_corps_do_not(town: Town) -> None:
    async def menu(work: Work, clock: Clock) -> Sequence[Outbound]:
        return [File(await work.client.media.upload_once(type="file", media=b"%PDF-1.7"))]

    a = town["a"].sim
    second = a.console.add_app("二", corp_id=a.corp_id)
    account = a.console.add_account("二号店", agent_id=second["agent_id"])
    own = {key: second[key] for key in ("secret", "token", "aes_key")}
    async with town.fleet([town["a"].app(), town["a"].app(name="a2", **own), town["b"].app()], menu) as fleet:
        a.deliver_to(partial(ring, fleet, "/a2"), agent_id=second["agent_id"])
        await town.settled(fleet)
        town["a"].say("菜单")
        await town.settled(fleet)
        a.customers.say(account, town["a"].customer, "菜单")
        town["b"].say("菜单")
        await town.settled(fleet)
    assert (town["a"].calls("kf/send_msg"), town["a"].calls("media/upload")) == (2, 1)
    assert (town["b"].calls("kf/send_msg"), town["b"].calls("media/upload")) == (1, 1)
