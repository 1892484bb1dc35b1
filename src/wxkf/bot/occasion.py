"""What there is to know about an event, whatever kind of function handles it."""

from typing import Generic, TypeVar, cast

from wxkf.bot.history import words_of
from wxkf.clock import Clock
from wxkf.engine.work import Work
from wxkf.messages.inbound import Inbound, Origin, Text

E = TypeVar("E", bound=Inbound, covariant=True)


class Occasion(Generic[E]):
    """What both contexts have: it is there, so nobody waits for it."""

    def __init__(self, event: E, work: Work, clock: Clock) -> None:
        self._event, self._work, self._clock = event, work, clock
        self._unsent = ""

    @property
    def event(self) -> E:
        """The message or event as it came."""
        return self._event

    @property
    def events(self) -> tuple[E, ...]:
        """All that this call is about, oldest first: more than one only where messages are taken together."""
        return cast("tuple[E, ...]", self._work.events)

    @property
    def text(self) -> str:
        """The customer's words, of all `events` line by line; empty where there are none."""
        return "\n".join(event.text.content for event in self._work.events if isinstance(event, Text))

    @property
    def said(self) -> str:
        """What was said with all `events`, line by line, what has no words as `[image]` or `[voice]`: for a model.

        "" for what the system tells, and for a timer.
        """
        said = zip(self._work.events, self._work.raws, strict=True)
        return "\n".join(words_of(raw) for event, raw in said if event.origin in (Origin.CUSTOMER, Origin.SERVICER))

    @property
    def customer(self) -> str:
        """The customer's `external_userid`."""
        return self._work.claim.external_userid

    @property
    def account(self) -> str:
        """The account's `open_kfid`."""
        return self._work.claim.open_kfid

    @property
    def app(self) -> str:
        """The name of the app that this account belongs to."""
        return self._work.claim.app

    @property
    def age(self) -> float:
        """Seconds since the customer sent the oldest of `events`; large after an outage."""
        return max(0.0, self._clock.now() - self._event.send_time)

    @property
    def now(self) -> float:
        """The time, in seconds since the epoch; a test's clock stands still until it is moved."""
        return self._clock.now()

    @property
    def attempt(self) -> int:
        """Which run of the handler for this event this is, from 1."""
        return self._work.claim.attempt

    @property
    def unsent(self) -> str:
        """What of the last text that was sent found no room in the messages that were left; "" if all of it did."""
        return self._unsent
