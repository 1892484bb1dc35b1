"""Replies that are files of this machine: uploaded when they are said, so that what is stored and sent is a media_id.

That comes before the engine writes the reply down. A run that dies in between uploads again, or finds the media_id
where the client keeps those of two and a half days; what was written down is sent as it was.
"""

import asyncio
import logging
import os
from typing import Final

from wxkf.bot.text import BadReply
from wxkf.client.aio import AsyncClient
from wxkf.errors import FileError, LimitError, MediaError, VoiceError
from wxkf.messages import outbound as out
from wxkf.protocol.files import KINDS, Kind, kind_of
from wxkf.protocol.source import Source, head, source_of
from wxkf.voice import NoCodec, to_amr

log = logging.getLogger("wxkf.bot")

_VALUES: Final = {"image": out.Image, "voice": out.Voice, "video": out.Video, "file": out.File}
_SOUNDS: Final = {
    b"RIFF": "wav", b"ID3": "mp3", b"\xff\xfb": "mp3", b"\xff\xf3": "mp3", b"OggS": "ogg", b"#!AMR": "amr",
}  # fmt: skip
_KEEPS = 11  # hours for which a media_id is certainly good: 3 days, of which it was kept for two and a half


async def uploaded(said: object, client: AsyncClient) -> object:
    """Upload what is on this machine, and give what is sent for it: a message, or words; anything else as it is.

    Raises `FileError` for a file that cannot be read, `LimitError` and `ApiError` for one that is not taken.
    """
    if isinstance(said, out.Upload):
        kind = await asyncio.to_thread(_kind_of, said.media) if said.kind is None else said.kind
        return await _as(kind, client, said.media, said.filename)
    return await _spoken(said, client) if isinstance(said, out.Speech) else said


def check_keeps(said: object, seconds: float) -> None:
    """Refuse to keep an uploaded file for later than the platform has it. Raises `BadReply`."""
    if isinstance(said, out.Here) and seconds > _KEEPS * 3600:
        raise BadReply(
            f"a file can be said {_KEEPS} hours later at most, since the platform forgets it; set a timer by name "
            "(name=…, without a message) and send the file when it comes"
        )


async def _spoken(speech: out.Speech, client: AsyncClient) -> out.Outbound | str:
    """Send speech as what it can be: a recording, a file, words."""
    try:
        return await _as("voice", client, await asyncio.to_thread(to_amr, speech.audio), "speech.amr")
    except (VoiceError, NoCodec, FileError, MediaError) as error:
        log.warning("speech is sent as a file: %s", error)
    try:
        name = speech.filename or await asyncio.to_thread(_name_of, speech.audio)
        return await _as("file", client, speech.audio, name)
    except (LimitError, FileError, MediaError) as error:
        if not speech.or_text:
            raise
        log.warning("speech is sent as text: %s", error)
        return speech.or_text


async def _as(kind: Kind, client: AsyncClient, media: bytes | os.PathLike[str], filename: str) -> out.Outbound:
    return _VALUES[kind](await client.media.upload_once(type=kind, media=media, filename=filename))


def _kind_of(media: bytes | os.PathLike[str]) -> Kind:
    return kind_of(_source(media))


def _name_of(audio: bytes | os.PathLike[str]) -> str:
    """Name a file so that a phone plays it."""
    source = _source(audio)
    start = head(source)
    ending = "m4a" if start[4:8] == b"ftyp" else next((_SOUNDS[one] for one in _SOUNDS if start.startswith(one)), "bin")
    return source.name or f"speech.{ending}"


def _source(media: bytes | os.PathLike[str]) -> Source:
    return source_of(media, KINDS["file"].most)
