"""What was said in a conversation, as lines to read and as messages for a language model."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from wxkf.engine.values import Said
from wxkf.messages.inbound import Origin

Who = Literal["customer", "bot", "staff"]
_WHO: dict[int, Who] = {0: "bot", Origin.CUSTOMER: "customer", Origin.SERVICER: "staff"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said: by whom, its words (anything but text as `[image]`), and when, in epoch seconds."""

    who: Who
    text: str
    at: float


class History(tuple[Turn, ...]):
    """What was said before a message, oldest first."""

    __slots__ = ()

    def as_openai(self, *, system: str = "", then: str = "") -> list[Any]:
        """Give it as OpenAI chat messages: `system` before it, `then` (what the customer says now) behind it.

        They are dicts of `role` and `content`, untyped since every SDK has a type of its own for them. Colleagues speak
        for the account, as the bot does. Lines of one side that follow one another become one message.
        """
        said = [("system", system), *((_role(turn), turn.text) for turn in self), ("user", then)]
        messages: list[dict[str, str]] = []
        for role, words in said:
            if not words:
                continue
            if messages and messages[-1]["role"] == role:
                messages[-1]["content"] += f"\n{words}"
            else:
                messages.append({"role": role, "content": words})
        return messages


def history_of(said: Iterable[Said]) -> History:
    """Read what the store gives; what the system did is no part of what was said."""
    return History(Turn(_WHO[one.origin], words_of(one.raw), one.at) for one in said if one.origin in _WHO)


def words_of(raw: bytes) -> str:
    """Give the words of a message in its wire form, incoming or outgoing."""
    message = json.loads(raw)
    kind = message.get("msgtype", "")
    it = message.get(kind)
    if kind == "text" and isinstance(it, Mapping):
        return str(it.get("content", ""))
    if kind == "msgmenu" and isinstance(it, Mapping):
        return "\n".join(_of_menu(it))
    return f"[{kind}]"


def _of_menu(menu: Mapping[str, Any]) -> Iterable[str]:
    for piece in (menu.get("head_content"), *map(_item, menu.get("list", ())), menu.get("tail_content")):
        if piece:
            yield str(piece)


def _item(item: Mapping[str, Any]) -> str:
    it = item.get(str(item.get("type")), {})
    return f"[{it.get('content', '')}]" if isinstance(it, Mapping) else ""


def _role(turn: Turn) -> str:
    return "user" if turn.who == "customer" else "assistant"
