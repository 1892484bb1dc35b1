"""One customer with one account: session state, what may still be sent, what the phone shows.

The implicit transitions of platform.md 4.1 are a table. The 48-hour lapse is worked out when somebody looks, so no
timer exists. States: 0 new, 1 with the assistant, 2 queued, 3 with a person, 4 ended or not begun.
"""

from dataclasses import dataclass, field
from typing import Literal

from wxkf.sim.settings import SENDS_PER_MESSAGE, WINDOW
from wxkf.sim.values import Bubble

Cause = Literal["customer_wrote", "account_sent", "lapsed"]

MOVES: dict[tuple[Cause, int], int] = {
    ("customer_wrote", 4): 0,
    ("account_sent", 0): 1,
    ("lapsed", 0): 4,
    ("lapsed", 1): 4,
    ("lapsed", 2): 4,
    ("lapsed", 3): 4,
}
"""Cause and state to the next state; what is not listed stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What may be done in a conversation at a moment. `window_ends` is an epoch second, None without a window."""

    state: int
    sends_left: int
    window_ends: float | None


@dataclass(slots=True)
class Conversation:
    """The facts about one customer and one account."""

    open_kfid: str
    external_userid: str
    bubbles: list[Bubble] = field(default_factory=list)
    last_customer_at: float | None = None
    welcomed_at: float | None = None
    sent: int = 0
    state_kept: int = 4
    touched_at: float = 0.0
    begun: int = 0  # how many sessions there have been

    def move(self, cause: Cause, now: float) -> None:
        """Follow the table for a cause."""
        state = self.state(now)
        self._enter(MOVES.get((cause, state), state))

    def state(self, now: float) -> int:
        """Tell the session's state, 4 once nobody has consulted for 48 hours."""
        if now - self.touched_at > WINDOW:
            self.state_kept = MOVES.get(("lapsed", self.state_kept), self.state_kept)
        return self.state_kept

    def force(self, state: int, now: float) -> None:
        """Put the session into a state whatever the rules say."""
        self._enter(state)
        self.touched_at = now

    def _enter(self, state: int) -> None:
        if self.state_kept == 4 and state != 4:
            self.begun += 1
        self.state_kept = state

    def hear(self, now: float) -> None:
        """Note that the customer wrote: the window opens anew, five sends are free."""
        self.move("customer_wrote", now)
        self.last_customer_at = self.touched_at = now
        self.sent = 0

    def wrote_lately(self, now: float) -> bool:
        """Tell whether the customer wrote within 48 hours."""
        return self.last_customer_at is not None and now - self.last_customer_at <= WINDOW

    def may_be_welcomed(self, now: float) -> bool:
        """Tell whether an entry brings a welcome code (platform.md 6.4)."""
        welcomed = self.welcomed_at is not None and now - self.welcomed_at <= WINDOW
        return not welcomed and not self.wrote_lately(now)

    def session(self, now: float) -> Session:
        """Sum up what may be done now."""
        lately = self.wrote_lately(now)
        ends = self.last_customer_at + WINDOW if lately and self.last_customer_at is not None else None
        return Session(
            state=self.state(now), sends_left=SENDS_PER_MESSAGE - self.sent if lately else 0, window_ends=ends
        )
