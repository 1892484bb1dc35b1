"""A downloaded file: its bytes, its name, and the error that comes dressed as a file.

`media/get` answers errors with HTTP 200 and JSON. The name in Content-Disposition comes as RFC 5987, percent-encoded
or as raw bytes; it is the sender's, so no part of it that could be a path survives.

A file comes in pieces, by Range, so that every piece is a call of its own, with its own retries, and a slow line has
the client's time-out for each. A piece begins at a multiple of 16 bytes and ends where a multiple of `PIECE` does, as
files that the platform keeps encrypted want it (40146). Since a piece is on the disk before the next is asked for, a
file that broke off is whole up to the last such place, however it broke off.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

import msgspec

from wxkf.errors import ApiError, FileError, TransportError
from wxkf.protocol.call import Call, Response

_EXTENDED = re.compile(r"filename\*\s*=\s*([\w-]*)'[^']*'([^;]+)", re.IGNORECASE)
_PLAIN = re.compile(r"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))", re.IGNORECASE)
_FORBIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f<>:\"|?*\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)  # the last turn names round
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)  # on Windows
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_LONGEST = 200  # bytes; file systems stop at 255

ALIGNED = 16
PIECE = 1 << 20
"""Bytes a piece has: the client's ten seconds are enough for it at 1 Mbit/s."""


class _Refusal(msgspec.Struct):
    errcode: int
    errmsg: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file or a piece of one. `total` is the whole file's size in bytes."""

    content: bytes = field(repr=False)
    content_type: str
    filename: str
    start: int = 0
    total: int = 0

    @property
    def raw(self) -> bytes:
        """The answer as it came: the file's bytes."""
        return self.content


def read_download(response: Response) -> Download:
    """Read the answer of `media/get`. Raises `ApiError` for the error that came as JSON."""
    headers = response.headers
    if response.status == 416:  # what HTTP says; the platform's own word for it is not documented
        raise Beyond("media/get: the file ends before the bytes asked for")
    kind, disposition = headers.get("content-type", ""), headers.get("content-disposition", "")
    if not disposition:  # with one it is a file, even one that holds JSON
        _raise_refusal(response, kind)
    start, total = _place(response)
    return Download(response.body, kind, safe_name(disposition), start, total)


def _place(response: Response) -> tuple[int, int]:
    """Give where a piece begins and how long the whole is. A piece that does not say so could be taken for all."""
    if response.status != 206:
        return 0, len(response.body)
    said = response.headers.get("content-range", "")
    span = _RANGE.fullmatch(said)
    if span is None or int(span[2]) - int(span[1]) + 1 != len(response.body) or int(span[2]) >= int(span[3]):
        raise TransportError(f"media/get: a piece of {len(response.body)} bytes said to be {said!r}", sent=True)
    return int(span[1]), int(span[3])


class Beyond(FileError):
    """The file ends before the byte asked for."""


class Changed(FileError):
    """The file is not as long as it was a moment ago: what has come is of no use."""


def piece_of(media_id: str, at: int) -> Call[Download]:
    """Ask for the piece that holds byte `at`."""
    start = at - at % ALIGNED
    last = (start // PIECE + 1) * PIECE - 1
    return ranged(media_id, f"bytes={start}-{last}")


def ranged(media_id: str, span: str = "") -> Call[Download]:
    """Ask for a file, or a span of it."""
    headers = {"Range": span} if span else {}
    return Call("GET", "media/get", read_download, "safe", query={"media_id": media_id}, headers=headers)


def new_bytes(piece: Download, at: int, total: int | None, most: int) -> bytes:
    """Give what is new in a piece: its bytes from `at` on. A server that ignores Range gives the whole, which will do.

    Raises `FileError` for a file that is larger than `most`, `Changed` if it is not as long as it was (`total`), and
    `Beyond`.
    """
    if total is not None and piece.total != total:
        raise Changed(f"media/get: the file had {total} bytes and now has {piece.total}; download it from the start")
    if piece.total > most:
        raise FileError(f"media/get: the file has {piece.total} bytes, more than `most`, {most}; pass a larger one")
    if at >= piece.total > 0 or at > piece.total:
        raise Beyond(f"media/get: there is no byte {at}, the file has {piece.total}")
    content = piece.content[at - piece.start :] if piece.start <= at else b""
    if not content and piece.total:
        got = f"{len(piece.content)} bytes from {piece.start} on"
        raise TransportError(f"media/get: asked for byte {at}, got {got}", sent=True)
    return content


def resumed(size: int) -> int:
    """Tell from which byte to go on with a file that broke off at `size`: always one that it has, if it has any."""
    return max(0, size - 1) // PIECE * PIECE


def safe_name(disposition: str) -> str:
    """Read the file name out of Content-Disposition, without anything that could lead out of a folder."""
    extended = _EXTENDED.search(disposition)
    if extended:
        name = _decode(extended[2].strip().strip('"'), extended[1] or "utf-8")
    else:
        plain = _PLAIN.search(disposition)
        found = (plain[1] if plain[1] is not None else plain[2]) if plain else ""
        name = unquote(_raw_utf8(found.strip()))
    name = re.split(r"[/\\]", name)[-1].encode("utf-8", "replace").decode()
    name = _FORBIDDEN.sub("_", name).strip(" .")
    name = name.encode()[-_LONGEST:].decode("utf-8", "ignore").strip(" .") or "file"
    return f"_{name}" if _DEVICE.match(name) else name


def _decode(value: str, charset: str) -> str:
    try:
        return unquote(value, encoding=charset, errors="replace")
    except (LookupError, ValueError):  # no such charset, or one that is no charset
        return unquote(value)


def _raw_utf8(value: str) -> str:
    """Read UTF-8 that an HTTP library took for Latin-1, or smuggled through as surrogates."""
    for encoding, errors in (("latin-1", "strict"), ("utf-8", "surrogateescape")):
        try:
            return value.encode(encoding, errors).decode("utf-8")
        except UnicodeError:
            continue
    return value


def _raise_refusal(response: Response, kind: str) -> None:
    """Raise for what came without a name: the platform's refusal, somebody's page, nothing."""
    try:
        refusal = msgspec.json.decode(response.body, type=_Refusal, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError):
        refusal = None
    if refusal is not None and refusal.errcode:
        raise ApiError.of(refusal.errcode, refusal.errmsg, "media/get")
    if not response.body or kind.startswith(("text/", "application/json")):
        raise TransportError("media/get: neither a file nor the platform's JSON", sent=True)
