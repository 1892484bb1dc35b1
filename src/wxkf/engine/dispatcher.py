"""Hands stored messages to the handler: in order within a conversation, side by side across them, bounded.

A conversation is claimed with its oldest message, worked on in a task of its own and given back; only then can its
next message be claimed, which is all that order needs. Greetings have places of their own and wait for nobody.
What goes wrong is judged in `verdicts.py`. Timers that are due are put into the log on the way.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from msgspec import structs

from wxkf.clock import Clock
from wxkf.engine.about import about, begin
from wxkf.engine.activity import Activity
from wxkf.engine.outbox import Outbox, first_sending
from wxkf.engine.settings import Limits
from wxkf.engine.store import Store
from wxkf.engine.timer import TimerDue, read
from wxkf.engine.values import Again, Claim, Dead, Done, Lane, Settled, Step, Verdict
from wxkf.engine.verdicts import CRASHES, PARKED, SUSPECT, Held, Superseded, back_off, is_deadly, is_trouble, judge
from wxkf.engine.work import LAST_WORDS, Work
from wxkf.errors import ApiError, LostClaim, StoreError, TransportError
from wxkf.messages.events import MsgSendFail
from wxkf.messages.inbound import Inbound
from wxkf.messages.outbound import Outbound

log = logging.getLogger("wxkf.dispatcher")

Handler = Callable[[Work], Awaitable[Sequence[Outbound]]]
Make = Callable[[Claim, Outbox, float], Work]
Despair = Callable[[Work, BaseException], Awaitable[Sequence[Outbound]]]
"""Told of a message that is given up, says what the customer hears."""

Gate = Callable[[Sequence[Inbound], Sequence[float], float], tuple[int, float]]
"""Told what waits in a conversation, when each of it was stored and the time, says how many belong together, and when
they may begin.
"""

_GATHERED = 50  # messages in one claim, where some are gathered
_POLL = 1.0  # seconds; a wake-up may be lost, the poll is the truth
_LAST_WORDS = 1.0  # seconds for a handler that is cut off to come to its end
_PATIENCE = 3  # what cannot be given back is tried again after 2, 4, 8, 8 … seconds


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
        limits: Limits | None = None,
        make: Make = Work,
        timed: bool = True,
        gate: Gate | None = None,
        despair: Despair | None = None,
    ) -> None:
        self._despair = despair
        self._app, self._store, self._outbox, self._handler = app, store, outbox, handler
        self._clock, self._activity, self._limits = clock, activity, limits or Limits()
        self._hint = asyncio.Event()
        self._held: dict[asyncio.Task[Verdict], Claim] = {}
        self._busy = dict.fromkeys(Lane, 0)  # how many of them there are in each lane
        self._judged: list[Settled] = []  # what is given back with the next look at what is ready
        self._stuck = 0  # how many times in a row that failed
        self._alone = False  # whether one message is handled at a time: it may end the process
        self._turn = Lane.GREETING  # of which lane the last one was then
        self._fire_at = 0.0
        self._gate, self._depth = gate, max(self._limits.batch, _GATHERED if gate else 1)
        self._ripe_at = 0.0  # when the first of those is due that wait for more of their kind, 0 if none do
        self._ends: dict[asyncio.Task[None], float] = {}  # whose handler runs, and when it has to be through
        self._late: set[asyncio.Task[None]] = set()
        self._anew: set[asyncio.Task[None]] = set()
        self._yielding: dict[asyncio.Task[None], Work] = {}  # whose run gives way to a newer message
        self._make, self._seconds = make, self._limits.seconds if timed else None
        store.on_lost(self.drop)

    def hint(self) -> None:
        """Say that something may be ready."""
        if not self._hint.is_set():
            self._activity.begin()
            self._hint.set()

    @property
    def running(self) -> int:
        """How many messages are being handled."""
        return len(self._held)

    async def run(self) -> None:
        """Dispatch until cancelled."""
        while True:
            self._end_late()
            if not await self._dispatch():
                ripe, self._ripe_at = self._ripe_at, 0.0
                await self._clock.wait(self._hint, min(_POLL, max(0.0, ripe - self._clock.now())) if ripe else _POLL)

    def drop(self) -> None:
        """Cut off all handlers: their claims are lost, others may have them."""
        log.critical("the process stood still for longer than its lease; %d messages begin again", self.running)
        for task in self._held:
            task.cancel("the claim was lost")
        self.hint()

    async def _dispatch(self) -> bool:
        """Give back what is dealt with and start what is ready and fits; tell whether to look again at once.

        All of it is asked for before any of it is waited for: it goes to the disk together.
        """
        with self._heard():
            newer = (self._give_way(),) if self._yielding else ()
            asked = (self._settle(), self._fire(), *newer, *map(self._claim, self._lanes()))
            found = await asyncio.gather(*asked, return_exceptions=True)
            claims = [claim for claims in found if isinstance(claims, list) for claim in claims]
            took = bool(claims)
            self._begin(claims)  # before an error of the others is looked at: it is claimed
            for error in (error for error in found if isinstance(error, BaseException)):
                if not isinstance(error, StoreError):
                    raise error
                log.error("cannot claim: %s", error)
        if self._stuck:
            await self._clock.sleep(back_off(min(self._stuck, _PATIENCE)))
        return took or self._stuck > 0

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

    async def _fire(self) -> None:
        """Put due timers into the log, once a second at most."""
        elapsed = self._clock.elapsed()
        if elapsed >= self._fire_at:
            self._fire_at = elapsed + _POLL
            while await self._store.fire(self._app, self._clock.now()):
                pass

    async def _give_way(self) -> None:
        """End the runs that a newer message of their customer begins anew."""
        for task, work in list(self._yielding.items()):
            newer = await self._would_grow(work) if work.gives_way else False
            if newer and work.gives_way and task in self._yielding:  # it may have done something meanwhile, or ended
                log.info("message %s begins anew with a newer one", work.claim.msgid, extra=about(work.claim))
                del self._yielding[task]
                self._anew.add(task)
                task.cancel()

    async def _would_grow(self, work: Work) -> bool:
        """Tell whether a run that begins anew would be about more: what has come may be for another handler."""
        more = await self._store.behind(work.claim, 1)
        if not more or len(work.events) >= self._depth:
            return False
        if self._gate is None:
            return True
        events, came = [read(one.raw) for one in more], [one.at for one in more]
        count, _ = self._gate([*work.events, *events], [*work.claim.came, *came], self._clock.now())
        return count > len(work.events)

    def _lanes(self) -> Sequence[Lane]:
        """Say of which lanes something may begin: of none while nothing can be given back, of one by turns if alone."""
        if self._stuck or (self._alone and self._held):
            return ()
        if not self._alone:
            return (Lane.GREETING, Lane.ORDERED)
        self._turn = Lane.ORDERED if self._turn is Lane.GREETING else Lane.GREETING
        return (self._turn,)

    async def _claim(self, lane: Lane) -> list[Claim]:
        if self._alone:
            return await self._store.claim(self._app, 1, self._clock.now(), lane=lane, depth=self._depth)
        most = self._limits.greetings if lane is Lane.GREETING else self._limits.running
        free = most - self._busy[lane]
        if free <= 0:
            return []
        return await self._store.claim(self._app, free, self._clock.now(), lane=lane, depth=self._depth)

    async def _settle(self) -> None:
        """Give back what is dealt with, however often it takes: what is kept would wait until the next start."""
        batch, self._judged = self._judged, []
        if not batch:
            return
        try:
            lost = await self._store.settle(batch)
        except StoreError as error:
            self._judged = batch + self._judged
            self._stuck += 1
            log.error("cannot settle %d messages (%d in a row): %s", len(batch), self._stuck, error)
            return
        except asyncio.CancelledError:
            self._judged = batch + self._judged
            raise
        except Exception:
            log.critical("a verdict cannot be written down", exc_info=True)
            lost = [claim for one in batch for claim in await self._settle_alone(one)]
        self._stuck = 0
        for claim in lost:
            log.warning("stopped: message %s is in other hands", claim.msgid, extra=about(claim))
        for _ in batch:
            self._activity.end()

    async def _settle_alone(self, one: Settled) -> list[Claim]:
        """Give one back; where its verdict cannot be written down, without it. Others shall not suffer for that."""
        try:
            return await self._store.settle([one])
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - it was told above
            return await self._store.settle([(one[0], Again(self._clock.now() + PARKED))])

    def _begin(self, claims: Sequence[Claim]) -> None:
        """Start what was claimed; what is suspected of ending the process goes back and is tried by itself.

        Without that, whatever was in hand beside it would be suspected too, and given up with it in the end.
        """
        suspects = [claim for claim in claims if claim.lives >= SUSPECT]
        if self._alone or not suspects:
            if self._alone and not self._held and not suspects:  # that was the last of them
                self._alone = False
                self.hint()
            for claim in claims:
                self._start(claim)
            return
        self._alone = True
        self.hint()
        for claim in claims:
            if claim.lives < SUSPECT:
                self._start(claim)
            else:
                self._activity.begin()
                self._judged.append((claim, Again(0.0, spent=False, lives=claim.lives)))

    def _start(self, claim: Claim) -> None:
        ripe = self._together(claim)
        if ripe is None:
            return
        claim = ripe
        self._activity.begin()
        task = asyncio.create_task(self._work(claim), name=f"wxkf {claim.msgid}")
        self._held[task] = claim
        self._busy[claim.lane] += 1
        task.add_done_callback(self._ended)

    def _together(self, claim: Claim) -> Claim | None:
        """Cut a claim to what belongs together; None for one that went back to wait for more of its kind."""
        if self._gate is None or claim.frozen or claim.finished:
            return claim
        now = self._clock.now()
        try:
            events = [read(claim.raw), *(read(one.raw) for one in claim.more)]
            count, at = self._gate(events, claim.came, now)
        except Exception:  # a filter of the bot's: it raises again where the message is handled, and is judged there
            log.exception("whether messages belong together cannot be said", extra=about(claim))
            count, at = 1, 0.0
        if at > now:
            self._activity.begin()
            self._judged.append((claim, Again(at, spent=False)))
            self._ripe_at = min(self._ripe_at or at, at)
            self.hint()
            return None
        return structs.replace(claim, more=claim.more[: count - 1])

    def _ended(self, task: "asyncio.Task[Verdict]") -> None:
        if claim := self._held.pop(task, None):
            self._leave(claim, self._unspent() if task.cancelled() or task.exception() else task.result())

    def _leave(self, claim: Claim, verdict: Verdict) -> None:
        self._busy[claim.lane] -= 1
        self._judged.append((claim, verdict))
        self.hint()  # there is a free place now, and the conversation may have more

    def _unspent(self) -> Again:
        return Again(self._clock.now(), spent=False)

    async def _work(self, claim: Claim) -> Verdict:
        """Handle a message. Returns what is to become of it, if it is still ours."""
        begin(claim)
        if not self._store.alive:
            return self._unspent()  # somebody else may have it by now
        try:
            if is_deadly(claim):
                why = f"the process ended {claim.lives} times while this was handled"
                log.error("message %s is given up: %s", claim.msgid, why, extra=about(claim))
                return await self._given_up(claim, RuntimeError(why), Dead(why, self._clock.now()))
            return await self._verdict(claim)
        except LostClaim as lost:
            log.warning("stopped: %s", lost, extra=about(claim))
            return self._unspent()
        except StoreError as error:
            log.error("message %s: %s", claim.msgid, error, extra=about(claim))
            return Again(self._clock.now() + PARKED, spent=False)

    async def _verdict(self, claim: Claim) -> Verdict:
        try:
            if not claim.finished:
                await self._handle(claim)
            else:
                await self._deliver(claim, claim.steps, fresh=False)
        except (StoreError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - a handler may raise anything, and the next message runs
            if _is_being_cancelled():  # whatever it has made of that
                return self._unspent()
            verdict = judge(claim, error, self._clock.now())
            return await self._given_up(claim, error, verdict) if isinstance(verdict, Dead) else verdict
        return Done(self._clock.now())

    async def _given_up(self, claim: Claim, error: BaseException, verdict: Dead) -> Verdict:
        """Let somebody say last words about a message that its handler could not answer."""
        if self._despair is None or claim.finished or isinstance(error, Held) or claim.lives > CRASHES:
            return verdict
        despair = self._despair
        try:
            work = self._make(claim, self._outbox, self._clock.now())
            with work.lane(LAST_WORDS):
                steps = first_sending(work.plan(await self._in_time(work, lambda work: despair(work, error))))
            await self._store.finish(claim, steps, work.kept, dead=verdict.reason)
            await self._deliver(claim, steps, fresh=True)
        except StoreError:
            raise
        except Held as held:  # the words are written down, and wait
            return judge(claim, held, self._clock.now())
        except (TransportError, ApiError) as trouble:
            if is_trouble(trouble):
                return Again(self._clock.now() + PARKED, spent=False)
            log.warning("no last words about %s: %s", claim.msgid, trouble, extra=about(claim))
        except Exception:
            log.exception("no last words about %s", claim.msgid, extra=about(claim))
        return verdict

    async def _handle(self, claim: Claim) -> None:
        if self._depth > 1 and not claim.frozen:
            await self._store.freeze(claim)  # a batch of one, too: who comes meanwhile is of the next
        work = self._make(claim, self._outbox, self._clock.now())
        for event in work.events:
            if isinstance(event, MsgSendFail):
                work.in_vain = await self._note_failure(event)
        try:
            steps = first_sending(await self._planned(work))
            if not steps and work.is_untouched:
                return  # to settle says all there is to say
            await self._store.finish(claim, steps, work.kept)
        except BaseException as error:
            work.finished(error)
            raise
        work.finished()
        await self._deliver(claim, steps, fresh=True)

    async def _planned(self, work: Work) -> list[Step]:
        """Run the handler, unless a timer brings its words along or has nothing to say any more."""
        if isinstance(work.event, TimerDue):  # nearly nothing is, and each question of it costs
            if await work.is_moot():
                return []
            if work.brought is not None:
                return work.plan(work.brought)
        return work.plan(await self._in_time(work, self._handler))

    async def _in_time(self, work: Work, handler: Handler) -> Sequence[Outbound]:
        """Run the handler; one that takes too long is cancelled by the next round of `run`."""
        task = asyncio.current_task()
        if self._seconds is None or task is None:
            return await handler(work)
        self._ends[task] = self._clock.elapsed() + self._seconds
        if self._depth > 1:
            self._yielding[task] = work
        try:
            said = await handler(work)
            if task in self._anew and work.gives_way:
                raise Superseded  # it took no notice
            return said
        except asyncio.CancelledError:
            if task in self._anew:
                raise Superseded from None
            if task not in self._late:
                raise
            raise TimeoutError(f"the handler took longer than {self._seconds:g} s") from None
        except Exception:
            if task in self._anew and work.gives_way:
                raise Superseded from None  # it made something else of being cancelled
            raise
        finally:
            del self._ends[task]
            self._yielding.pop(task, None)
            for ended in (self._anew, self._late):
                if task in ended:  # also where the handler took no notice
                    ended.discard(task)
                    task.uncancel()

    def _end_late(self) -> None:
        """Cancel the handlers whose time is over: all have the same time, so the first to begin is the first to end."""
        now = self._clock.elapsed()
        for task, end in self._ends.items():
            if end > now:
                break
            if task not in self._late:
                self._late.add(task)
                task.cancel()

    async def _note_failure(self, event: MsgSendFail) -> bytes:
        place = self._app, event.open_kfid, event.external_userid
        body = await self._store.note_failure(*place, event.fail_msgid, str(event.fail_type))
        if body:
            log.warning("message %s was not delivered: fail_type %d", event.fail_msgid, event.fail_type)
        return body or b""

    async def _deliver(self, claim: Claim, steps: Sequence[Step], *, fresh: bool) -> None:
        try:
            await self._outbox.deliver(claim, steps, fresh=fresh)
        except (TransportError, ApiError) as error:
            raise Held(str(error)) from error

    async def stop(self, grace: float) -> None:
        """Let what is running finish for so many seconds, then cut it off and give it back for the next start."""
        loop = asyncio.get_running_loop()
        end = loop.time() + grace
        while self._held and (left := end - loop.time()) > 0:
            await asyncio.wait(self._held, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            await self._settle()
        for task in self._held:
            task.cancel()
        if self._held:
            await asyncio.wait(self._held, timeout=_LAST_WORDS)
        for task, claim in list(self._held.items()):  # deaf to being cancelled; what they still do is fenced off
            log.error("the handler of %s does not end; it is left behind", claim.msgid, extra=about(claim))
            del self._held[task]
            self._leave(claim, self._unspent())
        await self._settle()


def _is_being_cancelled() -> bool:
    """Tell our own end from a cancelled task that a handler was waiting for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
