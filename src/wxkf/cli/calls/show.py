"""An answer on the screen: what it says of itself first, then its lists, then what went wrong or goes on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from wxkf.cli.calls.answers import Data
from wxkf.cli.calls.table import flat, harmless, show_rows, show_values
from wxkf.cli.texts import text

_ENVELOPE: Final = ("errcode", "errmsg")
_PAGING: Final = ("has_more", "next_cursor")


def show(path: str, data: Data, out: Console, *, pages: bool) -> int:
    """Print an answer; `pages` tells that the command has --all. Returns the exit code, 1 where items failed."""
    lists = {name: value for name, value in data.items() if isinstance(value, list)}
    rest = {name: value for name, value in data.items() if name not in (*_ENVELOPE, *_PAGING, *lists)}
    if values := flat(rest):
        show_values(path, values, out)
    for at, (name, rows) in enumerate(lists.items()):
        if rows and (at or values):
            out.print()
        _list(path, name, rows, out, first=name == next(iter(lists)))
    if not values and not lists:
        out.print(Text.assemble(("✓ ", "green"), path, " ", text("calls.done")))
    if data.get("has_more") not in (None, 0, "0", "", False):
        words = text("calls.more_all" if pages else "calls.more", cursor=harmless(str(data.get("next_cursor", ""))))
        out.print(Text(words, style="dim"), soft_wrap=True)
    return _failed(lists, out)


def _list(path: str, name: str, rows: Sequence[Any], out: Console, *, first: bool) -> None:
    """Print one list of an answer; of an empty one beside the main one nothing needs saying."""
    if not all(isinstance(row, Mapping) for row in rows):
        show_values(path, {harmless(name): ", ".join(map(str, rows))}, out)
    elif rows:
        show_rows(path, [_ROWS.get(path, dict)(row) for row in rows], out)
    elif first:
        out.print(Text(text("calls.empty", name=name), style="dim"))


def _failed(lists: Mapping[str, Sequence[Any]], out: Console) -> int:
    """Count the items that were refused one by one."""
    items = [item for rows in lists.values() for item in rows if isinstance(item, Mapping) and "errcode" in item]
    failed = [item for item in items if item["errcode"]]
    if failed:
        out.print(Text(text("calls.failed", count=len(failed), total=len(items)), style="red"))
    return int(bool(failed))


def _message(item: Mapping[str, Any]) -> Data:
    """Give what a person wants to see of a message or event."""
    event = item.get("event") or {}
    customer = item.get("external_userid") or event.get("external_userid")
    servicer = item.get("servicer_userid") or event.get("servicer_userid")
    return {
        "send_time": item.get("send_time"),
        "origin": item.get("origin"),
        "msgtype": event.get("event_type") or item.get("msgtype"),
        "said": _said(item, event),
        "external_userid": customer,
        "servicer_userid": servicer,
        "msgid": item.get("msgid"),
    }


_IDS: Final = ("event_type", "open_kfid", "external_userid", "servicer_userid")


def _said(item: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """Give the words of a message, or else whatever its object holds."""
    body = item.get(str(item.get("msgtype")))
    if event:
        body = {name: value for name, value in event.items() if name not in _IDS}
    if not isinstance(body, Mapping):
        return ""
    if "content" in body:
        return str(body["content"])
    return ", ".join(f"{name}={value}" for name, value in flat(body).items() if value not in (None, ""))


_ROWS: Final[Mapping[str, Callable[[Mapping[str, Any]], Data]]] = {"kf/sync_msg": _message}
