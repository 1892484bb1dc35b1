"""The overview: what waits, what is under way, what needs a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wxkf.cli.inbox.standing import spelled
from wxkf.cli.texts import text
from wxkf.cli.times import clock, iso, span
from wxkf.engine.views import Overview, Pause

_BAD = {"dead": "bold red", "unknown": "bold yellow", "failed": "red"}
_COUNTS = ("waiting", "in_flight", "dead", "unknown", "failed", "timers")


@dataclass(frozen=True, slots=True)
class Seen:
    """How an inbox stands at a moment, all of it and app by app."""

    path: Path
    at_work: bool
    whole: Overview
    apps: Mapping[str, Overview]
    now: float

    @property
    def in_trouble(self) -> bool:
        """Whether something needs a person."""
        return any(getattr(self.whole, name) for name in _BAD) or self.is_deserted

    @property
    def is_deserted(self) -> bool:
        """Whether customers wait and no engine is at work."""
        return bool(self.whole.waiting) and not self.at_work


def as_data(seen: Seen) -> dict[str, Any]:
    """Give it for programs; `lag` is in seconds."""
    paused = [_pause_data(one) for one in seen.whole.paused]
    apps = [{"app": app, **_counts(one, seen.now)} for app, one in seen.apps.items()]
    return {"engine": seen.at_work, **_counts(seen.whole, seen.now), "paused": paused, "apps": apps}


def show(seen: Seen, out: Console) -> None:
    """Print it for a person."""
    state = (
        f"[green]●[/] {text('inbox.at_work')}"
        if seen.at_work
        else (f"[{'bold red' if seen.is_deserted else 'yellow'}]○ {text('inbox.idle')}[/]")
    )
    out.print(Text(f"{seen.path}  ", style="bold"), end="")
    out.print(f"{state}\n", highlight=False)
    out.print(_table(seen))
    if len(seen.apps) > 1:
        out.print()
        out.print(_by_app(seen))
    if seen.whole.paused:
        out.print()
    for one in seen.whole.paused:
        kind = "inbox.paused_since" if one.note is None else "inbox.to_people_since"
        since = text(kind, what=spelled(one), since=clock(one.at, seen.now))
        out.print(Text(f"– {since}", style="yellow"), soft_wrap=True)
    if seen.at_work and not seen.in_trouble and not seen.whole.waiting:
        out.print(f"\n[green]✓[/] {text('inbox.fine')}", highlight=False)


def _table(seen: Seen) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", min_width=5)
    grid.add_column(no_wrap=True, min_width=max(cell_len(text(f"inbox.{name}")) for name in _COUNTS))
    grid.add_column(overflow="fold")
    for name in _COUNTS:
        count = getattr(seen.whole, name)
        style = _BAD.get(name, "bold") if count else "dim"
        grid.add_row(
            Text(f"{count}", style=style),
            Text(text(f"inbox.{name}"), style=style),
            Text(_remark(name, seen), style="dim"),
        )
    return grid


def _remark(name: str, seen: Seen) -> str:
    whole = seen.whole
    if name == "waiting":
        if whole.oldest is None:
            return text("inbox.all_answered")
        return text("inbox.oldest", since=clock(whole.oldest, seen.now), lag=span(seen.now - whole.oldest))
    return text(f"inbox.why.{name}") if name in _BAD and getattr(whole, name) else ""


def _by_app(seen: Seen) -> Table:
    app, *names = text("inbox.apps").split(",")
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(app, overflow="fold")
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for app, one in seen.apps.items():
        lag = "" if one.oldest is None else span(seen.now - one.oldest)
        cells = [_cell(name, getattr(one, name)) for name in _COUNTS if name != "timers"]
        table.add_row(app, cells[0], lag, *cells[1:])
    return table


def _cell(name: str, count: int) -> Text:
    return Text(f"{count}", style=_BAD.get(name, "") if count else "dim")


def _counts(one: Overview, now: float) -> dict[str, Any]:
    oldest = None if one.oldest is None else iso(one.oldest)
    lag = 0.0 if one.oldest is None else round(max(0.0, now - one.oldest), 3)
    return {"lag": lag, "oldest": oldest, **{name: getattr(one, name) for name in _COUNTS}}


def _pause_data(one: Pause) -> dict[str, Any]:
    known = {"app": one.app, "open_kfid": one.open_kfid, "external_userid": one.external_userid}
    return {**known, "since": iso(one.at), "to_people": one.note is not None}
