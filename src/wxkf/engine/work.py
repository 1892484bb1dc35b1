"""One message in the hands of a handler, or a batch of them: what it says, and what can be done about it."""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from wxkf.client.aio import AsyncClient
from wxkf.engine.about import about
from wxkf.engine.outbox import BY_CODE, SEND, TRANS, Outbox, on_event_step, send_step, trans_step
from wxkf.engine.timer import Kept, TimerDue, read, timer_of
from wxkf.engine.values import SENDS, Claim, Room, Said, Step, StepState
from wxkf.errors import Diverged
from wxkf.messages.events import EnterSession, SessionStatusChange
from wxkf.messages.inbound import Inbound, Origin
from wxkf.messages.outbound import Outbound, Text

log = logging.getLogger("wxkf.work")

LATER, CHOICE = "timer", "choice"  # the paths of steps that are no calls
LANE = 1_000_000  # effects a lane has room for; positions of one lane follow one another
LAST_WORDS, HOUSE, OPERATOR, STALE, NOTICES = LANE, 2 * LANE, 3 * LANE, 4 * LANE, -LANE
"""What is said when a handler has failed; what is done for the bot, for an operator; that it was old; notices."""
_SLACK = 10.0  # seconds that two clocks may differ by
_CODE_LIFE, _ACCEPTED_LIFE = 20.0 + _SLACK, 2 * 86_400.0 - _SLACK  # seconds, as the platform says
_BY_CODE_ONLY = (EnterSession, SessionStatusChange)  # the session need not be the bot's
_CUSTOMER = int(Origin.CUSTOMER)
_GONE = (StepState.SENDING, StepState.ACCEPTED, StepState.UNKNOWN)  # what may be with the platform


class Work:
    """A claimed message: what it says, and how to answer it.

    `event` is the message, `events` all of its batch. Effects are numbered in the order in which the handler asks for
    them, so a handler that runs again gets the recorded outcome of those it had reached before.
    """

    def __init__(self, claim: Claim, outbox: Outbox, now: float) -> None:
        self.claim = claim
        self.events: tuple[Inbound, ...] = (read(claim.raw), *[read(one.raw) for one in claim.more])
        self.event = self.events[0]
        self._outbox, self._store = outbox, outbox.store
        self._position = 0
        self.kept: dict[str, bytes] = {}  # what is to be remembered once the handler has returned
        self.in_vain = b""  # the body of what was not delivered, where this is about that
        self.begins_anew = False  # whether a newer message of the customer ends this run, if it has done nothing yet
        self._code, self.may_answer = "", True
        if self.event.origin != _CUSTOMER:  # nearly all are a customer's
            self._code = _code_of(self.event, now)
            self.may_answer = bool(self._code) or not all(isinstance(event, _BY_CODE_ONLY) for event in self.events)
        self._lanes: dict[int, int] = {}  # how far the other lanes are
        self._noticed = False

    @property
    def raws(self) -> tuple[bytes, ...]:
        """The messages as they came."""
        return (self.claim.raw, *(one.raw for one in self.claim.more))

    async def send(self, message: Outbound, *, code: str = "") -> None:
        """Send now; by a one-time code where one is given.

        Raises `ApiError` when the platform refuses, `LimitError` when a documented limit is broken, `Diverged` when
        an earlier run did something else here.
        """
        if earlier := self._earlier():
            self._pass(earlier, BY_CODE if code or self._code else SEND)
            await self._outbox.resume(self.claim, earlier)
            return
        await self._outbox.send_now(self.claim, self._number(message, code))

    async def reply(self, message: str | Outbound) -> None:
        """Send a text, or any value of `wxkf.out`, now. Raises what `send` raises."""
        await self.send(Text(content=message) if isinstance(message, str) else message)

    async def trans(self, state: int, servicer_userid: str = "") -> str:
        """Change the session: 1 the API, 2 the queue, 3 a servicer, 4 its end. Returns the one-time msg_code.

        "" where there is none, also when it was lost in a crash. Done once, however often the handler runs. Raises
        `ApiError`, e.g. 95016 for a change that the platform does not allow.
        """
        if earlier := self._earlier():
            self._pass(earlier, TRANS)
            return (await self._outbox.resume(self.claim, earlier)).result
        position, self._position = self._position, self._position + 1
        step = trans_step(self.claim, position, state, servicer_userid)
        return (await self._outbox.send_now(self.claim, step)).result

    async def later(
        self, due: float, message: str | Outbound | None = None, *, name: str = "", data: object = None,
        quiet: bool = False,
    ) -> str:  # fmt: skip
        """Set a timer for this conversation, in seconds since the epoch. Returns its id, for `cancel`.

        What it brings is a message to send, or, for the handler, a `TimerDue` with this name and data (JSON). A
        `quiet` one is dropped if the customer has written meanwhile. A handler that runs again sets none twice.
        """
        position = self._position
        msgid = _timer_id(self.claim, position)
        if earlier := self._earlier():
            self._pass(earlier, LATER)
            return msgid
        self._position += 1
        words = Text(content=message) if isinstance(message, str) else message
        send = None if words is None else words.wire()
        timer = timer_of(self.claim, msgid, due, name=name, data=data, quiet=quiet, send=send)
        await self._store.schedule(self.claim, timer, Step(position, LATER, timer.raw, StepState.ACCEPTED, msgid))
        return msgid

    @property
    def has_code(self) -> bool:
        """Whether there is a one-time code to answer by."""
        return bool(self._code)

    @property
    def has_sent(self) -> bool:
        """Whether an earlier run has sent something at this place."""
        earlier = self._earlier()
        return earlier is not None and earlier.path in SENDS

    @property
    def has_chosen(self) -> bool:
        """Whether an earlier run has decided something at this place."""
        earlier = self._earlier()
        return earlier is not None and earlier.path == CHOICE

    def has_begun(self, lane: int = 0) -> bool:
        """Tell whether an earlier run has done anything in a lane."""
        return any(step.position // LANE == lane // LANE for step in self.claim.steps)

    async def choose(self, choose: Callable[[], Awaitable[str]]) -> str:
        """Decide something once: a handler that runs again gets what was decided the first time."""
        if earlier := self._earlier():
            self._pass(earlier, CHOICE)
            return earlier.body.decode()
        position, self._position = self._position, self._position + 1
        chosen = await choose()
        await self._store.begin(self.claim, Step(position, CHOICE, chosen.encode(), StepState.ACCEPTED))
        return chosen

    async def notice(self, number: int, message: Outbound) -> None:
        """Send something beside what the handler does, in a lane of its own, since whether it comes depends on time.

        Raises what `send` raises.
        """
        self._noticed = True
        position = NOTICES + number
        earlier = next((step for step in self.claim.steps if step.position == position), None)
        if earlier:
            await self._outbox.resume(self.claim, earlier)
        else:
            await self._outbox.send_now(self.claim, send_step(self.claim, position, message))

    @contextmanager
    def lane(self, lane: int) -> Iterator[None]:
        """Number what is done inside in another lane, so that it meets nothing that the handler has done."""
        before, self._position = self._position, self._lanes.get(lane, lane)
        try:
            yield
        finally:
            self._lanes[lane], self._position = self._position, before

    async def superseded(self) -> bool:
        """Tell whether the customer has written something that is not part of this."""
        return await self._store.wrote_since(self.claim, self.claim.last)

    async def room(self) -> Room:
        """Tell how much was sent since the customer wrote last."""
        return await self._store.room(self.claim.app, self.claim.open_kfid, self.claim.external_userid)

    async def note_people(self, people: bool) -> None:
        """Write down whether colleagues may be speaking with this customer."""
        await self._store.note_people(self.claim, people)

    async def cancel(self, timer: str) -> bool:
        """Take a timer of this conversation back. Tells whether it was still to come."""
        return await self._store.cancel(self.claim, timer)

    async def load(self, name: str) -> bytes | None:
        """Give what was kept of this customer under a name, by an earlier message or in this run."""
        return self.kept.get(name) or await self._store.kept(self.claim, name)

    def keep(self, name: str, raw: bytes) -> None:
        """Remember something of this customer: together with the handler's return, or not at all."""
        self.kept[name] = raw

    async def history(self, limit: int = 20) -> list[Said]:
        """List what was said before this message, oldest first."""
        claim = self.claim
        return await self._store.history(claim.app, claim.open_kfid, claim.external_userid, limit, before=claim.message)

    def plan(self, messages: Sequence[Outbound]) -> list[Step]:
        """Number what is to be sent once the handler has returned; it comes after all that any run has sent.

        A greeting without a welcome code is not sent: the customer was greeted or has written within 48 hours, and
        the session may be closed to us. Nor is an answer to a colleague's move without its code. Raises `LimitError`.
        """
        if not messages:
            return []
        if not self.may_answer:
            log.info("no answer to the event %s: no code that is good now", self.claim.msgid, extra=about(self.claim))
            return []
        lane = self._position // LANE
        ends = (step.position + 1 for step in self.claim.steps if step.position // LANE == lane)
        self._position = max([self._position, *ends])
        if any(step.path == BY_CODE and step.state in _GONE for step in self.claim.steps):
            self._code = ""
        return [self._number(message) for message in messages]

    @property
    def client(self) -> AsyncClient:
        """The client of this message's app, for calls that leave nothing behind: reading a session, a customer."""
        return self._outbox.client

    @property
    def brought(self) -> list[Outbound] | None:
        """What a timer has brought to send; None for anything that is the handler's."""
        it = self.event
        return [Kept(it.send)] if isinstance(it, TimerDue) and it.send is not None else None

    @property
    def gives_way(self) -> bool:
        """Whether this run may end and begin anew: it was said so, and nothing was done that cannot be taken back."""
        return self.begins_anew and not self._position and not self.claim.steps and not self._noticed

    @property
    def is_untouched(self) -> bool:
        """Whether no run has done anything that the journal would have to close, and nobody waits for `finished`."""
        return not self._position and not self.claim.steps and not self.kept and not self._noticed and not self._lanes

    def finished(self, error: BaseException | None = None) -> None:
        """Hear that the handler's return is on disk, or why it is not."""

    async def is_moot(self) -> bool:
        """Tell whether this is a timer that waited for silence, and the customer has written."""
        it = self.event
        return isinstance(it, TimerDue) and it.quiet and await self._store.wrote_since(self.claim, it.after)

    def _earlier(self) -> Step | None:
        """Find what an earlier run did at this place."""
        return next((step for step in self.claim.steps if step.position == self._position), None)

    def _number(self, message: Outbound, code: str = "") -> Step:
        """Write down the next effect; one that breaks a limit takes its number with it, but not the code."""
        position, self._position = self._position, self._position + 1
        if code:
            return on_event_step(self.claim, position, message, code)
        if not self._code:
            return send_step(self.claim, position, message)
        step = on_event_step(self.claim, position, message, self._code)
        self._code = ""
        return step

    def _pass(self, earlier: Step, path: str) -> None:
        """Go past an effect of an earlier run, which may have had a code that is too old by now."""
        if earlier.path != path and not (path == SEND and earlier.path == BY_CODE):
            raise Diverged(f"effect {earlier.position} of {self.claim.msgid} was {earlier.path}, is {path}")
        self._position += 1
        if path in (SEND, BY_CODE):
            self._code = ""


def _code_of(event: Inbound, now: float) -> str:
    """Give the one-time code of an event by which it can be answered, while it is good."""
    age = now - event.send_time
    match event:
        case EnterSession():
            return event.welcome_code if age <= _CODE_LIFE else ""
        case SessionStatusChange():
            return event.msg_code if age <= (_CODE_LIFE if event.ended else _ACCEPTED_LIFE) else ""
        case _:
            return ""


def _timer_id(claim: Claim, position: int) -> str:
    key = "\n".join((claim.app, claim.open_kfid, claim.msgid, str(position), "timer"))
    return f"t-{hashlib.sha256(key.encode()).hexdigest()[:30]}"
