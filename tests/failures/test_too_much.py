"""Answers without end: floods, bombs, drips, headers without measure. Each ends in time and costs little memory."""

import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from failures.scenes import PACKED, POST, SAID, SLACK, WITHIN, Mode, answer, ask, both, check, fails, send
from kit.toxic import Line, Play, serving
from wxkf.errors import TransportError
from wxkf.protocol.call import MOST, Request

MB = 1 << 20
BLOCK = b" " * MB
SMALL = Request("POST", "kf/send_msg", POST.query, b"{}", most=1000)
OTHER = Request("POST", "kf/other", POST.query, b"{}")


@contextmanager
def sparing(most: int) -> Iterator[None]:
    """Hold that no more memory than so many bytes is used at any moment."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < most, f"{peak / MB:.0f} MB"


def bomb(size: int = 200 * MB) -> bytes:
    """Pack so many bytes into a thousandth."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(BLOCK) for _ in range(size // MB)) + packer.flush()


BOMB = answer(bomb(), b"Content-Encoding: gzip")


def saying(*said: bytes) -> Play:
    """Answer every request so."""

    def play(line: Line) -> None:
        while line.request():
            line.say(*said)

    return play


def chunked(line: Line) -> None:
    """Answer with 200 MB, piece by piece."""
    line.request()
    line.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(200):
        line.say(b"%x\r\n" % MB, BLOCK, b"\r\n")
    line.say(b"0\r\n\r\n")


def until_closed(line: Line) -> None:
    """Answer with 200 MB and no length."""
    line.request()
    line.say(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", *[BLOCK] * 200)


FLOODS: dict[str, Play] = {
    "announced": saying(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (200 * MB), *[BLOCK] * 200),
    "chunked": chunked,
    "until closed": until_closed,
    "gzip bomb": saying(BOMB),
}


@both
@pytest.mark.parametrize("flood", FLOODS)
def test_an_answer_of_200_mb_ends_early(mode: Mode, flood: str) -> None:
    with serving(FLOODS[flood]) as toxic, sparing(2 * MOST + 8 * MB):
        error = fails(mode, toxic.url)
    assert (error.kind, error.sent) == ("too_large", True)


@both
@pytest.mark.parametrize("flood", FLOODS)
def test_a_request_may_allow_less(mode: Mode, flood: str) -> None:
    with serving(FLOODS[flood]) as toxic, sparing(8 * MB), pytest.raises(TransportError) as caught:
        send(mode, toxic.url, SMALL)
    assert caught.value.kind == "too_large"
    assert "1000 bytes" in str(caught.value)
    check(caught.value)


@both
def test_a_bomb_that_is_small_while_packed_is_not_unpacked_in_full(mode: Mode) -> None:
    request = Request("POST", "kf/send_msg", POST.query, b"{}", most=MB)
    with serving(saying(BOMB)) as toxic, sparing(8 * MB), pytest.raises(TransportError) as caught:
        send(mode, toxic.url, request)
    assert len(BOMB) < MB
    assert caught.value.kind == "too_large"


@both
@pytest.mark.parametrize("size", [999, 1000])
def test_what_is_just_allowed_comes_whole(mode: Mode, size: int) -> None:
    with serving(saying(answer(b"x" * size))) as toxic:
        assert send(mode, toxic.url, SMALL)[0].body == b"x" * size


@both
def test_after_a_flood_the_next_call_is_answered(mode: Mode) -> None:
    """On the same transport, whose connection still holds the rest of the flood."""

    def play(line: Line) -> None:
        while said := line.request():
            line.say(answer(SAID) if b"kf/other" in said else BOMB)

    kinds = list[str]()
    with serving(play) as toxic:
        answers = send(mode, toxic.url, SMALL, SMALL, OTHER, failed=lambda error: kinds.append(error.kind))
    assert (kinds, [one.body for one in answers]) == (["too_large"] * 2, [SAID])


@both
def test_a_packed_answer_is_unpacked(mode: Mode) -> None:
    with serving(saying(PACKED)) as toxic:
        assert ask(mode, toxic.url)[0].suite_access_token == "T"


@both
@pytest.mark.parametrize("wbits", [zlib.MAX_WBITS, -zlib.MAX_WBITS], ids=["zlib", "bare"])
def test_both_things_called_deflate_are_unpacked(mode: Mode, wbits: int) -> None:
    packer = zlib.compressobj(wbits=wbits)
    packed = packer.compress(SAID) + packer.flush()
    with serving(saying(answer(packed, b"Content-Encoding: deflate"))) as toxic:
        assert ask(mode, toxic.url)[0].suite_access_token == "T"


@both
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (answer(SAID, b"Content-Encoding: gzip"), "packing"),
        (answer(SAID, b"Content-Encoding: br"), "packing"),
        (answer(PACKED.split(b"\r\n\r\n", 1)[1][:-9], b"Content-Encoding: gzip"), "incomplete"),
    ],
    ids=["not packed", "packed otherwise", "without its end"],
)
def test_what_cannot_be_unpacked_is_told(mode: Mode, said: bytes, kind: str) -> None:
    with serving(saying(said)) as toxic:
        assert fails(mode, toxic.url).kind == kind


def dripping(before: bytes, drip: bytes) -> Play:
    """Answer at once so far, then drop by drop."""

    def play(line: Line) -> None:
        line.request()
        line.say(before)
        line.drip(drip)
        line.hang()

    return play


DRIPS: dict[str, Play] = {
    "silence": lambda line: line.hang(),
    "after the request": dripping(b"", b""),
    "status": dripping(b"", answer(b"x" * 1000)),
    "headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X-Drop: 1\r\n" * 1000),
    "one header": dripping(b"HTTP/1.1 200 OK\r\nX-Drop: ", b"x" * 5000),
    "informational": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "body": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" " * 10_000),
    "chunks": dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 1000),
    "packed body": dripping(PACKED[:-40], PACKED[-40:-1] + b"\0" * 1000),
}  # fmt: skip


@both
@pytest.mark.parametrize("drip", DRIPS)
def test_a_drip_ends_in_time(mode: Mode, drip: str) -> None:
    with serving(DRIPS[drip]) as toxic:
        error = fails(mode, toxic.url, timeout=WITHIN)
    assert (error.kind, error.sent) == ("timeout", True)


def nothing(line: Line) -> None:
    """Read nothing for longer than anybody waits."""
    line.pause(2 * WITHIN)
    line.cut()


def sips(line: Line) -> None:
    """Read so slowly that the body takes minutes."""
    for _ in range(100):
        line.take(4096)
        line.pause()
    line.cut()


@both
@pytest.mark.parametrize("play", [nothing, sips], ids=lambda play: play.__name__)
def test_a_server_that_takes_no_body_ends_in_time(mode: Mode, play: Play) -> None:
    took, errors = list[float](), list[TransportError]()

    def failed(error: TransportError) -> None:
        took.append(time.perf_counter() - started)
        errors.append(error)

    with serving(play) as toxic:
        large = Request("POST", "media/upload", POST.query, b"x" * 40 * MB, timeout=WITHIN)
        started = time.perf_counter()
        send(mode, toxic.url, large, failed=failed, between=toxic.idle)
    assert took[0] < WITHIN + SLACK
    assert (errors[0].kind, errors[0].sent) == ("timeout", True)


HEADERS = {
    "a huge line": b"X-Long: " + b"x" * MB + b"\r\n",
    "very many": b"X-Many: 1\r\n" * 50_000,
}


@both
@pytest.mark.parametrize("headers", HEADERS)
def test_headers_without_measure_are_not_taken(mode: Mode, headers: str) -> None:
    said = b"HTTP/1.1 200 OK\r\n" + HEADERS[headers] + b"Content-Length: 2\r\n\r\n{}"
    with serving(saying(said)) as toxic, sparing(16 * MB):
        error = fails(mode, toxic.url)
    assert (error.kind, error.sent) == ("not_http", True)


@both
@pytest.mark.parametrize("length", [b"-1", b"abc", b"1e3", b"99999999999999999999999"])
def test_a_length_that_is_none_is_an_error(mode: Mode, length: bytes) -> None:
    with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n" + SAID)) as toxic:
        assert fails(mode, toxic.url, timeout=WITHIN).kind in ("not_http", "too_large", "timeout", "incomplete")


@both
def test_a_length_that_is_too_long_is_an_answer_that_broke_off(mode: Mode) -> None:
    def play(line: Line) -> None:
        line.request()
        line.say(answer(SAID).replace(b"%d" % len(SAID), b"%d" % (len(SAID) + 1), 1))

    with serving(play) as toxic:
        assert fails(mode, toxic.url).kind == "incomplete"


@both
def test_a_length_that_is_too_short_cuts_the_answer(mode: Mode) -> None:
    with serving(saying(answer(SAID).replace(b"%d" % len(SAID), b"%d" % (len(SAID) - 1), 1))) as toxic:
        assert fails(mode, toxic.url).kind in ("not_json", "not_http")
