"""Token, retry and verdict as one generator: it says what it needs next and is told what happened.

    flow ──NeedToken──▶ driver     flow ◀──token── driver      (or the error is thrown in)
    flow ──Send───────▶ driver     flow ◀──Response | TransportError── driver
    flow ──Sleep──────▶ driver     flow ◀──None── driver
    flow ──return─────▶ the typed answer        flow ──raise──▶ ApiError, TransportError, LimitError

A driver is a loop of a few lines, so every path below can be tested by hand, without a loop or a socket.
"""

import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wxkf.errors import ApiError, Duplicate, TransportError
from wxkf.protocol import multipart
from wxkf.protocol.body import Body
from wxkf.protocol.call import Call, Request, Response, encode_body, read_answer
from wxkf.protocol.limits import check

T = TypeVar("T")
_SLOWEST = 128 << 10  # bytes a second


@dataclass(frozen=True, slots=True)
class NeedToken:
    """Give a token, and not `stale`, which the platform has just refused."""

    stale: str | None = field(repr=False)


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
    """How often and how fast to try again: capped exponential with jitter, `tries` in all."""

    tries: int = 3
    first: float = 0.5
    cap: float = 8.0

    def again(self, call: Call[Any], error: ApiError | TransportError, tries: int, luck: float) -> float | None:
        """Decide: seconds to wait before the next try, or None to give up. `luck` is in [0, 1)."""
        if tries >= self.tries or not _may_repeat(call, error):
            return None
        return min(self.cap, self.first * 2.0 ** (tries - 1)) * (0.5 + luck / 2)


@dataclass(frozen=True, slots=True)
class Options:
    """What `with_options` sets for the calls that follow.

    `timeout` in seconds, for each try; `validate=False` sends what breaks a documented limit; `truncate=True` cuts
    what the platform would silently cut; `extra` adds fields to the body (of a GET: to the query).
    """

    timeout: float | None = None
    validate: bool = True
    truncate: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


def _may_repeat(call: Call[Any], error: ApiError | TransportError) -> bool:
    if isinstance(error, TransportError):
        return not error.sent or call.repeatable
    return error.retry == "again" and call.repeatable


def flow(
    call: Call[T], policy: RetryPolicy, rng: random.Random, options: Options | None = None
) -> Generator[Step, Told, T]:
    """Run one call to its end."""
    prepared = prepare(call, options or Options(), rng)
    token = (yield from _token(None, unknown=False)) if call.needs_token else None
    tries, refreshed, unknown = 0, False, False
    while True:
        tries += 1
        told = yield Send(prepared if token is None else _with_token(prepared, str(token)))
        try:
            if isinstance(told, TransportError):
                raise told
            assert isinstance(told, Response)  # noqa: S101 - the driver's side of the contract, see above
            return read_answer(call, told)
        except (ApiError, TransportError) as error:
            if isinstance(error, Duplicate) and unknown and call.assumed is not None:
                return call.assumed  # the try we never heard of had arrived
            if isinstance(error, ApiError):
                error.after_unknown = unknown
            unknown = unknown or (isinstance(error, TransportError) and error.sent)
            if token and not refreshed and isinstance(error, ApiError) and error.retry == "token":
                refreshed, token = True, (yield from _token(str(token), unknown=unknown))
                tries -= 1  # a stale token costs no try of its own
                continue
            wait = policy.again(call, error, tries, rng.random())
            if wait is None:
                if unknown and isinstance(error, TransportError) and not error.sent:
                    raise TransportError(str(error), sent=True) from None  # an earlier try may have arrived
                raise
            yield Sleep(wait)


def _token(stale: str | None, *, unknown: bool) -> Generator[Step, Told, str]:
    """Get a token. When that fails, the call itself has not left: what the error says is made true of the call."""
    try:
        return str((yield NeedToken(stale)))
    except TransportError as error:
        if error.sent is unknown:
            raise
        raise TransportError(str(error), sent=unknown) from None
    except ApiError as error:
        error.after_unknown = unknown
        raise


def prepare(call: Call[Any], options: Options, rng: random.Random) -> Request:
    """Make the request of a call, all but the token. Raises `LimitError`, and `FileError` for what is to go up."""
    if options.validate:
        call = check(call, truncate=options.truncate)
    query, body, headers = call.query, call.body, dict(call.headers)
    if options.extra:
        more = {name: str(value) for name, value in options.extra.items()}
        query = {**query, **more} if body is None else query
        body = {**body, **options.extra} if body is not None else body
    content: bytes | Body | None = None if body is None else encode_body(body)
    if content is not None:
        headers["Content-Type"] = "application/json"
    if call.file is not None:
        headers["Content-Type"], content = multipart.encode(call.file, rng)
    return Request(call.verb, call.path, query, content, headers, _patience(options.timeout, content))


def _patience(timeout: float | None, content: bytes | Body | None) -> float | None:
    """Give the time of a try: a file has what it needs on a slow line beyond that, or it would never arrive."""
    if timeout is None or content is None or isinstance(content, bytes):
        return timeout
    return timeout + content.size / _SLOWEST


def _with_token(request: Request, token: str) -> Request:
    query = {"access_token": token, **request.query}
    return Request(request.verb, request.path, query, request.body, request.headers, request.timeout)
