"""What becomes of a message whose handling has failed: pure, so that every way to fail can be tried.

A handler is tried three times within a minute, then the message goes to the dead list and the next one runs. Trouble
of the platform or the network costs no attempt: before the handler has returned it is run again later, after that its
words are stored and wait. What ends the process again and again is not tried for ever either.
"""

import logging

from wxkf.engine.about import about
from wxkf.engine.values import SENDS, Again, Claim, Dead, Verdict
from wxkf.errors import ApiError, ConfigError, Diverged, LimitError, TransportError, VoiceError

log = logging.getLogger("wxkf.dispatcher")

ATTEMPTS = 3
SUSPECT = 3  # lives that ended while a message was in hand: it is tried alone, so that no other is taken for it
CRASHES = 5  # lives after which it is not tried again
HOLDS = 60.0  # seconds for which a failing message may hold up its conversation
_CAP = 60.0  # seconds between two tries of the same message, at most
PARKED = 10.0  # seconds a message waits when the platform or the disk is in trouble
RECORDED = (*SENDS, "kf/service_state/trans")  # whose refusal is the same for every run of a handler
_HOPELESS = (LimitError, Diverged, ConfigError, VoiceError)


class Released(Exception):
    """Nobody has dealt with the message: it comes again as if it had never been handed out."""


class Superseded(Exception):
    """The customer has written more, and the handler begins anew with all of it."""


class Held(Exception):
    """The handler is through, the platform does not take its words yet."""


def is_deadly(claim: Claim) -> bool:
    """Whether the process has ended so often while a handler had this message that it is not tried again."""
    return not claim.finished and claim.lives >= CRASHES


def _said(error: BaseException) -> str:
    """Give the words of an error, as text that can be stored, whatever it says of itself."""
    try:
        return str(error).encode(errors="replace").decode()
    except Exception as another:  # noqa: BLE001 - a handler's error may be anything
        return f"and cannot say why: {type(another).__name__}"


def _inside(error: BaseException) -> BaseException:
    """Take our own way to the handler off an error's traceback, so that the log begins with the handler's own code."""
    way = error.__traceback__
    while way and str(way.tb_frame.f_globals.get("__name__")).startswith("wxkf."):
        way = way.tb_next
    return error.with_traceback(way) if way else error


def back_off(attempt: int) -> float:
    """Give the seconds to wait after a failed attempt: 2, 4, 8 … 60."""
    return min(_CAP, 2.0 ** min(attempt, 10))


def judge(claim: Claim, error: BaseException, now: float) -> Verdict:
    """Say what to do after a failure. The platform's trouble is not the handler's, so it costs no attempt."""
    if isinstance(error, Released | Superseded):
        return Again(now, spent=False, anew=isinstance(error, Superseded))
    if isinstance(error, Held):
        log.warning("reply to %s waits for the platform: %s", claim.msgid, error, extra=about(claim))
        return Again(now + back_off(claim.attempt))
    if isinstance(error, TransportError | ApiError) and is_trouble(error):
        log.warning("message %s waits for the platform: %s", claim.msgid, error, extra=about(claim))
        return Again(now + PARKED, spent=False)
    since = claim.failing or now
    is_hopeless = isinstance(error, _HOPELESS) or (isinstance(error, ApiError) and error.path in RECORDED)
    where = _inside(error) if claim.attempt == 1 else None  # where it was is told once; that it fails on, in a line
    what = f"{type(error).__name__}: {_said(error)}"
    if claim.attempt >= ATTEMPTS or now - since >= HOLDS or is_hopeless:
        told = "message %s given up after %d attempts: %s"
        log.error(told, claim.msgid, claim.attempt, what, exc_info=where, extra=about(claim))
        return Dead(what, now)
    told = "message %s failed (attempt %d): %s"
    log.warning(told, claim.msgid, claim.attempt, what, exc_info=where, extra=about(claim))
    return Again(now + back_off(claim.attempt), since=since)


def is_trouble(error: TransportError | ApiError) -> bool:
    """Whether an error is the platform's or the network's, and passes; a token that is refused is mended outside."""
    return isinstance(error, TransportError) or error.retryable or error.retry == "token" or error.path == "gettoken"
