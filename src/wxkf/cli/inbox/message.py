"""Messages of an inbox: a list, two lines each, and one of them with all that was done about it."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wxkf.cli.inbox.standing import mark, sentence, spelled, standing
from wxkf.cli.inbox.step import outcome, shown_result, style, title, words
from wxkf.cli.saying import read, safe, said
from wxkf.cli.texts import text
from wxkf.cli.times import clock, iso
from wxkf.cli.wrap import wrap
from wxkf.client.logs import mask
from wxkf.engine.values import SENDS, StepState
from wxkf.engine.views import Filed

_ORIGINS = (0, 3, 4, 5)
_GAP = 2


def show_list(found: Sequence[Filed], now: float, out: Console) -> None:
    """Print a list, two lines a message: who said what when; its msgid, and where it stands."""
    if not found:
        out.print(text("inbox.nothing"), highlight=False)
    for it in found:
        sign, colour = mark(it, now)
        head = Text.assemble((f"{sign} ", colour), (f"{clock(it.at, now)}  ", "dim"), (_who(it), "cyan"), "  ")
        head.append(said(it.raw).replace("\n", " "), style="bold")
        head.truncate(out.width, overflow="ellipsis")
        out.print(head, soft_wrap=True)
        where = f"  {it.msgid}  "
        line = Text.assemble((where, "dim"), (sentence(it, now), colour))
        if out.is_terminal and line.cell_len > out.width:
            line = Text.assemble((f"  {it.msgid}\n", "dim"), (_indented(sentence(it, now), 2, out.width), colour))
        out.print(line, soft_wrap=True)


def show_message(it: Filed, now: float, out: Console) -> None:
    """Print one message and its steps."""
    sign, colour = mark(it, now)
    out.print(Text.assemble((f"{sign} ", colour), (it.msgid, "bold")), soft_wrap=True)
    out.print(Text(_indented(sentence(it, now), 2, out.width), style=colour))
    out.print()
    out.print(_facts(it, now, out.width))
    out.print()
    if not it.steps and not it.over:
        out.print(Text(text("inbox.nothing_done"), style="dim"))
    for number in range(len(it.steps)):
        _show_step(it, number, now, out)
    if advice := _advice(it, now):
        out.print()
        out.print(Text(advice), soft_wrap=True)


def as_data(it: Filed, now: float) -> dict[str, Any]:
    """Give a message for programs; one-time codes are hidden."""
    known = {name: getattr(it, name) for name in ("msgid", "app", "open_kfid", "external_userid", "origin", "dead")}
    steps = [
        {
            "path": step.path,
            "state": step.state.value,
            "result": shown_result(step.path, step.state, step.result),
            "at": iso(at),
            "body": _masked(step.body),
        }
        for step, at in zip(it.steps, it.times, strict=True)
    ]
    timed = {"sent": iso(it.send_time), "stored": iso(it.at)}
    return {
        **known,
        **timed,
        "state": standing(it, now),
        "text": said(it.raw),
        "message": _masked(it.raw),
        "steps": steps,
    }


def _masked(raw: bytes) -> dict[str, Any]:
    return read(mask(raw.decode("utf-8", "replace")).encode())


def _facts(it: Filed, now: float, width: int) -> Table:
    at, sent = clock(it.at, now), clock(it.send_time, now)
    came = at if at == sent else text("inbox.sent", at=at, sent=sent)
    origin = text(f"inbox.from.{it.origin}") if it.origin in _ORIGINS else str(it.origin)
    facts = [
        ("inbox.says", said(it.raw)),
        ("inbox.from", origin),
        ("inbox.customer", it.external_userid),
        ("inbox.account", text("inbox.of_app", account=it.open_kfid, app=it.app)),
        ("inbox.came", came),
    ]
    grid = Table.grid(padding=(0, _GAP))
    left = max(Text(text(key)).cell_len for key, _ in facts)
    grid.add_column(style="dim", no_wrap=True, width=left + 2)
    grid.add_column(overflow="fold")
    for key, value in facts:
        shown = "\n".join(wrap(line, width - left - 2 - _GAP) for line in value.splitlines())
        grid.add_row(f"  {text(key)}", Text(shown, style="bold" if key == "inbox.says" else ""))
    return grid


def _show_step(it: Filed, number: int, now: float, out: Console) -> None:
    step, at = it.steps[number], it.times[number]
    head = Text.assemble(
        (f"{number + 1:>2} ‹ ", "cyan"), title(step.path, step.body, now), (f"  {clock(at, now)}", "dim")
    )
    out.print(head, soft_wrap=True)
    if spoken := words(step.path, step.body):
        out.print(Text(_indented(spoken, 5, out.width), style="bold"))
    out.print(Text(_indented(outcome(step.path, step.state, step.result), 5, out.width), style=style(step.state)))


def _advice(it: Filed, now: float) -> str:
    where = standing(it, now)
    if where in ("dead", "behind"):
        gone = sum(step.path in SENDS and step.state is StepState.ACCEPTED for step in it.steps)
        again = "\n" + text("inbox.do.dead.again", count=gone) if where == "dead" and gone else ""
        return text(f"inbox.do.{where}", msgid=it.msgid) + again
    if where in ("unknown", "failed"):
        return text(f"inbox.do.{where}", msgid=it.msgid)
    if it.paused and where == "paused":
        return text("inbox.do.paused", what=spelled(it.paused))
    refused = {
        one.result for one in it.steps if one.state is StepState.REFUSED and one.result.removeprefix("-").isdigit()
    }
    return text("inbox.do.refused", codes=" ".join(sorted(refused))) if refused else ""


def _indented(words: str, by: int, width: int) -> str:
    lines = [line for part in words.splitlines() for line in wrap(part, width - by).splitlines() or [""]]
    return "\n".join(" " * by + line for line in lines)


def _who(it: Filed) -> str:
    """Shorten an id in its middle, where nobody looks."""
    return short(it.external_userid) if it.external_userid else "-"


def short(name: str, most: int = 13) -> str:
    """Keep the beginning and the end of a long id."""
    name = safe(name)
    return name if len(name) <= most else f"{name[:4]}…{name[-(most - 5) :]}"
