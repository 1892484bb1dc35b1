"""Rows of an answer in the terminal: a table where it fits, a block a row where it does not.

Ids are never cut or broken, since people copy them; long words wrap; addresses show their host and are links. Numbers
the platform counts in are followed by what they mean.
"""

import re
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
_NARROW: Final = 24  # cells that a column of words needs to be read
_GUTTER: Final = 2
_STEERING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
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
    if field == "errcode" and re.fullmatch(r"-?[0-9]{1,9}", str(value)):
        return _code(int(value))
    words = harmless(str(value))
    if words.startswith(_URL) and short:
        host = urlsplit(words).netloc or words
        return Text(f"{host}/…", style=f"dim link {words}")
    return Text(words)


def harmless(words: str) -> str:
    """Take out what could steer a terminal or turn its lines around: customers choose their names themselves."""
    return _STEERING.sub("�", words)


def _code(value: int) -> Text:
    if not value:
        return Text("0 ✓", style="green")
    return Text.assemble((f"{value} ", "bold red"), (codes.find(value).meaning[language() == "zh"], "red"))


def flat(value: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Bring what is nested to the top, its path as its name; lists become one value."""
    found: dict[str, Any] = {}
    for name, item in value.items():
        place = f"{before}{harmless(name)}"
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
    columns = [[cell(path, _last(name), row.get(name), short=True) for row in flats] for name in names]
    widths = _widths(names, columns, out.width)
    if widths is None:
        show_blocks(path, flats, out)
    else:
        out.print(_table(names, columns, widths))


def _widths(names: Sequence[str], columns: Sequence[Sequence[Text]], room: int) -> list[int] | None:
    """Give each column its width; words share what ids and figures leave over. None where that is too little."""
    widths = [max(cell_len(words) for words in (name, *(one.plain for one in column)))
              for name, column in zip(names, columns, strict=True)]  # fmt: skip
    soft = [width > _NARROW and any(map(_is_wordy, column)) for width, column in zip(widths, columns, strict=True)]
    left = room - _GUTTER * len(names) - sum(width for width, wraps in zip(widths, soft, strict=True) if not wraps)
    if left < _NARROW * sum(soft):
        return None
    return [min(width, left // sum(soft)) if wraps else width for width, wraps in zip(widths, soft, strict=True)]


def _is_wordy(one: Text) -> bool:
    return " " in one.plain or not one.plain.isascii()


def _table(names: Sequence[str], columns: Sequence[Sequence[Text]], widths: Sequence[int]) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, _GUTTER - 1, 0, 0), header_style="bold"
    )
    for name, column in zip(names, columns, strict=True):
        figures = all(one.plain.replace(".", "").isdecimal() or one.plain == "–" for one in column)
        table.add_column(name, no_wrap=True, overflow="fold", justify="right" if figures else "left")
    for row in zip(*columns, strict=True):
        table.add_row(*(_wrapped(one, width) for one, width in zip(row, widths, strict=True)))
    return table


def _wrapped(words: Text, width: int) -> Text:
    if cell_len(words.plain) <= width and "\n" not in words.plain:
        return words
    said = "\n".join(wrap(line, width) for line in words.plain.splitlines())
    return Text(said, style=words.style)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


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
        value = cell(path, _last(name), item)
        label = Text(name.ljust(left), style="dim")
        if value.plain.startswith(_URL) or (" " not in value.plain and value.plain.isascii()):
            out.print(label + value, soft_wrap=True)  # whole, to be copied
            continue
        for number, line in enumerate(_wrapped(value, max(out.width - left, _NARROW)).split("\n")):
            out.print((Text(" " * left) if number else label) + line, soft_wrap=True)
