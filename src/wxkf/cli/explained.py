"""How an explanation looks in the terminal: the user's language first, the other one below."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from wxkf.cli.texts import both, language, text
from wxkf.cli.wrap import wrap
from wxkf.errors import codes
from wxkf.errors.codes import QUERY, Code, FailType, Words

Line = tuple[str, Words]
"""The key of a label, and what stands beside it."""

_STYLES = {"never": "red", "again": "green", "window": "yellow", "token": "cyan", "suite_token": "cyan"}
_GUTTER = 2
_AIR = (0, 2)
_BORDER = 2 * (1 + _AIR[1])


def show_code(code: Code, out: Console, *, official: bool) -> None:
    """Print one code. Of the `official` ones the platform has a page of its own."""
    legend = codes.legend()
    lines: list[Line] = [
        ("explain.meaning", code.meaning),
        ("explain.cause", code.cause),
        ("explain.remedy", code.remedy),
        ("explain.retry", legend["retry"][code.retry]),
        ("explain.source", legend["source"][code.source]),
    ]
    below = QUERY.format(code.number) if official else "WXBizMsgCrypt"
    _panel(f"{code.number}", code.family, lines, below, _STYLES[code.retry], out)


def show_fail_type(fail: FailType, out: Console) -> None:
    """Print one reason why an accepted message did not arrive."""
    lines: list[Line] = [("explain.meaning", fail.meaning), ("explain.remedy", fail.remedy)]
    _panel(f"fail_type {fail.number}", "msg_send_fail", lines, "", "red", out)


def show_unknown(kind: str, number: int, near: Sequence[int], out: Console) -> None:
    """Say that a number is in none of the tables, and where else to look."""
    out.print(f"[bold]{kind} {number}[/]: {text('explain.unknown')}", highlight=False)
    if near:
        out.print(f"  {text('explain.near', codes=', '.join(map(str, near)))}", highlight=False)
    if kind == "errcode":
        out.print(f"  {text('explain.query', url=QUERY.format(number))}", highlight=False, soft_wrap=True)


def show_all(out: Console) -> None:
    """Print every entry of every table in a line, family by family."""
    legend, mine = codes.legend(), _index(language())
    for family, words in legend["family"].items():
        rows = [code for code in codes.table().values() if code.family == family]
        _list(family, words[mine], [(f"{row.number}", row.meaning[mine], row.retry) for row in rows], out)
    sample = [(f"{row.number}", row.meaning[mine], "") for row in codes.sample_library().values()]
    _list("WXBizMsgCrypt", text("explain.sample"), sample, out)
    fails = [(f"{row.number}", row.meaning[mine], "") for row in codes.fail_types().values()]
    _list("fail_type", text("explain.fails"), fails, out)
    out.print(text("explain.hint"), highlight=False)


def _panel(title: str, family: str, lines: Sequence[Line], below: str, style: str, out: Console) -> None:
    first = language()
    width = out.width - _BORDER
    blocks = [_block(lines, first, width), Text(), _block(lines, "en" if first == "zh" else "zh", width)]
    head = f"[bold]{escape(title)}[/]  [{style}]{escape(family)}[/]"
    foot = f"[dim]{escape(below)}[/]" if below else None
    out.print(Panel(Group(*blocks), title=head, title_align="left", subtitle=foot, subtitle_align="left", padding=_AIR))


def _block(lines: Sequence[Line], tongue: str, width: int) -> RenderableType:
    labels = [both(key)[_index(tongue)] for key, _ in lines]
    left = width - max(map(cell_len, labels)) - _GUTTER
    grid = Table.grid(padding=(0, _GUTTER))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, (key, words) in zip(labels, lines, strict=True):
        said = wrap(words[_index(tongue)], left)
        grid.add_row(label, Text(said, style="bold" if key == "explain.meaning" else ""))
    return grid


def _list(title: str, words: str, rows: Iterable[tuple[str, str, str]], out: Console) -> None:
    out.print(f"[bold]{escape(title)}[/]  [dim]{escape(words)}[/]", highlight=False)
    grid = Table.grid(padding=(0, _GUTTER), expand=False)
    grid.add_column(justify="right", style="cyan", no_wrap=True, min_width=8)
    grid.add_column(overflow="fold")
    grid.add_column(no_wrap=True)
    for number, meaning, retry in rows:
        grid.add_row(number, Text(meaning), "" if retry in ("", "never") else f"[{_STYLES[retry]}]{retry}[/]")
    out.print(grid)
    out.print()


def _index(tongue: str) -> int:
    return int(tongue == "zh")
