"""Handlers of every kind in a conversation: coroutines, streams, plain functions in a thread, methods, colleagues."""

import threading
from collections.abc import AsyncIterator

from wxkf import Bot, Context, EnterSession, Router, SyncContext, Text, on, out, says
from wxkf.testing import Chat


async def test_what_a_model_streams_is_one_answer_without_its_thoughts() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> AsyncIterator[str]:
        for piece in ("<thi", "nk>嗯</think>", "您的**订", "单**", "已发货：\n- 顺丰\n- 今天"):
            yield piece

    async with Chat(bot) as customer:
        assert await customer.says("订单") == ["您的订单已发货：\n\n· 顺丰\n· 今天"]


async def test_a_plain_function_may_block_and_answer_before_it_returns() -> None:
    bot, threads = Bot(), set[str]()

    @bot.on(Text)
    def answer(ctx: SyncContext[Text]) -> str:
        threads.add(threading.current_thread().name)
        ctx.reply("稍等")
        return f"{ctx.text}，{ctx.attempt}"

    async with Chat(bot) as customer:
        assert await customer.says("一", "二") == ["稍等", "一，1", "稍等", "二，1"]
    assert all(name.startswith("wxkf-handler") for name in threads)


class OrderDesk:
    """A part of the bot with something of its own."""

    def __init__(self, orders: dict[str, str]) -> None:
        self._orders = orders

    @on(Text, where=lambda event: event.text.content.isdigit())
    async def look_up(self, ctx: Context[Text]) -> str:
        return self._orders.get(ctx.text, "没有这个订单")


async def test_a_bot_is_put_together_from_parts() -> None:
    bot, nights = Bot(), Router()
    bot.add(OrderDesk({"42": "已发货"}))

    @nights.on(Text)
    async def closed(ctx: Context[Text]) -> str:
        return "明天九点见"

    bot.include(nights, where=lambda event: event.send_time % 86_400 > 14 * 3600)

    @bot.on(Text)
    async def anything_else(ctx: Context[Text]) -> out.Menu:
        return out.Menu("要查什么？", out.Click("order", "订单"))

    async with Chat(bot) as customer:
        assert await customer.says("42", "43") == ["已发货", "没有这个订单"]
        assert await customer.says("你好") == ["要查什么？\n[订单]"]
        await customer.waits(hours=8)
        assert await customer.says("你好") == ["明天九点见"]


async def test_what_a_colleague_writes_is_overheard_and_not_answered() -> None:
    bot, overheard = Bot(), list[str]()

    @bot.on_staff(Text)
    async def listen(ctx: Context[Text]) -> None:
        overheard.append(f"{ctx.event.servicer_userid}: {ctx.text}")

    @bot.on(Text, where=~says("人工"))
    async def answer(ctx: Context[Text]) -> str:
        return "机器人"

    @bot.on(EnterSession)
    async def greet(ctx: Context[EnterSession]) -> str:
        return "您好"

    async with Chat(bot) as customer:
        await customer.enters()
        await customer.says("人工")
        place = customer.open_kfid, customer.external_userid
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        customer.sim.console.set_state(*place, 2)
        customer.sim.staff.accept(*place, "zhangsan")
        customer.sim.staff.say(*place, "zhangsan", "我来帮您")
        assert await customer.hears() == []
    assert overheard == ["zhangsan: 我来帮您"]
