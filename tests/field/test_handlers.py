"""What handlers of other bots do wrong, by the numbers of the list of defects: it cannot be written here, or is said.

What a type checker refuses stands in `tests/typing/bots.py`; here is what it means at run time.
"""

import inspect

import pytest

from kit.worlds import calls
from wxkf import Bot, Context, Failure, SyncContext, Text, says
from wxkf.bot.failures import SORRY
from wxkf.testing import Chat


def saying(words: str) -> Bot:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return words

    return bot


async def test_8_a_handler_that_asks_for_texts_gets_none_of_colleagues() -> None:
    async with Chat(saying("机器人")) as customer:
        await customer.says("你好")
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        customer.sim.console.set_state(customer.open_kfid, customer.external_userid, 3, servicer_userid="zhangsan")
        customer.sim.staff.say(customer.open_kfid, customer.external_userid, "zhangsan", "您好")
        assert await customer.hears() == []
        assert len(calls(customer.sim, "kf/send_msg")) == 1


@pytest.mark.parametrize(("code", "sentence"), [(95018, "the session is new"), (95001, "")])
async def test_11_a_refusal_is_a_sentence_and_is_not_tried_again(
    code: int, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    bot, failures = saying("答"), list[Failure]()

    @bot.on_failed
    async def failed(failure: Failure) -> None:
        failures.append(failure)

    async with Chat(bot) as customer:
        customer.sim.trouble.refuse("kf/send_msg", code)
        assert await customer.says("你好") == []
        assert len(calls(customer.sim, "kf/send_msg")) == 1
    assert sentence in caplog.text
    assert failures[0].reason
    assert failures[0].remedy
    assert failures[0].reason in caplog.text


async def test_12_no_character_is_cut_and_no_part_costs_what_is_not_there() -> None:
    async with Chat(saying("长🙂" * 2_000)) as customer:
        said = await customer.says("你好")
    assert len(said) == 5
    assert max(len(part.encode()) for part in said) <= 2048
    assert all("\ufffd" not in part for part in said)
    assert said[-1].endswith("…")


@pytest.mark.parametrize("way", [Context.reply, Context.notice, Context.later, Bot.send])
def test_13_no_way_to_say_something_takes_a_msgid(way: object) -> None:
    assert callable(way)
    assert "msgid" not in inspect.signature(way).parameters


async def test_20_a_transfer_is_one_call_and_its_code_is_not_thrown_away() -> None:
    bot = Bot()

    @bot.on(Text, where=says("人工"))
    def person(ctx: SyncContext[Text]) -> None:
        ctx.hand_over(waiting="前面还有两位。")

    async with Chat(bot) as customer:
        assert await customer.says("人工") == ["前面还有两位。"]
        assert len(calls(customer.sim, "kf/service_state/trans")) == 1


async def test_22_the_text_of_an_exception_reaches_nobody() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        raise RuntimeError("postgres://shop:geheim@10.0.0.7")

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("你好") == [SORRY]
        assert "geheim" not in repr(customer.sim.platform.journal)


async def test_26_a_colleague_who_takes_over_between_two_chunks_ends_the_rest() -> None:
    bot, runs = Bot(), list[int]()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        runs.append(ctx.attempt)
        await ctx.reply("一")
        customer.sim.console.set_state(ctx.account, ctx.customer, 3, servicer_userid="zhangsan")
        await ctx.reply("二")
        return "三"

    async with Chat(bot) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        assert await customer.says("你好") == ["一"]
        assert await customer.says("在吗") == []
    assert runs == [1]
