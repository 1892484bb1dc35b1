"""A scripted customer for your tests: `async with Chat(bot) as customer: ...`. Loaded on first use."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wxkf.testing.chat import Chat as Chat

__all__ = ["Chat"]


def __getattr__(name: str) -> object:
    if name != "Chat":
        raise AttributeError(f"module 'wxkf.testing' has no attribute {name!r}")
    from wxkf.testing.chat import Chat

    globals()["Chat"] = Chat
    return Chat
