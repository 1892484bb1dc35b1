"""What is written wrongly is said where it is written, not at the first message."""

from typing import Any

import pytest

from wxkf import Bot, ConfigError, Context, Image, Inbound, Router, Text, on, out, says
from wxkf.testing import Chat


async def handler(ctx: Context[Any]) -> str | None: ...


@pytest.mark.parametrize("register", [Bot().on, on])
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"gater": 2.0}, "no option 'gater'; did you mean gather"),
        ({"zzz": 1}, "no option 'zzz'; there are gather, newer"),
        ({"newer": "latest"}, "newer is"),
    ],
)
def test_an_option_that_there_is_not(register: Any, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        register(Text, **options)


def test_a_filter_that_is_none() -> None:
    with pytest.raises(ConfigError, match=r"where='人工' is no filter.*says\('人工'\)"):
        Bot().on(Text, where="人工")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


def plain(*given: object) -> None: ...


async def of_none() -> None: ...


async def of_three(one: object, two: object, three: object) -> None: ...


@pytest.mark.parametrize("name", ["before_send", "on_overflow", "on_failed", "on_error"])
@pytest.mark.parametrize(
    ("hook", "sentence"),
    [
        (plain, "takes an `async def`"),
        (of_none, "must take (one|two) argument"),
        (of_three, "must take (one|two) argument"),
    ],
)
def test_a_hook_that_could_not_be_called(name: str, hook: Any, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        getattr(Bot(), name)(hook)


def test_a_handler_that_is_hidden_by_another_is_told(caplog: pytest.LogCaptureFixture) -> None:
    router = Router()
    router.on(Text, where=says("一"))(handler)
    router.on(Image)(handler)
    router.on_staff(Text)(handler)
    assert not caplog.text
    router.on(Inbound)(handler)
    assert not caplog.text
    router.on(Text, where=says("二"))(handler)
    assert "handler never runs: handler, which was registered before it, takes every Text" in caplog.text


def test_a_menu_of_words_is_no_menu() -> None:
    with pytest.raises(TypeError, match=r"as out\.Click\(id, words\), not '查订单'"):
        out.Menu("您好", "查订单")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def test_another_word_for_if_nobody() -> None:
    bot = Bot()

    @bot.on(Text)
    async def person(ctx: Context[Text]) -> None:
        await ctx.hand_over(if_nobody="bot")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    async with Chat(bot) as customer:
        with pytest.raises(ConfigError, match='if_nobody is "queue" or "stay"'):
            await customer.says("人工")


async def test_a_picture_without_words_is_something_that_was_said() -> None:
    bot, asked = Bot(), list[Any]()

    @bot.on(Text, Image, gather=1.0)
    async def answer(ctx: Context[Text | Image]) -> None:
        asked.append((await ctx.history()).as_openai(then=ctx.said))

    async with Chat(bot) as customer:
        await customer.sends_file("image")
    assert asked == [[{"role": "user", "content": "[image]"}]]
