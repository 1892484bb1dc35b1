"""Filters for `where=`: typed by the event they read, combined with `&`, `|` and `~`."""

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from wxkf.errors import ConfigError
from wxkf.messages.events import EnterSession
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
        one, two = bare(self), bare(other)
        return Filter(lambda event: one(event) and two(event), f"({self} & {other})")

    def __or__(self, other: "Filter[E]") -> "Filter[E]":
        one, two = bare(self), bare(other)
        return Filter(lambda event: one(event) or two(event), f"({self} | {other})")

    def __invert__(self) -> "Filter[E]":
        one = bare(self)
        return Filter(lambda event: not one(event), f"~{self}")

    def __bool__(self) -> bool:
        raise ConfigError(f"{self} is a question about an event: combine filters with &, | and ~, not and, or, not")

    def __repr__(self) -> str:
        return self._name


def bare(where: Callable[[E], bool]) -> Callable[[E], bool]:
    """Give a filter's question as a bare function: every message asks all filters before its own."""
    return where._test if isinstance(where, Filter) and type(where).__call__ is Filter.__call__ else where


class _Chosen(Filter[Text]):
    """Some words, typed, or some items of a menu, tapped: both at once, since a bot asks for both many times."""

    def __init__(self, words: frozenset[str], ids: frozenset[str], name: str) -> None:
        def test(event: Text) -> bool:
            return event.text.menu_id in ids or _spoken(event.text.content) in words

        super().__init__(test, name)
        self._words, self._ids = words, ids

    def __or__(self, other: Filter[Text]) -> Filter[Text]:
        if not isinstance(other, _Chosen):
            return super().__or__(other)
        return _Chosen(self._words | other._words, self._ids | other._ids, f"({self} | {other})")


def says(*words: str) -> Filter[Text]:
    """Match a text that is one of these, spaces around it and case aside."""
    return _Chosen(frozenset(map(_spoken, words)), frozenset(), f"says{words!r}")


def picked(*ids: str) -> Filter[Text]:
    """Match a tap on one of these menu items."""
    return _Chosen(frozenset(), frozenset(ids), f"picked{ids!r}")


def came_from(*scenes: str, param: str | None = None) -> Filter[EnterSession]:
    """Match an entry by one of these scenes, as given to `add_contact_way`; `param` is the link's scene_param.

    A scene or param that ends in `*` matches what begins so: `came_from("ad-*")`.
    """
    name = f"came_from{scenes!r}" if param is None else f"came_from{(*scenes, f'param={param}')!r}"
    return Filter(
        lambda event: (
            (not scenes or any(_is_like(event.scene, scene) for scene in scenes))
            and (param is None or _is_like(event.scene_param, param))
        ),
        name,
    )


@lru_cache(maxsize=64)
def _spoken(words: str) -> str:
    """Give words as they are compared; one message is compared with what many handlers wait for."""
    return words.strip().casefold()


def _is_like(given: str, wanted: str) -> bool:
    return given.startswith(wanted[:-1]) if wanted.endswith("*") else given == wanted
