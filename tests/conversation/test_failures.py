"""A handler that fails, and a platform that does not always take what we say."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from kit.worlds import calls
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.bot.failures import SORRY
from wxkf.bot.text import BadReply
from wxkf.errors import ConfigError
from wxkf.messages.inbound import Text
from wxkf.sim.values import Json
from wxkf.testing import Chat


def flaky(times: int) -> Bot:
    """Make a bot that says something, then fails so many times, then answers."""
    bot = Bot()
    runs: dict[str, int] = {}

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        runs[ctx.text] = runs.get(ctx.text, 0) + 1
        assert ctx.attempt == runs[ctx.text]
        await ctx.reply(f"{ctx.text}：稍等")
        if ctx.text == "难" and runs[ctx.text] <= times:
            raise LookupError("no such order")
        return f"{ctx.text}：好了"

    return bot


@pytest.mark.parametrize("times", [1, 2])
async def test_a_handler_that_fails_at_first_answers_once_in_the_end(times: int) -> None:
    async with Chat(flaky(times), tolerate=True) as customer:
        assert await customer.says("难", "易") == ["难：稍等", "难：好了", "易：稍等", "易：好了"]


async def test_a_handler_that_always_fails_holds_up_nothing_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    async with Chat(flaky(99), tolerate=True) as customer:
        assert await customer.says("难", "易") == ["难：稍等", SORRY, "易：稍等", "易：好了"]
    assert "given up after 3 attempts" in caplog.text


async def test_an_exception_of_a_handler_fails_the_test_with_itself() -> None:
    async with Chat(flaky(1)) as customer:
        assert await customer.says("易") == ["易：稍等", "易：好了"]
        with pytest.raises(LookupError, match="no such order"):
            await customer.says("难")


@pytest.mark.parametrize("times", [1, 2, 99])
async def test_an_exception_that_was_caught_is_not_raised_again(times: int) -> None:
    async with Chat(flaky(times)) as customer:
        with pytest.raises(LookupError):
            await customer.says("难")
        assert (await customer.says("易"))[-2:] == ["易：稍等", "易：好了"]
        assert await customer.waits(hours=1) == []


async def test_every_message_fails_the_test_anew() -> None:
    bot = Bot()

    @bot.on(Text)
    async def fail(ctx: Context[Text]) -> None:
        raise LookupError(ctx.text)

    async with Chat(bot) as customer:
        for text in ("一", "二"):
            with pytest.raises(LookupError, match=text):
                await customer.says(text)


def wrong() -> tuple[Bot, list[int]]:
    """Make a bot that returns what cannot be sent, and the list of its attempts."""
    bot, attempts = Bot(), list[int]()

    @bot.on(Text)
    async def confused(ctx: Context[Text]) -> Any:
        attempts.append(ctx.attempt)
        return 7 if ctx.text == "难" else ctx.text

    return bot, attempts


async def test_a_wrong_return_type_fails_the_test_with_a_sentence() -> None:
    bot, _ = wrong()
    async with Chat(bot) as customer:
        with pytest.raises(BadReply, match=r"int cannot be sent; a reply is a str.*\nin the handler .*confused"):
            await customer.says("难")


async def test_a_wrong_return_type_is_given_up_at_once(caplog: pytest.LogCaptureFixture) -> None:
    bot, attempts = wrong()
    async with Chat(bot, tolerate=True) as customer:
        before = customer.clock.now()
        assert await customer.says("难", "易") == [SORRY, "易"]
        assert customer.clock.now() == before
    assert attempts == [1, 1]
    assert "given up after 1 attempts" in caplog.text


async def test_the_log_names_the_handler_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    async with Chat(flaky(99), tolerate=True) as customer:
        await customer.says("难")
    assert re.search(r"^in the handler .*answer for Text \S+$", caplog.text, re.MULTILINE)


async def test_the_words_of_an_exception_never_reach_the_customer() -> None:
    async with Chat(flaky(99), tolerate=True) as customer:
        await customer.says("难")
        shown = repr([bubble.body for bubble in customer.screen if bubble.who == "account"])
    assert "LookupError" not in shown
    assert "no such order" not in shown


def chatty(sends: int) -> Bot:
    """Make a bot that answers with so many messages."""
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        for number in range(1, sends):
            await ctx.reply(f"{ctx.text}{number}")
        return f"{ctx.text}{sends}"

    return bot


async def test_the_sixth_message_is_refused_and_the_bot_goes_on() -> None:
    async with Chat(chatty(6)) as customer:
        assert await customer.says("a") == ["a1", "a2", "a3", "a4", "a5"]
        assert [call.errcode for call in calls(customer.sim, "kf/send_msg")] == [0, 0, 0, 0, 0, 95001]
        assert await customer.says("b") == ["b1", "b2", "b3", "b4", "b5"]


async def test_a_refusal_reaches_the_handler_and_is_not_asked_for_again() -> None:
    async with Chat(chatty(8), tolerate=True) as customer:
        assert await customer.says("a") == ["a1", "a2", "a3", "a4", "a5"]
        assert [call.errcode for call in calls(customer.sim, "kf/send_msg")].count(95001) == 1
        assert await customer.says("b") == ["b1", "b2", "b3", "b4", "b5"]


async def test_a_session_in_other_hands_is_left_alone_and_the_bot_is_there_afterwards() -> None:
    async with Chat(chatty(1)) as customer:
        await customer.says("a")
        platform, kf = customer.sim.platform, customer.sim.open_kfid
        person = next(iter(platform.world.customers))
        platform.console.set_state(kf, person, 3)
        assert await customer.says("b") == []
        assert [call.errcode for call in calls(customer.sim, "kf/send_msg")] == [0, 95018]
        platform.console.set_state(kf, person, 4)
        assert await customer.says("c") == ["c1"]


@pytest.mark.parametrize("cut", [1, 2, 3, 7])
async def test_a_line_cut_after_the_message_was_taken_leads_to_one_message(cut: int) -> None:
    left = [cut]

    def hook(path: str, _body: Json, answer: Json) -> None:
        if path == "kf/send_msg" and left[0]:
            left[0] -= 1
            raise ConnectionResetError

    async with Chat(chatty(2), tolerate=True) as customer:
        customer.sim.platform.before_answer.append(hook)
        assert await customer.says("a", "b") == ["a1", "a2", "b1", "b2"]


async def test_a_token_revoked_before_its_time_is_not_noticed() -> None:
    async with Chat(chatty(1)) as customer:
        await customer.says("a")
        customer.sim.trouble.revoke_token()
        assert await customer.says("b") == ["b1"]
        await customer.waits(hours=3)
        assert await customer.says("c") == ["c1"]
    assert len([call for call in calls(customer.sim, "gettoken") if call.errcode == 0]) == 3


def test_a_function_that_yields_and_blocks_is_refused_when_it_is_registered() -> None:
    def piecewise(ctx: Context[Text]) -> Iterator[str]:
        yield ctx.text

    register: Any = Bot().on(Text)  # a type checker would refuse what follows
    with pytest.raises(ConfigError, match="async def"):
        register(piecewise)
