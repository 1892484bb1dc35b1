"""A shop: greetings by where somebody comes from, a menu, orders, opening hours, and people who take over.

uv run wxkf demo examples/shop.py        # talk to it in the browser
uv run pytest examples/shop.py           # the conversations at the end
"""

from dataclasses import dataclass

from wxkf import Bot, CannotSend, Context, EnterSession, Hours, SessionStatusChange, Text, came_from, out, picked, says
from wxkf.testing import Chat

OPEN = Hours("9:00-18:00", days="12345")
MENU = (out.Click("order", "查订单"), out.Click("person", "找人工"))
ORDERS = {"1001": "正在打包", "1002": "等待付款"}  # your database
BUYERS = dict[str, tuple[str, str]]()  # in it as well: who asks about which order

bot = Bot(staff_idle=20 * 60, staff_hours=OPEN, staff_words="同事暂时不在，有事先问我。")


@bot.on(EnterSession, where=came_from("poster"))
async def greet_who_scanned_the_poster(ctx: Context[EnterSession]) -> out.Menu:
    return out.Menu("扫码有礼，本单立减五元！有什么可以帮您？", *MENU)


@bot.on(EnterSession)
async def greet(ctx: Context[EnterSession]) -> out.Menu:
    return out.Menu("欢迎光临！有什么可以帮您？", *MENU)


# ── orders ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Visitor:
    """What is remembered of a customer."""

    order: str = ""


@bot.on(Text, where=picked("order") | says("订单", "查订单"))
async def which_order(ctx: Context[Text]) -> str:
    last = (await ctx.load(Visitor)).order
    return f"上次的订单 {last} {ORDERS[last]}。查别的请发订单号。" if last else "请发订单号。"


@bot.on(Text, where=lambda event: event.text.content.isdigit())
async def look_up(ctx: Context[Text]) -> str:
    if ctx.text not in ORDERS:
        return f"没有订单 {ctx.text}，请核对一下。"
    async with ctx.state(Visitor) as visitor:
        visitor.order = ctx.text
    BUYERS[ctx.text] = ctx.account, ctx.customer
    return f"订单 {ctx.text} {ORDERS[ctx.text]}。"


async def shipped(order: str) -> bool:
    """Tell the buyer: call this from your warehouse's web hook. False: send an SMS instead."""
    try:
        await bot.send(*BUYERS[order], f"订单 {order} 已发货。", key=f"shipped-{order}")
    except CannotSend:  # who has not written for 48 hours cannot be written to
        return False
    return True


# ── people ────────────────────────────────────────────────────────────────────────────────────────────────────

wants_a_person = picked("person") | says("人工", "找人工", "转人工")


@bot.on(Text, where=wants_a_person & ~OPEN)
async def closed(ctx: Context[Text]) -> out.Menu:
    return out.Menu("同事工作日 9 点到 18 点在。我现在能帮您：", MENU[0])


@bot.on(Text, where=wants_a_person)
async def person(ctx: Context[Text]) -> str | None:
    went = await ctx.hand_over(note="正在为您转接同事。", waiting="同事正忙，请稍等。", if_nobody="stay")
    return None if went else "现在没有同事在线，请稍后再试。"


@bot.on(SessionStatusChange, where=lambda event: event.ended)
async def goodbye(ctx: Context[SessionStatusChange]) -> str:
    return "感谢咨询，欢迎再来！"


@bot.on(Text)
async def anything_else(ctx: Context[Text]) -> out.Menu:
    return out.Menu("这个我还不会。我能帮您：", *MENU)


# ── the conversations ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_greeting_says_where_somebody_comes_from() -> None:
    async with Chat(bot) as customer:
        assert await customer.enters() == ["欢迎光临！有什么可以帮您？\n[查订单]\n[找人工]"]
    async with Chat(bot) as customer:
        assert await customer.enters(scene="poster") == ["扫码有礼，本单立减五元！有什么可以帮您？\n[查订单]\n[找人工]"]


async def test_an_order_is_looked_up_remembered_and_shipped() -> None:
    async with Chat(bot) as customer:
        await customer.enters()
        assert await customer.picks("查订单") == ["请发订单号。"]
        assert await customer.says("1003") == ["没有订单 1003，请核对一下。"]
        assert await customer.says("1001") == ["订单 1001 正在打包。"]
        assert await shipped("1001")
        assert await shipped("1001")  # the hook was called twice
        assert await customer.hears() == ["订单 1001 已发货。"]
        await customer.waits(days=1)
        assert await customer.says("订单") == ["上次的订单 1001 正在打包。查别的请发订单号。"]
        await customer.says("1002")
        await customer.waits(days=3)
        assert not await shipped("1002")  # send an SMS


async def test_a_colleague_takes_over_and_the_bot_comes_back() -> None:
    async with Chat(bot) as customer:  # it is Monday, four in the afternoon
        here = customer.open_kfid, customer.external_userid
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        assert await customer.says("人工") == ["正在为您转接同事。", "同事正忙，请稍等。"]
        customer.sim.staff.accept(*here, "zhangsan")
        customer.sim.staff.say(*here, "zhangsan", "您好，我是张三。")
        assert await customer.says("我想换个颜色") == []
        customer.sim.staff.end(*here)
        assert await customer.hears() == ["感谢咨询，欢迎再来！"]
        assert await customer.says("订单") == ["请发订单号。"]


async def test_colleagues_who_are_busy_keep_nobody_waiting_for_ever() -> None:
    async with Chat(bot) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        await customer.says("人工")
        assert await customer.waits(minutes=21) == ["同事暂时不在，有事先问我。"]
        assert await customer.says("订单") == ["请发订单号。"]


async def test_where_nobody_is_there_the_bot_says_so() -> None:
    async with Chat(bot) as customer:
        assert await customer.says("人工") == ["现在没有同事在线，请稍后再试。"]
        await customer.waits(hours=3)
        assert await customer.says("人工") == ["同事工作日 9 点到 18 点在。我现在能帮您：\n[查订单]"]
