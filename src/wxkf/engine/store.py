"""What the engine needs from a database, in its own words.

An account is a cursor over the platform's stream; a conversation is a cursor over our log of it. The cursor of an
account moves in the transaction that stores the page: all of reliability hangs on that. A claim is fenced by
(owner, epoch): whoever lost it gets `LostClaim` and records nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Account:
    """A cursor over one account's stream. Rows sent before `since` are kept as history and never handled."""

    app: str
    open_kfid: str
    cursor: str
    since: float


@dataclass(frozen=True, slots=True)
class Row:
    """One message as it is stored."""

    msgid: str
    external_userid: str
    send_time: int
    origin: int
    raw: bytes = field(repr=False)
    history: bool = False


class StepState(StrEnum):
    """Where one effect stands.

        planned ──▶ sending ──▶ accepted | refused | unknown

    `sending` is written before the call leaves: found after a crash, it means that the outcome is unknown.
    """

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One effect of handling one message: the call and its exact body, so that a replay sends the same again."""

    position: int
    path: str
    body: bytes = field(repr=False)
    state: StepState
    result: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to handle one message of one conversation, and what was already done about it.

    `attempt` counts from 1. `finished` means the handler has returned: from then on only `steps` are carried out.
    """

    conversation: int
    epoch: int
    app: str
    open_kfid: str
    external_userid: str
    message: int
    msgid: str
    raw: bytes = field(repr=False)
    attempt: int
    finished: bool
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """Handled: go on to the next message, behind the conversations that wait since before `at`."""

    at: float


@dataclass(frozen=True, slots=True)
class Again:
    """Not now: come back at this time. `spent` tells whether this run counts as one of the handler's attempts."""

    at: float
    spent: bool = True


@dataclass(frozen=True, slots=True)
class Dead:
    """Given up: keep it on the dead list and go on to the next message."""

    reason: str
    at: float


Verdict = Done | Again | Dead


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


class Store(Protocol):
    """The verbs. Every one is a single transaction."""

    async def open(self) -> None:
        """Open, upgrade if need be, release what an earlier run held. Raises `StoreError`."""
        ...

    async def aclose(self) -> None:
        """Close."""
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

    async def claim(self, app: str, limit: int, now: float) -> list[Claim]:
        """Take ready conversations of an app, each with its oldest message; what an earlier run left comes first."""
        ...

    async def release(self, app: str) -> None:
        """Give back every conversation of an app that is still held: its engine is gone, the store stays."""
        ...

    async def forget(self, app: str) -> int:
        """Delete every row of an app, cursors included. Returns how many messages that were."""
        ...

    async def begin(self, claim: Claim, step: Step) -> None:
        """Write a step down, or the state it is in now: before its call leaves, or when it certainly did not."""
        ...

    async def record(self, claim: Claim, position: int, state: StepState, result: str) -> None:
        """Write down what came of a step, and that the next planned one behind it is about to leave."""
        ...

    async def finish(self, claim: Claim, steps: Sequence[Step]) -> None:
        """Write down that the handler has returned, with all that it wants sent: one transaction.

        What it had begun and not seen through (it swallowed the error) is closed: refused, or unknown if it may have
        left.
        """
        ...

    async def settle(self, claim: Claim, verdict: Verdict) -> None:
        """Give the conversation back."""
        ...

    async def next_due(self) -> float | None:
        """Tell when the next waiting conversation is due, None when nothing waits."""
        ...

    async def trace(self, msgid: str) -> Trace | None:
        """Tell how far a message got, None when it was never stored."""
        ...
