"""Sounds to send: a tone as WAV, AMR or WeChat's Silk; and what can be heard in a WAV."""

import math
import wave
from array import array
from io import BytesIO
from itertools import pairwise

from wxkf.voice import to_amr
from wxkf.voice.library import library


def tone(seconds: float = 1.0, *, hertz: int = 440, rate: int = 24_000, channels: int = 1) -> bytes:
    """Make a WAV."""
    wave_of = (int(9_000 * math.sin(2 * math.pi * hertz * at / rate)) for at in range(round(seconds * rate)))
    whole = BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array("h", (sample for sample in wave_of for _ in range(channels))).tobytes())
    return whole.getvalue()


def amr(seconds: float = 1.0, *, hertz: int = 440) -> bytes:
    """Make a recording as phones of old and the platform by default have it."""
    return to_amr(tone(seconds, hertz=hertz))


def silk(seconds: float = 1.0, *, hertz: int = 440, rate: int = 24_000, tencent: bool = True) -> bytes:
    """Make a recording as WeChat has it, or as the codec's makers meant it, with a mark at the end."""
    samples, whole = BytesIO(tone(seconds, hertz=hertz, rate=rate)[44:]), BytesIO()
    library("pysilk").encode(samples, whole, rate, 25_000, max_internal_sample_rate=rate, tencent=tencent)
    return whole.getvalue() + (b"" if tencent else b"\xff\xff")


def heard(wav: bytes) -> tuple[float, int]:
    """Tell of a WAV how many seconds it lasts, to a tenth, and the pitch, to twenty hertz."""
    with wave.open(BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        samples = array("h", file.readframes(file.getnframes()))
    seconds = len(samples) / 16_000
    rises = sum(before < 0 <= after for before, after in pairwise(samples))
    return round(seconds, 1), round(rises / seconds / 20) * 20
