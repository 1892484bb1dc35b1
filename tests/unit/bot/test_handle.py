"""What a handler holds, and what becomes of what it returns."""

import re
from pathlib import Path
from typing import Any

import pytest

from kit.inboxes import NOW, claim_of, enter, item
from kit.lines import SEND, Line
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.bot.text import BadReply
from wxkf.engine.outbox import Outbox
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.work import Work
from wxkf.errors import ConfigError
from wxkf.messages import outbound as out
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Inbound, Text
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands still at `NOW`."""
    return MovableClock(SimClock.frozen(NOW))


@pytest.fixture
def outbox(tmp_path: Path, clock: MovableClock) -> Outbox:
    """An outbox that nothing is put into."""
    return Outbox(Line().client(clock), SqliteStore(tmp_path / "unopened.db"))


@pytest.mark.parametrize(
    ("returned", "sent"),
    [
        ("您好", [out.Text(content="您好")]),
        (out.Text(content="您好"), [out.Text(content="您好")]),
        (out.Image(media_id="m"), [out.Image(media_id="m")]),
        ("", []),
        (None, []),
    ],
)
async def test_what_a_handler_returns_is_what_is_sent(
    bot: Bot, outbox: Outbox, clock: MovableClock, returned: str | out.Outbound | None, sent: list[out.Outbound]
) -> None:
    @bot.on(Text)
    async def answer(_: Context[Text]) -> str | out.Outbound | None:
        return returned

    assert list(await bot.handle(Work(claim_of(item("a1")), outbox, NOW), clock)) == sent


@pytest.mark.parametrize("returned", [7, b"bytes", ["a", "b"], {"text": "hi"}, True])
async def test_anything_else_is_refused_with_the_handlers_name(
    bot: Bot, outbox: Outbox, clock: MovableClock, returned: Any
) -> None:
    @bot.on(Text)
    async def confused(_: Context[Text]) -> Any:
        return returned

    kind = re.escape(type(returned).__name__)
    with pytest.raises(
        BadReply,
        match=rf"{kind} cannot be sent; a reply is a str, a value of wxkf\.out, or None\nin the handler .*confused",
    ):
        await bot.handle(Work(claim_of(item("a1")), outbox, NOW), clock)


@pytest.mark.parametrize("kind", [ConfigError, TypeError])
def test_a_reply_that_cannot_be_sent_is_a_mistake_in_the_program(kind: type[Exception]) -> None:
    assert issubclass(BadReply, kind)


async def test_a_long_text_is_returned_in_parts(bot: Bot, outbox: Outbox, clock: MovableClock) -> None:
    await outbox.store.open()  # it says how many parts may be sent

    @bot.on(Text)
    async def talk(_: Context[Text]) -> str:
        return "长" * 700

    sent = await bot.handle(Work(claim_of(item("a1")), outbox, NOW), clock)
    assert list(sent) == [out.Text(content="长" * 681 + "…")]  # nobody has written
    await outbox.store.aclose()


async def test_what_no_handler_wants_is_answered_with_silence(bot: Bot, outbox: Outbox, clock: MovableClock) -> None:
    assert list(await bot.handle(Work(claim_of(item("a1")), outbox, NOW), clock)) == []


async def test_what_a_handler_raises_comes_out(bot: Bot, outbox: Outbox, clock: MovableClock) -> None:
    @bot.on(Text)
    async def fail(_: Context[Text]) -> None:
        raise LookupError("no such order")

    with pytest.raises(LookupError, match="no such order") as caught:
        await bot.handle(Work(claim_of(item("a1")), outbox, NOW), clock)
    (note,) = caught.value.__notes__
    assert re.fullmatch(r"in the handler .*fail for Text a1", note)


def context(outbox: Outbox, clock: MovableClock, raw: dict[str, Any], *, attempt: int = 1) -> Context[Inbound]:
    """Make what a handler would be given."""
    work = Work(claim_of(raw, attempt=attempt), outbox, clock.now())
    return Context(work.event, work, clock)


async def test_a_context_tells_who_what_where_and_when(outbox: Outbox, clock: MovableClock) -> None:
    clock.forward(seconds=90)
    ctx = context(outbox, clock, item("a1", "wmB", "在吗"), attempt=2)
    assert isinstance(ctx.event, Text)
    assert (ctx.event.msgid, ctx.text, ctx.customer, ctx.account) == ("a1", "在吗", "wmB", "wk1")
    assert (ctx.age, ctx.attempt) == (90, 2)


async def test_an_events_context_knows_customer_and_account_too(outbox: Outbox, clock: MovableClock) -> None:
    ctx = context(outbox, clock, enter("e1", "wmB", welcome_code="CODE", scene="home"))
    assert isinstance(ctx.event, EnterSession)
    assert (ctx.customer, ctx.account, ctx.event.scene, ctx.text) == ("wmB", "wk1", "home", "")


@pytest.mark.parametrize("raw", [item("a1", msgtype="image", image={"media_id": "m"}), item("a1", msgtype="hologram")])
async def test_only_words_have_text(outbox: Outbox, clock: MovableClock, raw: dict[str, Any]) -> None:
    assert context(outbox, clock, raw).text == ""


async def test_a_message_from_a_fast_clock_is_not_of_negative_age(outbox: Outbox, clock: MovableClock) -> None:
    assert context(outbox, clock, item("a1", send_time=int(NOW) + 5)).age == 0


async def test_a_reply_leaves_before_the_handler_returns(bot: Bot, tmp_path: Path, clock: MovableClock) -> None:
    from kit.inboxes import Inbox, row

    line, inbox, seen = Line(), Inbox(tmp_path / "inbox.db"), list[int]()
    await inbox.store.open()
    await inbox.receive(row("a1"))

    @bot.on(Text)
    async def twice(ctx: Context[Text]) -> str:
        await ctx.reply("一")
        seen.append(len(line.bodies(SEND)))
        await ctx.reply(out.Image(media_id="m"))
        seen.append(len(line.bodies(SEND)))
        return "二"

    work = Work(await inbox.claim_one(), Outbox(line.client(clock), inbox.store), NOW)
    assert list(await bot.handle(work, clock)) == [out.Text(content="二")]
    assert seen == [1, 2]
    assert [body["msgtype"] for body in line.bodies(SEND)] == ["text", "image"]
    await inbox.store.aclose()
