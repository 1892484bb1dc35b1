"""Bodies that are read as they are sent: whole, announced by their size, in little memory, and what goes wrong."""

import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from failures.scenes import FINE, POST, SAID, WITHIN, Mode, both, check, send
from kit.toxic import Line, serving
from wxkf.errors import TransportError
from wxkf.protocol.body import Body, whole
from wxkf.protocol.call import Request

MB = 1 << 20


@dataclass
class Pieces:
    """A body made of the same piece over and over; it may lie about its size, and notes which threads read it."""

    piece: bytes
    times: int
    lie: int = 0
    readers: set[int] = field(default_factory=set)

    @property
    def size(self) -> int:
        """Announce a size."""
        return len(self.piece) * self.times + self.lie

    def chunks(self) -> Iterator[bytes]:
        """Give the pieces."""
        for _ in range(self.times):
            self.readers.add(threading.get_ident())
            yield self.piece


class FromFile:
    """A body that is a file."""

    def __init__(self, path: Path, size: int) -> None:
        self._path, self.size = path, size

    def chunks(self) -> Iterator[bytes]:
        """Read it."""
        with self._path.open("rb") as file:
            while piece := file.read(MB):
                yield piece


def upload(body: bytes | Body, timeout: float | None = None) -> Request:
    """Make the request."""
    return Request("POST", "media/upload", POST.query, body, {"Content-Type": "x/y"}, timeout)


def keeping(heard: list[bytes]) -> Callable[[Line], None]:
    """Answer every request and keep it."""

    def play(line: Line) -> None:
        while said := line.request():
            heard.append(said)
            line.say(FINE)

    return play


BODIES: list[bytes | Pieces] = [
    b"", b"small", b"y" * 3 * MB, Pieces(b"", 0), Pieces(b"x" * 1000, 1), Pieces(b"x" * MB, 3), Pieces(b"xy", 3)
]  # fmt: skip


@both
@pytest.mark.parametrize("body", BODIES, ids=["none", "small", "large", "no piece", "one", "large ones", "several"])
def test_a_body_arrives_whole_with_its_length_each_time(mode: Mode, body: bytes | Pieces) -> None:
    heard = list[bytes]()
    with serving(keeping(heard)) as toxic:
        answers = send(mode, toxic.url, upload(body), upload(body))
    assert [one.body for one in answers] == [SAID, SAID]
    assert toxic.came == 1
    for head, _, got in (one.partition(b"\r\n\r\n") for one in heard):
        assert b"content-length: %d\r\n" % len(got) in head.lower() + b"\r\n"
        assert b"transfer-encoding" not in head.lower()
        assert got == whole(body)


@both
def test_a_body_of_20_mb_costs_little_memory_and_is_read_off_the_loop(mode: Mode) -> None:
    body = Pieces(b"x" * MB, 20)

    def swallow(line: Line) -> None:
        left = 20 * MB
        while b"\r\n\r\n" not in (got := line.take()):
            pass
        left -= len(got.partition(b"\r\n\r\n")[2])
        while left > 0:
            left -= len(line.take())
        line.say(FINE)

    tracemalloc.start()
    try:
        with serving(swallow) as toxic:
            assert send(mode, toxic.url, upload(body))[0].body == SAID
        assert tracemalloc.get_traced_memory()[1] < 8 * MB
    finally:
        tracemalloc.stop()
    assert (threading.get_ident() in body.readers) is (mode == "sync")


WRONG: dict[str, tuple[Callable[[Path], Body], str]] = {
    "too short": (lambda _: Pieces(b"x" * 1000, 3, lie=7), "7 bytes short of the 3007"),
    "too long": (lambda _: Pieces(b"x" * 1000, 3, lie=-7), "more than the 2993 bytes"),
    "shrunk to nothing": (lambda _: Pieces(b"", 0, lie=9), "9 bytes short"),
    "gone": (lambda folder: FromFile(folder / "gone.png", 9), "FileNotFoundError"),
    "no file": (lambda folder: FromFile(folder, 9), "IsADirectoryError"),
}


@both
@pytest.mark.parametrize("wrong", WRONG)
def test_a_body_that_is_not_what_it_announced_is_told_and_its_connection_ends(
    mode: Mode, wrong: str, tmp_path: Path
) -> None:
    make, words = WRONG[wrong]
    heard, errors = list[bytes](), list[TransportError]()
    with serving(keeping(heard)) as toxic:
        answers = send(mode, toxic.url, upload(make(tmp_path), 5.0), upload(b"next"), failed=errors.append)
        toxic.idle()
    assert [one.body for one in answers] == [SAID]
    assert [one.rpartition(b"\r\n\r\n")[2] for one in heard if one.endswith(b"next")] == [b"next"]
    (error,) = errors
    assert (error.kind, error.sent, toxic.came) == ("upload", True, 2)
    assert words in str(error)
    check(error)


@both
def test_an_answer_before_the_end_of_the_body_is_the_answer(mode: Mode) -> None:
    """A gateway that refuses a body for its size says so early and closes."""

    def early(line: Line) -> None:
        line.take()
        line.say(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        while line.take():
            pass

    with serving(early) as toxic:
        assert send(mode, toxic.url, upload(Pieces(b"x" * MB, 8)))[0].status == 413


@both
def test_a_body_that_takes_for_ever_to_read_ends_in_time(mode: Mode) -> None:
    class Slow:
        size = 1000

        def chunks(self) -> Iterator[bytes]:
            for _ in range(self.size):
                threading.Event().wait(0.02)
                yield b"x"

    errors = list[TransportError]()
    with serving(keeping([])) as toxic:
        send(mode, toxic.url, upload(Slow(), WITHIN), failed=errors.append)
    assert [(error.kind, error.sent) for error in errors] == [("timeout", True)]
