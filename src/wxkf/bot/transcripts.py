"""What customers said in their recordings, as words: downloaded, decoded, and heard by a transcriber of yours.

A recording is transcribed once in a run of a handler. A run after a failure or a crash transcribes it again.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol, cast

from wxkf.client.aio import AsyncClient
from wxkf.errors import ConfigError
from wxkf.messages.inbound import Inbound, Voice
from wxkf.protocol.files import KINDS
from wxkf.voice import to_wav


class Transcriber(Protocol):
    """Turns speech into words: a model or a service of yours, `Bot(transcriber=Whisper())`."""

    def transcribe(self, wav: bytes, /) -> Awaitable[str] | str:
        """Give the words of a WAV: 16,000 samples a second, mono, 16 bits, at most 5 minutes.

        An `async def`, or a plain function, which runs in a thread and may block.
        """
        ...


Function = Callable[[bytes], Awaitable[str] | str]
Transcribes = Transcriber | Function
"""A transcriber, or its function alone."""


class Transcripts:
    """The words of one run's recordings."""

    def __init__(self, transcribe: Function | None) -> None:
        self._transcribe = transcribe
        self._known: dict[str, str] = {}
        self._one = asyncio.Lock()

    async def of(self, events: Iterable[Inbound], client: AsyncClient) -> str:
        """Give the words of all recordings among these, line by line; "" where there are none.

        Raises `ConfigError` without a transcriber, and without the extra `voice`; `VoiceError` for a recording that
        cannot be decoded; `ApiError` for one that is older than three days; and what the transcriber raises.
        """
        if self._transcribe is None:
            raise ConfigError(
                "there is nobody to transcribe: Bot(transcriber=…), an object with transcribe(wav) -> str"
            )
        async with self._one:
            for event in events:
                if isinstance(event, Voice) and event.msgid not in self._known:
                    wav = await asyncio.to_thread(to_wav, await _recording(event, client))
                    self._known[event.msgid] = await _words(self._transcribe, wav)
        return "\n".join(self._known.values())


def function_of(transcriber: Transcribes) -> Function:
    """Give the function that transcribes. Raises `ConfigError` for what is no transcriber."""
    given: Any = transcriber
    if inspect.isclass(given):
        raise ConfigError(f"{given.__name__} is a class; make one of it: Bot(transcriber={given.__name__}())")
    found = getattr(given, "transcribe", given)
    if not callable(found):
        what = type(given).__name__
        raise ConfigError(f"{what} is no transcriber: an object with transcribe(wav) -> str, or such a function")
    return cast("Function", found)


async def _recording(event: Voice, client: AsyncClient) -> bytes:
    pieces = client.media.stream(media_id=event.voice.media_id, most=KINDS["voice"].most)
    return b"".join([piece async for piece in pieces])


async def _words(transcribe: Function, wav: bytes) -> str:
    said = transcribe(wav) if inspect.iscoroutinefunction(transcribe) else await asyncio.to_thread(transcribe, wav)
    words = await said if inspect.isawaitable(said) else said
    if not isinstance(words, str):
        raise ConfigError(f"the transcriber returned {type(words).__name__}, not a str")
    return words.strip()
