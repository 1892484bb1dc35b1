"""Temporary media (临时素材): up, down, and by URL. A media_id lives 3 days and is shared by all apps of a corp."""

from typing import Literal

from wxkf.api.resource import M, Resource, endpoint
from wxkf.messages.answer import Answer, Part
from wxkf.protocol.call import Call, File, post, reader
from wxkf.protocol.download import Download, read_download
from wxkf.protocol.files import KINDS, Kind, Uploadable, form_of
from wxkf.protocol.limits import Bytes, Limit, OneOf


class MediaUploaded(Answer, frozen=True, kw_only=True):
    """The new media_id; `created_at` is in epoch seconds, documented as a string."""

    type: str = ""
    media_id: str = ""
    created_at: int = 0


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

    @endpoint
    def upload(self, *, type: Kind, media: bytes, filename: str = "", content_type: str = "") -> Call[MediaUploaded]:
        """Upload a file for 3 days (上传临时素材); `filename` is what the customer will see.

        More than 5 bytes; image JPG or PNG up to 10 MB, voice AMR up to 2 MB and 60 s, video MP4 up to 10 MB, file
        up to 20 MB. Kind (by its first bytes) and size are checked before. Errors 40004, 40006, 40009, 40011,
        40123, 44001, 45001, 45007, 301016, 301017. Page 90253.
        """
        ending, kind = form_of(type, media)
        file = File(filename or f"media.{ending}", media, content_type or kind)
        limits: dict[str, Limit] = {"type": OneOf(tuple(KINDS)), "media": Uploadable(type)}
        return Call(
            "POST", "media/upload", reader(MediaUploaded), "safe", query={"type": type}, file=file, limits=limits
        )

    @endpoint
    def get(self, *, media_id: str, start: int | None = None, end: int | None = None) -> Call[Download]:
        """Download a file (获取临时素材), or the bytes `start` to `end` of it, both included.

        Above 20 MB only in pieces (830002); pieces of encrypted files are multiples of 16 bytes (40146). The same
        file fetched many times at once is 45033. Errors 40007, 40145. Page 90254.
        """
        ranged = start is not None or end is not None
        headers = {"Range": f"bytes={start or 0}-{'' if end is None else end}"} if ranged else {}
        return Call("GET", "media/get", read_download, "safe", query={"media_id": media_id}, headers=headers)

    @endpoint
    def uploadimg(self, *, media: bytes, filename: str = "image.png") -> Call[ImageUploaded]:
        """Upload a picture for good (上传图片): 5 bytes to 2 MB, 1000 a day and 3000 a month. Page 90256."""
        file, limits = File(filename, media, "image/png"), {"media": Uploadable("image", most=2 << 20)}
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
