"""What a phone shows, in plain words: for tests to compare and terminals to print."""

from typing import Any

from wxkf.sim.values import Bubble


def words_of(bubble: Bubble) -> str:
    """Give a text as it is, a menu line by line with what can be tapped in brackets, anything else as `[kind]`."""
    if bubble.recalled:
        return "[recalled]"
    if bubble.msgtype == "text":
        return str(bubble.body["content"])
    if bubble.msgtype != "msgmenu":
        return f"[{bubble.msgtype}]"
    head, tail = bubble.body.get("head_content", ""), bubble.body.get("tail_content", "")
    lines = (head, *map(_line, bubble.body.get("list", ())), tail)
    return "\n".join(line for line in lines if line)


def _line(item: dict[str, Any]) -> str:
    content = str(item[item["type"]]["content"])
    return content if item["type"] == "text" else f"[{content}]"
