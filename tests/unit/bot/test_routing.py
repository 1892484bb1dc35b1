"""Which handler runs: the first registered for the event's class whose filter says yes."""

from typing import Any

import pytest

from unit.bot.events import ENTER, IMAGE, UNKNOWN, one, text, two
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.bot.match import says
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


async def generous(_: Context[Any], order: str = "none", *more: str) -> None:
    """Handle, whatever else might be given."""


class Desk:
    """Handles as a method."""

    async def take(self, _: Context[Any]) -> None:
        """Handle."""


@pytest.mark.parametrize("handler", [one, generous, Desk().take])
def test_whatever_can_be_called_with_a_context_and_awaited_is_a_handler(bot: Bot, handler: Any) -> None:
    bot.on(Text)(handler)
    assert bot.match(text()) == handler


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        (plain, r"the handler plain must be an `async def`"),
        (lambda _: "hi", r"the handler .*<lambda> must be an `async def`"),
        (bare, r"the handler bare must take one argument, the context"),
        (greedy, r"the handler greedy must take one argument, the context"),
        (Desk.take, r"the handler Desk\.take must take one argument, the context"),
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
        ((out.Text,), r"@bot\.on was used with <class 'wxkf\.messages\.outbound\.Text'>; it takes classes of .*"),
        ((text(),), r"@bot\.on was used with Text\(.*; it takes classes of .*"),
    ],
)
def test_asking_for_what_is_no_message_is_refused_with_a_sentence(bot: Bot, events: Any, sentence: str) -> None:
    with pytest.raises(ConfigError, match=f"^{sentence}$"):
        bot.on(*events)
    assert bot.is_empty
