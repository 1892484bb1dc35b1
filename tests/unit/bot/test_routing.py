"""Which handler runs: the first registered for the event's class whose filter says yes."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from msgspec import structs

from unit.bot.events import ENTER, IMAGE, UNKNOWN, one, text, two
from wxkf.bot.app import Bot
from wxkf.bot.blocking import SyncContext
from wxkf.bot.context import Context
from wxkf.bot.match import says
from wxkf.bot.methods import on
from wxkf.bot.routing import Router
from wxkf.errors import ConfigError
from wxkf.messages import outbound as out
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Image, Inbound, Origin, Text, Unknown


@pytest.mark.parametrize(("kind", "taken"), [(Text, text()), (Image, IMAGE), (EnterSession, ENTER), (Unknown, UNKNOWN)])
def test_a_handler_gets_the_class_it_asked_for_and_no_other(bot: Bot, kind: type[Inbound], taken: Inbound) -> None:
    bot.on(kind)(one)
    others = [event for event in (text(), IMAGE, ENTER, UNKNOWN) if event != taken]
    assert bot.match(taken) is one
    assert [bot.match(other) for other in others] == [None] * 3


def test_a_handler_may_ask_for_several_classes(bot: Bot) -> None:
    bot.on(Text, Image, EnterSession)(one)
    assert [bot.match(event) for event in (text(), IMAGE, ENTER, UNKNOWN)] == [one, one, one, None]


def test_the_root_class_is_everything(bot: Bot) -> None:
    bot.on(Inbound)(one)
    assert [bot.match(event) for event in (text(), IMAGE, ENTER, UNKNOWN)] == [one] * 4


def test_the_first_that_fits_wins(bot: Bot) -> None:
    bot.on(Text)(one)
    bot.on(Text)(two)
    assert bot.match(text()) is one


def test_one_whose_filter_says_no_leaves_it_to_the_next(bot: Bot) -> None:
    bot.on(Text, where=says("人工"))(one)
    bot.on(Text)(two)
    assert bot.match(text("人工")) is one
    assert bot.match(text("你好")) is two


def test_any_function_may_be_a_filter(bot: Bot) -> None:
    bot.on(Text, where=lambda event: len(event.text.content) > 3)(one)
    assert bot.match(text("一二三四")) is one
    assert bot.match(text("一二三")) is None


def test_nothing_fits_a_bot_without_handlers(bot: Bot) -> None:
    assert bot.match(text()) is None


def test_a_filter_is_not_asked_about_other_classes(bot: Bot) -> None:
    bot.on(Text, where=lambda event: bool(event.text.content))(one)
    assert bot.match(IMAGE) is None


@pytest.mark.parametrize("kind", [Text, Inbound])
def test_a_colleagues_words_reach_no_handler(bot: Bot, kind: type[Inbound]) -> None:
    bot.on(kind)(one)
    assert bot.match(text(origin=Origin.SERVICER)) is None


def test_registering_leaves_the_handler_as_it_is(bot: Bot) -> None:
    assert bot.on(Text)(one) is one
    assert bot.on(Image)(one) is one
    assert bot.match(IMAGE) is one


def test_a_bot_is_empty_until_its_first_handler(bot: Bot) -> None:
    assert bot.is_empty
    bot.on(Text)(one)
    assert not bot.is_empty


async def bare() -> None:
    """Handle what it is not given."""


async def greedy(_: Context[Any], order: str) -> None:
    """Handle, if given more than there is."""


def plain(_: Context[Any]) -> str:
    """Answer at once."""
    return "hi"


def yields(_: Context[Any]) -> Iterator[str]:
    """Answer piece by piece, and block meanwhile."""
    yield "hi"


async def streams(_: Context[Any]) -> AsyncIterator[str]:
    """Answer piece by piece."""
    yield "hi"


async def generous(_: Context[Any], order: str = "none", *more: str) -> None:
    """Handle, whatever else might be given."""


class Desk:
    """Handles as a method."""

    async def take(self, _: Context[Any]) -> None:
        """Handle."""


@pytest.mark.parametrize("handler", [one, generous, Desk().take, plain, streams, lambda _: "hi"])
def test_whatever_can_be_called_with_a_context_and_awaited_is_a_handler(bot: Bot, handler: Any) -> None:
    bot.on(Text)(handler)
    assert bot.match(text()) == handler


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        (yields, r"the handler yields yields, so it must be an `async def`"),
        (Desk, r"Desk is a class; a handler is a function that takes the context, or use bot\.add\(object\)"),
        (bare, r"the handler bare must take one argument, the context"),
        (greedy, r"the handler greedy must take one argument, the context"),
        (Desk.take, r"the handler Desk\.take must .* the context; for a method use @wxkf.on, and bot.add\(object\)"),
    ],
)
def test_what_could_never_handle_anything_is_refused_with_a_sentence(bot: Bot, handler: Any, sentence: str) -> None:
    with pytest.raises(ConfigError, match=f"^{sentence}$"):
        bot.on(Text)(handler)
    assert bot.is_empty


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ((), r"say which messages or events: @bot\.on\(Text\)"),
        ((one,), r"@bot\.on was used without parentheses; it takes classes of .*: @bot\.on\(Text\)"),
        (("text",), r"@bot\.on was used with 'text'; it takes classes of .*: @bot\.on\(Text\)"),
        ((Text, "image"), r"@bot\.on was used with 'image'; it takes classes of .*"),
        ((out.Text,), r"out\.Text is what a bot says; @bot\.on takes what comes: from wxkf import Text"),
        ((text(),), r"@bot\.on was used with Text\(.*; it takes classes of .*"),
    ],
)
def test_asking_for_what_is_no_message_is_refused_with_a_sentence(bot: Bot, events: Any, sentence: str) -> None:
    with pytest.raises(ConfigError, match=f"^{sentence}$"):
        bot.on(*events)
    assert bot.is_empty


# ── routers in routers, objects, colleagues ─────────────────────────────────────────────────────────────────────────


def test_a_router_stands_where_it_was_included(bot: Bot) -> None:
    desk = Router()
    bot.include(desk)
    bot.on(Text)(two)
    assert bot.match(text()) is two
    desk.on(Text)(one)
    assert bot.match(text()) is one


def test_a_router_gets_what_its_filter_lets_through(bot: Bot) -> None:
    outer, inner = Router(), Router()
    inner.on(Text)(one)
    outer.include(inner, where=lambda event: event.send_time > 5)
    bot.include(outer, where=lambda event: event.send_time < 9)
    assert [bool(bot.match(structs.replace(text(), send_time=at))) for at in (4, 7, 10)] == [False, True, False]


def test_a_router_is_no_part_of_itself(bot: Bot) -> None:
    inner = Router()
    inner.include(bot)
    for router in (bot, inner):
        with pytest.raises(ConfigError, match="a router cannot be part of itself"):
            bot.include(router)


def test_a_bot_with_empty_routers_is_empty(bot: Bot) -> None:
    desk = Router()
    bot.include(desk)
    assert bot.is_empty
    desk.on(Text)(one)
    assert not bot.is_empty


class Shop:
    """Handlers as methods, in the order in which they are to be tried."""

    @on(Text, where=says("订单"))
    async def order(self, _: Context[Text]) -> str:
        return "order"

    @on(Text, Image)
    def rest(self, _: SyncContext[Text | Image]) -> str:
        return "rest"

    @on(Text, staff=True)
    async def overheard(self, _: Context[Text]) -> None:
        return None

    async def help(self) -> None:
        """Be no handler."""


class Branch(Shop):
    """One that does something else, and more."""

    async def order(self, _: Context[Text]) -> str:
        return "branch"

    @on(EnterSession)
    async def greet(self, _: Context[EnterSession]) -> str:
        return "welcome"


def test_an_objects_marked_methods_are_its_handlers(bot: Bot) -> None:
    shop = Shop()
    bot.add(shop)
    found = [bot.match(event) for event in (text("订单"), text("别的"), IMAGE, ENTER, text(origin=Origin.SERVICER))]
    assert found == [shop.order, shop.rest, shop.rest, None, shop.overheard]


def test_what_a_subclass_writes_anew_has_the_marks_it_has_there(bot: Bot) -> None:
    branch = Branch()
    bot.add(branch)
    assert bot.match(ENTER) == branch.greet
    assert bot.match(text("订单")) == branch.rest  # `order` is not marked any more


def test_an_object_without_handlers_is_refused(bot: Bot) -> None:
    with pytest.raises(ConfigError, match=r"^str has no method that is marked with @on\(\.\.\.\)$"):
        bot.add("shop")


def test_what_colleagues_write_is_for_who_asked_for_that_and_for_nobody_else(bot: Bot) -> None:
    bot.on_staff(Text, where=says("收到"))(one)
    bot.on(Inbound)(two)
    overheard = text("收到", origin=Origin.SERVICER)
    assert [bot.match(event) for event in (overheard, text("收到"), text(origin=Origin.SERVICER))] == [one, two, None]
