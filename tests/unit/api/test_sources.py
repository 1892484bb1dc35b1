"""What goes up: bytes, a path, an open file or a pipe; read as it is sent, anew for each try, as it was promised."""

import io
import logging
import os
import random
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from kit.server import Script, says
from unit.api.real import client
from unit.api.wire import Mode, Wire, both, done
from wxkf.api.media import MediaResource, MediaUploaded
from wxkf.api.resource import Async
from wxkf.errors import FileError, LimitError
from wxkf.protocol import files
from wxkf.protocol.source import Held, source_of

CONTENT = bytes(range(256)) * 4096  # 1 MiB
BUSY = says(errcode=-1, errmsg="system busy")


async def upload(mode: Mode, platform: Script, media: Any, *, tries: int = 1, **options: Any) -> MediaUploaded:
    async with client(mode, platform.url, tries=tries) as one:
        uploaded: MediaUploaded = await done(one.media.upload(**{"type": "file", "media": media, **options}))
        return uploaded


def received(platform: Script) -> list[tuple[str, bytes]]:
    """The names and contents that arrived."""
    found = list[tuple[str, bytes]]()
    for asked in platform.asked_for("media/upload"):
        boundary = asked.headers["Content-Type"].partition("boundary=")[2].encode()
        head, _, rest = asked.body.partition(b"\r\n\r\n")
        content, _, tail = rest.partition(b"\r\n--" + boundary)
        assert (head.startswith(b"--" + boundary), tail) == (True, b"--\r\n")
        assert b"filelength=%d\r\n" % len(content) in head
        assert asked.headers["Content-Length"] == str(len(asked.body))
        found.append((head.decode().partition('filename="')[2].partition('"')[0], content))
    return found


def _pipe(content: bytes) -> Any:
    reading, writing = os.pipe()

    def fill() -> None:
        with os.fdopen(writing, "wb") as file:
            file.write(content)

    threading.Thread(target=fill, daemon=True).start()
    return os.fdopen(reading, "rb")


def _from_here_on(path: Path) -> BinaryIO:
    file = path.open("rb")
    file.seek(100)
    return file


SOURCES: dict[str, tuple[Callable[[Path], Any], str, int]] = {
    "bytes": (Path.read_bytes, "media.bin", 0),
    "bytearray": (lambda path: bytearray(path.read_bytes()), "media.bin", 0),
    "path": (lambda path: path, "图.bin", 0),
    "file": (lambda path: path.open("rb"), "图.bin", 0),
    "from here on": (_from_here_on, "图.bin", 100),
    "memory": (lambda path: io.BytesIO(path.read_bytes()), "media.bin", 0),
    "pipe": (lambda path: _pipe(path.read_bytes()), "media.bin", 0),
}


@both
@pytest.mark.parametrize(("make", "name", "start"), SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize("size", [120, len(CONTENT)])
async def test_it_arrives_as_it_is_and_again_after_a_try_that_failed(
    mode: Mode, platform: Script, tmp_path: Path, make: Callable[[Path], Any], name: str, start: int, size: int
) -> None:
    (tmp_path / "图.bin").write_bytes(CONTENT[:size])
    platform.tell("media/upload", BUSY, says(type="file", media_id="M", created_at="1380000000"))
    media = make(tmp_path / "图.bin")
    with media if hasattr(media, "close") else nullcontext():
        uploaded = await upload(mode, platform, media, tries=2)
    assert received(platform) == [(name, CONTENT[start:size])] * 2
    assert (uploaded.media_id, uploaded.expires_at) == ("M", 1380000000 + 3 * 86_400)


@both
async def test_it_tells_how_far_it_is_for_each_try(mode: Mode, platform: Script, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    platform.tell("media/upload", BUSY)
    told = list[tuple[int, int]]()
    await upload(mode, platform, tmp_path / "a", tries=2, progress=lambda *far: told.append(far))
    once = told[: len(told) // 2]
    assert told == once * 2
    assert once == sorted(once)
    assert len(once) == 4
    assert once[-1] == (len(CONTENT), len(CONTENT))


@both
async def test_an_onlooker_that_raises_changes_nothing(
    mode: Mode, platform: Script, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "wxkf.client"):
        await upload(mode, platform, CONTENT, progress=lambda *_: 1 / 0)
    assert received(platform) == [("media.bin", CONTENT)]
    assert len(caplog.records) == 1


@both
@pytest.mark.parametrize("change", ["longer", "shorter", "touched"])
async def test_a_file_that_changes_while_it_is_sent_is_an_error_and_not_a_spoilt_upload(
    mode: Mode, platform: Script, tmp_path: Path, change: str
) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(CONTENT)

    def meddle(sent: int, total: int) -> None:
        if change == "touched":
            os.utime(path, ns=(1, 1))
        else:
            os.truncate(path, total + 1 if change == "longer" else sent)

    with pytest.raises(FileError, match=r"a\.log changed while it was uploaded"):
        await upload(mode, platform, path, tries=3, progress=meddle)
    assert received(platform) == []


@both
async def test_a_file_that_is_gone_when_it_is_to_be_sent_is_an_error(
    mode: Mode, platform: Script, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    call = MediaResource[Async].upload(None, type="file", media=tmp_path / "a")
    (tmp_path / "a").unlink()
    async with client(mode, platform.url) as one:
        with pytest.raises(FileError, match="cannot read a to upload it: No such file"):
            await done(one.run(call))


@both
async def test_an_open_file_that_gives_less_than_it_has_is_an_error(mode: Mode, platform: Script) -> None:
    class Short(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(size) if self.tell() < 1 << 18 else b""

    with pytest.raises(FileError, match="the file changed while it was uploaded"):
        await upload(mode, platform, Short(CONTENT))
    assert received(platform) == []


@both
async def test_what_cannot_be_read_says_why(mode: Mode, platform: Script, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("123456")
    closed = (tmp_path / "text").open("rb")
    closed.close()
    with (tmp_path / "text").open() as text, pytest.raises(FileError, match="mode 'rb'"):
        await upload(mode, platform, text)
    for media, said in (
        (tmp_path / "none", "cannot read none to upload it: No such file"),
        (tmp_path, "it is no file"),
        (Path(), "cannot upload '.': it is no file"),
        (closed, "closed file"),
    ):
        with pytest.raises(FileError, match=said):
            await upload(mode, platform, media)
    with pytest.raises(TypeError, match=r"a pathlib.Path or a file opened with 'rb', not str"):
        await upload(mode, platform, "a.txt")
    assert platform.asked == []


@both
async def test_kind_and_size_are_looked_at_before_anything_is_sent(
    mode: Mode, platform: Script, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(CONTENT)
    with pytest.raises(LimitError, match="must be a JPG or PNG, this one begins with 00 01 02"):
        await upload(mode, platform, path, type="image")
    os.truncate(path, (20 << 20) + 1)
    with pytest.raises(LimitError, match="at most 20971520 bytes, this one has 20971521"):
        await upload(mode, platform, path)
    with _pipe(bytes((2 << 20) + 1)) as pipe, pytest.raises(FileError, match="more than the 2097152 bytes"):
        await upload(mode, platform, pipe, type="voice")
    assert platform.asked_for("media/upload") == []


@both
async def test_a_boundary_is_drawn_from_the_clients_luck(mode: Mode, platform: Script) -> None:
    for _ in range(2):
        async with client(mode, platform.url, rng=random.Random(7)) as one:
            await done(one.media.upload(type="file", media=b"123456"))
    first, second = (asked.headers["Content-Type"] for asked in platform.asked_for("media/upload"))
    assert first == second


def test_a_source_is_read_piece_by_piece(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    for media in (CONTENT, tmp_path / "a", io.BytesIO(CONTENT)):
        source = source_of(media, 1)
        assert (source.size, {len(piece) for piece in source.chunks()}) == (len(CONTENT), {1 << 18})
        assert b"".join(source.chunks()) == CONTENT


@pytest.mark.parametrize(("frames", "sent"), [(3000, True), (3001, False)])
@pytest.mark.parametrize("head", [b"#!AMR\n", b"#!AMR-WB\n"], ids=["narrow", "wide"])
def test_a_recording_lasts_60_seconds_at_most(head: bytes, frames: int, sent: bool) -> None:
    size = 12 if head == b"#!AMR\n" else 17
    recording = head + (b"\x04" + b"\x00" * size) * frames
    fault = files.fault("voice", Held(recording))
    assert fault == (None if sent else "must last at most 60 seconds, this one lasts 60.02")


@pytest.mark.parametrize(("media", "seconds"), [(CONTENT[:1024], 5.009), (CONTENT * 8, 69.002)])
@both
async def test_a_large_file_has_the_time_it_needs_on_a_slow_line(mode: Mode, media: bytes, seconds: float) -> None:
    wire = Wire()
    await done(wire.client(mode, timeout=5).media.upload(type="file", media=media))
    assert wire.requests[0].timeout == pytest.approx(seconds, abs=0.002)
