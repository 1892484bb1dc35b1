"""Messages in a row that become one call: what belongs together, how long is waited, and that nothing is lost."""

import pytest
from msgspec import structs

from unit.bot.events import text
from wxkf import Bot, ConfigError, Context, EnterSession, Image, Text, TimerDue, says
from wxkf.bot.failures import SORRY
from wxkf.testing import Chat


def gathering(calls: list[str], gather: float = 2.0) -> Bot:
    bot = Bot()

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> str:
        return "稍等"

    @bot.on(Text, Image, gather=gather)
    async def answer(ctx: Context[Text | Image]) -> str:
        calls.append("+".join(type(event).__name__ for event in ctx.events))
        return f"答 {ctx.text.replace(chr(10), '、')}"

    return bot


async def test_lines_in_a_row_are_one_call_and_one_answer() -> None:
    calls: list[str] = []
    async with Chat(gathering(calls)) as customer:
        assert await customer.says("你好", "我要", "退货") == ["答 你好、我要、退货"]
        assert await customer.says("还有") == ["答 还有"]
    assert calls == ["Text+Text+Text", "Text"]


async def test_a_picture_and_its_caption_are_one_call() -> None:
    calls: list[str] = []
    async with Chat(gathering(calls)) as customer:
        customer.sim.customers.send_file(customer.open_kfid, customer.external_userid, "image", b"\x89PNG\r\n\x1a\n")
        assert await customer.says("这件有货吗") == ["答 这件有货吗"]
    assert calls == ["Image+Text"]


async def test_what_is_anothers_ends_the_row_and_nobody_waits_for_it() -> None:
    calls: list[str] = []
    async with Chat(gathering(calls)) as customer:
        before = customer.clock.now()
        assert await customer.says("一", "二", "人工", "三") == ["答 一、二", "稍等", "答 三"]
        assert customer.clock.now() - before <= 3
    assert calls == ["Text+Text", "Text"]


async def test_a_row_is_over_when_nothing_more_has_come_for_so_long() -> None:
    calls: list[str] = []
    async with Chat(gathering(calls, gather=20)) as customer:
        place = customer.open_kfid, customer.external_userid
        customer.sim.customers.say(*place, "一")
        await customer.sim.quiet()
        customer.clock.forward(seconds=15)
        customer.sim.customers.say(*place, "二")
        await customer.sim.quiet()
        customer.clock.forward(seconds=15)
        assert calls == []
        assert await customer.hears() == ["答 一、二"]
    assert calls == ["Text+Text"]


@pytest.mark.parametrize("gather", [-1, 61])
def test_a_row_takes_a_minute_at_most(gather: float) -> None:
    with pytest.raises(ConfigError, match="a number of seconds, 60 at most"):
        Bot().on(Text, gather=gather)


async def test_a_filter_that_raises_costs_its_message_and_not_the_others() -> None:
    bot = Bot()

    @bot.on(Text, where=lambda event: int(event.text.content) > 0, gather=1.0)
    async def answer(ctx: Context[Text]) -> str:
        return f"答 {ctx.text}"

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("1") == ["答 1"]
        assert await customer.says("一") == [SORRY]
        assert await customer.says("2") == ["答 2"]


@pytest.mark.parametrize("ahead", [-3600, -30, 0, 30, 3600])
def test_the_platforms_clock_may_go_otherwise_than_ours(ahead: int) -> None:
    bot, now = gathering([]), 1_000_000.0
    events = [structs.replace(text("一"), send_time=int(now) + ahead) for _ in range(2)]
    assert bot.together(events, [now, now + 1], now + 1) == (2, now + 3)


def test_a_clock_that_was_set_back_holds_nobody_up() -> None:
    bot, now = gathering([]), 1_000_000.0
    assert bot.together([text("一")], [now + 3600], now) == (1, 0.0)


async def test_what_was_said_is_all_of_it_and_nothing_of_the_system() -> None:
    bot, said = Bot(), list[str]()

    @bot.on(Text, Image, gather=2.0)
    async def answer(ctx: Context[Text | Image]) -> None:
        said.append(ctx.said)
        await ctx.later(name="again", minutes=1)

    @bot.on(TimerDue, EnterSession)
    async def quiet(ctx: Context[TimerDue | EnterSession]) -> None:
        said.append(ctx.said)

    async with Chat(bot) as customer:
        await customer.enters()
        customer.sim.customers.send_file(customer.open_kfid, customer.external_userid, "image", b"\x89PNG\r\n\x1a\n")
        await customer.says("这件有货吗")
        await customer.waits(minutes=2)
    assert said == ["", "[image]\n这件有货吗", ""]


async def test_a_timer_that_nobody_takes_is_told(caplog: pytest.LogCaptureFixture) -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> None:
        await ctx.later(name="forgotten", minutes=1)

    async with Chat(bot) as customer:
        await customer.says("一")
        await customer.waits(minutes=2)
    assert "the timer 'forgotten' of" in caplog.text
