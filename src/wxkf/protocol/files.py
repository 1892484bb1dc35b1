"""What may be uploaded: kinds by their first bytes, and sizes.

Only a recording is read whole, to tell how long it is.
"""

from dataclasses import dataclass
from typing import Any, Literal

from wxkf.protocol.source import Source, head

Kind = Literal["image", "voice", "video", "file"]
_MB = 1 << 20
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: largest size in bytes, what it must be, and how to call one that has no name."""

    most: int
    forms: str
    ending: str
    content_type: str


KINDS: dict[Kind, FileKind] = {
    "image": FileKind(10 * _MB, "a JPG or PNG", "png", "image/png"),
    "voice": FileKind(2 * _MB, "an AMR recording", "amr", "audio/amr"),
    "video": FileKind(10 * _MB, "an MP4", "mp4", "video/mp4"),
    "file": FileKind(20 * _MB, "any file", "bin", "application/octet-stream"),
}
_LONGEST_VOICE = 60  # seconds
_AMR, _AMR_WIDE = b"#!AMR\n", b"#!AMR-WB\n"
_FRAMES = (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0)  # bytes behind the first, by mode
_WIDE_FRAMES = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0)
LEAST = 6  # bytes: "every file must be more than 5 bytes"


def fault(kind: Kind, source: Source, *, most: int = 0) -> str | None:
    """Say what keeps a file from being uploaded as this kind, or None. Raises `FileError`."""
    if kind not in KINDS:
        return None  # the kind itself has a limit of its own
    limit, size = most or KINDS[kind].most, source.size
    if size > limit:
        return f"must be at most {limit} bytes, this one has {size}"
    if size < LEAST:
        return f"must be at least {LEAST} bytes, this one has {size}"
    if not _begins_as(kind, start := head(source)):
        return f"must be {KINDS[kind].forms}, this one begins with {start[:8].hex(' ')}"
    if kind == "voice" and (seconds := amr_seconds(b"".join(source.chunks()))) > _LONGEST_VOICE:
        return f"must last at most {_LONGEST_VOICE} seconds, this one lasts {seconds:g}"
    return None


def amr_seconds(content: bytes) -> float:
    """Tell how long an AMR recording lasts: a frame is 20 ms, its first byte says how long it is."""
    wide = content.startswith(_AMR_WIDE)
    sizes, at, frames = _WIDE_FRAMES if wide else _FRAMES, len(_AMR_WIDE if wide else _AMR), 0
    while at < len(content):
        at += 1 + sizes[content[at] >> 3 & 15]
        frames += 1
    return frames / 50


def form_of(kind: Kind, start: bytes) -> tuple[str, str]:
    """Give the ending and content type for a file without either, by its first bytes."""
    if kind == "image" and start.startswith(_JPEG):
        return "jpg", "image/jpeg"
    known = KINDS.get(kind, KINDS["file"])
    return known.ending, known.content_type


def _begins_as(kind: Kind, start: bytes) -> bool:
    if kind == "image":
        return start.startswith((_PNG, _JPEG))
    if kind == "voice":
        return start.startswith((_AMR, _AMR_WIDE))
    return kind != "video" or start[4:8] == b"ftyp"


@dataclass(frozen=True, slots=True)
class Uploadable:
    """The limits of an upload, as `protocol.limits` knows them."""

    kind: Kind
    most: int = 0

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a file's `Source`, or None."""
        return fault(self.kind, value, most=self.most)
