"""A long answer arrives whole, in as many parts as it takes and the platform allows."""

from collections.abc import Callable

import pytest

from kit.worlds import calls
from wxkf import out
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.messages.inbound import Text
from wxkf.testing import Chat

Ways = Callable[[str | out.Outbound], Bot]


def returning(answer: str | out.Outbound) -> Bot:
    """Make a bot that returns the answer."""
    bot = Bot()

    @bot.on(Text)
    async def answer_(_: Context[Text]) -> str | out.Outbound:
        return answer

    return bot


def replying(answer: str | out.Outbound) -> Bot:
    """Make a bot that replies with the answer."""
    bot = Bot()

    @bot.on(Text)
    async def answer_(ctx: Context[Text]) -> None:
        await ctx.reply(answer)

    return bot


BOTH_WAYS = pytest.mark.parametrize("way", [returning, replying])


def essay(characters: int, sentence: int) -> str:
    """Write so many characters of three bytes each, in sentences of one length, none like another."""
    sentences = (f"{chr(0x4E00 + number)}{'说' * (sentence - 2)}。" for number in range(1000))
    return "".join(sentences)[:characters]


@BOTH_WAYS
@pytest.mark.parametrize(("characters", "parts"), [(3000, 5), (2000, 3), (700, 2), (600, 1)])
@pytest.mark.parametrize("sentence", [20, 4000])
async def test_it_arrives_whole(way: Ways, characters: int, parts: int, sentence: int) -> None:
    said = essay(characters, sentence)
    async with Chat(way(said)) as customer:
        heard = await customer.says("请讲")
    assert "".join(heard) == said
    assert len(heard) == parts


@BOTH_WAYS
@pytest.mark.parametrize("paragraph", [100, 250, 400])
async def test_it_arrives_whole_however_long_its_paragraphs(way: Ways, paragraph: int) -> None:
    said = "\n\n".join("说" * (paragraph - 2) for _ in range(3000 // paragraph))
    async with Chat(way(out.Text(said))) as customer:
        heard = await customer.says("请讲")
    assert "".join(heard).replace("\n", "") == said.replace("\n", "")
    assert len(heard) <= 5


@BOTH_WAYS
async def test_what_no_five_messages_can_hold_ends_in_an_ellipsis_and_is_not_refused(way: Ways) -> None:
    said = essay(4000, 20)
    async with Chat(way(said)) as customer:
        heard = await customer.says("请讲")
        assert [call.errcode for call in calls(customer.sim, "kf/send_msg")] == [0] * 5
    assert heard[-1].endswith("…")
    assert said.startswith("".join(heard).removesuffix("…"))


@BOTH_WAYS
async def test_no_words_are_no_message(way: Ways) -> None:
    async with Chat(way("")) as customer:
        assert await customer.says("请讲") == []
        assert calls(customer.sim, "kf/send_msg") == []
