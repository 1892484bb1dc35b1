"""Filters for `where=`: typed by the event they read, combined with `&`, `|` and `~`."""

from collections.abc import Callable
from typing import Generic, TypeVar

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


def _is_like(given: str, wanted: str) -> bool:
    return given.startswith(wanted[:-1]) if wanted.endswith("*") else given == wanted
