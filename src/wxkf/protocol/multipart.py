"""A file as a multipart body that is read as it is sent.

The boundary is random, so the file need not be read beforehand to find one that does not occur in it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from wxkf.protocol.call import File
from wxkf.protocol.progress import Onlooker

_UNSAFE = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@dataclass(frozen=True, slots=True)
class Multipart:
    """A `Body` of one part."""

    file: File
    head: bytes = field(repr=False)
    tail: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """Give the number of bytes, those around the file included."""
        return len(self.head) + self.file.source.size + len(self.tail)

    def chunks(self) -> Iterator[bytes]:
        """Begin anew and give all bytes in order; progress counts a piece when the next is asked for."""
        told, done = Onlooker(self.file.progress), 0
        yield self.head
        for piece in self.file.source.chunks():
            yield piece
            done += len(piece)
            told(done, self.file.source.size)
        yield self.tail


def encode(file: File, rng: random.Random) -> tuple[str, Multipart]:
    """Give content type and body."""
    boundary = f"wxkf-{rng.getrandbits(128):032x}"
    name = file.name.translate(_UNSAFE)
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="media"; filename="{name}"; filelength={file.source.size}\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n"
    )
    body = Multipart(file, head.encode("utf-8", "replace"), f"\r\n--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", body
