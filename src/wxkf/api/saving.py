"""Where a download goes: a file of its own that gets its name when it is whole, or an open file of the caller's.

What has come lies in `.wxkf-<digest of the media_id>.part` beside the final place, since the name is known only from
the first answer. A piece is on the disk (fsync) before the next is asked for. The part is locked while somebody writes
to it; it is given its final name in one step, by a hard link, which unlike a rename never takes a name from anybody.
"""

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO, Protocol

from wxkf.errors import FileError
from wxkf.oslock import lock
from wxkf.protocol.download import resumed

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_REMEDIES = {
    errno.ENOSPC: "the disk is full; make room",
    errno.EDQUOT: "your share of the disk is used up; make room",
    errno.EFBIG: "the file is larger than the file system, or `ulimit -f`, allows",
    errno.EACCES: "no permission; check who may write there",
    errno.EPERM: "no permission; check who may write there",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.ENOENT: "there is no such folder; create it first",
    errno.ENOTDIR: "there is no such folder; create it first",
}


class Sink(Protocol):
    """What a download is written to. All may raise `FileError`."""

    def begin(self) -> int:
        """Open it, and tell from which byte to go on."""
        ...

    def write(self, content: bytes) -> None:
        """Put this behind what is there."""
        ...

    def restart(self) -> None:
        """Throw away what is there."""
        ...

    def finish(self, filename: str) -> Path | None:
        """Give the whole its name."""
        ...

    def abandon(self, *, hopeless: bool) -> None:
        """Close after a failure; keep what has come unless it is of no use."""
        ...


def sink_of(to: str | os.PathLike[str] | BinaryIO, media_id: str, *, resume: bool, overwrite: bool) -> Sink:
    """Make the place a caller named."""
    if isinstance(to, str | os.PathLike):
        return PartFile(Path(to), media_id, resume=resume, overwrite=overwrite)
    if hasattr(to, "write"):
        return Lent(to)
    raise TypeError(f"`to` must be a path, a folder or a file opened with 'wb', not {type(to).__name__}")


class Lent:
    """An open file of the caller's: written from where it stands, left open, and half full after a failure."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def begin(self) -> int:
        """Begin at the first byte."""
        return 0

    def write(self, content: bytes) -> None:
        """Put this behind what is there."""
        left = memoryview(content)
        try:
            while left:
                left = left[self._file.write(left) or 0 :]
        except (OSError, ValueError, TypeError) as error:
            raise _unwritable("the file", error) from None

    def restart(self) -> None:
        """Do nothing: nothing is there."""

    def finish(self, filename: str) -> None:
        """Leave it to its owner."""

    def abandon(self, *, hopeless: bool) -> None:
        """Leave it to its owner."""


class PartFile:
    """A file on the way to `to`, a file's path or an existing folder."""

    def __init__(self, to: Path, media_id: str, *, resume: bool, overwrite: bool) -> None:
        self._to, self._resume, self._overwrite = to, resume, overwrite
        self._part_name = f".wxkf-{hashlib.sha256(media_id.encode()).hexdigest()[:32]}.part"
        self._part = to / self._part_name
        self._descriptor, self._good = -1, 0

    def begin(self) -> int:
        """Open and lock the part, and tell from which byte to go on. Raises `FileError` where the name is taken."""
        try:
            if not self._to.is_dir():
                self._check_name()
                self._part = self._to.parent / self._part_name
            self._descriptor = _opened(self._part)
            self._good = resumed(os.fstat(self._descriptor).st_size) if self._resume else 0
            self._cut()
        except OSError as error:
            raise _unwritable(str(self._to), error) from None
        return self._good

    def _check_name(self) -> None:
        if not os.path.lexists(self._to):
            return
        if not self._overwrite:
            raise _taken(self._to)
        if not stat.S_ISREG(self._to.lstat().st_mode):
            raise FileError(f"{self._to} is no plain file and is not replaced; open it yourself and pass the open file")

    def write(self, content: bytes) -> None:
        """Put this behind what is there and wait until the disk has it."""
        left = memoryview(content)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
            os.fsync(self._descriptor)
        except OSError as error:
            kept = "; what has come is kept, the same call goes on from there" if self._resume and self._good else ""
            raise _unwritable(str(self._part.parent), error, kept) from None
        self._good += len(content)

    def restart(self) -> None:
        """Throw away what is there."""
        self._good = 0
        self._cut()

    def _cut(self) -> None:
        os.ftruncate(self._descriptor, self._good)
        os.lseek(self._descriptor, self._good, os.SEEK_SET)

    def finish(self, filename: str) -> Path:
        """Give the whole its name: the caller's, or in a folder the sender's, with a number where that is taken."""
        try:
            if sys.platform == "win32":  # where an open file cannot be renamed
                self._close()
            path = self._named(filename)
            _sync_folder(path.parent)
        except OSError as error:
            raise _unwritable(str(self._part.parent), error) from None
        self._close()
        return path

    def _named(self, filename: str) -> Path:
        inside = self._part.parent == self._to
        for path in _names(self._to / filename) if inside else (self._to,):
            with suppress(FileExistsError):
                _publish(self._part, path, overwrite=self._overwrite)
                return path
        raise _taken(self._to)

    def abandon(self, *, hopeless: bool) -> None:
        """Cut off what is not certain to be whole, and close; with nothing left, or nothing to hope for, remove it."""
        if self._descriptor < 0:
            return
        with suppress(OSError):
            if hopeless or not self._resume or not self._good:
                self._part.unlink()
            else:
                self._cut()
        self._close()

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _opened(part: Path) -> int:
    """Open and lock a part that nobody else writes to."""
    while True:
        descriptor = os.open(part, _FLAGS, 0o666)
        try:
            lock(descriptor)
            if _is_part(descriptor, part):
                return descriptor
        except (BlockingIOError, PermissionError):
            os.close(descriptor)
            raise FileError(
                f"somebody else is downloading this file into {part.parent}; wait for them, or choose another folder"
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_part(descriptor: int, part: Path) -> bool:
    """Whether the file is still a part and nothing else: not finished since, nor half way to its name at a crash."""
    found = os.fstat(descriptor)
    try:
        same = os.path.samestat(found, part.stat())
    except FileNotFoundError:
        return False
    if same and found.st_nlink > 1:
        part.unlink()
        return False
    return same


def _names(wanted: Path) -> Iterator[Path]:
    yield wanted
    for number in count(2):
        yield wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")


def _publish(part: Path, path: Path, *, overwrite: bool) -> None:
    """Give a part its name. Raises `FileExistsError` when the name is taken."""
    if overwrite:
        part.replace(path)
        return
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: between looking and renaming somebody may take the name
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        part.rename(path)
    else:
        part.unlink()


def _sync_folder(folder: Path) -> None:
    """Make sure that the new name outlives a loss of power."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _taken(path: Path) -> FileError:
    return FileError(f"{path} exists and is not overwritten; choose another name, or pass overwrite=True")


def _unwritable(where: str, error: Exception, kept: str = "") -> FileError:
    why = _REMEDIES.get(error.errno or 0, error.strerror) if isinstance(error, OSError) else None
    return FileError(f"cannot save the download to {where}: {why or error}{kept}")
