"""What may be uploaded, as a table of kinds: sizes, content types, what the bytes begin with (platform.md 15)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import MIB

LEAST = 6  # bytes: "every file above 5"
VOICE_SECONDS = 60
_AMR = b"#!AMR\n"
_AMR_SIZES = (12, 13, 15, 17, 19, 20, 26, 31, 5)  # bytes of a frame, by its mode
_FRAMES_A_SECOND = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of temporary file, and the refusals for one that is too large or none of the kind."""

    most: int
    too_large: int
    no_such: int
    content_type: str
    known: Callable[[bytes], str]  # its content type by its first bytes, "" for none


def _image(data: bytes) -> str:
    return {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n"[:3]: "image/png"}.get(data[:3], "")


def _voice(data: bytes) -> str:
    return "audio/amr" if data.startswith(_AMR) else ""


def _video(data: bytes) -> str:
    return "video/mp4" if data[4:8] == b"ftyp" else ""


def _file(_data: bytes) -> str:
    return "application/octet-stream"


KINDS: Final[dict[str, Kind]] = {
    "image": Kind(10 * MIB, 40009, 40123, "image/png", _image),
    "voice": Kind(2 * MIB, 40006, 301017, "audio/amr", _voice),
    "video": Kind(10 * MIB, 40011, 40004, "video/mp4", _video),
    "file": Kind(20 * MIB, 45001, 40004, "application/octet-stream", _file),
}


def check_file(kind: str, data: bytes) -> str:
    """Refuse bytes that cannot be of a kind; give the content type they have."""
    row = KINDS[kind]
    if not data:
        raise Refusal(44001)
    if len(data) < LEAST:
        raise Refusal(40006, "a file has more than 5 bytes")
    if len(data) > row.most:
        raise Refusal(row.too_large)
    content_type = row.known(data)
    if not content_type:
        raise Refusal(row.no_such, f"this is no {kind}")
    if kind == "voice" and amr_seconds(data) > VOICE_SECONDS:
        raise Refusal(45007)
    return content_type


def amr_seconds(data: bytes) -> float:
    """Tell how long a narrow-band AMR lasts, up to the first frame that is none."""
    at, frames = len(_AMR), 0
    while at < len(data):
        mode = data[at] >> 3 & 0x0F
        if mode == 15:  # silence that is not sent: a frame of its head alone
            at += 1
        elif mode < len(_AMR_SIZES):
            at += 1 + _AMR_SIZES[mode]
        else:
            break
        frames += 1
    return frames / _FRAMES_A_SECOND
