"""A downloaded file: its bytes, its name, and the error that comes dressed as a file.

`media/get` answers errors with HTTP 200 and JSON. The name in Content-Disposition comes as RFC 5987, percent-encoded
or as raw bytes; it is the sender's, so no part of it that could be a path survives.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

import msgspec

from wxkf.errors import ApiError, TransportError
from wxkf.protocol.call import Response

_EXTENDED = re.compile(r"filename\*\s*=\s*([\w-]*)'[^']*'([^;]+)", re.IGNORECASE)
_PLAIN = re.compile(r"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\u202a-\u202e\u2066-\u2069]")  # the last ones turn names around
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_LONGEST = 200  # bytes; file systems stop at 255


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
    kind, disposition = headers.get("content-type", ""), headers.get("content-disposition", "")
    if not disposition:  # with one it is a file, even one that holds JSON
        _raise_refusal(response, kind)
    span = _RANGE.fullmatch(headers.get("content-range", ""))
    start, total = (int(span[1]), int(span[3])) if span else (0, len(response.body))
    return Download(response.body, kind, safe_name(disposition), start, total)


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
    return name.encode()[-_LONGEST:].decode("utf-8", "ignore").strip(" .") or "file"


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
