"""The scripted customer itself: its clock, its screen, and leaving in the middle of things."""

import asyncio

import pytest

from wxkf import ApiError, Bot, Context, LimitError, Text, out, says
from wxkf.bot.failures import SORRY
from wxkf.sim import SimClock, Simulator
from wxkf.testing import Chat, Phone
from wxkf.testing.clock import MovableClock


@pytest.mark.parametrize("turns", range(8))
async def test_idling_ends_when_it_is_cancelled_at_whatever_moment(turns: int) -> None:
    sim_clock = SimClock.frozen()
    clock, never = MovableClock(sim_clock), asyncio.Event()

    async def idle() -> None:
        while True:
            await clock.wait(never, 60)

    idling = asyncio.create_task(idle())
    await asyncio.sleep(0)
    clock.forward(minutes=1)
    for _ in range(turns):
        await asyncio.sleep(0)
    idling.cancel()
    assert await asyncio.wait([idling], timeout=5) == ({idling}, set())
    assert idling.cancelled()


@pytest.mark.parametrize("turns", range(8))
async def test_a_chat_can_be_left_while_the_bot_is_waking_up(parrot: Bot, turns: int) -> None:
    async with asyncio.timeout(5), Chat(parrot) as customer:
        customer.clock.forward(minutes=1)
        for _ in range(turns):
            await asyncio.sleep(0)


async def test_caught_up_means_that_whose_time_has_come_went_on_and_nobody_else() -> None:
    clock, never = MovableClock(SimClock.frozen()), asyncio.Event()
    woken: list[str] = []

    async def idle(name: str, seconds: float) -> None:
        await clock.wait(never, seconds)
        woken.append(name)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(idle(f"{seconds}", seconds)) for seconds in (10, 20, 30)]
        await asyncio.sleep(0)
        clock.forward(seconds=20)
        await clock.caught_up()
        assert woken == ["10", "20"]
        tasks[2].cancel()


async def test_an_event_ends_the_idling_before_its_time() -> None:
    clock, event = MovableClock(SimClock.frozen()), asyncio.Event()
    before = clock.now()
    idling = asyncio.create_task(clock.wait(event, 60))
    await asyncio.sleep(0)
    event.set()
    async with asyncio.timeout(5):
        await idling
    assert clock.now() == before


async def test_the_screen_shows_both_sides_in_order(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.enters(scene="home")
        await customer.says("在吗")
        shown = [(bubble.who, bubble.body.get("content", bubble.msgtype)) for bubble in customer.screen]
    assert shown == [("system", "event"), ("account", "欢迎"), ("customer", "在吗"), ("account", "您说：在吗")]


async def test_two_chats_side_by_side_know_nothing_of_each_other(parrot: Bot) -> None:
    async with Chat(parrot) as one, Chat(parrot) as other:
        assert await one.says("一") == ["您说：一"]
        assert other.screen == []
        one.clock.forward(days=1)
        assert other.clock.now() < one.clock.now()


async def test_the_same_seed_makes_the_same_world(parrot: Bot) -> None:
    async def screen() -> list[str]:
        async with Chat(parrot, seed=4) as customer:
            await customer.says("在吗")
            return [bubble.msgid for bubble in customer.screen]

    assert await screen() == await screen()


async def test_writing_waits_for_nobody_and_what_is_said_to_it_is_heard_later() -> None:
    bot, may_speak = Bot(), asyncio.Event()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        await may_speak.wait()
        return f"答{ctx.text}"

    async with Chat(bot) as customer:
        customer.writes("一", "二")
        assert [bubble.body["content"] for bubble in customer.screen] == ["一", "二"]
        may_speak.set()
        await customer.sees("答一")
        assert await customer.hears() == ["答一", "答二"]


async def test_a_menu_item_is_picked_by_its_id_or_by_its_words() -> None:
    bot = Bot()

    @bot.on(Text, where=says("菜单"))
    async def menu(ctx: Context[Text]) -> out.Menu:
        return out.Menu("请选", out.Click("one", "第一"), out.Click(None, "第二"), out.Line("不能点"))

    @bot.on(Text)
    async def picked(ctx: Context[Text]) -> str:
        return f"{ctx.event.text.menu_id}/{ctx.text}"

    async with Chat(bot) as customer:
        await customer.says("菜单")
        assert await customer.picks("one") == await customer.picks("第一") == ["one/第一"]
        assert await customer.picks("第二") == ["/第二"]
        with pytest.raises(LookupError, match="no menu on the screen has an item '不能点'"):
            await customer.picks("不能点")


async def test_a_phone_alone_sees_whatever_comes_and_gives_up_on_what_does_not() -> None:
    sim = Simulator()
    other = sim.console.add_corp("别家")
    phone = Phone(sim, open_kfid=sim.console.add_account("别家客服", agent_id=other["agent_id"]), nickname="小红")
    assert sim.platform.world.customers[phone.external_userid].corp_id == other["corp_id"]
    sim.console.add_servicer(phone.open_kfid, "zhangsan")
    phone.writes("在吗")
    seeing = asyncio.create_task(phone.sees("在的"))
    await asyncio.sleep(0)
    assert not seeing.done()
    sim.console.set_state(phone.open_kfid, phone.external_userid, 3, servicer_userid="zhangsan")
    sim.staff.say(phone.open_kfid, phone.external_userid, "zhangsan", "在的")
    await seeing
    with pytest.raises(TimeoutError, match=r"'不在' is not there after 0.01 s; there is \['在吗', '在的'\]"):
        await phone.sees("不在", within=0.01)
    await sim.aclose()


async def test_an_answer_that_cannot_be_sent_fails_the_test() -> None:
    bot = Bot()

    @bot.on(Text, where=says("menu"))
    async def menu(ctx: Context[Text]) -> out.Menu:
        return out.Menu("x", *[out.Click(str(one), str(one)) for one in range(11)])

    @bot.on(Text, where=says("link"))
    async def link(ctx: Context[Text]) -> out.Menu:
        return out.Menu("x", out.View("官网", "https://shop.example"))

    @bot.on(Text)
    async def picture(ctx: Context[Text]) -> out.Image:
        return out.Image("nowhere")

    async with Chat(bot) as customer:
        with pytest.raises(LimitError, match="at most 10"):
            await customer.says("menu")
        with pytest.raises(LimitError, match="must be a URL with its scheme"):
            await customer.says("link")
        with pytest.raises(ApiError, match="40007"):
            await customer.says("picture")
    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("menu") == [SORRY]


@pytest.mark.parametrize("gather", [0.0, 2.0])
async def test_what_is_written_reaches_a_handler_that_is_still_at_work(gather: float) -> None:
    bot, may_answer = Bot(), asyncio.Event()

    @bot.on(Text, gather=gather)
    async def answer(ctx: Context[Text]) -> str:
        await may_answer.wait()
        return ctx.text

    async with Chat(bot) as customer:
        customer.writes("一")
        await customer.reaches_bot()
        customer.writes("二")  # behind it
        may_answer.set()
        assert await customer.hears() == ["一", "二"]
        customer.writes("三")
        await customer.reaches_bot()
        assert await customer.hears() == ["三"]


async def test_where_no_handler_begins_is_told() -> None:
    async with Chat(Bot()) as customer:
        with pytest.raises(TimeoutError, match="no handler has begun"):
            await customer.reaches_bot()
