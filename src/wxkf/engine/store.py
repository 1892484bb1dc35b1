"""What the engine needs from a database, in its own words.

An account is a cursor over the platform's stream; a conversation is a cursor over our log of it. The cursor of an
account moves in the transaction that stores the page: all of reliability hangs on that. A claim is fenced by
(owner, epoch): whoever lost it gets `LostClaim` and records nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Literal, Protocol

import msgspec


class _Quick(msgspec.Struct, frozen=True):
    """A value that is made for every message: in a fifth of a dataclass's time. What came in is not shown."""

    def __repr__(self) -> str:
        shown = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return (
            f"{type(self).__name__}({', '.join(f'{name}={it!r}' for name, it in shown if not isinstance(it, bytes))})"
        )


@dataclass(frozen=True, slots=True)
class Account:
    """A cursor over one account's stream.

    Until it has been read to its end for the first time, rows sent before `since` are kept as history and never
    handled; from then on `since` is 0.
    """

    app: str
    open_kfid: str
    cursor: str
    since: float


class Lane(IntEnum):
    """Where a message waits: behind the customer's earlier ones, or for nobody (a greeting has 20 seconds to live)."""

    ORDERED = 0
    GREETING = 1


class Row(_Quick, frozen=True):
    """One message as it is stored.

    `people` is what it tells of who speaks with the customer: True a colleague, False the bot again, None nothing.
    """

    msgid: str
    external_userid: str
    send_time: int
    origin: int
    raw: bytes
    history: bool = False
    lane: Lane = Lane.ORDERED
    people: bool | None = None


SENDS = ("kf/send_msg", "kf/send_msg_on_event")
"""The calls that put words before a customer."""


class StepState(StrEnum):
    """Where one effect stands.

        planned ──▶ sending ──▶ accepted ──▶ failed
                       └──▶ refused | unknown

    `sending` is written before the call leaves: found after a crash, it means that the outcome is unknown. `failed` is
    what msg_send_fail has told of an accepted one.
    """

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One effect of handling one message: the call and its exact body, so that a replay sends the same again.

    The `generation` rises after a definite refusal: what is tried then bears another msgid.
    """

    position: int
    path: str
    body: bytes = field(repr=False)
    state: StepState
    result: str = ""
    generation: int = 0


class Message(_Quick, frozen=True):
    """One message of the log."""

    id: int
    msgid: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to append to the log at a time; `name` makes it one of a kind within its conversation.

    A `quiet` one is dropped if the customer has written meanwhile.
    """

    name: str
    due: float
    raw: bytes = field(repr=False)
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said: `origin` as on the wire (3 customer, 4 system, 5 servicer), 0 for our own words.

    `at` is in seconds since the epoch; `raw` is the message as it came in, or the body as it went out.
    """

    origin: int
    at: float
    raw: bytes = field(repr=False)


class Claim(_Quick, frozen=True):
    """The right to handle a message of one conversation, and what was already done about it.

    `attempt` counts from 1. `finished` means the handler has returned: from then on only `steps` are carried out.
    `more` are the messages that wait behind; once `frozen`, exactly those that the handler started with. `failing` is
    since when it fails, 0 if it does not. `lives` counts the claims before this one that nobody lived to settle.
    `people` tells that a colleague may have the session. `note` is set where an operator has customers handed over to
    people: what they are told then, "" for nothing.
    """

    conversation: int
    epoch: int
    app: str
    open_kfid: str
    external_userid: str
    message: int
    msgid: str
    raw: bytes
    attempt: int
    finished: bool
    steps: tuple[Step, ...] = ()
    lane: Lane = Lane.ORDERED
    more: tuple[Message, ...] = ()
    frozen: bool = False
    failing: float = 0.0
    lives: int = 0
    people: bool = False
    note: str | None = None

    @property
    def messages(self) -> tuple[int, ...]:
        """The ids of all messages that this claim is about."""
        return (self.message, *(one.id for one in self.more))

    @property
    def last(self) -> int:
        """The id of the last message that this claim is about."""
        return self.more[-1].id if self.more else self.message


@dataclass(frozen=True, slots=True)
class Done:
    """Handled: go on to the next message, behind the conversations that wait since before `at`."""

    at: float


@dataclass(frozen=True, slots=True)
class Again:
    """Not now: come back at this time.

    `spent` tells whether this run counts as one of the handler's attempts; then `since` is when it first failed.
    `lives` is what stays suspected of ending the process. `anew` lets who has come meanwhile into the batch.
    """

    at: float
    spent: bool = True
    since: float = 0.0
    lives: int = 0
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Dead:
    """Given up: keep it on the dead list and go on to the next message."""

    reason: str
    at: float


Verdict = Done | Again | Dead
Settled = tuple[Claim, Verdict]


@dataclass(frozen=True, slots=True)
class Trace:
    """How far one message got; for people who ask where it is."""

    claimed: bool
    handled: bool
    dead: str
    steps: tuple[Step, ...]

    @property
    def failed(self) -> bool:
        """Whether it was given up, or part of the answer did not leave."""
        return bool(self.dead) or any(step.state in (StepState.REFUSED, StepState.UNKNOWN) for step in self.steps)


Rest = Literal["stay", "go", "stop"]
"""What the outcome of a step means for those planned behind it: nothing, the next is about to leave, none is sent."""
Kind = Literal["waiting", "dead", "unknown", "all"]
"""What operators list: what is not handled yet, given up, sent with an outcome nobody knows (or failed), everything."""


@dataclass(frozen=True, slots=True)
class Pause:
    """What is not handed out: an app, one of its accounts ("" is all), or one customer of it; and since when.

    With a `note` (also "") it is given to people instead of waiting, and they are told that first.
    """

    app: str
    open_kfid: str = ""
    external_userid: str = ""
    at: float = 0.0
    note: str | None = None

    @property
    def named(self) -> str:
        """The three of them in one."""
        return " ".join(one for one in (self.app, self.open_kfid, self.external_userid) if one)


@dataclass(frozen=True, slots=True)
class Room:
    """What of the platform's quota is used: when the customer wrote last (None: never), and what was sent since."""

    wrote_at: float | None
    sent: int


@dataclass(frozen=True, slots=True)
class Overview:
    """How an inbox stands. `oldest` is when the oldest unanswered message was stored, None where none waits."""

    waiting: int
    oldest: float | None
    in_flight: int
    dead: int
    unknown: int
    failed: int
    timers: int
    paused: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """A message as it lies in the inbox, and all that was done about it.

    `claimed` tells that it is in the hands of a handler, `first` that of its conversation none waits before it; then
    `attempts` were made, the last of them `failing`, and `due` is when the next one may begin. `times` are those of the
    steps' last changes. `over` is what an operator did about it, "skipped" or "retried <msgid>"; then it is not `dead`
    any more, but had `died_of` something.
    """

    id: int
    msgid: str
    app: str
    open_kfid: str
    external_userid: str
    send_time: int
    at: float
    origin: int
    raw: bytes = field(repr=False)
    claimed: bool
    handled: bool
    dead: str
    over: str = ""
    died_of: str = ""
    first: bool = False
    attempts: int = 0
    failing: bool = False
    due: float = 0.0
    paused: Pause | None = None
    history: bool = False
    steps: tuple[Step, ...] = ()
    times: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """What an operator did, and when."""

    at: float
    who: str
    did: str
    about: str


class Store(Protocol):
    """The verbs. Every one is a single transaction, and durable when it returns."""

    async def open(self) -> None:
        """Open, upgrade if need be, release what an earlier run held. Raises `StoreError`."""
        ...

    async def aclose(self) -> None:
        """Close."""
        ...

    @property
    def alive(self) -> bool:
        """Whether what was claimed is still ours: our lease has not run out. Cheap."""
        ...

    def on_lost(self, told: Callable[[], object]) -> None:
        """Call this whenever the lease has run out and all claims were given back."""
        ...

    async def account(self, app: str, open_kfid: str, since: float) -> Account:
        """Read an account's cursor; a new account starts without one and takes `since`."""
        ...

    async def commit_page(self, account: Account, cursor: str, rows: Sequence[Row], now: float) -> int:
        """Store a page and move the cursor from `account.cursor` to `cursor`, both or neither.

        Rows whose msgid was seen before are skipped. Returns how many are new. Raises `StoreError` when the cursor
        is no longer where `account` says.
        """
        ...

    async def caught_up(self, account: Account) -> None:
        """Note that an account's log was read to its end once: from now on every message is to be handled."""
        ...

    async def claim(
        self, app: str, limit: int, now: float, *, lane: Lane = Lane.ORDERED, depth: int = 1
    ) -> list[Claim]:
        """Take ready conversations of an app, each with its `depth` oldest messages; reclaimed work comes first.

        Accounts take turns, and within one those wait longest that were served last.
        """
        ...

    async def behind(self, claim: Claim, limit: int) -> list[Message]:
        """List what has come behind the messages of a claim and could be of one batch with them."""
        ...

    async def freeze(self, claim: Claim) -> None:
        """Write down the batch a handler starts with: `claim.message` and `claim.more`, no more and no less."""
        ...

    async def release(self, app: str) -> None:
        """Give back every conversation of an app that is still held: its engine is gone, the store stays."""
        ...

    async def forget(self, app: str, external_userid: str = "") -> int:
        """Delete every row of an app, cursors included, or of one customer. Returns how many messages that were."""
        ...

    async def begin(self, claim: Claim, step: Step) -> None:
        """Write a step down, or the state it is in now: before its call leaves, or when it certainly did not.

        The body stays what it was, unless the generation has risen.
        """
        ...

    async def record(self, claim: Claim, position: int, state: StepState, result: str, rest: Rest = "stay") -> None:
        """Write down what came of a step, and what that means for the planned ones behind it."""
        ...

    async def kept(self, claim: Claim, name: str) -> bytes | None:
        """Give what `finish` has kept of the customer of a claim under a name, None if nothing was."""
        ...

    async def finish(
        self, claim: Claim, steps: Sequence[Step], kept: Mapping[str, bytes] = {}, *, dead: str = ""
    ) -> None:
        """Write down that the handler has returned, with all that it wants sent and kept: one transaction.

        With `dead` it has failed for good, for this reason, and these are the last words about it.

        What it had begun and not seen through (it swallowed the error) is closed: refused, or unknown if it may have
        left.
        """
        ...

    async def note_people(self, claim: Claim, people: bool) -> None:
        """Write down whether colleagues may be speaking with this customer."""
        ...

    async def room(self, app: str, open_kfid: str, external_userid: str) -> Room:
        """Tell how much was sent since the customer wrote last; the newest two hundred messages are looked at."""
        ...

    async def put(self, app: str, open_kfid: str, rows: Sequence[Row], now: float) -> int:
        """Put messages of our own at the end of the log. Returns how many were not there before."""
        ...

    async def has_people(self, app: str, open_kfid: str, external_userid: str) -> bool:
        """Tell whether colleagues may be speaking with a customer."""
        ...

    async def settle(self, settled: Sequence[Settled]) -> list[Claim]:
        """Give conversations back. Returns those that were no longer ours: of them nothing was written."""
        ...

    async def note_failure(
        self, app: str, open_kfid: str, external_userid: str, msgid: str, reason: str
    ) -> bytes | None:
        """Mark the send under a msgid as failed after all. Returns its body, None if it was not one of ours."""
        ...

    async def schedule(self, claim: Claim, timer: Timer, step: Step) -> None:
        """Set a timer for the claimed conversation, and write the step that says so, both or neither."""
        ...

    async def cancel(self, claim: Claim, name: str) -> bool:
        """Take a timer back that has not come yet. Tells whether there was one."""
        ...

    async def fire(self, app: str, now: float, limit: int = 100) -> int:
        """Append the timers that are due to the log. Returns how many were due."""
        ...

    async def wrote_since(self, claim: Claim, message: int) -> bool:
        """Tell whether the customer of a claim has written after a message."""
        ...

    async def lease(self, name: str, seconds: float) -> int | None:
        """Take a named lease, or make ours longer. Returns its fence number, None while somebody else has it."""
        ...

    async def give_up(self, name: str) -> None:
        """Let others have a lease at once."""
        ...

    async def history(
        self, app: str, open_kfid: str, external_userid: str, limit: int, *, before: int | None = None
    ) -> list[Said]:
        """List what was said last in a conversation, oldest first; `before` is a message's id."""
        ...

    async def purge(self, before: float, now: float) -> int:
        """Delete what was stored before a time and is done with, in small pieces. Returns how many messages went."""
        ...

    async def next_due(self) -> float | None:
        """Tell when the next waiting conversation is due, None when none waits. Timers do not count."""
        ...

    async def overview(self, app: str) -> Overview:
        """Count what waits, is under way, has failed."""
        ...

    async def trace(self, msgid: str) -> Trace | None:
        """Tell how far a message got, None when it was never stored."""
        ...
