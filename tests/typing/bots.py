"""What the type checkers see of a bot's handlers. Read by mypy and pyright, never run; see `clients.py`."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import assert_type

from wxkf import (
    Bot,
    Context,
    EnterSession,
    Hours,
    Image,
    Inbound,
    Quota,
    Router,
    SyncContext,
    Text,
    Unknown,
    Voice,
    came_from,
    on,
    out,
    picked,
    says,
)
from wxkf.bot.handlers import Handler

bot = Bot()


@bot.on(EnterSession)
async def greet(ctx: Context[EnterSession]) -> str:
    assert_type(ctx.event, EnterSession)
    assert_type(ctx.event.welcome_code, str)
    return "您好"


@bot.on(Text, where=picked("human") | says("人工") & ~says("机器人"))
async def person(ctx: Context[Text]) -> out.Text:
    assert_type(ctx.text, str)
    return out.Text(content="稍等")


@bot.on(Text, Image)
async def either(ctx: Context[Text | Image]) -> str | None:
    assert_type(ctx.event, Text | Image)
    await ctx.reply(out.Image(media_id="m"))
    return None


@bot.on(Text, Image, EnterSession, where=lambda event: event.send_time > 0)
async def one_of_three(ctx: Context[Text | Image | EnterSession]) -> None:
    assert_type(ctx.event.msgid, str)


@bot.on(Inbound)
async def anything(ctx: Context[Inbound]) -> None:
    await ctx.reply("hi")


@bot.on(Text)
async def takes_more_than_it_gets(ctx: Context[Inbound]) -> None:
    """A handler for every message serves for texts as well."""


@bot.on(Text, where=lambda event: event.text.content.startswith("/"))
async def command(ctx: Context[Text]) -> str:
    return ctx.event.text.content


@bot.on(Text)
def in_a_thread(ctx: SyncContext[Text]) -> str:
    assert_type(ctx.event, Text)
    assert_type(ctx.reply("hi"), None)
    return ctx.text


@bot.on(Text)
async def as_a_model_streams_it(ctx: Context[Text]) -> AsyncIterator[str]:
    yield ctx.text


@bot.on_staff(Text)
async def what_a_colleague_writes(ctx: Context[Text]) -> None:
    assert_type(ctx.event.servicer_userid, str)


class Whisper:
    async def transcribe(self, wav: bytes) -> str:
        return ""


async def transcribe(wav: bytes) -> str:
    return ""


Bot(transcriber=Whisper())
Bot(transcriber=transcribe)
Bot(transcriber=lambda wav: f"{len(wav)}")
Bot(transcriber=Whisper)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Bot(transcriber=len)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@bot.on(Voice)
async def said_aloud(ctx: Context[Voice]) -> out.Speech | out.Upload:
    assert_type(await ctx.transcript(), str)
    await ctx.reply(out.Upload("menu.png"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    return out.Speech(b"RIFF", or_text="您好") if ctx.age else out.Upload(Path("menu.png"))


@bot.on(Voice)
def said_aloud_in_a_thread(ctx: SyncContext[Voice]) -> str:
    return ctx.transcript()


class OrderDesk:
    @on(Text, where=says("订单"))
    async def order(self, ctx: Context[Text]) -> str:
        return ctx.text

    @on(Text, Image)
    def in_a_thread(self, ctx: SyncContext[Text | Image]) -> None:
        assert_type(ctx.event, Text | Image)

    @on(Image)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
    async def wrong_event(self, ctx: Context[Text]) -> None: ...


bot.add(OrderDesk())
desk = Router()
bot.include(desk, where=lambda event: event.send_time > 0)
bot.include(OrderDesk())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
bot.include(desk, where=says("人工"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# a handler stays what it is: a test calls it as any function
assert_type(greet, Handler[EnterSession])


@bot.on(Text)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
async def wrong_event(ctx: Context[EnterSession]) -> str:
    return "hi"


@bot.on(Text, Image)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
async def one_event_of_two(ctx: Context[Text]) -> str:
    return "hi"


@bot.on(Text)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
async def wrong_return_type(ctx: Context[Text]) -> int:
    return 1


@bot.on(Text)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
async def a_list_is_no_reply(ctx: Context[Text]) -> list[str]:
    return ["hi"]


@bot.on(Text)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
def sync_handler(ctx: Context[Text]) -> str:
    return "hi"


@bot.on(Text)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
async def no_context() -> str:
    return "hi"


@bot.on(Text)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
async def two_arguments(ctx: Context[Text], other: str) -> str:
    return "hi"


@bot.on(EnterSession, where=says("人工"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def filter_of_another_event(ctx: Context[EnterSession]) -> None: ...


@bot.on(Text, where=lambda event: event.txt.content)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
async def typo_in_a_filter(ctx: Context[Text]) -> None: ...


@bot.on("text")  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportArgumentType]
async def a_word_is_no_class(ctx: Context[Text]) -> None: ...


@bot.on(Text, were=says("hi"))  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportCallIssue]
async def typo_in_a_keyword(ctx: Context[Text]) -> None: ...


@bot.on(Text, newer="latest")  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportArgumentType]
async def another_word_for_newer(ctx: Context[Text]) -> None: ...


@bot.on(Text, gather="2s", every=60, always=True)  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportArgumentType]
async def seconds_are_numbers(ctx: Context[Text]) -> None: ...


@bot.on(Text, where=came_from("home"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def a_text_comes_from_no_scene(ctx: Context[Text]) -> None: ...


@bot.on(Text, where=~Hours("9:00-18:00"))
async def hours_fit_every_event(ctx: Context[Text]) -> None: ...


@bot.on_error
async def words_for_an_error(ctx: Context[Inbound], error: BaseException) -> str | None:
    return None


@bot.on_error  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def an_error_hook_without_error(ctx: Context[Inbound]) -> str:
    return "sorry"


@bot.on_failed  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def a_failure_is_no_context(ctx: Context[Inbound]) -> None: ...


@bot.on_stale(after=3_600)
async def stale(ctx: Context[Inbound]) -> str:
    return "late"


@bot.before_send  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def a_hook_that_gives_words(ctx: Context[Inbound], message: out.Outbound) -> str:
    return "hi"


class Cart:
    items: int = 0


@bot.on(Text)
def by_the_same_names(ctx: SyncContext[Text]) -> None:
    assert_type(ctx.hand_over(["a", "b"], note="hi", if_nobody="stay"), bool)
    assert_type(ctx.quota(), Quota)
    assert_type(ctx.superseded(), bool)
    assert_type(ctx.later("hi", minutes=1, unless="customer_wrote"), str)
    assert_type(ctx.transcript(), str)
    with ctx.state(Cart) as cart:
        assert_type(cart, Cart)
    ctx.hand_over(if_nobody="go")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ctx.reply()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ctx.reply("hi", 5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def what_is_not_awaited(ctx: Context[Text]) -> None:
    async with ctx.state(Cart) as cart:
        assert_type(cart, Cart)
    ctx.hand_over()  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    if ctx.superseded():  # type: ignore[truthy-bool]
        ctx.notice("hi", after=10)
    bot.send("wk", "wm", "hi")  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    await bot.send("wk", "wm", ["hi"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@bot.on(Unknown)
async def typos_inside(ctx: Context[Unknown]) -> None:
    ctx.event.text  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    ctx.txt  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    ctx.reply("hi")  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    await ctx.reply(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def called_as_it_is(ctx: Context[EnterSession], other: Context[Text]) -> None:
    assert_type(await greet(ctx), str | out.Outbound | None)
    await greet(other)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    greet(ctx)  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
