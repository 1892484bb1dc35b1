"""How the report looks: a mark, a name, what was found; beneath what is wrong, why and what to do."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wxkf.cli.doctor.line import Line
from wxkf.cli.doctor.words import say
from wxkf.cli.texts import language
from wxkf.cli.wrap import wrap
from wxkf.errors.codes import Words

MARKS = {True: ("✓", "green"), False: ("✗", "bold red"), None: ("–", "dim")}
_ADVICE = ("✓", "yellow")
_GAP = 2


def show(lines: Sequence[Line], out: Console) -> None:
    """Print a report in the user's language."""
    titles = {line.check: mine(say(f"check.{line.check}")) for line in lines}
    labels = [mine(say("show.cause")), mine(say("show.remedy"))]
    left = max(map(cell_len, titles.values()))
    room = out.width - 1 - left - 2 * _GAP
    for line in lines:
        out.print(_head(line, titles[line.check], left, room))
        if line.ok is False or line.remedy.en:
            out.print(_why(line, labels, out.width))
    out.print(f"\n{summary(lines)}", highlight=False)


def summary(lines: Sequence[Line]) -> str:
    """Count what is red and what was skipped."""
    red, skipped = (sum(line.ok is verdict for line in lines) for verdict in (False, None))
    said = [f"[bold red]{mine(say('show.red', count=red))}[/]" if red else f"[green]{mine(say('show.green'))}[/]"]
    if skipped:
        said.append(f"[dim]{mine(say('show.skipped', count=skipped))}[/]")
    return " ".join(said)


def mine(words: Words) -> str:
    """Give words in the user's language."""
    return words.zh if language() == "zh" else words.en


def _head(line: Line, title: str, left: int, room: int) -> Table:
    mark, style = _ADVICE if line.ok and line.remedy.en else MARKS[line.ok]
    found = Text(wrap(mine(line.found), room), style="" if line.ok is not None else "dim")
    if line.code is not None and str(line.code) not in line.found.en:
        found.append(f"  {line.code}", style="dim")
    grid = _grid(1, left)
    grid.add_row(Text(mark, style=style), Text(title, style="dim" if line.ok is None else "bold"), found)
    return grid


def _why(line: Line, labels: Sequence[str], width: int) -> Table:
    label_width = max(map(cell_len, labels))
    grid = _grid(1, label_width)
    for label, words in zip(labels, (line.cause, line.remedy), strict=True):
        if words.en:
            said = wrap(mine(words), width - 1 - label_width - 2 * _GAP)
            grid.add_row("", Text(label, style="dim"), Text(said))
    return grid


def _grid(*widths: int) -> Table:
    grid = Table.grid(padding=(0, _GAP))
    for width in widths:
        grid.add_column(width=width, no_wrap=True)
    grid.add_column(overflow="fold")
    return grid
