"""A scripted customer for your tests: `async with Chat(bot) as customer: ...`. Loaded on first use."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wxkf.testing.chat import Chat as Chat
    from wxkf.testing.phone import Phone as Phone

__all__ = ["Chat", "Phone"]

_HOMES = {"Chat": "wxkf.testing.chat", "Phone": "wxkf.testing.phone"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'wxkf.testing' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
