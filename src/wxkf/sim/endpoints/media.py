"""Temporary files: up, down whole or by Range, pictures with a lasting URL (platform.md 15).

Downloads refuse with JSON and HTTP 200, as the platform does.
"""

import re
from urllib.parse import quote

from wxkf.sim.endpoints.files import KINDS, LEAST, check_file
from wxkf.sim.endpoints.multipart import Part, file_part
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import MEDIA_LIFE, MIB
from wxkf.sim.values import Answer, Json
from wxkf.sim.world import Media

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
_BLOCK = 16
_PICTURE_MAX = 2 * MIB
_PARTIAL = 206


@endpoint("POST", "media/upload", body="form")
def media_upload(call: Call) -> Json:
    """Keep a file for three days; every app of the corp may use it."""
    kind = call.request.query.get("type", "")
    if kind not in KINDS:
        raise Refusal(40005, kind[:32])
    part = _part_of(call)
    content_type = check_file(kind, part.data)
    if kind == "file":
        content_type = part.content_type or content_type
    media_id = call.world.add_media(call.app.corp_id, part.data, content_type, part.filename, kind)
    return {"type": kind, "media_id": media_id, "created_at": str(int(call.now))}


@endpoint("POST", "media/uploadimg", body="form")
def media_uploadimg(call: Call) -> Json:
    """Keep a picture for good and give its URL."""
    data = _part_of(call).data
    if not LEAST <= len(data) <= _PICTURE_MAX:
        raise Refusal(40009 if data else 44001)
    if not KINDS["image"].known(data):
        raise Refusal(40123)
    return {"url": f"https://sim.invalid/wwpic/{call.world.ids.word(40)}/0"}


@endpoint("GET", "media/get")
def media_get(call: Call) -> Answer:
    """Hand out a file, or the part of it that the Range header asks for."""
    media = _living(call)
    settings = call.world.settings
    asked = _RANGE.fullmatch(call.request.header("range").replace(" ", ""))
    size = len(media.data)
    if asked is None:
        if size > settings.whole_download_max:
            raise Refusal(830002, "ask for it in pieces")
        return _answer(media, media.data)
    first, last = _bounds(asked[1], asked[2], size)
    length = last - first + 1
    if settings.media_encrypted and last + 1 != size and (length % _BLOCK or first % _BLOCK):
        raise Refusal(40146, "pieces are multiples of 16 bytes")
    piece = media.data[first : last + 1]
    return _answer(media, piece, _PARTIAL, (("content-range", f"bytes {first}-{last}/{size}"),))


@endpoint("GET", "media/get/jssdk")
def media_get_jssdk(call: Call) -> Answer:
    """Hand out the clear voice (speex) of a JSSDK upload; customer service has none."""
    _living(call)
    raise Refusal(40007, "not a voice of the JSSDK")


def _part_of(call: Call) -> Part:
    part = file_part(call.request.header("content-type"), call.request.body, "media")
    if part is None:
        raise Refusal(44001, "no part named media")
    return part


def _living(call: Call) -> Media:
    media_id = call.fields.text("media_id")
    if not media_id:
        raise Refusal(41006)
    media = call.world.media.get(media_id)
    if media is None or media.corp_id != call.app.corp_id:
        raise Refusal(40007)
    if call.now - media.at > MEDIA_LIFE:
        raise Refusal(40145)
    return media


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Read a range as first and last byte; 40146 where it holds nothing."""
    if not first and last:  # the last so many
        first, last = str(max(0, size - int(last))), ""
    begin, end = int(first or size), min(int(last or size), size - 1)
    if begin > end:
        raise Refusal(40146, "an empty range")
    return begin, end


def _answer(media: Media, data: bytes, status: int = 200, more: tuple[tuple[str, str], ...] = ()) -> Answer:
    name = media.filename or f"media.{media.content_type.rpartition('/')[2]}"
    plain = re.sub(r'[\x00-\x1f\x7f"\\]', "_", name)
    shown = f'filename="{plain}"' if plain.isascii() else f"filename=\"{quote(name)}\"; filename*=UTF-8''{quote(name)}"
    headers = (("content-disposition", f"attachment; {shown}"), ("accept-ranges", "bytes"), *more)
    return Answer({}, content=data, content_type=media.content_type, headers=headers, status=status)
