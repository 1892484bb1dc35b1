"""What the engine needs from a database, in its own words.

An account is a cursor over the platform's stream; a conversation is a cursor over our log of it. The cursor of an
account moves in the transaction that stores the page: all of reliability hangs on that. A claim is fenced by
(owner, epoch): whoever lost it gets `LostClaim` and records nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from wxkf.engine.values import Account, Claim, Lane, Message, Rest, Room, Row, Said, Settled, Step, StepState, Timer
from wxkf.engine.views import Overview, Trace


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
