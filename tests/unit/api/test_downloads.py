"""`media.get`: the file, its name made safe, pieces of it, and the error that comes dressed as a file."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.server import Said, Script, serve
from unit.api.wire import MODES, Json, Mode, Wire, both, done
from wxkf import AsyncClient, Client
from wxkf.errors import MediaError, RateLimited, TransportError
from wxkf.protocol.call import Response
from wxkf.protocol.download import safe_name
from wxkf.protocol.flow import RetryPolicy

JPEG = b"\xff\xd8\xff\xe0 picture"
NAMED = {"content-type": "image/jpeg", "content-disposition": 'attachment; filename="a.jpg"'}


def gives(body: bytes, status: int = 200, **headers: str) -> Wire:
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    return Wire(lambda _request: Response(status, body, shown))


@both
async def test_a_file_comes_with_its_name_and_kind(mode: Mode) -> None:
    wire = Wire(lambda _request: Response(200, JPEG, NAMED))
    got = await done(wire.client(mode).media.get(media_id="M+/="))
    assert (got.content, got.filename, got.content_type) == (JPEG, "a.jpg", "image/jpeg")
    assert (got.start, got.total) == (0, len(JPEG))
    (request,) = wire.requests
    assert (request.verb, request.query["media_id"], dict(request.headers)) == ("GET", "M+/=", {})
    assert "picture" not in repr(got)


@both
@pytest.mark.parametrize("kind", ["application/json; charset=UTF-8", "text/plain", ""])
async def test_an_error_dressed_as_a_file_is_an_error(mode: Mode, kind: str) -> None:
    wire = gives(b'{"errcode":40007,"errmsg":"invalid media_id, hint: [17]"}', content_type=kind)
    with pytest.raises(MediaError) as caught:
        await done(wire.client(mode).media.get(media_id="M"))
    assert (caught.value.errcode, caught.value.hint, caught.value.path) == (40007, "17", "media/get")


@both
async def test_a_busy_file_is_tried_again_by_the_policy(mode: Mode) -> None:
    wire = gives(b'{"errcode":45033,"errmsg":"concurrency"}', content_type="application/json")
    with pytest.raises(RateLimited):
        await done(wire.client(mode).media.get(media_id="M"))


@both
@pytest.mark.parametrize("content", [b'{"errcode":40007}', b'{"a":1}', b"<html>", b"plain words"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/html"])
async def test_a_file_that_looks_like_an_error_is_a_file(mode: Mode, content: bytes, kind: str) -> None:
    """A customer may send any JSON or text; what has a name is a file."""
    wire = gives(content, content_type=kind, content_disposition='attachment; filename="a.json"')
    assert (await done(wire.client(mode).media.get(media_id="M"))).content == content


@both
@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"<html>Log in</html>", 200, "text/html"),
        (b"", 200, "application/octet-stream"),
        (b"", 200, "application/json"),
        (b"<html>", 502, "text/html"),
        (b"<html>", 403, "text/html"),
        (JPEG, 302, "image/jpeg"),
    ],
)
async def test_what_is_no_file_at_all_is_no_file(mode: Mode, body: bytes, status: int, kind: str) -> None:
    wire = gives(body, status, content_type=kind)
    with pytest.raises(TransportError, match="media/get"):
        await done(wire.client(mode).media.get(media_id="M"))


RANGES: list[tuple[Json, str]] = [
    ({"start": 0, "end": 1023}, "bytes=0-1023"),
    ({"start": 16}, "bytes=16-"),
    ({"end": 15}, "bytes=0-15"),
    ({"start": 0}, "bytes=0-"),
]


@both
@pytest.mark.parametrize(("asked", "header"), RANGES)
async def test_a_piece_is_asked_for_by_range(mode: Mode, asked: Json, header: str) -> None:
    told = {**NAMED, "content-range": "bytes 16-31/4096", "accept-ranges": "bytes"}
    wire = Wire(lambda _request: Response(206, b"x" * 16, told))
    got = await done(wire.client(mode).media.get(media_id="M", **asked))
    assert wire.requests[0].headers == {"Range": header}
    assert (got.start, got.total, len(got.content)) == (16, 4096, 16)


@both
async def test_a_file_is_put_together_from_pieces(mode: Mode) -> None:
    whole = bytes(range(256)) * 10

    def answer(request: Any) -> Response:
        first, last = map(int, re.findall(r"\d+", request.headers["Range"]))
        told = {**NAMED, "content-range": f"bytes {first}-{min(last, len(whole) - 1)}/{len(whole)}"}
        return Response(206, whole[first : last + 1], told)

    client, parts, at, total = Wire(answer).client(mode), list[bytes](), 0, 1
    while at < total:
        got = await done(client.media.get(media_id="M", start=at, end=at + 1023))
        parts.append(got.content)
        at, total = at + len(got.content), got.total
    assert b"".join(parts) == whole


# Names


NAMES = {
    'attachment; filename="a.jpg"': "a.jpg",
    "attachment; filename=a.jpg": "a.jpg",
    "attachment;FileName = a b.jpg ; x=1": "a b.jpg",
    'attachment; filename="../../etc/passwd"': "passwd",
    'attachment; filename="..\\..\\boot.ini"': "boot.ini",
    'attachment; filename="/etc/passwd"': "passwd",
    'attachment; filename="C:\\a.txt"': "a.txt",
    'attachment; filename="%2e%2e%2fetc%2fpasswd"': "passwd",
    "attachment; filename*=UTF-8''..%2F..%2Fx.sh": "x.sh",
    "attachment; filename*=UTF-8''%E5%9B%BE%E7%89%87.png": "图片.png",
    "attachment; filename=\"a.txt\"; filename*=utf-8'zh-CN'%e4%bd%a0.txt": "你.txt",
    "attachment; filename*=GBK''%CD%BC.png": "图.png",
    "attachment; filename*=no-such-charset''%E5%9B%BE.png": "图.png",
    "attachment; filename*=undefined''a.png": "a.png",
    'attachment; filename="%E5%9B%BE.png"': "图.png",
    'attachment; filename="100%.txt"': "100%.txt",
    'attachment; filename="' + "图片.png".encode().decode("latin-1") + '"': "图片.png",
    'attachment; filename="' + "图片.png".encode().decode("ascii", "surrogateescape") + '"': "图片.png",
    'attachment; filename="图片.png"': "图片.png",
    'attachment; filename="a\x00b\r\n.txt"': "a_b__.txt",
    'attachment; filename="a%00.txt"': "a_.txt",
    'attachment; filename="a:b*c?.txt"': "a_b_c_.txt",
    'attachment; filename="\u202egpj.exe"': "_gpj.exe",
    'attachment; filename="\u200fa.txt"': "_a.txt",
    'attachment; filename="NUL"': "_NUL",
    'attachment; filename="con.tar.gz"': "_con.tar.gz",
    'attachment; filename="Com1 .txt"': "_Com1 .txt",
    'attachment; filename="lpt².txt"': "_lpt².txt",
    'attachment; filename="CONIN$"': "_CONIN$",
    'attachment; filename="console.log"': "console.log",
    'attachment; filename="com10.txt"': "com10.txt",
    'attachment; filename="...nul.. "': "_nul",
    'attachment; filename="a.txt. . ."': "a.txt",
    'attachment; filename=".bashrc"': "bashrc",
    'attachment; filename=""': "file",
    'attachment; filename=".."': "file",
    'attachment; filename="a/.."': "file",
    'attachment; filename=" . "': "file",
    "attachment": "file",
    "": "file",
    ";;;=": "file",
}


@pytest.mark.parametrize(("disposition", "name"), NAMES.items())
def test_a_name_is_the_senders_and_leads_nowhere(disposition: str, name: str) -> None:
    assert safe_name(disposition) == name


@pytest.mark.parametrize("letter", ["a", "图", "😀"])
def test_a_long_name_keeps_its_ending_and_fits_a_file_system(letter: str, tmp_path: Path) -> None:
    name = safe_name(f'attachment; filename="{letter * 500}.tar.gz"')
    assert name.endswith(f"{letter}.tar.gz")
    (tmp_path / name).write_bytes(b"")


@given(st.text(max_size=80), st.sampled_from(["filename=", 'filename="', "filename*=UTF-8''", "filename*=", ""]))
@example("\ud800", "filename=")
@example("....//", 'filename="')
@example("x''%2e%2e%5c", "filename*=")
def test_no_name_leads_out_of_a_folder(name: str, start: str) -> None:
    found = safe_name(f"attachment; {start}{name}")
    assert found == os.path.basename(found) not in ("", ".", "..")  # noqa: PTH119 - the very function a victim would use
    assert not set(found) & set('/\\\0\r\n"')
    assert len(found.encode()) <= 255


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("written", ["图片.png", "%E5%9B%BE%E7%89%87.png"])
async def test_a_name_in_raw_bytes_survives_both_http_libraries(mode: Mode, written: str) -> None:
    with serve() as platform:
        got = await _fetched(platform, mode, written.encode().decode("latin-1"))
    assert (got.filename, got.content) == ("图片.png", JPEG)


async def _fetched(platform: Script, mode: Mode, filename: str) -> Any:
    headers = {"Content-Type": "image/png", "Content-disposition": f'attachment; filename="{filename}"'}
    platform.tell("media/get", Said(JPEG, headers=headers))
    kind: Any = Client if mode == "sync" else AsyncClient
    client = kind("ww1", "secret", base_url=platform.url, retry=RetryPolicy(tries=1))
    try:
        return await done(client.media.get(media_id="M"))
    finally:
        await done(client.close() if mode == "sync" else client.aclose())


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"1", b"{}", b'{"errcode":0}', b'{"errcode":{}}'])
def test_json_without_a_name_is_no_file(body: bytes) -> None:
    with pytest.raises(TransportError, match="neither a file"):
        gives(body, content_type="application/json").client("sync").media.get(media_id="M")


def test_an_errcode_in_a_string_is_one() -> None:
    with pytest.raises(MediaError):
        gives(b'{"errcode":"40007"}', content_type="text/plain").client("sync").media.get(media_id="M")


@both
async def test_a_file_without_a_name_is_still_a_file(mode: Mode) -> None:
    got = await done(gives(JPEG, content_type="image/jpeg").client(mode).media.get(media_id="M"))
    assert (got.content, got.filename) == (JPEG, "file")
