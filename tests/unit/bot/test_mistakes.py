"""What is written wrongly is said where it is written, not at the first message."""

from collections.abc import Callable
from typing import Any

import pytest

from wxkf import (
    Bot,
    ConfigError,
    Context,
    EnterSession,
    Image,
    Inbound,
    Location,
    Router,
    SyncContext,
    Text,
    Video,
    Voice,
    on,
    out,
    picked,
    says,
)
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


async def for_texts(ctx: Context[Text]) -> None: ...


async def for_pictures(ctx: "Context[Image | Location]") -> None: ...


async def for_anything(ctx: Context[Inbound]) -> None: ...


def blocking(ctx: SyncContext[Text]) -> None: ...


async def of_two_minds(ctx: SyncContext[Text]) -> None: ...


class Shop:
    @on(Image)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]
    async def answer(self, ctx: Context[Text]) -> None: ...


@pytest.mark.parametrize(
    ("events", "written", "sentence"),
    [
        ((Image,), for_texts, r"for_texts takes a context of Text, but is registered for Image"),
        ((Text, Image), for_texts, r"context of Text, but is registered for Text \| Image"),
        ((Text,), for_pictures, r"context of Image \| Location, but is registered for Text"),
        ((Image,), blocking, r"blocking takes a context of Text, but is registered for Image"),
        ((Text,), of_two_minds, r"gets a Context: SyncContext is for plain functions"),
    ],
)
def test_an_annotation_that_says_something_else(events: tuple[Any, ...], written: Any, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        Bot().on(*events)(written)


def test_an_annotation_of_a_method_that_says_something_else() -> None:
    with pytest.raises(ConfigError, match=r"Shop.answer takes a context of Text, but is registered for Image"):
        Bot().add(Shop())


def test_annotations_that_are_wide_enough() -> None:
    bot = Bot()
    bot.on(Text)(for_texts)
    bot.on(Image, Location)(for_pictures)
    bot.on(Voice)(for_anything)
    bot.on(Text, where=says("一"))(blocking)
    bot.on(Video)(handler)


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


Loose: Any = Bot  # as those write it who have no type checker


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda: picked("hours") or says("营业时间"), "combine filters with &, | and ~"),
        (lambda: picked("hours") and says("营业时间"), "combine filters with &, | and ~"),
        (lambda: not says("营业时间"), "combine filters with &, | and ~"),
        (lambda: Loose().on(Text, where=lambda: True), "where=.*<lambda> must take one argument, the event"),
        (lambda: Loose().on(Text, where=False), "where=False is no filter: it is a function of the event$"),
        (lambda: Loose().include(Router(), where="夜"), r"where='夜' is no filter.*or says\('夜'\)"),
        (lambda: Loose().on(Text, gather="2"), "gather is a number of seconds, 60 at most, not '2'"),
        (lambda: Loose().on(Text, gather=61), "gather is a number of seconds, 60 at most, not 61"),
        (lambda: Loose().on(EnterSession, every=-1), "every is a number of seconds, not -1"),
        (lambda: Loose(staff_idle="600"), "staff_idle is a number of seconds above 0, not '600'"),
        (lambda: Loose(staff_idle=0), "staff_idle is a number of seconds above 0, not 0"),
        (lambda: Loose(staff_hours="9:00-21:00"), r"staff_hours are Hours\('9:00-21:00'\), not '9:00-21:00'"),
        (lambda: Loose().on_stale(handler), r"@bot.on_stale\(after=…\) is a number of seconds above 0, not <function"),
    ],
)
def test_what_would_come_out_late(write: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        write()
