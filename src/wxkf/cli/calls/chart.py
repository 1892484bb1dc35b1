"""Figures as blocks: a line of them, and bars. A gap is None and stays a gap. Pure."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

Figures = Sequence[float | None]
_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
GAP: Final = "·"


def squeezed(figures: Figures, width: int, *, mean: bool) -> tuple[list[float | None], int]:
    """Bring figures into so many columns: sums, or means, of neighbours. Gives also how many share a column."""
    each = max(1, -(-len(figures) // max(width, 1)))
    groups = [figures[at : at + each] for at in range(0, len(figures), each)]
    return [_together(group, mean=mean) for group in groups], each


def _together(group: Figures, *, mean: bool) -> float | None:
    there = [figure for figure in group if figure is not None]
    if not there:
        return None
    return sum(there) / len(there) if mean else sum(there)


def spark(figures: Figures) -> str:
    """Draw a line of blocks, a figure each; the highest one is full."""
    most = max((figure for figure in figures if figure is not None), default=0) or 1
    top = len(_BLOCKS) - 1
    return "".join(GAP if figure is None else _BLOCKS[round(max(figure, 0) / most * top)] for figure in figures)


def bars(figures: Figures, height: int, *, wide: int = 1) -> list[str]:
    """Draw bars so many lines high, each `wide` columns and a column apart if there is more than one."""
    most = max((figure for figure in figures if figure is not None), default=0) or 1
    eighths = [None if figure is None else round(max(figure, 0) / most * height * 8) for figure in figures]
    lines = []
    for line in range(height - 1, -1, -1):
        cells = [_cell(filled, line) for filled in eighths]
        lines.append("".join(cell * wide if wide == 1 else cell * (wide - 1) + " " for cell in cells).rstrip())
    return lines


def _cell(filled: int | None, line: int) -> str:
    """Draw a bar's part in one line; a gap, and a bar of nothing, show at the bottom only."""
    if filled is None:
        return " " if line else GAP
    if not filled:
        return " " if line else _EIGHTHS[1]
    return _EIGHTHS[min(max(filled - line * 8, 0), 8)]


def padded(words: str, width: int) -> str:
    """Fill up with blanks, counting Chinese as two cells."""
    return words + " " * max(0, width - cell_len(words))
