"""What a file to upload is made of: bytes, a path, or an open file, each read anew for every try.

Nothing is read before it is needed, and never more than a piece at a time, so a file of any size costs no memory. What
was promised (the size goes out first) must hold: a source that gives more or less, or was written to meanwhile, is an
error and not a spoilt upload. Only a stream that cannot be read twice, a pipe, is taken into memory.
"""

import os
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from wxkf.errors import FileError

Media = bytes | os.PathLike[str] | BinaryIO
"""What can be uploaded. An open file is taken from where it stands to its end."""

Chunks = Generator[bytes, None, None]
_PIECE = 1 << 18


class Source(Protocol):
    """Bytes that can be read any number of times. `name` is that of the file, where it has one."""

    @property
    def name(self) -> str:
        """Give the name without folders, or nothing."""
        ...

    @property
    def size(self) -> int:
        """Give the number of bytes."""
        ...

    def chunks(self) -> Chunks:
        """Begin anew and give all bytes in order. Raises `FileError`."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes in memory."""

    content: bytes = field(repr=False)
    name: str = ""

    @property
    def size(self) -> int:
        """Give the number of bytes."""
        return len(self.content)

    def chunks(self) -> Chunks:
        """Give the bytes in slices."""
        return (self.content[at : at + _PIECE] for at in range(0, self.size, _PIECE))


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file by its path; opened for each reading. `changed` is the moment of its last change in nanoseconds."""

    path: Path
    size: int
    changed: int

    @classmethod
    def at(cls, path: Path) -> "OnDisk":
        """Look at the file. Raises `FileError` where there is none."""
        try:
            found = path.stat()
        except OSError as error:
            raise _unreadable(path.name, error) from None
        if not path.is_file():
            shown = path.name or str(path)  # "." has no name
            raise FileError(f"cannot upload {shown!r}: it is no file; give the path of one, or its content as bytes")
        return cls(path, found.st_size, found.st_mtime_ns)

    @property
    def name(self) -> str:
        """Give the name without folders."""
        return self.path.name

    def chunks(self) -> Chunks:
        """Open the file and read it. Raises `FileError` when it is not what it was."""
        try:
            with self.path.open("rb", buffering=0) as file:
                self._check(file.fileno())
                yield from _exactly(file, self.size, self.name)
                self._check(file.fileno())
        except OSError as error:
            raise _unreadable(self.name, error) from None

    def _check(self, descriptor: int) -> None:
        found = os.fstat(descriptor)
        if (found.st_size, found.st_mtime_ns) != (self.size, self.changed):
            raise _changed(self.name)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file of the caller's that can be wound back to `start`; left open. Not for two calls at once."""

    file: BinaryIO = field(repr=False)
    name: str
    start: int
    size: int

    def chunks(self) -> Chunks:
        """Wind back and read. Raises `FileError` when it is not what it was, or closed."""
        try:
            self.file.seek(self.start)
            yield from _exactly(self.file, self.size, self.name or "the file")
        except (OSError, ValueError) as error:
            raise _unreadable(self.name or "the file", error) from None


def source_of(media: Media, most: int) -> Source:
    """Make a source of what the caller gave. A stream that cannot be wound back is read, up to `most` bytes and one."""
    if isinstance(media, bytes | bytearray | memoryview):
        return Held(bytes(media))
    if isinstance(media, os.PathLike):
        return OnDisk.at(Path(media))
    if not hasattr(media, "read"):
        raise TypeError(f"media must be bytes, a pathlib.Path or a file opened with 'rb', not {type(media).__name__}")
    given = getattr(media, "name", "")
    name = Path(given).name if isinstance(given, str) else ""
    try:
        if media.seekable():
            start = media.tell()
            return Opened(media, name, start, max(0, media.seek(0, os.SEEK_END) - start))
        return Held(_all(media, most), name)
    except (OSError, ValueError) as error:
        raise _unreadable(name or "the file", error) from None


def head(source: Source) -> bytes:
    """Give the first bytes, enough to tell a kind by."""
    with closing(source.chunks()) as chunks:
        return next(chunks, b"")[:16]


def _exactly(file: BinaryIO, size: int, name: str) -> Chunks:
    """Read to the end, which must be where it was promised to be; never hand out a byte more."""
    left = size
    while piece := _bytes(file.read(_PIECE), name):
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise _changed(name)


def _all(file: BinaryIO, most: int) -> bytes:
    parts, left = list[bytes](), most + 1
    while left > 0 and (part := _bytes(file.read(left), "the stream")):
        parts.append(part)
        left -= len(part)
    if left <= 0:
        raise FileError(f"the stream gives more than the {most} bytes that may be uploaded; send a smaller file")
    return b"".join(parts)


def _bytes(piece: bytes | str, name: str) -> bytes:
    if isinstance(piece, str):
        raise FileError(f"{name} was opened as text; open it with mode 'rb'")
    return piece


def _changed(name: str) -> FileError:
    return FileError(f"{name} changed while it was uploaded; upload a copy that nobody writes to")


def _unreadable(name: str, error: Exception) -> FileError:
    why = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return FileError(f"cannot read {name} to upload it: {why}; check the path and its permissions")
