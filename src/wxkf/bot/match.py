"""Filters for `where=`: typed by the event they read, combined with `&`, `|` and `~`."""

from collections.abc import Callable
from typing import Generic, TypeVar

from wxkf.messages.inbound import Inbound, Text

E = TypeVar("E", bound=Inbound, contravariant=True)


class Filter(Generic[E]):
    """A question about an event, answered yes or no."""

    def __init__(self, test: Callable[[E], bool], name: str) -> None:
        self._test, self._name = test, name

    def __call__(self, event: E) -> bool:
        """Ask."""
        return self._test(event)

    def __and__(self, other: "Filter[E]") -> "Filter[E]":
        return Filter(lambda event: self(event) and other(event), f"({self} & {other})")

    def __or__(self, other: "Filter[E]") -> "Filter[E]":
        return Filter(lambda event: self(event) or other(event), f"({self} | {other})")

    def __invert__(self) -> "Filter[E]":
        return Filter(lambda event: not self(event), f"~{self}")

    def __repr__(self) -> str:
        return self._name


def says(*words: str) -> Filter[Text]:
    """Match a text that is one of these, spaces around it and case aside."""
    wanted = {word.strip().casefold() for word in words}
    return Filter(lambda event: event.text.content.strip().casefold() in wanted, f"says{words!r}")


def picked(*ids: str) -> Filter[Text]:
    """Match a tap on one of these menu items."""
    return Filter(lambda event: event.text.menu_id in ids, f"picked{ids!r}")
