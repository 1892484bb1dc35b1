"""Rows of an answer in the terminal: a table where it fits, a block a row where it does not.

Ids are never cut or broken, since people copy them; long words wrap; addresses show their host and are links. Numbers
the platform counts in are followed by what they mean.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wxkf.cli.calls.meanings import meaning, moment
from wxkf.cli.texts import language
from wxkf.cli.wrap import wrap
from wxkf.errors import codes

Row = Mapping[str, Any]
_NARROW: Final = 16  # cells that a column of words needs to be read
_GUTTER: Final = 2
_URL: Final = ("http://", "https://")


def cell(path: str, field: str, value: Any, *, short: bool = False) -> Text:
    """Show one value; `short` for a table's cell, where an address would take all the room."""
    if value is None or value == "":
        return Text("–", style="dim")
    if isinstance(value, bool):
        return Text("✓", style="green") if value else Text("✗", style="dim")
    if said := moment(field, value):
        return Text(said)
    if said := meaning(path, field, value):
        return Text.assemble(str(value), (f" {said}", "cyan"))
    if field == "errcode":
        return _code(value)
    words = str(value)
    if words.startswith(_URL) and short:
        host = urlsplit(words).netloc or words
        return Text(f"{host}/…", style=f"dim link {words}")
    return Text(words)


def _code(value: Any) -> Text:
    if not value:
        return Text("0 ✓", style="green")
    return Text.assemble((f"{value} ", "bold red"), (codes.find(int(value)).meaning[language() == "zh"], "red"))


def flat(value: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Bring what is nested to the top, its path as its name; lists become one value."""
    found: dict[str, Any] = {}
    for name, item in value.items():
        place = f"{before}{name}"
        if isinstance(item, Mapping):
            found |= flat(item, f"{place}.")
        elif isinstance(item, list):
            found |= _listed(place, item)
        else:
            found[place] = item
    return found


def _listed(place: str, items: Sequence[Any]) -> dict[str, Any]:
    if not any(isinstance(item, Mapping | list) for item in items):
        return {place: ", ".join(map(str, items))}
    return flat({str(index): item for index, item in enumerate(items, 1)}, f"{place}.")


def show_rows(path: str, rows: Sequence[Row], out: Console) -> None:
    """Print rows, as a table if they fit into the terminal."""
    flats = [flat(row) for row in rows]
    names = list(dict.fromkeys(name for row in flats for name in row))
    names = [name for name in names if any(row.get(name) not in (None, "") for row in flats)]
    cells = [[cell(path, name.rpartition(".")[2], row.get(name), short=True) for name in names] for row in flats]
    widths = [max(map(cell_len, (name, *(row[at].plain for row in cells)))) for at, name in enumerate(names)]
    wordy = [any(" " in row[at].plain or not row[at].plain.isascii() for row in cells) for at in range(len(names))]
    least = [
        min(width, max(_NARROW, cell_len(name))) if soft else width
        for width, soft, name in zip(widths, wordy, names, strict=True)
    ]
    if sum(least) + _GUTTER * (len(names) - 1) <= out.width:
        out.print(_table(names, cells, wordy))
    else:
        show_blocks(path, flats, out)


def _table(names: Sequence[str], cells: Sequence[Sequence[Text]], wordy: Sequence[bool]) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, _GUTTER - 1, 0, 0), header_style="bold"
    )
    for at, name in enumerate(names):
        figures = all(row[at].plain.replace(".", "").isdecimal() or row[at].plain == "–" for row in cells)
        table.add_column(name, no_wrap=not wordy[at], overflow="fold", justify="right" if figures else "left")
    for row in cells:
        table.add_row(*row)
    return table


def show_blocks(path: str, rows: Sequence[Row], out: Console) -> None:
    """Print a block of names and values for each row."""
    for at, row in enumerate(rows):
        if at:
            out.print()
        if len(rows) > 1:
            out.print(Text(f"── {at + 1} ".ljust(min(out.width, 40), "─"), style="dim"))
        show_values(path, row, out)


def show_values(path: str, values: Row, out: Console) -> None:
    """Print names and their values, a line each; long words go on under their beginning."""
    shown = {name: item for name, item in values.items() if item not in (None, "")}
    left = max((cell_len(name) for name in shown), default=0) + _GUTTER
    for name, item in shown.items():
        value = cell(path, name.rpartition(".")[2], item)
        label = Text(name.ljust(left), style="dim")
        if value.plain.startswith(_URL) or (" " not in value.plain and value.plain.isascii()):
            out.print(label + value, soft_wrap=True)  # whole, to be copied
            continue
        for number, line in enumerate(_lines(value, out.width - left)):
            out.print((Text(" " * left) if number else label) + line, soft_wrap=True)


def _lines(value: Text, width: int) -> list[Text]:
    if cell_len(value.plain) <= width and "\n" not in value.plain:
        return [value]
    said = "\n".join(wrap(line, max(width, _NARROW)) for line in value.plain.splitlines())
    return [Text(line, style=value.style) for line in said.splitlines()]
