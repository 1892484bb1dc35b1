"""What a bot remembers and what it says later."""

from dataclasses import dataclass, field

import pytest

from wxkf import Bot, Context, EnterSession, Image, SyncContext, Text, TimerDue, out
from wxkf.bot.text import BadReply
from wxkf.testing import Chat


async def test_a_language_model_gets_what_was_said() -> None:
    bot, asked = Bot(), list[list[dict[str, str]]]()

    @bot.on(EnterSession)
    async def greet(ctx: Context[EnterSession]) -> out.Menu:
        return out.Menu("您好", out.Click("order", "查订单"))

    @bot.on(Text, Image)
    async def answer(ctx: Context[Text | Image]) -> str:
        asked.append((await ctx.history()).as_openai(system="你是客服", then=ctx.text))
        return f"**答**{ctx.text}"

    async with Chat(bot) as customer:
        await customer.enters()
        await customer.says("一", "二")
        await customer.sends_file("image")
        await customer.says("三")
    assert asked[0] == [
        {"role": "system", "content": "你是客服"},
        {"role": "assistant", "content": "您好\n[查订单]"},
        {"role": "user", "content": "一"},
    ]
    assert asked[-1][2:] == [
        {"role": "user", "content": "一"},
        {"role": "assistant", "content": "答一"},
        {"role": "user", "content": "二"},
        {"role": "assistant", "content": "答二"},
        {"role": "user", "content": "[image]"},
        {"role": "assistant", "content": "答"},
        {"role": "user", "content": "三"},
    ]


async def test_what_colleagues_said_is_remembered_as_theirs() -> None:
    bot, remembered = Bot(), list[tuple[str, str]]()

    @bot.on(Text, always=True)
    def answer(ctx: SyncContext[Text]) -> None:
        remembered[:] = [(turn.who, turn.text) for turn in ctx.history()]

    async with Chat(bot) as customer:
        place = customer.open_kfid, customer.external_userid
        await customer.says("人工")
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        customer.sim.console.set_state(*place, 2)
        customer.sim.staff.accept(*place, "zhangsan")
        customer.sim.staff.say(*place, "zhangsan", "我来")
        await customer.hears()
        await customer.says("谢谢")
    assert remembered == [("customer", "人工"), ("staff", "我来")]


async def test_something_is_said_later_unless_the_customer_writes_before() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        await ctx.later("还在吗？", minutes=10, unless="customer_wrote")
        await ctx.later("明天见", days=1)
        return "好"

    async with Chat(bot) as customer:
        assert await customer.says("一") == ["好"]
        assert await customer.waits(minutes=9) == []
        assert await customer.says("二") == ["好"]
        assert await customer.waits(minutes=9) == []
        assert await customer.waits(minutes=2) == ["还在吗？"]
        assert await customer.waits(hours=25) == ["明天见", "明天见"]


async def test_a_timer_may_come_to_a_handler_and_be_taken_back() -> None:
    bot, timers = Bot(), list[str]()

    @bot.on(Text)
    def answer(ctx: SyncContext[Text]) -> str:
        if ctx.text == "取消":
            return "已取消" if ctx.cancel(timers[-1]) else "已经提醒过了"
        timers.append(ctx.later(name="remind", data={"what": ctx.text}, hours=1))
        return "到时提醒您"

    @bot.on(TimerDue, where=lambda event: event.name == "remind")
    async def remind(ctx: Context[TimerDue]) -> str:
        return f"该{ctx.event.data['what']}了"

    async with Chat(bot) as customer:
        assert await customer.says("吃药") == ["到时提醒您"]
        assert await customer.waits(minutes=61) == ["该吃药了"]
        assert await customer.says("取消") == ["已经提醒过了"]
        assert await customer.says("喝水", "取消") == ["到时提醒您", "已取消"]
        assert await customer.waits(hours=2) == []


@pytest.mark.parametrize("minutes", [0, -1, 10])
async def test_what_cannot_be_said_later_is_refused_with_a_sentence(minutes: float) -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> None:
        await ctx.later("太长" * 2000, minutes=minutes)

    async with Chat(bot) as customer:
        with pytest.raises(BadReply, match=r"say when|one message of 2048 bytes"):
            await customer.says("一")


@dataclass
class Cart:
    """What somebody wants to buy."""

    things: list[str] = field(default_factory=list)


async def test_what_is_saved_of_a_customer_is_there_next_time_and_what_a_failed_run_saved_is_not() -> None:
    bot, runs = Bot(), 0

    @bot.on(EnterSession)
    async def greet(ctx: Context[EnterSession]) -> str:
        cart = await ctx.load(Cart)
        cart.things.append("赠品")
        ctx.save(cart)
        return "您好"

    @bot.on(Text)
    def add(ctx: SyncContext[Text]) -> str:
        nonlocal runs
        runs += 1
        cart = ctx.load(Cart)
        cart.things.append(ctx.text)
        ctx.save(cart)
        ctx.save({"seen": runs}, "visits")
        if runs == 2:
            raise ValueError("after it has saved")
        return "、".join(ctx.load(Cart).things) + f" {ctx.load(dict, 'visits')['seen']}"

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.enters() == ["您好"]
        assert await customer.says("帽子") == ["赠品、帽子 1"]
        assert await customer.says("鞋") == ["赠品、帽子、鞋 3"]


async def test_one_customer_knows_nothing_of_another() -> None:
    bot = Bot()

    @bot.on(Text)
    async def count(ctx: Context[Text]) -> str:
        counts = await ctx.load(dict)
        counts["n"] = counts.get("n", 0) + 1
        ctx.save(counts)
        return str(counts["n"])

    async with Chat(bot) as customer:
        assert await customer.says("一", "二") == ["1", "2"]
        other = customer.sim.customers.add("小红")
        customer.sim.customers.say(customer.open_kfid, other, "一")
        await customer.hears()
        bubbles = customer.sim.platform.phone(customer.open_kfid, other)
        assert [one.body["content"] for one in bubbles if one.who == "account"] == ["1"]
