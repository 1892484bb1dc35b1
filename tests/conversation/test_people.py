"""Bots and people: who speaks when, how a customer is handed over and comes back."""

import pytest

from wxkf import ApiError, Bot, Context, SessionStatusChange, SyncContext, Text, says
from wxkf.testing import Chat


def shop() -> Bot:
    bot = Bot()

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> None:
        await ctx.hand_over(note="稍等，同事马上来。", waiting="前面还有两位。")

    @bot.on(Text, where=says("找张三"))
    def zhangsan(ctx: SyncContext[Text]) -> None:
        ctx.hand_over("zhangsan", note="正在为您转接张三。")

    @bot.on(Text, where=says("再见"))
    async def bye(ctx: Context[Text]) -> None:
        await ctx.close("感谢您的咨询。")

    @bot.on(Text, where=says("谁在接待"))
    async def who(ctx: Context[Text]) -> str:
        return f"{(await ctx.session()).service_state}"

    @bot.on(SessionStatusChange, where=lambda event: event.change_type == 3)
    async def ended(ctx: Context[SessionStatusChange]) -> None:
        await ctx.load(dict)

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "机器人"

    return bot


async def test_the_note_comes_before_the_transfer_and_the_waiting_words_by_its_code() -> None:
    async with Chat(shop()) as customer:
        assert await customer.says("你好", "人工") == ["机器人", "稍等，同事马上来。", "前面还有两位。"]
        sent = [one.title for one in customer.sim.platform.journal if one.title.startswith("kf/se")]
        assert sent == ["kf/send_msg", "kf/send_msg", "kf/service_state/trans", "kf/send_msg_on_event"]


async def test_a_customer_is_handed_to_somebody_by_name() -> None:
    async with Chat(shop()) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        assert await customer.says("找张三") == ["正在为您转接张三。"]
        assert await customer.says("你好") == []  # the platform takes nothing from a bot while a colleague serves
        (refused,) = [one for one in customer.sim.platform.journal if one.errcode == 95018]
        assert refused.title == "kf/send_msg"


async def test_the_bot_is_back_when_the_colleague_has_ended_it() -> None:
    async with Chat(shop()) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        await customer.says("找张三")
        customer.sim.staff.end(customer.open_kfid, customer.external_userid)
        await customer.hears()
        assert await customer.says("你好") == ["机器人"]


async def test_a_session_is_ended_with_words_and_begins_anew() -> None:
    async with Chat(shop()) as customer:
        assert await customer.says("你好", "谁在接待") == ["机器人", "1"]
        assert await customer.says("再见") == ["感谢您的咨询。"]
        assert await customer.says("你好") == ["机器人"]


async def test_who_does_not_serve_is_told_by_the_platforms_code() -> None:
    async with Chat(shop()) as customer:
        with pytest.raises(ApiError, match=r"9501[49]"):
            await customer.says("找张三")


async def test_what_was_handed_over_is_handed_over_once() -> None:
    bot, runs = Bot(), 0

    @bot.on(Text)
    async def person(ctx: Context[Text]) -> None:
        nonlocal runs
        runs += 1
        await ctx.hand_over(note="稍等", waiting="排队中")
        if runs == 1:
            raise ValueError("after it")

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("人工") == ["稍等", "排队中"]
        moved = [one for one in customer.sim.platform.journal if one.title == "kf/service_state/trans"]
    assert (runs, len(moved)) == (2, 1)
