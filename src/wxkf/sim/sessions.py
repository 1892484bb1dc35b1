"""One customer with one account: session state, what may still be sent, what the phone shows.

The implicit transitions of platform.md 4.1 and those that servicers make in the client are a table; those that the
API may make are `Settings.transitions`. The 48-hour lapse is worked out when somebody looks, so no timer exists.
States: 0 new, 1 with the assistant, 2 queued, 3 with a person, 4 ended or not begun.
"""

from dataclasses import dataclass, field
from typing import Literal

from wxkf.sim.settings import SENDS_PER_MESSAGE, WINDOW
from wxkf.sim.values import Bubble

Cause = Literal[
    "customer_wrote", "account_sent", "lapsed", "staff_accepted", "staff_transferred", "staff_ended", "staff_spoke"
]

MOVES: dict[tuple[Cause, int], int] = {
    ("customer_wrote", 4): 0,
    ("account_sent", 0): 1,
    ("staff_accepted", 2): 3,
    ("staff_transferred", 3): 3,
    ("staff_ended", 3): 4,
    ("staff_spoke", 3): 3,
    ("staff_spoke", 4): 3,
    ("lapsed", 0): 4,
    ("lapsed", 1): 4,
    ("lapsed", 2): 4,
    ("lapsed", 3): 4,
}
"""Cause and state to the next state; what is not listed stays as it is, and is impossible for staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What may be done in a conversation at a moment. `window_ends` is an epoch second, None without a window.

    `servicer_userid` is who serves in state 3. `rejected`: the staff take no messages from this customer; `blocked`:
    the customer takes none from the account.
    """

    state: int
    sends_left: int
    window_ends: float | None
    servicer_userid: str = ""
    rejected: bool = False
    blocked: bool = False


@dataclass(slots=True)
class Conversation:
    """The facts about one customer and one account."""

    open_kfid: str
    external_userid: str
    bubbles: list[Bubble] = field(default_factory=list)
    last_customer_at: float | None = None
    last_own_words_at: float | None = None  # what was typed, not tapped
    welcomed_at: float | None = None
    carded_at: float | None = None  # when a business card was sent
    sent: int = 0
    state_kept: int = 4
    servicer_kept: str = ""  # who serves, or served last
    rejected: bool = False
    blocked: bool = False
    steps: int = 0  # how often the state has changed
    reply_codes: list[int] = field(default_factory=list)  # the states that the API has led this session into
    touched_at: float = 0.0
    begun: int = 0  # how many sessions there have been
    life: int | None = WINDOW  # of a session in which nobody consults

    def move(self, cause: Cause, now: float, servicer_userid: str = "") -> bool:
        """Follow the table for a cause; tell whether it has something to say about this state."""
        state = self.state(now)
        found = MOVES.get((cause, state))
        if found is not None:
            self._enter(found, servicer_userid)
            if state == 4:
                self.touched_at = now
        return found is not None

    def put(self, state: int, servicer_userid: str = "") -> None:
        """Put the session into a state, as the API was allowed to."""
        self._enter(state, servicer_userid)

    def force(self, state: int, now: float, servicer_userid: str = "") -> None:
        """Put the session into a state whatever the rules say."""
        self._enter(state, servicer_userid)
        self.touched_at = now

    def state(self, now: float) -> int:
        """Tell the session's state, 4 once nobody has consulted for its life."""
        if self.life is not None and now - self.touched_at > self.life:
            self._enter(MOVES.get(("lapsed", self.state_kept), self.state_kept), "")
        return self.state_kept

    def servicer(self, now: float) -> str:
        """Tell who serves; "" where no person does."""
        return self.servicer_kept if self.state(now) == 3 else ""

    def first_time(self, *, only_one: bool) -> bool:
        """Tell whether the session comes into its state for the first time, and note that it has."""
        first = not self.reply_codes if only_one else self.state_kept not in self.reply_codes
        self.reply_codes.append(self.state_kept)
        return first

    def hear(self, now: float, *, own_words: bool = True) -> None:
        """Note that the customer wrote: the window opens anew, five sends are free."""
        self.move("customer_wrote", now)
        self.last_customer_at = self.touched_at = now
        if own_words:
            self.last_own_words_at = now
        self.sent = 0

    def wrote_lately(self, now: float) -> bool:
        """Tell whether the customer wrote within 48 hours."""
        return lately(self.last_customer_at, now)

    def may_be_welcomed(self, now: float) -> bool:
        """Tell whether an entry brings a welcome code (platform.md 6.4)."""
        return not lately(self.welcomed_at, now) and not self.wrote_lately(now)

    def session(self, now: float) -> Session:
        """Sum up what may be done now."""
        open_ = self.wrote_lately(now)
        return Session(
            state=self.state(now),
            sends_left=SENDS_PER_MESSAGE - self.sent if open_ else 0,
            window_ends=self.last_customer_at + WINDOW if open_ and self.last_customer_at is not None else None,
            servicer_userid=self.servicer(now),
            rejected=self.rejected,
            blocked=self.blocked,
        )

    def recent(self, msgid: str, since: float) -> int | None:
        """Find a bubble by its msgid among those that are not older than `since`."""
        for index in range(len(self.bubbles) - 1, -1, -1):
            if self.bubbles[index].at < since:
                break
            if self.bubbles[index].msgid == msgid:
                return index
        return None

    def _enter(self, state: int, servicer_userid: str) -> None:
        if state != self.state_kept:
            self.steps += 1
            if self.state_kept == 4:
                self.begun += 1
                self.reply_codes.clear()
        self.state_kept = state
        if state == 3:
            self.servicer_kept = servicer_userid


def lately(at: float | None, now: float) -> bool:
    """Tell whether something happened, and within 48 hours."""
    return at is not None and now - at <= WINDOW
