"""`media.download` where a full disk, a limit or permissions stop it, for real: no half file under the final name."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.server import Script
from kit.shelf import MIB, Shelf, content
from unit.api.test_saving import fetch, names, parts
from unit.api.wire import Mode, both
from wxkf.errors import FileError

WHOLE = content(4 * MIB)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 3 MiB, where we may."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@both
async def test_a_full_disk_keeps_what_has_come_and_room_lets_it_go_on(
    mode: Mode, platform: Script, small_disk: Path
) -> None:
    shelf, ballast = Shelf(platform, {"M": WHOLE[: 2 * MIB + 100]}), small_disk / "ballast"
    ballast.write_bytes(bytes(MIB + MIB // 2))
    with pytest.raises(FileError, match="the disk is full; make room; what has come is kept, the same call goes on"):
        await fetch(mode, platform, small_disk / "a")
    assert not (small_disk / "a").exists()
    assert [part.stat().st_size for part in parts(small_disk)] == [MIB]
    ballast.unlink()
    await fetch(mode, platform, small_disk / "a")
    assert (small_disk / "a").read_bytes() == shelf.files["M"]
    assert parts(small_disk) == []


@both
async def test_a_full_disk_leaves_nothing_where_nothing_is_to_be_kept(
    mode: Mode, platform: Script, small_disk: Path
) -> None:
    Shelf(platform, {"M": WHOLE})
    for options in ({"resume": False}, {}):
        if not options:
            (small_disk / "ballast").write_bytes(bytes(3 * MIB - 8192))
        with pytest.raises(FileError, match=r"the disk is full; make room$"):
            await fetch(mode, platform, small_disk, **options)
        assert set(names(small_disk)) <= {"ballast"}


FULL = Path("/dev/full")


@both
@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
async def test_a_full_device_is_told_of_an_open_file_too(mode: Mode, platform: Script) -> None:
    Shelf(platform, {"M": WHOLE})
    file = await asyncio.to_thread(FULL.open, "wb", buffering=0)
    with file, pytest.raises(FileError, match="the disk is full"):
        await fetch(mode, platform, file)


_LIMITED = """
import resource, sys
from wxkf import Client, FileError
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
with Client("ww1", "secret", base_url=sys.argv[1]) as client:
    try:
        client.media.download(media_id="M", to=sys.argv[2])
    except FileError as error:
        print(error)
"""


def test_a_limit_of_the_process_is_told(platform: Script, tmp_path: Path) -> None:
    Shelf(platform, {"M": WHOLE})
    command = [sys.executable, "-c", _LIMITED, platform.url, str(tmp_path / "a")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "`ulimit -f`" in done.stdout
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [MIB]
    assert not (tmp_path / "a").exists()


@both
async def test_a_folder_that_is_not_there_or_cannot_be_written_is_told(
    mode: Mode, platform: Script, tmp_path: Path
) -> None:
    Shelf(platform, {"M": WHOLE})
    (tmp_path / "file").write_bytes(b"")
    for to in (tmp_path / "none" / "a", tmp_path / "file" / "a"):
        with pytest.raises(FileError, match="there is no such folder; create it first"):
            await fetch(mode, platform, to)
    with pytest.raises(FileError, match="cannot save the download to /proc/a"):
        await fetch(mode, platform, Path("/proc/a"))
    assert platform.asked == []
