"""Filters: what they ask, and how they combine."""

import pytest

from unit.bot.events import text
from wxkf.bot.match import Filter, picked, says
from wxkf.messages.inbound import Text


@pytest.mark.parametrize(
    ("said", "fits"),
    [("人工", True), ("  人工\n", True), ("HELP", True), ("Help", True), ("人工客服", False), ("", False)],
)
def test_says_compares_whole_texts_spaces_and_case_aside(said: str, fits: bool) -> None:
    assert says("人工", " help ")(text(said)) is fits


@pytest.mark.parametrize(("menu_id", "fits"), [("human", True), ("order", True), ("HUMAN", False), ("", False)])
def test_picked_compares_the_menu_items_id(menu_id: str, fits: bool) -> None:
    assert picked("human", "order")(text("人工", menu_id=menu_id)) is fits


A, B = says("a", "both"), says("b", "both")


@pytest.mark.parametrize(
    ("question", "yes_to"),
    [
        (A & B, {"both"}),
        (A | B, {"a", "b", "both"}),
        (~A, {"b", "neither"}),
        (A & ~B, {"a"}),
        (~(A | B), {"neither"}),
        (~A & B, {"b"}),
    ],
    ids=lambda value: " ".join(sorted(value)) if isinstance(value, set) else repr(value),
)
def test_filters_combine(question: Filter[Text], yes_to: set[str]) -> None:
    assert {word for word in ("a", "b", "both", "neither") if question(text(word))} == yes_to


def test_a_filter_shows_what_it_asks() -> None:
    assert repr(says("hi") & ~picked("x")) == "(says('hi',) & ~picked('x',))"
