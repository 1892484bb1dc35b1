"""Hands stored messages to the handler: in order within a conversation, side by side across them, bounded.

A conversation is claimed with its oldest message, worked on in a task of its own and given back; only then can its
next message be claimed, which is all that order needs. A handler that fails is tried three times, then the message
goes to the dead list and the next one runs. Trouble of the platform or the network costs no attempt: before the
handler has returned it is run again later, after that its words are stored and wait.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from wxkf.clock import Clock
from wxkf.engine.activity import Activity
from wxkf.engine.outbox import Outbox, first_sending
from wxkf.engine.store import Again, Claim, Dead, Done, Step, Store, Verdict
from wxkf.engine.work import Work
from wxkf.errors import ApiError, ConfigError, Diverged, LimitError, LostClaim, StoreError, TransportError
from wxkf.messages.outbound import Outbound

log = logging.getLogger("wxkf.dispatcher")

Handler = Callable[[Work], Awaitable[Sequence[Outbound]]]

ATTEMPTS = 3
_POLL = 1.0  # seconds; a wake-up may be lost, the poll is the truth
_CAP = 60.0  # seconds between two tries of the same message, at most
_PARKED = 10.0  # seconds a message waits when the platform is in trouble


def back_off(attempt: int) -> float:
    """Give the seconds to wait after a failed attempt: 2, 4, 8 … 60."""
    return min(_CAP, 2.0 ** min(attempt, 10))


class Dispatcher:
    """Claims, runs, settles, for one app."""

    def __init__(
        self,
        app: str,
        store: Store,
        outbox: Outbox,
        handler: Handler,
        clock: Clock,
        activity: Activity,
        *,
        limit: int = 64,
    ) -> None:
        self._app, self._store, self._outbox, self._handler = app, store, outbox, handler
        self._clock, self._activity, self._limit = clock, activity, limit
        self._hint = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def hint(self) -> None:
        """Say that something may be ready."""
        if not self._hint.is_set():
            self._activity.begin()
            self._hint.set()

    async def run(self) -> None:
        """Dispatch until cancelled."""
        while True:
            took = await self._dispatch()
            if not took:
                await self._clock.wait(self._hint, _POLL)

    async def _dispatch(self) -> bool:
        """Start what is ready and fits; tell whether to look again at once."""
        free = self._limit - len(self._tasks)
        with self._heard():
            claims = await self._claim(free) if free else []
            for claim in claims:
                self._start(claim)
        return bool(claims)

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """Take the hint off the list of what is under way, once it has been followed."""
        hinted = self._hint.is_set()
        self._hint.clear()
        try:
            yield
        finally:
            if hinted:
                self._activity.end()

    async def _claim(self, limit: int) -> list[Claim]:
        try:
            return await self._store.claim(self._app, limit, self._clock.now())
        except StoreError as error:
            log.error("cannot claim: %s", error)
            return []

    def _start(self, claim: Claim) -> None:
        self._activity.begin()
        task = asyncio.create_task(self._work(claim), name=f"wxkf {claim.msgid}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.hint()  # the conversation may have more, and there is a free place now
        self._activity.end()

    async def _work(self, claim: Claim) -> None:
        try:
            verdict = await self._verdict(claim)
        except LostClaim as lost:
            log.warning("stopped: %s", lost)
            return
        except StoreError as error:
            log.error("message %s: %s", claim.msgid, error)
            verdict = Again(self._clock.now() + back_off(claim.attempt))
        await self._give_back(claim, verdict)

    async def _give_back(self, claim: Claim, verdict: Verdict) -> None:
        """Settle, however often it takes: a conversation that is kept would wait until the next start."""
        fails = 0
        while True:
            try:
                return await self._store.settle(claim, verdict)
            except LostClaim as lost:
                return log.warning("stopped: %s", lost)
            except StoreError as error:
                fails += 1
                log.error("cannot settle message %s (%d in a row): %s", claim.msgid, fails, error)
                await self._clock.sleep(back_off(fails))

    async def _verdict(self, claim: Claim) -> Verdict:
        try:
            if not claim.finished:
                await self._handle(claim)
            else:
                await self._deliver(claim, claim.steps, fresh=False)
        except StoreError:
            raise
        except _Held as held:
            log.warning("reply to %s waits for the platform: %s", claim.msgid, held)
            return Again(self._clock.now() + back_off(claim.attempt))
        except (Exception, asyncio.CancelledError, BaseExceptionGroup) as error:
            if isinstance(error, asyncio.CancelledError) and _is_being_cancelled():
                raise
            return self._failed(claim, error)
        return Done(self._clock.now())

    def _failed(self, claim: Claim, error: BaseException) -> Verdict:
        """Judge what a handler raised. The platform's trouble is not the handler's, so it costs no attempt."""
        now = self._clock.now()
        if isinstance(error, TransportError | ApiError) and is_trouble(error):
            log.warning("message %s waits for the platform: %s", claim.msgid, error)
            return Again(now + _PARKED, spent=False)
        if claim.attempt >= ATTEMPTS or isinstance(error, LimitError | Diverged | ConfigError):
            log.error("message %s given up after %d attempts", claim.msgid, claim.attempt, exc_info=error)
            return Dead(f"{type(error).__name__}: {error}", now)
        log.warning("message %s failed (attempt %d)", claim.msgid, claim.attempt, exc_info=error)
        return Again(now + back_off(claim.attempt))

    async def _handle(self, claim: Claim) -> None:
        work = Work(claim, self._outbox, self._clock.now())
        steps = first_sending(work.plan(await self._handler(work)))
        await self._store.finish(claim, steps)
        await self._deliver(claim, steps, fresh=True)

    async def _deliver(self, claim: Claim, steps: Sequence[Step], *, fresh: bool) -> None:
        try:
            await self._outbox.deliver(claim, steps, fresh=fresh)
        except (TransportError, ApiError) as error:
            raise _Held(str(error)) from error

    async def stop(self, grace: float) -> None:
        """Let what is running finish for so many seconds, then cut it off; it is found again at the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def is_trouble(error: TransportError | ApiError) -> bool:
    """Whether an error is the platform's or the network's, and passes; a token that is refused is mended outside."""
    return isinstance(error, TransportError) or error.retryable or error.retry == "token" or error.path == "gettoken"


def _is_being_cancelled() -> bool:
    """Tell our own end from a cancelled task that a handler was waiting for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class _Held(Exception):
    """The handler is through, the platform does not take its words yet."""
