"""A connection that ends too early: at every stage, orderly and by a reset, new and kept alive."""

from collections.abc import Callable

import pytest

from failures.scenes import CALL, FINE, POST, SAID, Mode, ask, both, fails, send
from kit.toxic import Line, Play, serving

HEAD, BODY = FINE.split(b"\r\n\r\n")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
STAGES: dict[str, tuple[Callable[[Line], object], bytes]] = {
    "on accept": (lambda _line: None, b""),
    "within the request": (lambda line: line.take(16), b""),
    "before the answer": (Line.request, b""),
    "within the status": (Line.request, b"HTTP/1."),
    "within the headers": (Line.request, HEAD[:-3]),
    "before the body": (Line.request, HEAD + b"\r\n\r\n"),
    "within the body": (Line.request, FINE[:-9]),
    "within a chunk": (Line.request, CHUNKED + b"50\r\n" + BODY[:20]),
    "between chunks": (Line.request, CHUNKED + b"5\r\n" + BODY[:5] + b"\r\n"),
}


def ending(stage: str, *, reset: bool) -> Play:
    """Make the play that goes so far."""
    hear, said = STAGES[stage]

    def play(line: Line) -> None:
        hear(line)
        line.say(said)
        if reset:
            line.cut()

    return play


@both
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_cut_connection_is_told_and_may_have_carried_the_request(mode: Mode, stage: str, reset: bool) -> None:
    with serving(ending(stage, reset=reset)) as toxic:
        error = fails(mode, toxic.url)
    if stage == "on accept" and not error.sent:  # the end came over the connecting
        assert error.kind == "refused"
        return
    assert error.kind in ("broken", "incomplete")
    assert error.sent
    assert toxic.came == 1, "a transport repeats nothing by itself"


@both
def test_a_whole_answer_before_the_end_of_the_connection_is_an_answer(mode: Mode) -> None:
    def play(line: Line) -> None:
        line.request()
        line.say(b"HTTP/1.0 200 OK\r\n\r\n" + SAID)

    with serving(play) as toxic:
        (token,) = ask(mode, toxic.url)
    assert token.suite_access_token == "T"


@both
def test_a_connection_closed_while_idle_is_not_used_again(mode: Mode) -> None:
    def play(line: Line) -> None:
        line.request()
        line.say(FINE)

    with serving(play) as toxic:
        answers = send(mode, toxic.url, POST, POST, POST, between=toxic.idle)
    assert [one.body for one in answers] == [SAID] * 3
    assert toxic.came == 3


@both
def test_a_connection_closed_over_the_second_request_may_have_carried_it(mode: Mode) -> None:
    def play(line: Line) -> None:
        line.request()
        line.say(FINE)
        line.request()

    with serving(play) as toxic:
        error = fails(mode, toxic.url, CALL, CALL)
    assert (error.kind, error.sent, toxic.came) == ("broken", True, 1)


@both
@pytest.mark.parametrize("extra", [b"x", b"HTTP/1.1 200 OK\r\n", FINE], ids=["a byte", "a line", "a whole answer"])
def test_what_comes_after_an_answer_is_not_the_next_one(mode: Mode, extra: bytes) -> None:
    """Somebody's second answer must not be read as that of the next call."""

    def play(line: Line) -> None:
        while line.request():
            line.say(FINE + extra.replace(b'"T"', b'"stray"'))

    kinds = list[str]()
    with serving(play) as toxic:
        answers = send(mode, toxic.url, POST, POST, failed=lambda error: kinds.append(error.kind))
    assert {one.body for one in answers} <= {SAID}
    assert set(kinds) <= {"not_http"}, "an error is fine as well"
