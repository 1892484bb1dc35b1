"""Token, retry and verdict as one generator: it says what it needs next and is told what happened.

    flow ──NeedToken──▶ driver     flow ◀──token── driver      (or the error is thrown in)
    flow ──NeedSlot───▶ driver     flow ◀──whether there is one── driver     (only under a concurrency cap)
    flow ──Send───────▶ driver     flow ◀──Response | TransportError── driver
    flow ──Sleep──────▶ driver     flow ◀──None── driver
    flow ──return─────▶ the typed answer        flow ──raise──▶ ApiError, TransportError, LimitError

What the platform says is one of four verdicts: done; a stale token (a new one, once); again (a pause first, and only
what may be repeated); refused. A driver is a loop of a few lines, so every path below can be tested by hand, without a
loop or a socket.
"""

import math
import random
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import msgspec
from msgspec.structs import replace

from wxkf.errors import ApiError, Duplicate, RateLimited, TransportError
from wxkf.messages.veil import Veiled
from wxkf.protocol import multipart
from wxkf.protocol.body import Body
from wxkf.protocol.call import JSON, Call, Request, Response, encode_body, read_answer
from wxkf.protocol.limiter import Limiter
from wxkf.protocol.limits import check

T = TypeVar("T")
_SLOWEST = 128 << 10  # bytes a second

_DOUBLINGS = 64  # of a wait: more would be no number any more, long after the cap
_SHORTEST_BLOCK = 60.0  # seconds: what 45009 lasts at least, where it does not say


@dataclass(frozen=True, slots=True)
class Retry:
    """What `on_retry` is told: try number `tries` failed and there will be another, in so many seconds.

    `new_token` says that the platform refused the access token, so the next try bears another.
    """

    path: str
    error: ApiError | TransportError
    tries: int
    seconds: float
    new_token: bool = False


class NeedToken(Veiled, msgspec.Struct, frozen=True):
    """Give a token, and not `stale`, which the platform has just refused, within so many seconds."""

    veiled: ClassVar[tuple[str, ...]] = ("stale",)
    stale: str | None
    within: float | None = None
    retry: Retry | None = None


class NeedSlot(msgspec.Struct, frozen=True):
    """Wait until there are fewer calls under way than the cap; tell whether that was so within the seconds."""

    within: float | None


class Send(msgspec.Struct, frozen=True):
    """Send this and tell what came back."""

    request: Request


class Sleep(msgspec.Struct, frozen=True):
    """Wait so many seconds."""

    seconds: float
    retry: Retry | None = None


_ANY_TOKEN = NeedToken(None)  # what nearly every call asks for
Step = NeedToken | NeedSlot | Send | Sleep
Told = str | bool | Response | TransportError | None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how fast to try again: capped exponential with jitter, `tries` in all.

    `wait_for_limit`: for how many seconds to wait, at most, when the platform blocks an endpoint for calls too many
    (45009: a minute, an hour, or to the end of the day). By default such a call fails at once and says so.
    """

    tries: int = 3
    first: float = 0.5
    cap: float = 8.0
    wait_for_limit: float = 0.0

    def again(self, call: Call[Any], error: ApiError | TransportError, tries: int, luck: float) -> float | None:
        """Decide: seconds to wait before the next try, or None to give up. `luck` is in [0, 1)."""
        if tries >= self.tries:
            return None
        if isinstance(error, RateLimited) and error.retry == "window":
            block = error.window or _SHORTEST_BLOCK
            return block + luck if block <= self.wait_for_limit else None  # it was turned away, so it may come again
        if not _may_repeat(call, error):
            return None
        return min(self.cap, self.first * 2.0 ** min(tries - 1, _DOUBLINGS)) * (0.5 + luck / 2)


@dataclass(frozen=True, slots=True)
class Options:
    """What `with_options` sets for the calls that follow.

    `timeout` in seconds, for each try; `deadline` in seconds for all of a call: token, tries and pauses;
    `validate=False` sends what breaks a documented limit; `truncate=True` cuts what the platform would silently cut;
    `extra` adds fields to the body (of a GET: to the query).
    """

    timeout: float | None = None
    deadline: float | None = None
    validate: bool = True
    truncate: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a client's calls run. `who` is the corp, as the limiter counts it; `elapsed` never goes back."""

    policy: RetryPolicy = field(default_factory=RetryPolicy)
    options: Options = field(default_factory=Options)
    rng: random.Random = field(default_factory=random.Random, repr=False)
    elapsed: Callable[[], float] = field(default=time.monotonic, repr=False)
    limiter: Limiter | None = None
    who: str = ""
    capped: bool = False


def _may_repeat(call: Call[Any], error: ApiError | TransportError) -> bool:
    if isinstance(error, TransportError):
        return not error.sent or call.repeatable
    return error.retry == "again" and call.repeatable


def flow(call: Call[T], terms: Terms) -> Generator[Step, Told, T]:
    """Run one call to its end."""
    prepared = prepare(call, terms.options, terms.rng)
    run = _Run(call, terms)
    token = (yield from run.token(None)) if call.needs_token else None
    while True:
        run.tries += 1
        request = prepared if token is None else _with_token(prepared, token)
        if run.held:
            request = yield from run.admitted(request)
        told = yield Send(request)
        try:
            if isinstance(told, TransportError):
                raise told
            assert isinstance(told, Response)  # noqa: S101 - the driver's side of the contract, see above
            return read_answer(call, told)
        except (ApiError, TransportError) as error:
            if isinstance(error, Duplicate) and run.unknown and call.assumed is not None:
                return call.assumed  # the try we never heard of had arrived
            retry = run.verdict(error, refreshable=token is not None)
        if retry.new_token:
            token = yield from run.token(token, retry)
        else:
            yield Sleep(retry.seconds, retry)


class _Run:
    """One call under way: how often it was tried, whether a try may have arrived, when it has to be over."""

    __slots__ = ("_call", "_ends", "_refreshed", "_terms", "held", "tries", "unknown")

    def __init__(self, call: Call[Any], terms: Terms) -> None:
        self._call, self._terms = call, terms
        self.tries, self._refreshed, self.unknown = 0, False, False
        deadline = terms.options.deadline
        self._ends = math.inf if deadline is None else terms.elapsed() + deadline
        self.held = deadline is not None or terms.capped or terms.limiter is not None

    def token(self, stale: str | None, retry: Retry | None = None) -> Generator[Step, Told, str]:
        """Get a token. When that fails, the call itself has not left: what the error says is made true of the call."""
        try:
            return str((yield NeedToken(stale, self._left(), retry) if self.held or stale else _ANY_TOKEN))
        except TransportError as error:
            if error.sent is self.unknown:
                raise
            raise error.as_sent(self.unknown) from None
        except ApiError as error:
            error.after_unknown = self.unknown
            raise

    def admitted(self, request: Request) -> Generator[Step, Told, Request]:
        """Wait for the limiter and for a slot, then give the request no more time than the call has left."""
        terms, limiter = self._terms, self._terms.limiter
        while limiter and (wait := limiter.reserve(terms.who, request.path, terms.elapsed())):
            if wait > self._ends - terms.elapsed():
                raise self._late(f"the limiter holds it back for another {wait:.1f} s")
            yield Sleep(wait)
        if terms.capped and not (yield NeedSlot(self._left())):
            raise self._late("too many other calls were under way")
        left = self._left()
        if left is None:
            return request
        if left <= 0:
            raise self._late("it was not sent any more")
        return replace(request, timeout=min(left, request.timeout or left))

    def verdict(self, error: ApiError | TransportError, *, refreshable: bool) -> Retry:
        """Decide on another try, or raise. A new token costs no try of its own."""
        if isinstance(error, ApiError):
            error.after_unknown = self.unknown
            if error.retry == "token" and refreshable and not self._refreshed:
                self._refreshed = True
                self.tries -= 1
                return Retry(self._call.path, error, self.tries + 1, 0.0, new_token=True)
        elif error.sent:
            self.unknown = True
        wait = self._terms.policy.again(self._call, error, self.tries, self._terms.rng.random())
        if wait is not None and wait < self._ends - (0.0 if self._ends == math.inf else self._terms.elapsed()):
            return Retry(self._call.path, error, self.tries, wait)
        if wait is not None:
            error.add_note(f"not tried again: the deadline of {self._terms.options.deadline:g} s is too near")
        if self.unknown and isinstance(error, TransportError) and not error.sent:
            raise error.as_sent(True) from None  # an earlier try may have arrived
        raise error

    def _left(self) -> float | None:
        return None if self._ends == math.inf else self._ends - self._terms.elapsed()

    def _late(self, why: str) -> TransportError:
        detail = f"of {self._terms.options.deadline:g} s; {why}"
        return TransportError.of("deadline", self._call.path, sent=self.unknown, detail=detail)


def prepare(call: Call[Any], options: Options, rng: random.Random) -> Request:
    """Make the request of a call, all but the token. Raises `LimitError`, and `FileError` for what is to go up."""
    if options.validate:
        call = check(call, truncate=options.truncate)
    query, body, headers = call.query, call.body, call.headers
    if options.extra:
        more = {name: str(value) for name, value in options.extra.items()}
        query = {**query, **more} if body is None else query
        body = {**body, **options.extra} if body is not None else body
    content: bytes | Body | None = None if body is None else encode_body(body)
    if content is not None:
        headers = {**headers, **JSON} if headers else JSON
    if call.file is not None:
        kind, content = multipart.encode(call.file, rng)
        headers = {**headers, "Content-Type": kind}
    return Request(call.verb, call.path, query, content, headers, _patience(options.timeout, content))


def _patience(timeout: float | None, content: bytes | Body | None) -> float | None:
    """Give the time of a try: a file has what it needs on a slow line beyond that, or it would never arrive."""
    if timeout is None or content is None or isinstance(content, bytes):
        return timeout
    return timeout + content.size / _SLOWEST


def _with_token(request: Request, token: str) -> Request:
    query = {"access_token": token, **request.query}
    return Request(request.verb, request.path, query, request.body, request.headers, request.timeout, request.most)
