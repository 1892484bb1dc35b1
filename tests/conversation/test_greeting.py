"""A greeting is said once, by the welcome code, and only to whom the platform lets us greet."""

import asyncio
import contextlib

import pytest

from kit.worlds import calls
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.bot.match import came_from
from wxkf.errors import QuotaExceeded
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Text
from wxkf.testing import Chat


async def test_who_enters_for_the_first_time_is_greeted_by_the_code(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        assert await customer.enters() == ["欢迎"]
        (call,) = calls(customer.sim, "kf/send_msg_on_event")
    assert call.errcode == 0
    assert call.request["body"]["code"]
    assert calls(customer.sim, "kf/send_msg") == []


@pytest.mark.parametrize(("hours", "greeted"), [(0, []), (1, []), (48, []), (48.1, ["欢迎"])])
async def test_who_comes_back_is_greeted_again_after_48_hours(parrot: Bot, hours: float, greeted: list[str]) -> None:
    async with Chat(parrot) as customer:
        await customer.enters()
        await customer.waits(hours=hours)
        assert await customer.enters() == greeted


@pytest.mark.parametrize(("hours", "greeted"), [(1, []), (48.1, ["欢迎"])])
async def test_who_has_written_is_greeted_after_48_hours_of_silence(
    parrot: Bot, hours: float, greeted: list[str]
) -> None:
    async with Chat(parrot) as customer:
        await customer.says("在吗")
        await customer.waits(hours=hours)
        assert await customer.enters() == greeted


async def test_an_entry_that_may_not_be_greeted_leads_to_no_call(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.says("在吗")
        before = len(calls(customer.sim, "kf/send_msg"))
        await customer.enters()
        assert calls(customer.sim, "kf/send_msg_on_event") == []
        assert len(calls(customer.sim, "kf/send_msg")) == before


async def test_a_greeting_may_be_said_by_reply_too() -> None:
    bot = Bot()

    @bot.on(EnterSession)
    async def greet(ctx: Context[EnterSession]) -> None:
        await ctx.reply(f"欢迎从{ctx.event.scene}来")

    async with Chat(bot) as customer:
        assert await customer.enters(scene="home") == ["欢迎从home来"]
        assert len(calls(customer.sim, "kf/send_msg_on_event")) == 1


async def test_the_code_serves_for_the_first_words_only() -> None:
    bot = Bot()

    @bot.on(EnterSession)
    async def greet(ctx: Context[EnterSession]) -> None:
        await ctx.reply("欢迎")
        with contextlib.suppress(QuotaExceeded):
            await ctx.reply("还有")

    async with Chat(bot) as customer:
        assert await customer.enters() == ["欢迎"]  # who has not written yet gets nothing else
        assert len(calls(customer.sim, "kf/send_msg_on_event")) == 1
        assert [call.errcode for call in calls(customer.sim, "kf/send_msg")] == [95031]


async def test_a_greeting_that_comes_too_late_disturbs_nothing() -> None:
    bot = Bot()

    @bot.on(EnterSession)
    async def slow(_: Context[EnterSession]) -> str:
        customer.clock.forward(seconds=21)
        return "欢迎"

    @bot.on(Text)
    async def answer(_: Context[Text]) -> str:
        return "您好"

    async with Chat(bot) as customer:
        assert await customer.enters() == []
        assert [call.errcode for call in calls(customer.sim, "kf/send_msg_on_event")] == [41050]
        assert await customer.says("在吗") == ["您好"]


async def test_a_greeting_costs_none_of_the_five_answers() -> None:
    bot = Bot()

    @bot.on(EnterSession)
    async def greet(_: Context[EnterSession]) -> str:
        return "欢迎"

    @bot.on(Text)
    async def chatter(ctx: Context[Text]) -> None:
        for number in range(5):
            await ctx.reply(f"{number}")

    async with Chat(bot) as customer:
        await customer.enters()
        assert await customer.says("在吗") == ["0", "1", "2", "3", "4"]


async def test_who_enters_and_writes_at_once_gets_both_in_order(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        platform, kf = customer.sim.platform, customer.sim.open_kfid
        platform.customers.enter(kf, next(iter(platform.world.customers)))
        assert await customer.says("在吗") == ["欢迎", "您说：在吗"]


# ── how often, from where, and how soon ───────────────────────────────────────────────────────────────────────


def every(hours: float) -> Bot:
    bot = Bot()

    @bot.on(EnterSession, every=hours * 3_600)
    async def greet(ctx: Context[EnterSession]) -> str:
        return "欢迎"

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "答"

    return bot


@pytest.mark.parametrize(("waited", "greeted"), [(1, []), (11, []), (13, ["欢迎"])])
async def test_who_wrote_is_greeted_again_after_some_hours_if_the_bot_wants_it(
    waited: float, greeted: list[str]
) -> None:
    async with Chat(every(12)) as customer:
        assert await customer.enters() == ["欢迎"]
        await customer.says("你好")
        await customer.waits(hours=waited)
        assert await customer.enters() == greeted
        assert await customer.enters() == []
        assert not [call for call in customer.sim.platform.journal if call.errcode]


async def test_who_never_wrote_cannot_be_greeted_without_a_code() -> None:
    async with Chat(every(12)) as customer:
        await customer.enters()
        await customer.waits(hours=13)
        assert await customer.enters() == []
        assert calls(customer.sim, "kf/send_msg") == []


async def test_a_welcome_code_may_be_left_unused_for_longer_than_the_platform_would() -> None:
    async with Chat(every(24 * 30)) as customer:
        assert await customer.enters() == ["欢迎"]
        await customer.waits(days=3)
        assert await customer.enters() == []
        await customer.waits(days=28)
        assert await customer.enters() == ["欢迎"]


async def test_where_somebody_comes_from_decides_what_they_hear() -> None:
    bot = Bot()

    @bot.on(EnterSession, where=came_from("ad-*", param="coupon=5"))
    async def coupon(ctx: Context[EnterSession]) -> str:
        return "五元券"

    @bot.on(EnterSession, where=came_from("home", "ad-1"))
    async def home(ctx: Context[EnterSession]) -> str:
        return "首页"

    @bot.on(EnterSession, where=came_from(param="vip*"))
    async def vip(ctx: Context[EnterSession]) -> str:
        return "贵宾"

    @bot.on(EnterSession)
    async def other(ctx: Context[EnterSession]) -> str:
        return "欢迎"

    scenes = [("ad-2", "coupon=5"), ("ad-1", ""), ("home", "x"), ("shop", "vip-7"), ("ad-2", "")]
    said = []
    for scene, param in scenes:
        async with Chat(bot) as customer:
            said += await customer.enters(scene=scene, scene_param=param)
    assert said == ["五元券", "首页", "首页", "贵宾", "欢迎"]


async def test_a_greeting_waits_for_nobody_however_busy_the_bot_is() -> None:
    """A hundred handlers that do not end hold up no greeting: its code lives for 20 seconds."""
    bot, over = Bot(), asyncio.Event()

    @bot.on(EnterSession)
    async def greet(ctx: Context[EnterSession]) -> str:
        return "欢迎"

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> None:
        await over.wait()

    async with Chat(bot) as customer:
        for index in range(100):
            other = customer.sim.customers.add(f"客{index}")
            customer.sim.customers.say(customer.open_kfid, other, "在吗")
        customer.sim.customers.say(customer.open_kfid, customer.external_userid, "在吗")
        late = customer.sim.customers.add("新客")
        customer.sim.customers.enter(customer.open_kfid, late)
        async with asyncio.timeout(5):
            while not calls(customer.sim, "kf/send_msg_on_event"):  # noqa: ASYNC110 - turns of the loop
                await asyncio.sleep(0)
        (call,) = calls(customer.sim, "kf/send_msg_on_event")
        assert call.errcode == 0
        over.set()
        await customer.hears()
