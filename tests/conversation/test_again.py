"""What a second run of a handler meets: all that the first has done, as it was, and nothing that it has not."""

import asyncio
from functools import partial

import pytest

from kit.worlds import World, calls
from wxkf import Bot, ConfigError, Context, EnterSession, Inbound, Text, out, says
from wxkf.bot.failures import SORRY
from wxkf.bot.staff import WORDS
from wxkf.engine.sqlite import admin
from wxkf.engine.sqlite.visit import administered
from wxkf.engine.views import Pause
from wxkf.testing import Chat

SHORT, LONG, LONGER = "短", "长" * 1_000, "更" * 1_500


@pytest.mark.parametrize(
    ("first", "second"),
    [(SHORT, LONG), (LONG, SHORT), (LONG, LONGER), (LONGER, LONG)],
    ids=["1-2", "2-1", "2-3", "3-2"],
)
async def test_what_was_said_is_not_said_otherwise(first: str, second: str) -> None:
    """A language model says something else the second time; the customer hears the first, once."""
    bot, runs = Bot(), 0

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        nonlocal runs
        runs += 1
        await ctx.reply(first if runs == 1 else second)
        if runs == 1:
            raise ConnectionError("after it")
        return "完"

    async with Chat(bot, tolerate=True) as customer:
        said = await customer.says("你好")
    assert "".join(said[:-1]) == first
    assert said[-1] == "完"


async def test_a_hook_that_changes_its_mind_changes_nothing_that_was_said() -> None:
    bot, runs = Bot(), 0

    @bot.before_send
    async def hook(ctx: Context[Inbound], message: out.Outbound) -> out.Outbound | None:
        return None if runs == 2 else message

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> None:
        nonlocal runs
        runs += 1
        await ctx.reply("一")
        if runs == 1:
            raise ConnectionError("after it")
        await ctx.hand_over()

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("你好") == ["一"]
        assert customer.sim.platform.session(customer.open_kfid, customer.external_userid).state == 2


async def test_the_time_of_people_begins_once() -> None:
    bot, runs = Bot(staff_idle=1_800), 0

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> None:
        nonlocal runs
        runs += 1
        await ctx.hand_over(note="稍等")
        if runs == 1:
            raise ConnectionError("after it")

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("人工") == ["稍等"]
        assert await customer.waits(minutes=31) == [WORDS]


async def test_after_an_outage_nobody_is_cut_off_who_is_talking(world: World) -> None:
    bot, customer = Bot(staff_idle=1_800), world.customer()

    @bot.on(Text)
    async def person(ctx: Context[Text]) -> None:
        await ctx.hand_over()

    world.sim.console.add_servicer(world.kf, "zhangsan")
    async with world.runs(bot):
        world.say(customer, "人工")
    world.sim.staff.accept(world.kf, customer, "zhangsan")
    for _ in range(6):
        world.clock.forward(minutes=10)
        world.sim.staff.say(world.kf, customer, "zhangsan", "您好")
    async with world.runs(bot) as service:
        await world.passes(service, 100)
        assert world.sim.platform.session(world.kf, customer).state == 3
        await world.passes(service, 1_900)
        assert world.sim.platform.session(world.kf, customer).state == 4


async def test_an_operators_wish_is_gone_through_with() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "机器人"

    async with Chat(bot, tolerate=True) as customer:
        for what in (
            Pause(customer.app, note="大家都转"),
            Pause(customer.app, customer.open_kfid, customer.external_userid, note="您转"),
        ):
            with administered(customer.database) as db:
                admin.pause(db, what, "me")
        customer.sim.trouble.refuse("kf/service_state/trans", -1, times=6)
        assert await customer.sends_file("image") == ["您转"]  # also what no handler is for
        assert customer.sim.platform.session(customer.open_kfid, customer.external_userid).state == 2


async def test_a_newer_message_for_another_handler_begins_nothing_anew() -> None:
    bot, runs = Bot(), 0

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> str:
        return "稍等"

    @bot.on(Text, newer="restart")
    async def answer(ctx: Context[Text]) -> str:
        nonlocal runs
        runs += 1
        assert runs == 1
        customer.sim.customers.say(customer.open_kfid, customer.external_userid, "人工")
        await customer.sim.quiet()
        while not await ctx.superseded():
            customer.clock.forward(seconds=1)
        for _ in range(5):  # it has come, and every second somebody looks whether this should begin anew
            customer.clock.forward(seconds=1)
            await ctx.superseded()
        return "答"

    async with Chat(bot) as customer:
        assert await customer.says("你好") == ["答", "稍等"]
    assert runs == 1


async def test_old_messages_stay_with_the_handler_that_has_begun_with_them() -> None:
    bot, runs = Bot(), 0

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        nonlocal runs
        runs += 1
        await ctx.reply("正在查您的订单")
        if runs == 1:
            customer.clock.forward(hours=2)
            raise ConnectionError("after it")
        return "查到了"

    @bot.on_stale(after=3_600)
    async def late(ctx: Context[Inbound]) -> str:
        return "请留下电话"

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("订单") == ["正在查您的订单", "查到了"]


async def test_trouble_while_a_customer_is_handed_over_costs_no_second_apology() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> None:
        raise ValueError("no")

    async with Chat(bot, tolerate=True) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        customer.sim.trouble.refuse("kf/service_state/trans", 45009, times=2)
        said = await customer.says("你好")
        assert len(said) == 1
        assert said != [SORRY]
        assert customer.sim.platform.session(customer.open_kfid, customer.external_userid).state == 2


async def test_words_that_find_no_room_keep_nobody_from_people() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> None:
        for number in range(5):
            await ctx.reply(str(number))
        await ctx.hand_over(note="稍等")

    async with Chat(bot) as customer:
        assert len(await customer.says("你好")) == 5
        assert customer.sim.platform.session(customer.open_kfid, customer.external_userid).state == 2


async def test_last_words_that_do_not_end_hold_nobody_up() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        if ctx.text == "坏":
            raise ValueError("no")
        return "答"

    @bot.on_error
    async def never(ctx: Context[Inbound], error: BaseException) -> str:
        for _ in range(2_000):  # until the engine waits, too
            await asyncio.sleep(0)
        customer.clock.forward(minutes=4)
        await asyncio.Event().wait()
        return ""

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("坏", "好") == ["答"]


async def test_a_notice_leaves_room_for_the_answer_and_passes_the_hooks() -> None:
    bot = Bot()

    @bot.before_send
    async def hook(ctx: Context[Inbound], message: out.Outbound) -> out.Outbound:
        return out.Text("稍等") if message == out.Text("秘密") else message

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        ctx.notice("<think>hm</think>")  # nothing is left of it
        ctx.notice("秘密")
        await customer.sees("稍等")
        return "长" * 4_000

    async with Chat(bot) as customer:
        assert len(await customer.says("你好")) == 5
        assert not [call for call in calls(customer.sim, "kf/send_msg") if call.errcode]


async def test_what_a_hook_makes_too_long_is_cut_once_more() -> None:
    bot = Bot()

    @bot.before_send
    async def sign(ctx: Context[Inbound], message: out.Outbound) -> out.Outbound:
        return out.Text(f"{message.content}（机器人）") if isinstance(message, out.Text) else message

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "长" * 682

    async with Chat(bot) as customer:
        assert "".join(await customer.says("你好")) == "长" * 682 + "（机器人）"


async def test_two_handlers_of_one_name_do_not_silence_each_other() -> None:
    bot = Bot()

    def once(words: str) -> None:
        @bot.on(Text, where=says(words), every=3_600)
        async def answer(ctx: Context[Text]) -> str:
            return f"答{words}"

    once("电话")
    once("地址")
    async with Chat(bot) as customer:
        assert await customer.says("电话", "地址", "电话") == ["答电话", "答地址"]


async def test_a_handler_with_something_bound_is_awaited_and_one_that_gives_a_coroutine_is_told() -> None:
    bot = Bot()

    async def answer(words: str, ctx: Context[Text]) -> None:
        await ctx.reply(words)

    bot.on(Text, where=says("一"))(partial(answer, "好"))
    bot.on(Text)(lambda ctx: answer("坏", ctx))
    async with Chat(bot) as customer:
        assert await customer.says("一") == ["好"]
        with pytest.raises(ConfigError, match="make it an `async def`"):
            await customer.says("二")


async def test_a_greeting_without_a_code_is_not_said_into_the_session_of_a_colleague() -> None:
    bot = Bot()

    @bot.on(EnterSession, every=60)
    async def greet(ctx: Context[EnterSession]) -> str:
        return "欢迎"

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> None:
        await ctx.hand_over()

    async with Chat(bot) as customer:
        await customer.says("人工")
        await customer.waits(hours=1)
        assert await customer.enters() == []
        assert not [call for call in customer.sim.platform.journal if call.errcode]
