"""What becomes of a message that comes while the handler is still at work, and words that come beside an answer."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from wxkf import Bot, ConfigError, Context, SyncContext, Text
from wxkf.bot.options import Newer
from wxkf.testing import Chat


class Slow:
    """A model that takes its time: while it thinks about its first question the customer goes on writing."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.chat: Chat | None = None
        self.ended = asyncio.Event()

    async def answer(self, question: str) -> str:
        self.asked.append(question)
        if len(self.asked) == 1 and self.chat:
            for more in ("二", "三"):
                self.chat.sim.customers.say(self.chat.open_kfid, self.chat.external_userid, more)
            await self.chat.sim.quiet()
            try:
                async with asyncio.timeout(0.2):
                    await asyncio.Event().wait()
            except TimeoutError:
                pass
        return f"答{question}"


def talking(model: Slow, newer: Newer) -> Bot:
    bot = Bot()

    @bot.on(Text, newer=newer)
    async def answer(ctx: Context[Text]) -> str:
        return await model.answer(ctx.text.replace("\n", ""))

    return bot


@pytest.mark.parametrize(
    ("newer", "said", "asked"),
    [
        ("queue", ["答一", "答二", "答三"], ["一", "二", "三"]),
        ("merge", ["答一", "答二三"], ["一", "二三"]),
        ("restart", ["答一二三"], ["一", "一二三"]),
    ],
)
async def test_newer_messages_wait_or_come_together_or_begin_it_anew(
    newer: Newer, said: list[str], asked: list[str]
) -> None:
    model = Slow()
    async with Chat(talking(model, newer)) as model.chat:
        assert await model.chat.says("一") == said
    assert model.asked[-1] == asked[-1]
    assert newer == "restart" or model.asked == asked


async def test_what_was_said_is_never_taken_back_by_a_restart() -> None:
    model, bot = Slow(), Bot()

    @bot.on(Text, newer="restart")
    async def answer(ctx: Context[Text]) -> str:
        await ctx.reply("想一想…")
        return await model.answer(ctx.text.replace("\n", ""))

    async with Chat(bot) as model.chat:
        assert await model.chat.says("一") == ["想一想…", "答一", "想一想…", "答二三"]


async def test_a_message_that_waits_for_a_minute_is_not_begun_anew() -> None:
    model, bot = Slow(), Bot()

    @bot.on(Text, newer="restart")
    async def answer(ctx: Context[Text]) -> str:
        if len(model.asked) == 0 and ctx.age < 60:
            assert model.chat
            model.chat.clock.forward(seconds=61)
            raise ConnectionError("try again")
        return await model.answer(ctx.text.replace("\n", ""))

    async with Chat(bot, tolerate=True) as model.chat:
        assert await model.chat.says("一") == ["答一", "答二三"]


async def test_a_handler_that_takes_no_notice_is_begun_anew_as_well() -> None:
    bot, asked = Bot(), list[str]()

    @bot.on(Text, newer="restart")
    async def deaf(ctx: Context[Text]) -> str:
        asked.append(ctx.text)
        if len(asked) == 1:
            customer.sim.customers.say(customer.open_kfid, customer.external_userid, "二")
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                return "旧的"
        return f"答{ctx.text}"

    async with Chat(bot) as customer:
        assert await customer.says("一") == ["答一\n二"]


def test_a_plain_function_cannot_be_begun_anew() -> None:
    bot = Bot()
    with pytest.raises(ConfigError, match="a plain function cannot be begun anew"):

        @bot.on(Text, newer="restart")
        def answer(ctx: SyncContext[Text]) -> None: ...


async def test_a_stream_can_be_ended_when_something_newer_has_come() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> AsyncIterator[str]:
        yield f"{ctx.text}，"
        if ctx.text == "一":
            customer.sim.customers.say(customer.open_kfid, customer.external_userid, "二")
            await customer.sim.quiet()
            while not await ctx.superseded():  # noqa: ASYNC110 - turns of the loop
                await asyncio.sleep(0)
            return
        yield "说完了"

    async with Chat(bot) as customer:
        assert await customer.says("一") == ["一，", "二，说完了"]


def asking(seconds: float) -> tuple[Bot, list[Chat]]:
    """Make a bot that asks something which takes so many seconds."""
    bot, chats = Bot(), list[Chat]()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        ctx.notice("正在查询…", after=10)
        chats[0].clock.forward(seconds=seconds)
        if seconds > 10:
            await chats[0].sees("正在查询…")
        return "查到了"

    return bot, chats


@pytest.mark.parametrize(("seconds", "said"), [(15, ["正在查询…", "查到了"]), (5, ["查到了"])])
async def test_a_notice_comes_if_the_answer_takes_long(seconds: float, said: list[str]) -> None:
    bot, chats = asking(seconds)
    async with Chat(bot) as customer:
        chats.append(customer)
        assert await customer.says("订单") == said


async def test_a_plain_function_gives_notice_too_and_only_once() -> None:
    bot, runs = Bot(), 0

    @bot.on(Text)
    def answer(ctx: SyncContext[Text]) -> str:
        nonlocal runs
        runs += 1
        ctx.notice("稍等")
        asyncio.run_coroutine_threadsafe(customer.sees("稍等"), loop).result()
        if runs == 1:
            raise ConnectionError("try again")
        return "好了"

    loop = asyncio.get_running_loop()
    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("订单") == ["稍等", "好了"]
    assert runs == 2


async def test_a_notice_that_is_refused_costs_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        customer.sim.trouble.refuse("kf/send_msg", 95001, times=1)
        ctx.notice("稍等")
        await asyncio.sleep(0)
        while "a notice to" not in caplog.text:  # noqa: ASYNC110 - turns of the loop
            await asyncio.sleep(0)
        return "好了"

    async with Chat(bot) as customer:
        assert await customer.says("订单") == ["好了"]
