"""What the customer gets: each line answered once, in order, and silence where there is nothing to say."""

import asyncio
from typing import Any

import pytest

from kit.inboxes import enter, item
from kit.worlds import World, customer_of, land
from wxkf import out
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.bot.match import picked, says
from wxkf.messages.inbound import Image, Text, Unknown
from wxkf.testing import Chat


async def test_one_line_gets_one_answer(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        assert await customer.says("你好") == ["您说：你好"]
        assert await customer.says("在吗") == ["您说：在吗"]


async def test_several_lines_in_a_row_are_each_answered_once_and_in_order(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        assert await customer.says("一", "二", "三", "四") == ["您说：一", "您说：二", "您说：三", "您说：四"]
        assert await customer.waits(hours=1) == []


async def test_the_same_words_twice_are_answered_twice(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        assert await customer.says("好", "好") == ["您说：好", "您说：好"]
        assert await customer.says("好") == ["您说：好"]


async def test_answers_keep_their_order_when_the_first_takes_longest() -> None:
    bot = Bot()
    rest = {"一": 3, "二": 2, "三": 1}

    @bot.on(Text)
    async def slow(ctx: Context[Text]) -> str:
        for _ in range(rest[ctx.text] * 50):
            await asyncio.sleep(0)
        return ctx.text

    async with Chat(bot) as customer:
        assert await customer.says("一", "二", "三") == ["一", "二", "三"]


async def test_replies_come_before_what_the_handler_returns() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        await ctx.reply("稍等")
        await ctx.reply(out.Text(content="马上"))
        return "好了"

    async with Chat(bot) as customer:
        assert await customer.says("查订单") == ["稍等", "马上", "好了"]
        assert len({bubble.msgid for bubble in customer.screen}) == len(customer.screen)


async def test_a_picture_reaches_its_handler_and_may_go_back() -> None:
    bot = Bot()

    @bot.on(Image)
    async def see(ctx: Context[Image]) -> out.Image:
        return out.Image(media_id=ctx.event.image.media_id)

    async with Chat(bot) as customer:
        assert await customer.sends_file() == ["[image]"]


@pytest.mark.parametrize("more", [{}, {"vip": {"level": 3}}], ids=["as documented", "with a field of tomorrow"])
async def test_a_menu_tap_is_told_from_typed_words(more: dict[str, Any]) -> None:
    bot = Bot()

    @bot.on(Text, where=picked("human"))
    async def person(_: Context[Text]) -> str:
        return "稍等，同事马上来"

    @bot.on(Text, where=says("人工"))
    async def typed(_: Context[Text]) -> str:
        return "请点菜单"

    async with Chat(bot) as customer:
        assert await customer.says("人工") == ["请点菜单"]
        tap = item("tap", customer_of(customer), send_time=int(customer.clock.now()), **more)
        land(customer.sim, tap | {"text": {"content": "人工", "menu_id": "human"}})
        assert await customer.waits() == ["稍等，同事马上来"]


@pytest.mark.parametrize("kind", ["hologram", "text", "event"])
async def test_what_nobody_knows_is_met_with_silence_and_the_next_line_is_answered(parrot: Bot, kind: str) -> None:
    async with Chat(parrot) as customer:
        land(customer.sim, item("odd", customer_of(customer), msgtype=kind, hologram={"depth": 3}) | {"text": 7})
        assert await customer.waits() == []
        assert await customer.says("在吗") == ["您说：在吗"]


async def test_what_nobody_knows_can_be_asked_for() -> None:
    bot = Bot()

    @bot.on(Unknown)
    async def odd(ctx: Context[Unknown]) -> str:
        return f"还看不懂 {ctx.event.msgtype}"

    async with Chat(bot) as customer:
        await customer.says("hi")
        now = int(customer.clock.now())
        land(customer.sim, item("odd", customer_of(customer), msgtype="hologram", send_time=now))
        assert await customer.waits() == ["还看不懂 hologram"]


async def test_an_event_without_ids_at_the_top_is_the_customers(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.says("hi")
        event = enter("e1", customer_of(customer), open_kfid=customer.sim.open_kfid)
        land(customer.sim, event | {"send_time": int(customer.clock.now())})
        assert await customer.waits() == []  # no code, so no greeting, and no error either
        assert await customer.says("在吗") == ["您说：在吗"]


async def test_a_colleagues_words_are_not_answered(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.says("在吗")
        now = int(customer.clock.now())
        land(customer.sim, item("c1", customer_of(customer), origin=5, servicer_userid="lisi", send_time=now))
        assert await customer.waits() == []
        assert await customer.says("谢谢") == ["您说：谢谢"]


async def test_every_customer_of_one_page_is_answered(world: World, parrot: Bot) -> None:
    names = [world.customer(f"小{n}") for n in range(12)]
    for round_ in range(4):
        for name in names:
            world.say(name, f"{round_}")
    async with world.runs(parrot):
        pass
    assert [world.heard(name) for name in names] == [["您说：0", "您说：1", "您说：2", "您说：3"]] * 12
    assert len(world.calls("kf/sync_msg")) == 1


async def test_a_slow_customer_holds_up_nobody_else(world: World) -> None:
    bot, release = Bot(), asyncio.Event()
    slow, quick = world.customer("慢"), world.customer("快")
    answered = asyncio.Event()
    world.sim.platform.watch(lambda _: answered.set() if world.heard(quick) == ["二"] * 2 else None)

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        if ctx.customer == slow:
            await release.wait()
        return "一" if ctx.customer == slow else "二"

    async with world.runs(bot):
        world.say(slow, "在吗", "在吗")
        world.say(quick, "在吗", "在吗")
        async with asyncio.timeout(5):
            await answered.wait()
        assert world.heard(slow) == []
        release.set()
    assert world.heard(slow) == ["一", "一"]
