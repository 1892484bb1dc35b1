"""What the page may be shown of a customer's or an app's file.

The page's origin must never serve somebody else's document or script: what is neither picture, sound nor film goes
out as bytes to be saved.
"""

import re

from wxkf.sim.web.asgi import Headers

_SHOWN = re.compile(r"image/(jpeg|png|gif|webp)|(audio|video)/[a-z0-9.+-]+")


def shown_as(content_type: str) -> tuple[str, Headers]:
    """Give the content type and the headers under which a file may go to a browser."""
    if _SHOWN.fullmatch(content_type):
        return content_type, ()
    return "application/octet-stream", (("content-disposition", "attachment"),)
