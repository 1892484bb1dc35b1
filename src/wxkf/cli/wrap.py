"""Lines for a terminal out of text that mixes Chinese and English.

Rich breaks at spaces only, so a Chinese sentence with a number in it would break in odd places. Here a line may break
after every Chinese character, never inside a Latin word, never before closing or after opening punctuation.
"""

import re

from rich.cells import cell_len

_PIECE = re.compile(r"\s+|[（「《“]*(?:[!-~]+|[^\s!-~])[，。；：、！？）」》”]*")


def wrap(said: str, width: int) -> str:
    """Break text into lines of at most `width` cells; a single longer word is left to the terminal."""
    lines, line = [], ""
    for piece in _PIECE.findall(said):
        if line and cell_len(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return "\n".join([*lines, line])
