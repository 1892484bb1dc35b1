"""Recordings: those of customers (AMR, Silk) as WAV, and any audio as the AMR that can be sent (extra `voice`).

Both functions block for some hundredths of a second, so a coroutine calls them in a thread. What a customer sent is
taken for hostile: sizes and seconds are bounded, and all that is wrong with it is one `VoiceError`.
"""

from wxkf.voice.decode import to_wav
from wxkf.voice.encode import to_amr
from wxkf.voice.library import NoCodec

__all__ = ["NoCodec", "to_amr", "to_wav"]
