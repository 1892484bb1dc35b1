"""What the page may be shown of a customer's or an app's file.

The page's origin must never serve somebody else's document or script: what is neither picture, sound nor film goes
out as bytes to be saved.
"""

import re

from wxkf.sim.web.asgi import Headers

_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
_SHOWN = re.compile(r"image/(jpeg|png|gif|webp)|(audio|video)/[a-z0-9.+-]+")


def shown_as(content_type: str) -> tuple[str, Headers]:
    """Give the content type and the headers under which a file may go to a browser."""
    if _SHOWN.fullmatch(content_type):
        return content_type, ()
    return "application/octet-stream", (("content-disposition", "attachment"),)


def piece_of(data: bytes, asked: str) -> tuple[int, bytes, Headers]:
    """Give status, bytes and headers for a Range: players seek by it, and Safari plays nothing without. Else all."""
    found = _RANGE.fullmatch(asked)
    first, end = (int(found[1]), int(found[2] or len(data)) + 1) if found else (0, 0)
    piece = data[first:end]
    if not piece:
        return 200, data, (("accept-ranges", "bytes"),)
    return 206, piece, (("content-range", f"bytes {first}-{first + len(piece) - 1}/{len(data)}"),)
