"""Words that nobody asked for just now: an order is shipped, a job has ended."""

import pytest

from kit.worlds import World, calls
from wxkf import Bot, CannotSend, ConfigError, Context, Inbound, Text, out, says
from wxkf.bot.text import BadReply
from wxkf.testing import Chat


def shop() -> Bot:
    bot = Bot()

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> None:
        await ctx.hand_over()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return f"答{ctx.text}"

    return bot


async def test_something_is_said_from_outside() -> None:
    bot = shop()
    async with Chat(bot) as customer:
        await customer.says("你好")
        assert await bot.send(customer.open_kfid, customer.external_userid, "**已发货**", key="order-17")
        assert await customer.hears() == ["已发货"]
        assert await bot.send(customer.open_kfid, customer.external_userid, out.Text("**原样**"))
        assert await customer.hears() == ["**原样**"]


async def test_a_key_is_said_once_also_after_the_window_has_shut() -> None:
    bot = shop()
    async with Chat(bot) as customer:
        place = customer.open_kfid, customer.external_userid
        await customer.says("你好")
        assert await bot.send(*place, "已发货", key="order-17")
        assert not await bot.send(*place, "已发货", key="order-17")
        assert await customer.hears() == ["已发货"]
        await customer.waits(days=7)
        assert not await bot.send(*place, "已发货", key="order-17")
        assert await customer.hears() == []


async def test_it_waits_for_what_is_being_said() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        await bot.send(ctx.account, ctx.customer, "已发货")
        await ctx.reply("一")
        return "二"

    async with Chat(bot) as customer:
        assert await customer.says("你好") == ["一", "二", "已发货"]


async def test_a_hook_sees_it_and_a_long_text_goes_out_in_parts() -> None:
    bot, seen = shop(), list[out.Outbound]()

    @bot.before_send
    async def hook(ctx: Context[Inbound], message: out.Outbound) -> out.Outbound | None:
        seen.append(message)
        return message

    async with Chat(bot) as customer:
        await customer.says("你好")
        await bot.send(customer.open_kfid, customer.external_userid, "长" * 1500)
        assert [len(said) for said in await customer.hears()] == [682, 682, 136]
    assert len(seen) == 4


async def test_what_the_platform_would_refuse_is_refused_at_once() -> None:
    bot = shop()
    async with Chat(bot) as customer:
        place = customer.open_kfid, customer.external_userid
        with pytest.raises(CannotSend, match="has not written to this account"):
            await bot.send(*place, "已发货")
        await customer.says("你好")
        for index in range(4):
            await bot.send(*place, f"第{index}句")
            await customer.hears()
        with pytest.raises(CannotSend, match=r"5 messages were sent .* \(95001\)"):
            await bot.send(*place, "已发货")
        await customer.waits(hours=49)
        with pytest.raises(CannotSend, match=r"48 hours.*\(95002\)"):
            await bot.send(*place, "已发货")
        assert not [one for one in customer.sim.platform.journal if one.errcode]


async def test_nothing_is_said_into_the_session_of_a_colleague() -> None:
    bot = shop()
    async with Chat(bot) as customer:
        place = customer.open_kfid, customer.external_userid
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        await customer.says("人工")
        customer.sim.staff.accept(*place, "zhangsan")
        await customer.hears()
        with pytest.raises(CannotSend, match=r"with the servicer zhangsan \(95018\)"):
            await bot.send(*place, "已发货")
        customer.sim.staff.end(*place)
        await customer.hears()
        await customer.says("你好")
        await bot.send(*place, "已发货")
        assert await customer.hears() == ["已发货"]
        assert len(calls(customer.sim, "kf/service_state/get")) == 1


async def test_a_bot_that_is_not_at_work_says_so() -> None:
    bot = shop()
    with pytest.raises(ConfigError, match="run it with Service, Fleet"):
        await bot.send("wk1", "wm1", "已发货")
    async with Chat(bot) as customer:
        with pytest.raises(CannotSend, match="to wm1 by wk1: the customer has not written"):
            await bot.send("wk1", "wm1", "已发货")
        with pytest.raises(BadReply, match="nothing to say"):
            await bot.send(customer.open_kfid, customer.external_userid, "")
        with pytest.raises(BadReply, match="uploaded first"):
            await bot.send(customer.open_kfid, customer.external_userid, out.Upload(b"a picture"))
    with pytest.raises(ConfigError, match="run it with Service, Fleet"):
        await bot.send(customer.open_kfid, customer.external_userid, "已发货")


async def test_a_bot_that_has_just_begun_knows_whom_it_served_before(world: World) -> None:
    bot, customer = shop(), world.customer()
    async with world.runs(bot):
        world.say(customer, "你好")
    world.sim.trouble.refuse("kf/account/list", 48002)
    async with world.runs(bot) as service:
        assert service.engine.accounts == frozenset()
        assert await bot.send(world.kf, customer, "已发货")
    assert world.heard(customer) == ["答你好", "已发货"]


def silent() -> Bot:
    """A bot that says nothing of its own."""
    bot = Bot()

    @bot.on(Text)
    async def hears(ctx: Context[Text]) -> None: ...

    return bot


async def test_what_waits_to_be_sent_counts_and_a_refused_key_is_free_again() -> None:
    bot = silent()
    async with Chat(bot) as customer:
        place = customer.open_kfid, customer.external_userid
        await customer.says("一")
        for one in range(5):
            assert await bot.send(*place, f"发货{one}", key=f"k{one}")
        with pytest.raises(CannotSend, match=r"\(95001\)"):
            await bot.send(*place, "发货5", key="k5")
        assert await customer.hears() == [f"发货{one}" for one in range(5)]
        customer.clock.forward(seconds=1)
        await customer.says("二")
        assert await bot.send(*place, "发货5", key="k5")
        assert await customer.hears() == ["发货5"]


async def test_what_the_platform_has_refused_may_be_said_again_under_its_key() -> None:
    bot = silent()
    async with Chat(bot) as customer:
        place = customer.open_kfid, customer.external_userid
        await customer.says("一")
        for _ in range(3):
            customer.sim.trouble.refuse("kf/send_msg", 95001, times=1)
            assert await bot.send(*place, "您的订单已发货", key="A1024")
            assert await customer.hears() == []
        assert await bot.send(*place, "您的订单已发货", key="A1024")
        assert await customer.hears() == ["您的订单已发货"]
        assert not await bot.send(*place, "您的订单已发货", key="A1024")
        assert await customer.hears() == []
