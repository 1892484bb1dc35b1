"""Token, retry and verdict as one generator: it says what it needs next and is told what happened.

    flow ──NeedToken──▶ driver     flow ◀──token── driver      (or the error is thrown in)
    flow ──Send───────▶ driver     flow ◀──Response | TransportError── driver
    flow ──Sleep──────▶ driver     flow ◀──None── driver
    flow ──return─────▶ the typed answer        flow ──raise──▶ ApiError, TransportError

A driver is a loop of a few lines, so every path below can be tested by hand, without a loop or a socket.
"""

import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from wxkf.errors import ApiError, Duplicate, PlatformBusy, TransportError
from wxkf.protocol.call import Call, Request, Response, read_answer

T = TypeVar("T")

STALE_TOKEN = frozenset({40001, 40014, 42001})
_CONCURRENCY = 45033


@dataclass(frozen=True, slots=True)
class NeedToken:
    """Give a token, and not `stale`, which the platform has just refused."""

    stale: str | None


@dataclass(frozen=True, slots=True)
class Send:
    """Send this and tell what came back."""

    request: Request


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait so many seconds."""

    seconds: float


Step = NeedToken | Send | Sleep
Told = str | Response | TransportError | None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how fast to try again: capped exponential with full jitter, `tries` in all."""

    tries: int = 3
    first: float = 0.5
    cap: float = 8.0

    def again(self, call: Call[Any], error: ApiError | TransportError, tries: int, luck: float) -> float | None:
        """Decide: seconds to wait before the next try, or None to give up. `luck` is in [0, 1)."""
        if tries >= self.tries or not _may_repeat(call, error):
            return None
        return min(self.cap, self.first * 2.0 ** (tries - 1)) * (0.5 + luck / 2)


def _may_repeat(call: Call[Any], error: ApiError | TransportError) -> bool:
    if isinstance(error, TransportError):
        return not error.sent or call.repeatable
    passing = isinstance(error, PlatformBusy) or error.errcode == _CONCURRENCY
    return passing and call.repeatable


def flow(call: Call[T], policy: RetryPolicy, rng: random.Random) -> Generator[Step, Told, T]:
    """Run one call to its end."""
    token = (yield NeedToken(None)) if call.needs_token else None
    body = None if call.body is None else msgspec.json.encode(call.body)
    tries, refreshed, unknown = 0, False, False
    while True:
        tries += 1
        told = yield Send(Request(call.verb, call.path, _query(call, token), body))
        try:
            if isinstance(told, TransportError):
                raise told
            assert isinstance(told, Response)  # noqa: S101 - the driver's side of the contract, see above
            return read_answer(call, told)
        except (ApiError, TransportError) as error:
            if isinstance(error, Duplicate) and unknown and call.assumed is not None:
                return call.assumed  # the try we never heard of had arrived
            unknown = unknown or (isinstance(error, TransportError) and error.sent)
            if token and not refreshed and isinstance(error, ApiError) and error.errcode in STALE_TOKEN:
                refreshed, token = True, (yield NeedToken(str(token)))
                tries -= 1  # a stale token costs no try of its own
                continue
            wait = policy.again(call, error, tries, rng.random())
            if wait is None:
                raise
            yield Sleep(wait)


def _query(call: Call[Any], token: Told) -> Mapping[str, str]:
    return {"access_token": str(token), **call.query} if token else call.query
