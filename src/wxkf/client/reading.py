"""Collects an answer as it arrives and unpacks it, within its bound.

Packed bytes and unpacked ones are held to the same bound while they come, so neither a flood nor a few kilobytes that
unpack to gigabytes cost more memory than that.
"""

import zlib
from typing import Final

from wxkf.client.faults import Fault
from wxkf.client.feeding import Feed
from wxkf.protocol.call import Request

_ACCEPTED: Final = "gzip, deflate"
_PLAIN: Final = ("", "identity")
_PACKED: Final = ("gzip", "x-gzip", "deflate")
_GZIP_OR_ZLIB, _BARE = 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS  # some servers call deflate what has no zlib head
_DEFLATE: Final = 8  # the method in the first byte of that head


def headers_of(request: Request, feed: Feed | None) -> dict[str, str]:
    """Give a request's headers with what the transports add: the size of a streamed body, and what `Sink` unpacks."""
    headers = dict(request.headers)
    if "Range" not in headers:  # a piece of a file is counted in bytes as they are
        headers["Accept-Encoding"] = _ACCEPTED
    if feed is not None:
        headers["Content-Length"] = str(feed.size)
    return headers


class Sink:
    """Takes the pieces of an answer. Raises `Fault` as soon as they are too many, or cannot be unpacked."""

    def __init__(self, most: int, encoding: str = "", announced: int | None = None) -> None:
        self._most, self._left, self._parts = most, most, list[bytes]()
        self._encoding = encoding.strip().lower()
        self._unpack: zlib._Decompress | None = None
        if self._encoding not in (*_PLAIN, *_PACKED):
            raise Fault("packing", "an unknown Content-Encoding")
        if announced is not None and announced > most:
            raise self._too_large()

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        if self._encoding not in _PLAIN:
            piece = self._unpacked(piece)
        self._left -= len(piece)
        if self._left < 0:
            raise self._too_large()
        self._parts.append(piece)

    def whole(self) -> bytes:
        """Give all that came, once no more comes."""
        if self._unpack is not None and not self._unpack.eof:
            raise Fault("incomplete", f"{self._encoding} without its end")
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)

    def _unpacked(self, piece: bytes) -> bytes:
        try:
            if self._unpack is None and piece:
                bare = self._encoding == "deflate" and piece[0] & 0x0F != _DEFLATE
                self._unpack = zlib.decompressobj(_BARE if bare else _GZIP_OR_ZLIB)
            return self._unpack.decompress(piece, self._left + 1) if self._unpack else b""
        except zlib.error:
            raise Fault("packing", f"it is not {self._encoding}") from None

    def _too_large(self) -> Fault:
        return Fault("too_large", f"more than {self._most} bytes")
