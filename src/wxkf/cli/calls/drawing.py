"""The statistics on the screen: the first metric as bars, then every metric as a line of blocks with its figures."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from wxkf.cli.calls.chart import Figures, bars, padded, spark, squeezed
from wxkf.cli.calls.days import Day
from wxkf.cli.calls.metrics import kind, name, said
from wxkf.cli.texts import language, text

_HEIGHT: Final = 6
_LEAST: Final = 10
_WIDEST_BAR: Final = 4


def draw(days: Sequence[Day], out: Console) -> None:
    """Print the figures of some days."""
    metrics = list(dict.fromkeys(metric for day in days for metric in day.figures or ()))
    known = sum(bool(day.figures) for day in days)
    title = text("stats.title", first=days[0].date, last=days[-1].date, days=len(days), known=known)
    out.print(Text(title, style="bold"))
    if not metrics:
        out.print(Text(text("stats.nothing"), style="dim"))
        return
    out.print()
    _bars(metrics[0], days, out)
    _lines(metrics, days, out)


def figures_of(metric: str, days: Sequence[Day]) -> Figures:
    """Give a metric's figure of each day; None where there is none."""
    return [None if day.figures is None else _number(day.figures.get(metric)) for day in days]


def _number(value: object) -> float | None:
    """Read a figure, also one that comes as a string, as some of the platform's numbers do."""
    if isinstance(value, int | float):
        return value
    return float(value) if isinstance(value, str) and value.replace(".", "", 1).isdecimal() else None


def _bars(metric: str, days: Sequence[Day], out: Console) -> None:
    figures = figures_of(metric, days)
    scale = max(cell_len(said(metric, figure)) for figure in (*figures, 0))
    columns, each = squeezed(figures, out.width - scale - 3, mean=kind(metric) != "count")
    scale = max(cell_len(said(metric, figure)) for figure in (*columns, 0))
    wide = max(1, min(_WIDEST_BAR, (out.width - scale - 3) // len(columns)))
    most = max((figure for figure in columns if figure is not None), default=0)
    out.print(Text(f"{name(metric, int(language() == 'zh'))}", style="bold"))
    for number, line in enumerate(bars(columns, _HEIGHT, wide=wide)):
        label = said(metric, most) if number == 0 else "0" if number == _HEIGHT - 1 else ""
        out.print(Text.assemble((label.rjust(scale), "dim"), (" ┤ " if label else " │ ", "dim"), (line, "cyan")))
    first, last = f"{days[0].date:%m-%d}", f"{days[-1].date:%m-%d}"
    room = len(columns) * wide - (wide > 1) - len(last)
    axis = first + last.rjust(room + len(last) - len(first)) if room > len(first) else first
    out.print(Text(" " * (scale + 3) + axis, style="dim"))
    if each > 1:
        out.print(Text(text("stats.column", days=each), style="dim"))
    out.print()


def _lines(metrics: Sequence[str], days: Sequence[Day], out: Console) -> None:
    tongue = int(language() == "zh")
    rows = [(metric, figures_of(metric, days)) for metric in metrics]
    rows = [(metric, figures) for metric, figures in rows if any(figure is not None for figure in figures)]
    table = [[name(metric, tongue), *_sums(metric, figures)] for metric, figures in rows]
    heads = [text("stats.metric"), text("stats.total"), text("stats.mean"), text("stats.most")]
    widths = [max(cell_len(row[at]) for row in (heads, *table)) for at in range(len(heads))]
    room = max(_LEAST, out.width - sum(widths) - 2 * len(widths))
    squeezes = [squeezed(figures, room, mean=kind(metric) != "count") for metric, figures in rows]
    drawn, each = [columns for columns, _ in squeezes], squeezes[0][1]
    share = text("stats.column", days=each) if each > 1 else ""
    blocks = max(len(drawn[0]), cell_len(share))
    out.print(Text(_row(heads, widths, padded(share, blocks)), style="bold"))
    for row, columns in zip(table, drawn, strict=True):
        label, *sums = row
        line = Text(padded(label, widths[0] + 2)) + Text(padded(spark(columns), blocks), style="cyan")
        out.print(line + Text(_figures(sums, widths[1:])))


def _sums(metric: str, figures: Figures) -> list[str]:
    there = [figure for figure in figures if figure is not None]
    total = said(metric, sum(there)) if kind(metric) == "count" else ""
    return [total, said(metric, sum(there) / len(there)), said(metric, max(there))]


def _row(cells: Sequence[str], widths: Sequence[int], blocks: str) -> str:
    return padded(cells[0], widths[0] + 2) + blocks + _figures(cells[1:], widths[1:])


def _figures(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join("  " + " " * (width - cell_len(cell)) + cell for cell, width in zip(cells, widths, strict=True))
