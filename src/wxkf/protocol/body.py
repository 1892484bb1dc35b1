"""A request's body that is read as it is sent, so that a file of any size costs no memory.

A `Body` is a value: `chunks` may be called any number of times and gives the same bytes each time, so a retry sends the
same again. Its size is known beforehand and goes out as Content-Length. Reading may block; an async transport lends
`next` a thread.
"""

from collections.abc import Iterator
from typing import Protocol


class Body(Protocol):
    """`size` in bytes, and the pieces that make it up, best of 64 KiB or more. An `OSError` of `chunks` is reported."""

    @property
    def size(self) -> int:
        """Give the number of bytes, exactly."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """Begin anew and give all bytes in order."""
        ...


def whole(body: "bytes | Body | None") -> bytes:
    """Give a body in one piece, for those who cannot take it in several."""
    if body is None or isinstance(body, bytes):
        return body or b""
    return b"".join(body.chunks())
