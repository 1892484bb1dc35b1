"""What is written wrongly is said where it is written, not at the first message."""

import re
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any, cast

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


Loose: Any = Bot  # as those write it who have no type checker


async def for_texts(ctx: Context[Text]) -> None: ...


async def for_pictures(ctx: "Context[Image | Location]") -> None: ...


async def for_pictures_alone(ctx: Context[Image]) -> None: ...


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


def copied(function: Callable[[Context[Text]], Coroutine[Any, Any, None]]) -> Any:
    @wraps(function)
    async def handles(ctx: Context[Any]) -> None: ...

    return handles


class Teller:
    last: Context[Image]

    async def __call__(self, ctx: Context[Text]) -> None: ...


async def with_more(ctx, before: Context[Image] | None = None) -> None: ...  # type: ignore[no-untyped-def]


@pytest.mark.parametrize(
    ("events", "legal"),
    [
        ((Text, Image), copied(for_texts)),
        ((Text,), Teller()),
        ((Text,), with_more),
        ((Image,), partial(handler)),
    ],
)
def test_what_an_annotation_does_not_say(events: tuple[Any, ...], legal: Any) -> None:
    Bot().on(*events)(legal)


def test_a_filter_may_narrow_to_what_the_annotation_says() -> None:
    Loose().on(Inbound, where=lambda event: isinstance(event, Text))(for_texts)
    with pytest.raises(ConfigError, match=r"Teller.*takes a context of Text"):
        Loose().on(Image)(Teller())


class Pager:
    async def __call__(self, failure: object) -> None: ...


async def page(failure: object, url: str = "") -> None: ...


@wraps(page)
def decorated(failure: object) -> Any: ...


@pytest.mark.parametrize("hook", [Pager(), lambda failure: page(failure, "x"), partial(page, url="x"), decorated, page])
def test_whatever_gives_a_coroutine_is_a_hook(hook: Any) -> None:
    Bot().on_failed(hook)


async def yields(failure: object) -> Any:
    yield "x"


def test_a_hook_that_yields_is_told_so() -> None:
    with pytest.raises(ConfigError, match="yields must not yield"):
        Loose().on_failed(yields)


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


def hide(router: Router) -> None:
    router.on(Text)(for_texts)
    router.on(Image)(for_pictures_alone)


def behind_one(router: Router) -> None:
    hide(router)
    router.on(Text)(handler)


def behind_both(router: Router) -> None:
    hide(router)
    router.on(Text, Image)(handler)


def behind_what_takes_all(router: Router) -> None:
    router.on(Inbound)(for_anything)
    router.on(Text, where=says("一"))(handler)


def in_a_router_behind(router: Router) -> None:
    inner = Router()
    inner.on(Text, where=says("一"))(handler)
    hide(router)
    router.include(inner)


def behind_a_router(router: Router) -> None:
    inner = Router()
    hide(inner)
    router.include(inner)
    router.on(Text)(handler)


@pytest.mark.parametrize(
    ("build", "by"),
    [
        (behind_one, "for_texts"),
        (behind_both, "for_texts"),
        (behind_what_takes_all, "for_anything"),
        (in_a_router_behind, "for_texts"),
        (behind_a_router, "for_texts"),
    ],
)
def test_a_handler_that_is_hidden_is_told(
    build: Callable[[Router], None], by: str, caplog: pytest.LogCaptureFixture
) -> None:
    build(Router())
    (told,) = caplog.messages
    assert re.match(rf"handler \(.*test_mistakes, line \d+\) never runs: {by} \(.*, line \d+\) stands before it", told)


def filtered(router: Router) -> None:
    router.on(Text, where=says("一"))(for_texts)
    router.on(Text)(handler)


def partly(router: Router) -> None:
    router.on(Text)(for_texts)
    router.on(Text, Image)(handler)


def of_colleagues(router: Router) -> None:
    router.on(Text)(for_texts)
    router.on_staff(Text)(handler)


def behind_a_router_with_a_filter(router: Router) -> None:
    inner = Router()
    hide(inner)
    router.include(inner, where=lambda event: event.origin == 3)
    router.on(Text)(handler)


@pytest.mark.parametrize("build", [filtered, partly, of_colleagues, behind_a_router_with_a_filter])
def test_a_handler_that_may_run_is_not_told(build: Callable[[Router], None], caplog: pytest.LogCaptureFixture) -> None:
    build(Router())
    assert not caplog.messages


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


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda: picked("hours") or says("营业时间"), "combine filters with &, | and ~"),
        (lambda: picked("hours") and says("营业时间"), "combine filters with &, | and ~"),
        (lambda: not says("营业时间"), "combine filters with &, | and ~"),
        (lambda: Loose().on(Text, where=lambda: True), "where=.*<lambda> must take one argument, the event"),
        (lambda: Loose().on(Text, where=says), r"where=says is to be called: where=says\('…'\)"),
        (lambda: Loose().on(Text, where=handler), "where=handler must be a plain function"),
        (lambda: on(Text, where=cast("Any", "人工")), "where='人工' is no filter"),
        (lambda: Loose().on_stale(60)(of_two_minds), "SyncContext is for plain functions"),
        (lambda: Loose().on(Text, where=False), "where=False is no filter: it is a function of the event$"),
        (lambda: Loose().include(Router(), where="夜"), r"where='夜' is no filter.*or says\('夜'\)"),
        (lambda: Loose().on(Text, gather="2"), "gather is a number of seconds, 60 at most, not '2'"),
        (lambda: Loose().on(Text, gather=61), "gather is a number of seconds, 60 at most, not 61"),
        (lambda: Loose().on(EnterSession, every=-1), "every is a number of seconds, not -1"),
        (lambda: Loose(staff_idle="600"), "staff_idle is a number of seconds above 0, not '600'"),
        (lambda: Loose(staff_idle=0), "staff_idle is a number of seconds above 0, not 0"),
        (lambda: Loose(staff_hours="9:00-21:00"), r"staff_hours are Hours\('9:00-21:00'\), not '9:00-21:00'"),
        (lambda: Loose().on_stale(handler), "@bot.on_stale was used without parentheses"),
        (lambda: Loose().on_stale(0), "after=….* is a number of seconds above 0, not 0"),
    ],
)
def test_what_would_come_out_late(write: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        write()
