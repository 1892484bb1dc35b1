"""When things go wrong: what the customer hears, and who else is told."""

import pytest

from kit.worlds import calls
from wxkf import (
    Bot,
    Context,
    EnterSession,
    Failure,
    Inbound,
    SessionStatusChange,
    SyncContext,
    Text,
    TimerDue,
    out,
    says,
)
from wxkf.bot.failures import SORRY, SORRY_HANDED
from wxkf.testing import Chat


def broken(bot: Bot) -> Bot:
    @bot.on(EnterSession)
    async def greet(ctx: Context[EnterSession]) -> str:
        raise ValueError("the password is 1234")

    @bot.on(Text, where=says("半句"))
    async def half(ctx: Context[Text]) -> str:
        await ctx.reply("前半句")
        raise ValueError("the password is 1234")

    @bot.on(Text)
    def answer(ctx: SyncContext[Text]) -> str:
        raise ValueError("the password is 1234")

    return bot


async def test_a_customer_hears_one_apology_and_never_an_exception() -> None:
    async with Chat(broken(Bot()), tolerate=True) as customer:
        assert await customer.enters() == []
        assert await customer.says("你好") == [SORRY]
        assert await customer.says("半句", "你好") == ["前半句"]  # one is enough for some minutes
        await customer.waits(minutes=11)
        assert await customer.says("半句") == ["前半句", SORRY]


async def test_where_people_serve_the_customer_goes_to_them() -> None:
    async with Chat(broken(Bot()), tolerate=True) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        assert await customer.says("你好") == [SORRY_HANDED]
        assert customer.sim.platform.session(customer.open_kfid, customer.external_userid).state == 2
        assert await customer.says("在吗") == []


async def test_people_who_do_not_serve_now_get_nobody() -> None:
    async with Chat(broken(Bot()), tolerate=True) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan", status=1)
        assert await customer.says("你好") == [SORRY]


async def test_a_bot_may_say_it_in_words_of_its_own() -> None:
    bot, heard = broken(Bot()), list[str]()

    @bot.on_error
    async def sorry(ctx: Context[Inbound], error: BaseException) -> str | out.Outbound:
        heard.append(f"{type(error).__name__} {ctx.text} {ctx.attempt}")
        return out.Menu("出错了", out.Click("again", "再试一次"))

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("你好") == ["出错了\n[再试一次]"]
    assert heard == ["ValueError 你好 3"]


async def test_words_of_its_own_that_fail_are_made_up_for() -> None:
    bot = broken(Bot())

    @bot.on_error
    async def sorry(ctx: Context[Inbound], error: BaseException) -> str:
        raise KeyError("this too")

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("你好") == [SORRY]


async def test_silence_may_be_chosen() -> None:
    bot = broken(Bot())

    @bot.on_error
    async def silent(ctx: Context[Inbound], error: BaseException) -> None: ...

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("你好", "半句") == ["前半句"]


async def test_an_answer_that_a_colleague_overtakes_is_told_with_who_it_was(caplog: pytest.LogCaptureFixture) -> None:
    bot, failures = Bot(), list[Failure]()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        customer.sim.console.set_state(ctx.account, ctx.customer, 3, servicer_userid="zhangsan")
        if ctx.text == "几句":
            await ctx.reply("第一句")
        return "答"

    @bot.on_failed
    async def failed(failure: Failure) -> None:
        failures.append(failure)
        raise ValueError("costs nothing")

    async with Chat(bot) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        for words in ("你好", "几句"):
            assert await customer.says(words) == []
            customer.sim.staff.end(customer.open_kfid, customer.external_userid)
            await customer.hears()
    assert [(one.code, one.text, one.later) for one in failures] == [(95018, "答", False), (95018, "", False)]
    assert "the session is with the servicer zhangsan" in caplog.text
    assert "bot answered" not in caplog.text


async def test_five_are_five_and_the_sixth_is_explained(caplog: pytest.LogCaptureFixture) -> None:
    bot, failures = Bot(), list[Failure]()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> None:
        for index in range(7):
            await ctx.reply(f"第{index}句")

    @bot.on_failed
    async def failed(failure: Failure) -> None:
        failures.append(failure)

    async with Chat(bot) as customer:
        assert len(await customer.says("你好")) == 5
    (failure,) = failures
    assert failure.code == 95001
    assert failure.remedy
    assert failure.reason in caplog.text


async def test_what_was_taken_and_not_delivered_is_told_with_its_words() -> None:
    bot, failures = Bot(), list[Failure]()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return f"答{ctx.text}"

    @bot.on_failed
    async def failed(failure: Failure) -> None:
        failures.append(failure)

    async with Chat(bot) as customer:
        customer.sim.trouble.add("send_fail", fail_type=10)
        await customer.says("你好")
        await customer.hears()
    (failure,) = failures
    assert (failure.code, failure.text, failure.later) == (10, "答你好", True)
    assert failure.reason


async def test_after_an_outage_a_customer_is_answered_once_for_all() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return f"答{ctx.text}"

    @bot.on_stale(after=3_600)
    async def late(ctx: Context[Inbound]) -> str:
        return f"抱歉晚了{ctx.age / 3_600:.0f}小时：{len(ctx.events)}条，{ctx.text}".replace("\n", "、")

    async with Chat(bot) as customer:
        customer.sim.trouble.add("callback_lost")
        for words in ("一", "二"):
            customer.sim.customers.say(customer.open_kfid, customer.external_userid, words)
        customer.sim.trouble.clear()
        assert await customer.waits(hours=3) == ["抱歉晚了3小时：2条，一、二"]
        assert await customer.says("三") == ["答三"]


async def test_without_a_handler_for_that_each_is_answered_with_its_age() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        if ctx.text == "坏" and ctx.age < 3_600:
            customer.clock.forward(hours=3)
            raise ConnectionError("down")
        return f"{ctx.text} {ctx.age / 3_600:.0f}"

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("坏", "一") == ["坏 3", "一 3"]


async def test_a_queued_answer_counts_against_what_is_left() -> None:
    """Two messages in a row have five sends together, not five each: the platform counts from the newest."""
    bot, unsent = Bot(), list[int]()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "长" * 2_000

    @bot.on_overflow
    async def overflow(ctx: Context[Inbound], rest: str) -> None:
        unsent.append(len(rest))

    async with Chat(bot) as customer:
        said = await customer.says("一", "二")
        assert [len(one) for one in said] == [682, 682, 636, 682, 682]
        assert said[-1].endswith("…")
        assert not [one for one in calls(customer.sim, "kf/send_msg") if one.errcode]
    assert unsent == [2_000 - 682 - 681]


async def test_the_log_of_a_failure_begins_with_the_handlers_own_code(caplog: pytest.LogCaptureFixture) -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        raise LookupError("no such order")

    async with Chat(bot, tolerate=True) as customer:
        await customer.says("订单")
    traces = [record.exc_info[2] for record in caplog.records if record.exc_info]
    assert [trace and trace.tb_frame.f_code.co_name for trace in traces] == ["answer"]


async def test_on_error_hears_of_events_too_and_answers_those_that_have_a_code() -> None:
    bot, told = Bot(), list[str]()

    @bot.on(EnterSession, TimerDue, SessionStatusChange)
    async def fails(ctx: Context[EnterSession | TimerDue | SessionStatusChange]) -> str:
        raise LookupError

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        await ctx.later(name="later", minutes=1)
        return "好"

    @bot.on_error
    async def sorry(ctx: Context[Inbound], error: BaseException) -> str:
        told.append(type(ctx.event).__name__)
        return "抱歉"

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.enters() == ["抱歉"]
        assert await customer.says("一") == ["好"]
        assert await customer.waits(minutes=1) == []
    assert told == ["EnterSession", "TimerDue"]


@pytest.mark.parametrize("path", ["*", "kf/send_msg"])
async def test_a_platform_that_is_away_for_an_hour_does_not_end_a_test(path: str) -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "收到"

    async with Chat(bot) as customer:
        customer.sim.trouble.add("busy", path=path)
        customer.writes("一")
        assert await customer.waits(hours=1) == []
        customer.sim.trouble.clear()
        assert await customer.waits(minutes=2) == ["收到"]
