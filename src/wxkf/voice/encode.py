"""Audio of yours as a recording that can be sent: AMR, narrow band, at its best rate, 60 seconds at most."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from wxkf.errors import VoiceError
from wxkf.protocol.files import AMR, AMR_FRAMES, KINDS, LONGEST_VOICE, fault
from wxkf.protocol.source import head, source_of
from wxkf.voice.library import codec, library

_RATE = 8_000
_FRAME = _RATE // AMR_FRAMES  # samples
_BITS = 12_200  # a second: 96 kB a minute, so seconds are what runs out, never the 2 MB
_MOST = KINDS["voice"].most
# what holds sound and nothing else: a list of addresses (HLS, concat) would make FFmpeg open them
_READS = "wav,w64,mp3,ogg,flac,aac,amr,aiff,au,caf,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"


def to_amr(audio: bytes | os.PathLike[str]) -> bytes:
    """Encode audio (WAV, MP3, Ogg, M4A …; bytes or a path) to the AMR that a customer can be sent as a voice.

    AMR that can be sent is given back as it is, without the extra `voice`. Raises `VoiceError` for what lasts more than
    60 seconds or is no audio, `FileError` for a file that cannot be read, and `NoCodec`, a `ConfigError`.
    """
    source = source_of(audio, _MOST)
    if source.size > len(AMR) and head(source).startswith(AMR) and fault("voice", source) is None:
        return b"".join(source.chunks())
    encoder = codec("w", "libopencore_amrnb")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = _RATE, "mono", "s16", _BITS
    frames, taken = list[bytes](), 0
    for sound in _read(audio):
        frames += map(bytes, encoder.encode(sound))
        taken += 1
        if taken > LONGEST_VOICE * AMR_FRAMES:
            raise _unfit(f"it lasts more than {LONGEST_VOICE} seconds")
    if not taken:
        raise _unfit("there is no sound in it")
    frames += map(bytes, encoder.encode(None))
    return AMR + b"".join(frames[:taken])  # the encoder lags behind, and at the end gives a frame more than it got


def _read(audio: bytes | os.PathLike[str]) -> Iterator[Any]:
    """Give the sound in frames as the encoder takes them: the last may be shorter."""
    av = library("av")
    resampler = av.AudioResampler("s16", "mono", _RATE, frame_size=_FRAME)
    with BytesIO(audio) if isinstance(audio, bytes) else Path(audio).open("rb") as file:
        try:
            with av.open(file, options={"format_whitelist": _READS}) as opened:
                if not opened.streams.audio:
                    raise _unfit("there is no sound in it")
                for sound in opened.decode(audio=0):
                    yield from _anew(resampler.resample(sound))
                yield from _anew(resampler.resample(None))
        except av.FFmpegError as error:
            raise _unfit(f"FFmpeg cannot read it ({error.strerror})") from None


def _anew(frames: list[Any]) -> Iterator[Any]:
    """Give frames without the times of the file, which may jump."""
    for frame in frames:
        frame.pts = None
        yield frame


def _unfit(why: str) -> VoiceError:
    return VoiceError(f"this audio cannot be sent as a voice: {why}")
