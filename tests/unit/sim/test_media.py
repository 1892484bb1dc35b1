"""Files: up as multipart, down whole and in pieces, their limits."""

from typing import Any

import pytest

from unit.sim.shop import Make, Shop
from wxkf.sim.endpoints.files import amr_seconds
from wxkf.sim.settings import MEDIA_LIFE, MIB
from wxkf.sim.values import Answer, Request

PNG, JPG = b"\x89PNG\r\n\x1a\n pixels", b"\xff\xd8\xff\xe0 pixels"
MP4 = b"\0\0\0\x18ftypmp42" + b"moving"


def voice(seconds: float) -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * round(seconds * 50)


def upload(shop: Shop, data: bytes, kind: str = "image", head: str = 'name="media"; filename="a.png"') -> Answer:
    parts = f"--cut\r\nContent-Disposition: form-data; {head}\r\nContent-Type: image/png\r\n\r\n".encode()
    return form(shop, "media/upload", parts + data + b"\r\n--cut--\r\n", kind)


def form(
    shop: Shop, path: str, body: bytes, kind: str, content_type: str = "multipart/form-data; boundary=cut"
) -> Answer:
    query = {"access_token": shop.gettoken()["access_token"], "type": kind}
    headers = [(b"content-type", content_type.encode())]
    answer = shop.platform.call(Request("POST", f"/cgi-bin/{path}", query, body, "10.0.0.9", headers))
    assert answer is not None
    return answer


def download(shop: Shop, media_id: str, range_: str = "") -> Answer:
    query = {"access_token": shop.gettoken()["access_token"], "media_id": media_id}
    headers = [(b"range", range_.encode())] if range_ else []
    answer = shop.platform.call(Request("GET", "/cgi-bin/media/get", query, b"", "10.0.0.9", headers))
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("kind", "data", "errcode"),
    [
        ("image", PNG, 0),
        ("image", JPG, 0),
        ("voice", voice(60), 0),
        ("video", MP4, 0),
        ("file", b"123456", 0),
        ("", PNG, 40005),
        ("thumb", PNG, 40005),
        ("file", b"", 44001),
        ("file", b"12345", 40006),
        ("image", b"GIF89a pixels", 40123),
        ("voice", b"ID3 no amr", 301017),
        ("voice", voice(60.1), 45007),
        ("video", b"RIFF no mp4", 40004),
        ("image", PNG + bytes(10 * MIB), 40009),
        ("voice", b"#!AMR\n" + bytes(2 * MIB), 40006),
        ("video", MP4 + bytes(10 * MIB), 40011),
        ("file", bytes(20 * MIB), 0),
        ("file", bytes(20 * MIB + 1), 45001),
    ],
)
def test_what_may_be_uploaded(shop: Shop, kind: str, data: bytes, errcode: int) -> None:
    found = upload(shop, data, kind).envelope
    assert found["errcode"] == errcode
    if not errcode:
        assert (found["type"], found["created_at"]) == (kind, str(int(shop.clock.now())))
        assert download(shop, found["media_id"]).content == data


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data; boundary=cut"),
        (b"no multipart", "multipart/form-data; boundary=cut"),
        (b"--cut\r\n\r\n--cut--", "multipart/form-data"),
        (
            b'--cut\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--cut--',
            "multipart/form-data; boundary=cut",
        ),
        (b"{}", "application/json"),
        (b"\xff" * 99, "multipart/form-data; boundary=\xff"),
    ],
)
def test_a_body_without_the_part_is_an_empty_file(shop: Shop, body: bytes, content_type: str) -> None:
    query = {"access_token": shop.gettoken()["access_token"], "type": "file"}
    headers = [(b"content-type", content_type.encode("latin-1"))]
    answer = shop.platform.call(Request("POST", "/cgi-bin/media/upload", query, body, "", headers))
    assert answer is not None
    assert answer.envelope["errcode"] == 44001


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        ('name="media"; filename="合同.pdf"', "filename*=UTF-8''%E5%90%88%E5%90%8C.pdf"),
        ('filename="a b.pdf"; name="media"', 'filename="a b.pdf"'),
        ('name="media"; filename="x"; filename*=utf-8\'\'%E5%90%88.pdf', "filename*=UTF-8''%E5%90%88.pdf"),
    ],
)
def test_a_file_keeps_its_name(shop: Shop, head: str, shown: str) -> None:
    media_id = upload(shop, b"%PDF-1.7", "file", head).envelope["media_id"]
    assert shown in dict(download(shop, media_id).headers)["content-disposition"]


@pytest.mark.parametrize(
    ("asked", "status", "content", "said"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("lines=0-3", 200, b"0123456789", None),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
    ],
)
def test_a_file_is_handed_out_in_pieces(shop: Shop, asked: str, status: int, content: bytes, said: str | None) -> None:
    media_id = upload(shop, b"0123456789", "file").envelope["media_id"]
    answer = download(shop, media_id, asked)
    headers = dict(answer.headers)
    assert (answer.status, answer.content, headers.get("content-range")) == (status, content, said)
    assert headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=5-2", "bytes=-", "bytes=-0"])
def test_an_empty_range_is_refused(shop: Shop, asked: str) -> None:
    media_id = upload(shop, b"0123456789", "file").envelope["media_id"]
    assert download(shop, media_id, asked).envelope["errcode"] == 40146


def test_files_that_are_stored_encrypted_come_in_sixteens(make: Make) -> None:
    shop = make(media_encrypted=True)
    media_id = upload(shop, bytes(range(100)), "file").envelope["media_id"]
    assert download(shop, media_id, "bytes=0-31").content == bytes(range(32))
    assert download(shop, media_id, "bytes=96-99").content == bytes(range(96, 100))
    assert download(shop, media_id, "bytes=0-30").envelope["errcode"] == 40146


def test_a_large_file_comes_in_pieces_only(make: Make) -> None:
    shop = make(whole_download_max=5)
    media_id = upload(shop, b"0123456789", "file").envelope["media_id"]
    assert download(shop, media_id).envelope["errcode"] == 830002
    assert download(shop, media_id, "bytes=0-4").content == b"01234"


def test_a_file_lives_three_days_in_its_corp(shop: Shop) -> None:
    media_id = upload(shop, PNG).envelope["media_id"]
    foreign = shop.platform.world.add_media("ww1", PNG, "image/png")
    assert [download(shop, one).envelope.get("errcode") for one in ("", "x", foreign)] == [41006, 40007, 40007]
    shop.clock.forward(MEDIA_LIFE + 1)
    assert download(shop, media_id).envelope["errcode"] == 40145


def test_a_picture_gets_a_lasting_url(shop: Shop) -> None:
    body = b'--cut\r\nContent-Disposition: form-data; name="media"; filename="a.png"\r\n\r\n%b\r\n--cut--\r\n'
    assert form(shop, "media/uploadimg", body % PNG, "").envelope["url"].startswith("https://")
    assert form(shop, "media/uploadimg", body % b"GIF89a", "").envelope["errcode"] == 40123
    assert form(shop, "media/uploadimg", body % b"\x89PNG", "").envelope["errcode"] == 40009


def test_a_file_is_fetched_from_a_url(shop: Shop) -> None:
    asked: dict[str, Any] = {"scene": 1, "type": "file", "filename": "a.pdf", "url": "https://x/a.pdf", "md5": "0" * 32}
    jobs = [shop.post("media/upload_by_url", **asked)["jobid"] for _ in range(2)]
    assert shop.post("media/get_upload_by_url_result", jobid=jobs[0])["status"] == 1
    shop.sim.console.end_media_job(jobs[1], errcode=830003)
    shop.clock.forward(2)
    done = shop.post("media/get_upload_by_url_result", jobid=jobs[0])
    assert (done["status"], done["detail"]["errcode"]) == (2, 0)
    failed = shop.post("media/get_upload_by_url_result", jobid=jobs[1])
    assert (failed["status"], failed["detail"]["errcode"]) == (3, 830003)
    assert shop.post("media/get_upload_by_url_result", jobid="x")["errcode"] == 40058
    assert shop.post("media/upload_by_url", **asked | {"url": "ftp://x"})["errcode"] == 45034
    assert shop.post("media/upload_by_url", **asked | {"type": "image"})["errcode"] == 40005


def test_the_length_of_a_voice_ends_at_what_is_no_frame() -> None:
    assert amr_seconds(voice(2)) == 2
    assert amr_seconds(voice(1) + b"\x7c" * 3 + b"\x50" + bytes(99)) == pytest.approx(1.06)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Application/PDF; x=y", "application/pdf"),
        ("a/b\0c", "a/b"),
        ("文/件", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_file_has_a_type_and_a_name_that_fit_into_a_header(shop: Shop, given: str, kept: str) -> None:
    head = f'Content-Disposition: form-data; name="media"; filename="a\x7fb.pdf"\r\nContent-Type: {given}'
    sent = form(shop, "media/upload", f"--cut\r\n{head}\r\n\r\n123456\r\n--cut--\r\n".encode(), "file")
    found = download(shop, sent.envelope["media_id"])
    assert found.content_type == kept
    assert dict(found.headers)["content-disposition"] == 'attachment; filename="a_b.pdf"'
