"""`media.download` and `media.stream`: a file comes in pieces, is never there by halves, and goes on after a fall."""

import asyncio
import io
import logging
import os
import threading
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.server import NOTHING, Said, Script, says
from kit.shelf import MIB, Shelf, content
from unit.api.real import client
from unit.api.wire import Mode, both, done, listed
from wxkf.api.media import Saved
from wxkf.errors import FileError, MediaError, TransportError
from wxkf.protocol import download
from wxkf.protocol.download import ALIGNED, Beyond, Download, new_bytes, piece_of, resumed

WHOLE = content(2 * MIB + 1000)
PIECES = ["bytes=0-1048575", "bytes=1048576-2097151", "bytes=2097152-3145727"]
GONE = Said(status=502)  # a cut connection would do, but aiohttp asks again by itself on one that was kept


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def parts(folder: Path) -> list[Path]:
    return list(folder.glob(".wxkf-*.part"))


async def fetch(mode: Mode, platform: Script, to: Any, *, tries: int = 1, **options: Any) -> Saved:
    async with client(mode, platform.url, tries=tries) as one:
        saved: Saved = await done(one.media.download(media_id="M", to=to, **options))
        return saved


# Where it goes


@both
async def test_a_file_comes_in_pieces_and_under_the_name_asked_for(
    mode: Mode, platform: Script, tmp_path: Path
) -> None:
    shelf, told = Shelf(platform, {"M": WHOLE}), list[tuple[int, int]]()
    saved = await fetch(mode, platform, tmp_path / "mine", progress=lambda *far: told.append(far))
    assert saved == Saved(tmp_path / "mine", "a.pdf", "application/pdf", len(WHOLE))
    assert (tmp_path / "mine").read_bytes() == WHOLE
    assert names(tmp_path) == ["mine"]
    assert shelf.asked == PIECES
    assert told == [(MIB, len(WHOLE)), (2 * MIB, len(WHOLE)), (len(WHOLE), len(WHOLE))]


@both
async def test_in_a_folder_it_has_the_senders_name_and_takes_it_from_nobody(
    mode: Mode, platform: Script, tmp_path: Path
) -> None:
    Shelf(platform, {"M": b"one more"}, name="a.tar.gz")
    (tmp_path / "a.tar.gz").write_bytes(b"mine")
    paths = [(await fetch(mode, platform, str(tmp_path))).path for _ in range(2)]
    assert paths == [tmp_path / "a.tar (2).gz", tmp_path / "a.tar (3).gz"]
    assert (tmp_path / "a.tar.gz").read_bytes() == b"mine"
    assert (await fetch(mode, platform, tmp_path, overwrite=True)).path == tmp_path / "a.tar.gz"
    assert (tmp_path / "a.tar.gz").read_bytes() == b"one more"


@both
async def test_a_name_that_is_taken_is_refused_before_anything_is_asked(
    mode: Mode, platform: Script, tmp_path: Path
) -> None:
    Shelf(platform, {"M": b"123456"})
    taken = tmp_path / "taken"
    taken.write_bytes(b"mine")
    with pytest.raises(FileError, match="overwrite=True"):
        await fetch(mode, platform, taken)
    assert (platform.asked, taken.read_bytes()) == ([], b"mine")
    assert (await fetch(mode, platform, taken, overwrite=True)).path == taken
    assert taken.read_bytes() == b"123456"


@both
async def test_what_is_no_plain_file_is_never_replaced(mode: Mode, platform: Script, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="no plain file"):
        await fetch(mode, platform, tmp_path / "pipe", overwrite=True)
    assert platform.asked == []


@both
async def test_a_name_taken_while_it_came_is_left_to_its_owner(mode: Mode, platform: Script, tmp_path: Path) -> None:
    Shelf(platform, {"M": b"123456"})
    to = tmp_path / "a"
    with pytest.raises(FileError, match="exists"):
        await fetch(mode, platform, to, progress=lambda *_: to.write_bytes(b"mine") and None)
    assert to.read_bytes() == b"mine"


@both
async def test_an_open_file_gets_the_bytes(mode: Mode, platform: Script) -> None:
    Shelf(platform, {"M": WHOLE})
    file = io.BytesIO()
    saved = await fetch(mode, platform, file)
    assert (saved.path, saved.filename, file.getvalue()) == (None, "a.pdf", WHOLE)


@both
async def test_what_is_neither_path_nor_file_is_told(mode: Mode, platform: Script) -> None:
    Shelf(platform, {"M": b"123456"})
    with pytest.raises(TypeError, match="a path, a folder or a file"):
        await fetch(mode, platform, 7)
    with pytest.raises(FileError, match="cannot save the download to the file"):
        await fetch(mode, platform, io.StringIO())


# When it breaks off


@both
async def test_what_broke_off_goes_on(mode: Mode, platform: Script, tmp_path: Path) -> None:
    shelf, to = Shelf(platform, {"M": WHOLE}), tmp_path / "a"
    platform.tell("media/get", shelf._get(_asking(0)), shelf._get(_asking(MIB)), GONE)
    with pytest.raises(TransportError):
        await fetch(mode, platform, to)
    assert not to.exists()
    assert [part.stat().st_size for part in parts(tmp_path)] == [2 * MIB]
    told = list[int]()
    await fetch(mode, platform, to, progress=lambda done, _: told.append(done))
    assert shelf.asked[3:] == PIECES[1:]  # the last piece on the disk may not have got there whole
    assert (to.read_bytes(), told, parts(tmp_path)) == (WHOLE, [2 * MIB, len(WHOLE)], [])


@both
async def test_a_piece_is_tried_again_by_itself(mode: Mode, platform: Script, tmp_path: Path) -> None:
    shelf = Shelf(platform, {"M": WHOLE})
    platform.tell("media/get", shelf._get(_asking(0)), GONE, says(errcode=45033, errmsg="busy"))
    await fetch(mode, platform, tmp_path / "a", tries=3)
    assert (tmp_path / "a").read_bytes() == WHOLE
    assert shelf.asked == [PIECES[0], *[PIECES[1]] * 3, PIECES[2]]


@both
@pytest.mark.parametrize("size", [0, 5, MIB, MIB + 1, 2 * MIB, 2 * MIB + 17, len(WHOLE)])
async def test_a_crash_at_any_byte_leaves_what_can_be_gone_on_with(
    mode: Mode, platform: Script, tmp_path: Path, size: int
) -> None:
    """What was written last need not have reached the disk: a file may have grown and hold nothing there."""
    Shelf(platform, {"M": WHOLE})
    part = await _part(mode, platform, tmp_path)
    sure = resumed(size)
    part.write_bytes(WHOLE[:sure] + bytes(size - sure))
    await fetch(mode, platform, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE
    assert parts(tmp_path) == []


@both
@pytest.mark.parametrize("beyond", [Said(status=416), says(errcode=40146, errmsg="bad range")], ids=["416", "40146"])
@pytest.mark.parametrize("ranges", [True, False])
async def test_a_part_that_is_longer_than_the_file_is_none_of_it(
    mode: Mode, platform: Script, tmp_path: Path, beyond: Said, ranges: bool
) -> None:
    shelf = Shelf(platform, {"M": WHOLE})
    (await _part(mode, platform, tmp_path)).write_bytes(bytes(9 * MIB))
    shelf.beyond, shelf.ranges = beyond, ranges
    await fetch(mode, platform, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE


@both
async def test_a_part_that_has_its_name_already_is_let_go(mode: Mode, platform: Script, tmp_path: Path) -> None:
    """As after a crash between the two names: to write on would be to write into a file that is somebody's."""
    Shelf(platform, {"M": b"123456"})
    part = await _part(mode, platform, tmp_path)
    part.write_bytes(b"whole and mine")
    (tmp_path / "old").hardlink_to(part)
    await fetch(mode, platform, tmp_path / "a")
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "old").read_bytes()) == (b"123456", b"whole and mine")
    assert parts(tmp_path) == []


@both
async def test_without_resume_nothing_stays_behind(mode: Mode, platform: Script, tmp_path: Path) -> None:
    shelf = Shelf(platform, {"M": WHOLE})
    platform.tell("media/get", shelf._get(_asking(0)), GONE)
    with pytest.raises(TransportError):
        await fetch(mode, platform, tmp_path / "a", resume=False)
    assert names(tmp_path) == []


@both
async def test_a_file_that_is_dead_leaves_no_part(mode: Mode, platform: Script, tmp_path: Path) -> None:
    shelf = Shelf(platform, {"M": WHOLE})
    await _part(mode, platform, tmp_path)
    shelf.files.clear()
    with pytest.raises(MediaError, match="40007"):
        await fetch(mode, platform, tmp_path / "a")
    assert names(tmp_path) == []


@both
async def test_a_file_that_changes_meanwhile_is_nobodys_file(mode: Mode, platform: Script, tmp_path: Path) -> None:
    shelf = Shelf(platform, {"M": WHOLE})
    platform.tell("media/get", shelf._get(_asking(0)))
    shelf.files["M"] = WHOLE + b"!"
    with pytest.raises(FileError, match="now has 2098153"):
        await fetch(mode, platform, tmp_path / "a")
    assert names(tmp_path) == []


@both
@pytest.mark.parametrize("span", ["", "bytes 0-5/*", "bytes 0-9/20", "bytes 0-5/5", "bytes 16-21/30"])
async def test_a_piece_that_does_not_say_where_it_belongs_is_not_taken_for_all(
    mode: Mode, platform: Script, tmp_path: Path, span: str
) -> None:
    platform.tell("media/get", Said(b"123456", 206, {"Content-disposition": "attachment", "Content-Range": span}))
    with pytest.raises(TransportError, match="media/get"):
        await fetch(mode, platform, tmp_path / "a")
    assert names(tmp_path) == []


@both
@pytest.mark.parametrize("ranges", [True, False])
async def test_a_file_that_is_too_large_is_refused_before_it_fills_the_disk(
    mode: Mode, platform: Script, tmp_path: Path, ranges: bool
) -> None:
    shelf = Shelf(platform, {"M": WHOLE}, ranges=ranges)
    with pytest.raises(FileError, match="2098152 bytes, more than `most`, 2098151"):
        await fetch(mode, platform, tmp_path / "a", most=len(WHOLE) - 1)
    assert (len(shelf.asked), names(tmp_path)) == (1, [])
    await fetch(mode, platform, tmp_path / "a", most=len(WHOLE))
    assert (tmp_path / "a").read_bytes() == WHOLE


@both
async def test_two_at_once_do_not_write_into_one_another(mode: Mode, platform: Script, tmp_path: Path) -> None:
    Shelf(platform, {"M": WHOLE})
    caught = list[str]()

    def meanwhile() -> None:
        with pytest.raises(FileError) as second:
            asyncio.run(fetch("sync", platform, tmp_path / "b"))
        caught.append(str(second.value))

    def progress(done: int, _: int) -> None:
        if done == MIB:
            thread = threading.Thread(target=meanwhile)
            thread.start()
            thread.join()

    await fetch(mode, platform, tmp_path / "a", progress=progress)
    assert (tmp_path / "a").read_bytes() == WHOLE
    assert "somebody else is downloading this file" in caught[0]


@both
async def test_an_onlooker_that_raises_changes_nothing(
    mode: Mode, platform: Script, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Shelf(platform, {"M": WHOLE})
    with caplog.at_level(logging.WARNING, "wxkf.client"):
        await fetch(mode, platform, tmp_path / "a", progress=lambda *_: 1 / 0)
    assert (tmp_path / "a").read_bytes() == WHOLE
    assert [record.getMessage() for record in caplog.records] == ["progress raised; the transfer goes on without it"]


async def test_a_task_that_is_cancelled_gives_its_files_back(platform: Script, tmp_path: Path) -> None:
    shelf = Shelf(platform, {"M": WHOLE})
    platform.tell("media/get", shelf._get(_asking(0)), NOTHING)
    started = asyncio.Event()
    task = asyncio.ensure_future(fetch("async", platform, tmp_path / "a", progress=lambda *_: started.set()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [part.stat().st_size for part in parts(tmp_path)] == [MIB]
    await fetch("async", platform, tmp_path / "a")  # nobody holds the lock any more
    assert (tmp_path / "a").read_bytes() == WHOLE


# Streams


@both
@pytest.mark.parametrize("start", [0, 1, 16, MIB - 1, MIB, len(WHOLE) - 1])
@pytest.mark.parametrize("ranges", [True, False])
async def test_a_stream_gives_all_from_any_byte_on(mode: Mode, platform: Script, start: int, ranges: bool) -> None:
    Shelf(platform, {"M": WHOLE}, ranges=ranges)
    async with client(mode, platform.url) as one:
        assert b"".join(await listed(one.media.stream(media_id="M", start=start))) == WHOLE[start:]


@both
async def test_a_stream_says_where_it_cannot_begin_and_what_is_too_large(mode: Mode, platform: Script) -> None:
    Shelf(platform, {"M": b"123456"})
    async with client(mode, platform.url) as one:
        with pytest.raises(FileError, match="ends before"):
            await listed(one.media.stream(media_id="M", start=16))
        with pytest.raises(FileError, match="there is no byte 6"):
            await listed(one.media.stream(media_id="M", start=6))
        with pytest.raises(FileError, match="most"):
            await listed(one.media.stream(media_id="M", most=5))


# The arithmetic


@given(total=st.integers(1, 400), start=st.integers(0, 420), short=st.integers(1, 400))
@example(total=64, start=64, short=400)
@example(total=100, start=0, short=16)
def test_pieces_cover_every_byte_once(total: int, start: int, short: int) -> None:
    """However little a server gives of what it was asked for: aligned, within one piece, never beyond the end."""
    whole, at, got = content(total), start, b""
    with patch.object(download, "PIECE", 64):
        while at < total:
            first, last = map(int, piece_of("M", at).headers["Range"].removeprefix("bytes=").split("-"))
            assert first % ALIGNED == 0 == (last + 1) % ALIGNED
            assert first // 64 == last // 64
            assert first <= at
            given = whole[first : last + 1][: max(short, at - first + 1)]
            content_ = new_bytes(Download(given, "", "", first, total), at, total, 1000)
            got, at = got + content_, at + len(content_)
    assert got == whole[start:]
    with pytest.raises(Beyond):
        new_bytes(Download(whole, "", "", 0, total), max(total, start), None, 1000)


@given(st.integers(0, 1000))
def test_to_go_on_is_to_ask_for_a_byte_that_is_there(size: int) -> None:
    with patch.object(download, "PIECE", 64):
        at = resumed(size)
    assert at % 64 == 0
    assert at < size or at == size == 0
    assert size - at <= 64


def _asking(at: int) -> Any:
    return type("Asking", (), {"query": {"media_id": "M"}, "headers": dict(piece_of("M", at).headers)})()


async def _part(mode: Mode, platform: Script, folder: Path) -> Path:
    """Break off after the first piece, and give the part that is left."""
    platform.tell(
        "media/get",
        Said(
            WHOLE[:MIB], 206, {"Content-Range": f"bytes 0-{MIB - 1}/{len(WHOLE)}", "Content-disposition": "attachment"}
        ),
        GONE,
    )
    with pytest.raises(TransportError):
        await fetch(mode, platform, folder / "a")
    (part,) = parts(folder)
    return part
