"""A command of the platform as a journal row, and the states it goes through.

What a row is about decides how far it has to go: an AuthCode (create_auth, reset_permanent_code) is exchanged after the
answer; the others are done in the very transaction that writes them down.
"""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from wxkf.protocol.callback import Notice
from wxkf.protocol.notices import CancelAuth, ChangeAuth, CreateAuth, ResetPermanentCode, SuiteTicket

CODE_LIFE = 600.0  # seconds in which an AuthCode must be exchanged
TICKET_LIFE = 1800.0  # seconds for which a suite_ticket is good

AGAIN = "ask the corp to authorise again"


class EventState(StrEnum):
    """Where one command stands.

        received ──▶ exchanging ──▶ done | failed | unknown ──▶ done (an answer that could be kept only late)
           │  ▲──────────┘ (refused or never sent, for a reason that passes)
           └──▶ expired

    `exchanging` is written before the call leaves: found after a crash, it means that the outcome is unknown. A command
    without a code is written down as `done`.
    """

    RECEIVED = "received"
    EXCHANGING = "exchanging"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


NEXT: dict[EventState, frozenset[EventState]] = {
    EventState.RECEIVED: frozenset({EventState.EXCHANGING, EventState.EXPIRED}),
    EventState.EXCHANGING: frozenset({EventState.RECEIVED, EventState.DONE, EventState.FAILED, EventState.UNKNOWN}),
    EventState.DONE: frozenset(),
    EventState.FAILED: frozenset(),
    EventState.EXPIRED: frozenset(),
    EventState.UNKNOWN: frozenset({EventState.DONE}),
}
OVER = frozenset(NEXT) - {EventState.RECEIVED, EventState.EXCHANGING}


@dataclass(frozen=True, slots=True)
class Command:
    """What a notice asks for, ready to be written down. `stamp` is the platform's time of it, 0 if it said none."""

    kind: str
    stamp: int
    corp: str = ""
    code: str = field(default="", repr=False)
    ticket: str = field(default="", repr=False)
    open_kfids: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Tell a command pushed twice from a second one. It gives no secret away."""
        what = self.code or f"{self.corp}|{self.stamp}"
        return hashlib.sha256(f"{self.kind}|{what}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the journal. `why` says in words what went wrong and what to do."""

    id: int
    suite: str
    kind: str
    corp: str
    stamp: int
    received: float
    state: EventState
    tries: int = 0
    why: str = ""
    code: str = field(default="", repr=False)
    doubtful: bool = False

    @property
    def deadline(self) -> float:
        """When its AuthCode is worth nothing any more."""
        return (min(self.stamp, self.received) if self.stamp else self.received) + CODE_LIFE


def command_of(notice: Notice) -> Command | None:
    """Read what a notice asks of a provider, None where it is no command."""
    stamped = next((value for name, value in notice.fields if name == "TimeStamp"), "")
    stamp = int(stamped) if stamped.isascii() and stamped.isdigit() and len(stamped) < 12 else 0
    match notice.content:
        case SuiteTicket(suite_ticket=ticket):
            return Command(notice.event, stamp, ticket=ticket)
        case CreateAuth(auth_code=code, open_kfids=open_kfids):
            return Command(notice.event, stamp, code=code, open_kfids=open_kfids)
        case ResetPermanentCode(auth_code=code):
            return Command(notice.event, stamp, code=code)
        case ChangeAuth(auth_corp_id=corp, open_kfids=open_kfids):
            return Command(notice.event, stamp, corp=corp, open_kfids=open_kfids)
        case CancelAuth(auth_corp_id=corp):
            return Command(notice.event, stamp, corp=corp)
        case _:
            return None
