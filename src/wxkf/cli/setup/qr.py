"""A QR code in half-block characters: two rows of modules a line, so that it comes out square."""

from typing import Final

_HALVES: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_QUIET: Final = 2  # modules around it; the standard says 4, phones need 2, and lines are dear


def qr_lines(content: str) -> list[str]:
    """Draw a text as lines; a filled half is a dark module, so print them dark on light."""
    import segno

    rows = [[bool(module) for module in row] for row in segno.make(content, micro=False, error="l").matrix]
    width = len(rows[0]) + 2 * _QUIET
    empty = [[False] * width] * _QUIET
    field = [*empty, *([False] * _QUIET + row + [False] * _QUIET for row in rows), *empty]
    if len(field) % 2:
        field.append([False] * width)
    return [
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(field[::2], field[1::2], strict=True)
    ]
