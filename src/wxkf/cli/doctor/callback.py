"""From what a callback address answered to the verdict: each way to fail has a cause of its own."""

from collections.abc import Callable
from typing import Final

from wxkf.cli.doctor.found import Knock, Question
from wxkf.cli.doctor.knock import PATIENCE
from wxkf.cli.doctor.line import Line, fault, fine

CHECK: Final = "callback"
IN_TIME: Final = 1.0
"""Seconds that the console waits (page 90930)."""

_STATUS: Final[tuple[tuple[Callable[[int], bool], str], ...]] = (
    (lambda status: 300 <= status < 400, "redirect"),
    (lambda status: status in (404, 410), "missing"),
    (lambda status: status == 405, "method"),
    (lambda status: status in (401, 403, 407), "gate"),
    (lambda status: status in (502, 503, 504), "gateway"),
    (lambda status: status >= 500, "failed"),
    (lambda status: status != 200, "refused"),
)
"""What a status means, first fit first; 200 is in none of the rows."""


def refuses(knock: Knock) -> bool:
    """Tell whether somebody read the question and turned it down; then it is worth asking without a +."""
    return not knock.trouble and _of_status(knock.status) == "refused"


def callback(asked: Question, knock: Knock, *, without_plus: Knock | None = None) -> Line:
    """Judge an answer; `without_plus` is the answer to the same question with no + in echostr, if it was put."""
    values = {"status": knock.status, "detail": knock.detail, "ms": round(knock.seconds * 1000), "seconds": PATIENCE}
    kind = knock.trouble or _of_status(knock.status) or _of_body(asked, knock.body)
    if kind == "refused" and without_plus is not None and without_plus.status == 200:
        kind = "plus"
    if kind is None:
        if knock.seconds <= IN_TIME:
            return fine(CHECK, "callback.fine", **values)
        kind = "slow"
    return fault(CHECK, f"callback.{kind}", **values)


def _of_status(status: int) -> str | None:
    return next((kind for fits, kind in _STATUS if fits(status)), None)


def _of_body(asked: Question, body: bytes) -> str | None:
    if body == asked.expected:
        return None
    stripped = body.removeprefix(b"\xef\xbb\xbf").strip()
    if stripped == asked.expected:
        return "altered"
    if stripped.strip(b"\"'") == asked.expected:
        return "quoted"
    return "echoed" if stripped.strip(b'"') == asked.echostr.encode() else "wrong"
