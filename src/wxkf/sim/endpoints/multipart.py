"""Reading one file out of a multipart/form-data body, by hand, since the body is at hand and bounded."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;,]{1,70}))', re.IGNORECASE)
_NAME = re.compile(r'\bname="([^"]*)"')
_FILENAME = re.compile(r'\bfilename="([^"]*)"')
_FILENAME_STAR = re.compile(r"\bfilename\*=utf-8''([^;\s]+)", re.IGNORECASE)
_TYPE = re.compile(rb"\r\ncontent-type:[ \t]*([a-z0-9.+-]+/[a-z0-9.+-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One file as it was sent."""

    filename: str
    content_type: str
    data: bytes


def file_part(content_type: str, body: bytes, name: str) -> Part | None:
    """Find the part of a name; None where there is none, or where the body is no multipart at all."""
    found = _BOUNDARY.search(content_type)
    if found is None or not content_type.lower().startswith("multipart/"):
        return None
    delimiter = b"\r\n--" + (found[1] or found[2]).encode("latin-1", errors="replace")
    for piece in (b"\r\n" + body).split(delimiter)[1:]:
        head, separator, data = piece.partition(b"\r\n\r\n")
        if separator and not piece.startswith(b"--") and _named(head, name):
            return Part(_filename(head), _type(head), data)
    return None


def _disposition(head: bytes) -> str:
    lines = head.decode(errors="replace").split("\r\n")
    return next((line for line in lines if line.lower().startswith("content-disposition:")), "")


def _named(head: bytes, name: str) -> bool:
    found = _NAME.search(_disposition(head))
    return found is not None and found[1] == name


def _filename(head: bytes) -> str:
    line = _disposition(head)
    if star := _FILENAME_STAR.search(line):
        return unquote(star[1], errors="replace")
    found = _FILENAME.search(line)
    return unquote(found[1], errors="replace") if found else ""


def _type(head: bytes) -> str:
    found = _TYPE.search(b"\r\n" + head.lstrip(b"\r\n"))
    return found[1].decode().lower() if found else ""
