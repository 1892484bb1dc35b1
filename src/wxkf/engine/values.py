"""What goes through the engine: rows that come in, the claim on a message, the steps of its answer, how it ended."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Literal

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
    """One message of the log, and when it was stored."""

    id: int
    msgid: str
    raw: bytes
    at: float = 0.0


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
    people: what they are told then, "" for nothing. `at` is when the message was stored.
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
    at: float = 0.0

    @property
    def messages(self) -> tuple[int, ...]:
        """The ids of all messages that this claim is about."""
        return (self.message, *(one.id for one in self.more))

    @property
    def came(self) -> list[float]:
        """When each of its messages was stored."""
        return [self.at, *(one.at for one in self.more)]

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


Rest = Literal["stay", "go", "stop"]
"""What the outcome of a step means for those planned behind it: nothing, the next is about to leave, none is sent."""


@dataclass(frozen=True, slots=True)
class Room:
    """What of the platform's quota is used: when the customer wrote last (None: never), and what was sent since.

    `waiting` are the words from outside that are stored and have not left yet.
    """

    wrote_at: float | None
    sent: int
    waiting: int = 0
