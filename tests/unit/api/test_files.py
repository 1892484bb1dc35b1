"""What may be uploaded: the kind by a file's first bytes, its size, and how it goes out."""

import re

import pytest

from unit.api.wire import Mode, Wire, both, done
from wxkf.errors import LimitError
from wxkf.protocol.body import whole

MB = 1 << 20
PNG, JPG, AMR = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"#!AMR\n"
MP4, GIF, SILK, MP3 = b"\x00\x00\x00\x18ftypmp42", b"GIF89a", b"\x02#!SILK_V3", b"ID3\x03\x00\x00"
GOOD = {"image": [PNG, JPG], "voice": [AMR], "video": [MP4], "file": [PNG, GIF, SILK, b"abcdef"]}
WRONG = {"image": [GIF, MP4, b"<html>", b"\x89PNG__"], "voice": [SILK, MP3, PNG], "video": [JPG, b"ftypmp42", AMR]}
MOST = {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "file": 20 * MB}


def padded(start: bytes, size: int = 100) -> bytes:
    return start + b"\0" * (size - len(start))


@both
@pytest.mark.parametrize(("kind", "start"), [(kind, one) for kind, starts in GOOD.items() for one in starts])
async def test_a_file_of_its_kind_goes_up(mode: Mode, kind: str, start: bytes) -> None:
    wire = Wire(lambda _request: {"type": kind, "media_id": "M", "created_at": "1380000000"})
    uploaded = await done(wire.client(mode).media.upload(type=kind, media=padded(start)))
    assert (uploaded.media_id, uploaded.created_at) == ("M", 1380000000)
    assert wire.requests[0].query["type"] == kind


@both
@pytest.mark.parametrize(("kind", "start"), [(kind, one) for kind, starts in WRONG.items() for one in starts])
async def test_a_file_of_another_kind_does_not(mode: Mode, kind: str, start: bytes) -> None:
    wire = Wire()
    with pytest.raises(LimitError, match="begins with") as caught:
        await done(wire.client(mode).media.upload(type=kind, media=padded(start)))
    assert (caught.value.field, wire.requests) == ("media", [])
    await done(wire.client(mode, validate=False).media.upload(type=kind, media=padded(start)))
    assert len(wire.requests) == 1


@both
@pytest.mark.parametrize("kind", MOST)
async def test_sizes(mode: Mode, kind: str) -> None:
    wire, start = Wire(), GOOD[kind][0]
    upload = wire.client(mode).media.upload
    largest = MOST[kind] if kind != "voice" else 30_000  # nothing that lasts a minute reaches 2 MB
    await done(upload(type=kind, media=padded(start, largest)))
    assert len(wire.requests) == 1
    with pytest.raises(LimitError, match=f"at most {MOST[kind]} bytes, this one has {MOST[kind] + 1}"):
        await done(upload(type=kind, media=padded(start, MOST[kind] + 1)))
    with pytest.raises(LimitError, match="at least 6 bytes, this one has 5"):
        await done(upload(type=kind, media=start[:5]))
    assert len(wire.requests) == 1


@both
async def test_the_smallest_file(mode: Mode) -> None:
    wire = Wire()
    await done(wire.client(mode).media.upload(type="file", media=b"123456"))
    assert len(wire.requests) == 1


@both
async def test_a_kind_nobody_knows(mode: Mode) -> None:
    with pytest.raises(LimitError, match="type must be one of image, voice, video, file"):
        await done(Wire().client(mode).media.upload(type="sticker", media=padded(PNG)))


@both
async def test_a_picture_for_good_has_two_megabytes(mode: Mode) -> None:
    wire = Wire(lambda _request: {"url": "https://p.example/1"})
    client = wire.client(mode)
    assert (await done(client.media.uploadimg(media=padded(PNG, 2 * MB)))).url == "https://p.example/1"
    for wrong in (padded(PNG, 2 * MB + 1), padded(GIF), PNG[:5]):
        with pytest.raises(LimitError):
            await done(client.media.uploadimg(media=wrong))


@both
@pytest.mark.parametrize(
    ("filename", "written"),
    [
        ("shop.png", 'filename="shop.png"'),
        ("菜单 1.png", 'filename="菜单 1.png"'),
        ('a"b.png', 'filename="a%22b.png"'),
        ("a\r\nX-Evil: 1.png", 'filename="a%0D%0AX-Evil: 1.png"'),
        ("", 'filename="media.png"'),
    ],
)
async def test_the_name_goes_out_and_cannot_break_out(mode: Mode, filename: str, written: str) -> None:
    wire, content = Wire(), padded(PNG)
    await done(wire.client(mode).media.upload(type="image", media=content, filename=filename))
    request = wire.requests[0]
    boundary = re.fullmatch("multipart/form-data; boundary=(.+)", request.headers["Content-Type"])
    assert boundary
    _, part, end = whole(request.body).split(f"--{boundary[1]}".encode())
    head, _, body = part.partition(b"\r\n\r\n")
    assert f'form-data; name="media"; {written}; filelength={len(content)}' in head.decode()
    assert head.count(b"\r\n") == 2
    assert (body, end) == (content + b"\r\n", b"--\r\n")
