"""A customer's recording as WAV: AMR (narrow and wide) by FFmpeg, Silk by its own decoder, told by the first bytes.

The recording is cut into frames here, never by a decoder: so their number is bounded before anything is decoded, and
what was cut off at the end costs only that.
"""

import struct
import wave
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from wxkf.errors import VoiceError
from wxkf.protocol.files import AMR, AMR_FRAMES, AMR_WIDE, KINDS, amr_frames
from wxkf.voice.library import codec, library

RATE = 16_000
"""Samples a second of what comes out: what models that hear are trained on."""
LONGEST = 300
"""Seconds; a phone records 60."""
_MOST = KINDS["voice"].most
_SILK = b"#!SILK_V3"
# The decoder writes before it resamples: for any lower rate than this, a recording of this rate goes over its buffer.
_SILK_RATE = 24_000
_SILK_PACKET = _SILK_RATE // 50 * 2  # bytes; the decoder's buffer of 20 ms, and its limit for a packet
_SILK_PACKETS = 50  # in a second


def to_wav(recording: bytes) -> bytes:
    """Decode a recording, AMR or Silk, to WAV: 16,000 samples a second, mono, 16 bits.

    At most 2 MB and 5 minutes. Raises `VoiceError` for what is broken, too long or of another kind, and `NoCodec`, a
    `ConfigError`, without the extra `voice`.
    """
    if len(recording) > _MOST:
        raise _broken(f"it has {len(recording)} bytes, more than {_MOST}")
    start = recording.removeprefix(b"\x02")  # how WeChat's Silk differs from everybody's
    if start.startswith(_SILK):
        sound = _silk(start[len(_SILK) :])
    elif recording.startswith((AMR, AMR_WIDE)):
        sound = _amr(recording)
    else:
        raise _broken(f"it is neither AMR nor Silk, it begins with {recording[:8].hex(' ') or 'nothing'}")
    samples = b"".join(_resampled(sound))
    if not samples:
        raise _broken("there is no sound in it")
    return _wav(samples)


def _amr(recording: bytes) -> Iterator[Any]:
    wide = recording.startswith(AMR_WIDE)
    most, frames = LONGEST * AMR_FRAMES, [frame for frame in amr_frames(recording) if _is_known(frame[0], wide)]
    if len(frames) > most:
        raise _too_long()
    # OpenCORE's knows the frames of silence that phones save; FFmpeg's own does not
    decoder = codec("r", *(("libopencore_amrwb", "amrwb") if wide else ("libopencore_amrnb", "amrnb")))
    av = library("av")
    for frame in frames:
        try:
            yield from decoder.decode(av.Packet(frame))
        except av.FFmpegError:
            continue  # 20 ms that cannot be heard


def _is_known(first: int, wide: bool) -> bool:
    """Whether a frame's first byte names a kind of frame, not one of those reserved for later."""
    kind = first >> 3 & 15
    return kind <= (9 if wide else 8) or kind >= (14 if wide else 15)


def _silk(content: bytes) -> Iterator[Any]:
    pysilk, packets = library("pysilk"), list(_packets(content))
    if len(packets) > LONGEST * _SILK_PACKETS:
        raise _too_long()
    whole, samples = BytesIO(_SILK + b"".join(packets)), BytesIO()
    try:
        pysilk.decode(whole, samples, _SILK_RATE)
    except pysilk.SilkError as error:
        raise _broken(f"its Silk cannot be decoded ({error})") from None
    yield from _frame(samples.getvalue())


def _packets(content: bytes) -> Iterator[bytes]:
    """Cut Silk into its packets, each with its length; the empty ones of silence and the mark of the end are left out.

    Raises `VoiceError`.
    """
    at = 0
    while at + 2 <= len(content):
        (size,) = struct.unpack_from("<h", content, at)
        end = at + 2 + size
        if size < 0 or end > len(content):
            return
        if size > _SILK_PACKET:
            raise _broken(f"a Silk packet in it has {size} bytes, more than {_SILK_PACKET}")
        if size:
            yield content[at:end]
        at = end


def _frame(samples: bytes) -> Iterator[Any]:
    if samples:
        frame = library("av").AudioFrame(format="s16", layout="mono", samples=len(samples) // 2)
        frame.sample_rate = _SILK_RATE
        frame.planes[0].update(samples)
        yield frame


def _resampled(sound: Iterable[Any]) -> Iterator[bytes]:
    resampler = None
    for frame in sound:
        resampler = resampler or library("av").AudioResampler("s16", "mono", RATE)
        frame.pts = None
        yield from map(_samples, resampler.resample(frame))
    if resampler:
        yield from map(_samples, resampler.resample(None))


def _samples(frame: Any) -> bytes:
    return bytes(frame.planes[0])[: frame.samples * 2]  # a plane may be longer than what it holds


def _wav(samples: bytes) -> bytes:
    whole = BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return whole.getvalue()


def _too_long() -> VoiceError:
    return _broken(f"it lasts more than {LONGEST} seconds")


def _broken(why: str) -> VoiceError:
    return VoiceError(f"this recording cannot be decoded: {why}")
