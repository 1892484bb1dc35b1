"""What may be uploaded: kinds by their first bytes, and sizes.

Only a recording is read whole, to tell how long it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from wxkf.protocol.source import Source, head

Kind = Literal["image", "voice", "video", "file"]
_MB = 1 << 20
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_FILMS = (b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"dash")


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
LONGEST_VOICE = 60
"""Seconds that a recording may last which is sent."""
AMR, AMR_WIDE = b"#!AMR\n", b"#!AMR-WB\n"
"""What a recording begins with."""
AMR_FRAMES = 50
"""Frames in a second."""
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
    if kind == "voice" and (seconds := amr_seconds(b"".join(source.chunks()))) > LONGEST_VOICE:
        return f"must last at most {LONGEST_VOICE} seconds, this one lasts {seconds:g}"
    return None


def amr_seconds(content: bytes) -> float:
    """Tell how long an AMR recording lasts: a frame is 20 ms, its first byte says how long it is."""
    return sum(1 for _ in amr_frames(content)) / AMR_FRAMES


def amr_frames(content: bytes) -> Iterator[bytes]:
    """Cut an AMR recording into its frames, as they say of themselves; the last may be shorter than it says."""
    wide = content.startswith(AMR_WIDE)
    sizes, at = _WIDE_FRAMES if wide else _FRAMES, len(AMR_WIDE if wide else AMR)
    while at < len(content):
        end = at + 1 + sizes[content[at] >> 3 & 15]
        yield content[at:end]
        at = end


def kind_of(source: Source) -> Kind:
    """Tell as what a file is best sent: a picture, a film or a recording if it may be one, else a file.

    What begins like an MP4 may be a sound or a photograph as well; the letters behind that tell. Raises `FileError`.
    """
    shown: tuple[Kind, ...] = ("image", "voice")
    films: tuple[Kind, ...] = ("video",) if head(source)[8:12].startswith(_FILMS) else ()
    for kind in shown + films:
        if fault(kind, source) is None:
            return kind
    return "file"


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
        return start.startswith((AMR, AMR_WIDE))
    return kind != "video" or start[4:8] == b"ftyp"


@dataclass(frozen=True, slots=True)
class Uploadable:
    """The limits of an upload, as `protocol.limits` knows them."""

    kind: Kind
    most: int = 0

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a file's `Source`, or None."""
        return fault(self.kind, value, most=self.most)
