"""Menus on the phone: how they read, and what a tap on them says."""

from collections.abc import AsyncIterator

import pytest

from wxkf import out
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.bot.match import picked
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Text
from wxkf.testing import Chat

ORDER = out.Click("order", "查订单")


@pytest.fixture
async def customer() -> AsyncIterator[Chat]:
    """Someone in front of a bot that greets with a menu, and answers one tap with another."""
    bot = Bot()

    @bot.on(EnterSession)
    async def greet(_: Context[EnterSession]) -> out.Menu:
        shop = out.View("https://example.com/", "官网")
        return out.Menu("您好", ORDER, out.Line("或者"), shop, out.Click("human", "人工"), tail="谢谢")

    @bot.on(Text, where=picked("order"))
    async def order(ctx: Context[Text]) -> out.Menu:
        return out.Menu("哪一天的？", out.Click("today", "今天"), out.Click("human", "人工客服"))

    @bot.on(Text)
    async def tell(ctx: Context[Text]) -> str:
        return f"{ctx.event.text.menu_id}：{ctx.text}"

    async with Chat(bot) as someone:
        yield someone


async def test_a_menu_reads_line_by_line_with_what_can_be_tapped_in_brackets(customer: Chat) -> None:
    assert await customer.enters() == ["您好\n[查订单]\n或者\n[官网]\n[人工]\n谢谢"]


async def test_a_tap_says_the_words_on_it_and_bears_its_id(customer: Chat) -> None:
    await customer.enters()
    assert await customer.picks("human") == ["human：人工"]
    assert await customer.says("人工") == ["：人工"]


async def test_a_tap_is_on_the_newest_menu_that_has_it(customer: Chat) -> None:
    await customer.enters()
    assert await customer.picks("order") == ["哪一天的？\n[今天]\n[人工客服]"]
    assert await customer.picks("human") == ["human：人工客服"]
    assert await customer.picks("order") == ["哪一天的？\n[今天]\n[人工客服]"]  # further up, and still there


@pytest.mark.parametrize("id", ["nowhere", "官网", ""])
async def test_what_is_on_no_menu_cannot_be_tapped(customer: Chat, id: str) -> None:
    await customer.enters()
    before = len(customer.screen)
    with pytest.raises(LookupError, match=f"no menu on the screen has an item '{id}'"):
        await customer.picks(id)
    assert len(customer.screen) == before
