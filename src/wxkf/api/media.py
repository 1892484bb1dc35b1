"""Temporary media (临时素材): up, down, and by URL. A media_id lives 3 days and is shared by all apps of a corp."""

import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal

from wxkf.api.resource import Emit, M, Mode, Pages, Resource, Steps, endpoint, paged, steps
from wxkf.api.saving import Sink, sink_of
from wxkf.api.uploads import LIFE, Uploads, warn
from wxkf.errors import MediaError
from wxkf.messages.answer import Answer, Part
from wxkf.protocol.ask import Ask
from wxkf.protocol.call import Call, File, post, reader
from wxkf.protocol.download import Beyond, Changed, Download, new_bytes, piece_of, ranged
from wxkf.protocol.files import KINDS, Kind, Uploadable, form_of
from wxkf.protocol.limits import Bytes, Limit, OneOf
from wxkf.protocol.progress import Onlooker, Progress
from wxkf.protocol.source import Media, head, source_of

MOST = 200 << 20
"""Bytes a download may have unless the caller says otherwise."""
_DAYS = 3 * 86_400
_BAD_RANGE = 40146
_PICTURE = 2 << 20


class MediaUploaded(Answer, frozen=True, kw_only=True):
    """The new media_id; `created_at` is in epoch seconds, documented as a string."""

    type: str = ""
    media_id: str = ""
    created_at: int = 0

    @property
    def expires_at(self) -> int:
        """The moment the media_id dies, in epoch seconds: 3 days after it was made."""
        return self.created_at + _DAYS


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that was downloaded whole, its size in bytes; `path` is None where it went into an open file.

    `filename` is the sender's, made safe; the name on the disk may be another.
    """

    path: Path | None
    filename: str
    content_type: str
    size: int


class ImageUploaded(Answer, frozen=True, kw_only=True):
    """The picture's permanent address; it shows only inside WeCom."""

    url: str = ""


class UploadJob(Answer, frozen=True, kw_only=True):
    """The job that fetches the file."""

    jobid: str = ""


class UploadDetail(Part, frozen=True, kw_only=True):
    """What came of the job."""

    errcode: int = 0
    errmsg: str = ""
    media_id: str = ""
    created_at: int = 0


class UploadResult(Answer, frozen=True, kw_only=True):
    """`status` 1 under way, 2 done, 3 failed."""

    status: int = 0
    detail: UploadDetail | None = None


class MediaResource(Resource[M]):
    """`media/...`."""

    def __init__(self, run: Callable[[Call[Any]], Any], mode: Mode, uploads: Uploads | None = None) -> None:
        super().__init__(run, mode)
        self.uploads = uploads or Uploads()

    @endpoint
    def upload(
        self,
        *,
        type: Kind,
        media: Media,
        filename: str = "",
        content_type: str = "",
        progress: Progress | None = None,
    ) -> Call[MediaUploaded]:
        """Upload a file for 3 days (上传临时素材); `filename` is what the customer will see.

        `media` is bytes, a path, or a file opened with "rb"; a file is read as it is sent, and anew for each try. More
        than 5 bytes; image JPG or PNG up to 10 MB, voice AMR up to 2 MB and 60 s, video MP4 up to 10 MB, file up to
        20 MB. Kind (by its first bytes) and size are checked before. `progress` is told the bytes sent and the bytes in
        all, maybe from another thread. A try may take 8 seconds a MiB beyond the client's time-out. Raises `FileError`
        for a file that cannot be read or changes meanwhile. Errors 40004, 40006, 40009, 40011, 40123, 44001, 45001,
        45007, 301016, 301017. Page 90253.
        """
        file = _file(type, media, filename, content_type, progress)
        limits: dict[str, Limit] = {"type": OneOf(tuple(KINDS)), "media": Uploadable(type)}
        return Call(
            "POST", "media/upload", reader(MediaUploaded), "safe", query={"type": type}, file=file, limits=limits
        )

    @steps
    def upload_once(
        self, *, type: Kind, media: Media, filename: str = "", content_type: str = "", fresh: bool = False
    ) -> Steps[str]:
        """Give the media_id of a file, uploaded by `media/upload` unless the same was before (同一文件只上传一次).

        The same is the same content, kind, name and content type, within two and a half days. `fresh` uploads it
        again, for a media_id that was refused with 40007. Where media_ids are kept is the client's `upload_cache`: in
        memory unless it was given one.
        """
        call = MediaResource.upload(self, type=type, media=media, filename=filename, content_type=content_type)
        assert call.file is not None  # noqa: S101 - for the type checkers, see above
        if type in KINDS and call.file.source.size > KINDS[type].most:
            unread: MediaUploaded = yield call  # will be refused
            return unread.media_id
        uploads = self.uploads
        key = yield Ask(partial(uploads.key, type, call.file))
        kept: str | None = None
        try:
            kept = None if fresh else (yield Ask(partial(uploads.cache.get, key)))
        except Exception as error:  # noqa: BLE001 - somebody else's store
            warn(error)
        if kept:
            return kept
        uploaded: MediaUploaded = yield call
        try:
            yield Ask(partial(uploads.cache.set, key, uploaded.media_id, uploads.now() + LIFE))
        except Exception as error:  # noqa: BLE001 - as above
            warn(error)
        return uploaded.media_id

    @endpoint
    def get(self, *, media_id: str, start: int | None = None, end: int | None = None) -> Call[Download]:
        """Download a file (获取临时素材), or the bytes `start` to `end` of it, both included.

        Above 20 MB only in pieces (830002), see `stream` and `download`; pieces of encrypted files are multiples of
        16 bytes (40146). The same file fetched many times at once is 45033. Errors 40007, 40145. Page 90254.
        """
        whole = start is None and end is None
        return ranged(media_id, "" if whole else f"bytes={start or 0}-{'' if end is None else end}")

    @paged
    def stream(self, *, media_id: str, start: int = 0, most: int = MOST) -> Pages[bytes]:
        """Hand out a file's bytes from `start` on, piece after piece, each with its own retries (分块下载).

        A file of more than `most` bytes is refused, as is one that changes meanwhile or ends before `start`
        (`FileError`). Page 90254.
        """
        at, total = start, None
        while total is None or at < total:
            piece = yield piece_of(media_id, at)
            content = new_bytes(piece, at, total, most)
            at, total = at + len(content), piece.total
            yield Emit((content,))

    @steps
    def download(
        self,
        *,
        media_id: str,
        to: str | os.PathLike[str] | BinaryIO,
        progress: Progress | None = None,
        resume: bool = True,
        overwrite: bool = False,
        most: int = MOST,
    ) -> Steps[Saved]:
        """Download a file by `media/get` to a path, into a folder that is there, or into an open file (下载到文件).

        In a folder it gets the sender's name, made safe. A name you gave that is taken is refused, one of the
        sender's gets a number, unless `overwrite`. The name appears when the file is whole; until then it is a
        `.wxkf-….part` beside it, with which the same call goes on after a failure, or not if `resume` is false. A file
        of more than `most` bytes is refused. `progress` is told the bytes there and the bytes in all. Raises
        `FileError` for a full disk, a folder that cannot be written, and a file that changes meanwhile. Page 90254.
        """
        sink, told = sink_of(to, media_id, resume=resume, overwrite=overwrite), Onlooker(progress)
        try:
            at = yield Ask(sink.begin)
            first, at = yield from _first(sink, media_id, at, most)
            piece = first
            while True:
                content = new_bytes(piece, at, first.total, most)
                yield Ask(partial(sink.write, content))
                at += len(content)
                told(at, first.total)
                if at >= first.total:
                    break
                piece = yield piece_of(media_id, at)
            path: Path | None = yield Ask(partial(sink.finish, first.filename))
            return Saved(path, first.filename, first.content_type, first.total)
        except BaseException as error:
            sink.abandon(hopeless=isinstance(error, MediaError | Changed))
            raise

    @endpoint
    def uploadimg(self, *, media: Media, filename: str = "") -> Call[ImageUploaded]:
        """Upload a picture for good (上传图片): 5 bytes to 2 MB, 1000 a day and 3000 a month. Page 90256."""
        file, limits = _file("image", media, filename, most=_PICTURE), {"media": Uploadable("image", _PICTURE)}
        return Call("POST", "media/uploadimg", reader(ImageUploaded), "safe", file=file, limits=limits)

    @endpoint
    def upload_by_url(
        self, *, scene: Literal[1] = 1, type: Literal["video", "file"], filename: str, url: str, md5: str
    ) -> Call[UploadJob]:
        """Let the platform fetch a file of up to 200 MB (生成异步上传任务).

        Only for welcome words of customer contact; the media_id does not work in `send_msg`. Never repeated.
        Page 96219.
        """
        fields = {"scene": scene, "type": type, "filename": filename, "url": url, "md5": md5}
        limits = {
            "scene": OneOf((1,)),
            "type": OneOf(("video", "file")),
            "filename": Bytes(128, least=1),
            "url": Bytes(1024, least=1),
            "md5": Bytes(32, least=1),
        }
        return post("media/upload_by_url", UploadJob, repeat="never", fields=fields, limits=limits)

    @endpoint
    def get_upload_by_url_result(self, *, jobid: str) -> Call[UploadResult]:
        """Ask what came of `upload_by_url`, for 60 minutes. 830001, 830003, 45001, 301019. Page 96219."""
        limits = {"jobid": Bytes(128, least=1)}
        return post(
            "media/get_upload_by_url_result", UploadResult, repeat="safe", fields={"jobid": jobid}, limits=limits
        )


def _first(sink: Sink, media_id: str, at: int, most: int) -> Generator[Call[Any] | Ask, Any, tuple[Download, int]]:
    """Fetch the piece to begin with, and tell where that is. What is no part of this file is thrown away."""
    if at:
        try:
            piece = yield piece_of(media_id, at)
            new_bytes(piece, at, None, most)
            return piece, at
        except Beyond:
            pass
        except MediaError as error:
            if error.errcode != _BAD_RANGE:
                raise
        yield Ask(sink.restart)
    return (yield piece_of(media_id, 0)), 0


def _file(
    kind: Kind, media: Media, filename: str, content_type: str = "", progress: Progress | None = None, *, most: int = 0
) -> File:
    source = source_of(media, most or KINDS.get(kind, KINDS["file"]).most)
    ending, usual = form_of(kind, head(source))
    return File(filename or source.name or f"media.{ending}", source, content_type or usual, progress)
