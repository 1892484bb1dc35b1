"""What can be chosen about an inbox at work, checked once."""

from dataclasses import dataclass, field
from typing import Literal

from wxkf.engine.outbox import OnUnknown
from wxkf.errors import ConfigError

Start = Literal["from_now", "latest", "all"]
_FRESH = 600.0  # seconds: what is older when an account is first seen is history, not a question to answer
_TOKENLESS = 6.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is done at once: messages, greetings beside them; seconds for a handler; messages in one batch."""

    running: int = 64
    greetings: int = 16
    seconds: float = 180.0
    batch: int = 1


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """How an inbox works. Times are in seconds.

    - `poll`: how long a lost callback can go unnoticed; None is a minute, or as often as allowed where none come.
    - `grace`: how long stopping waits for handlers.
    - `start`: what becomes of messages that are there when an account is first seen. "from_now" handles those of the
      last ten minutes, "latest" none, "all" all, a number those sent since (seconds since the epoch); the rest is kept
      as history.
    - `retention`: how long messages are kept once they are done with.
    - `rescan`: how often the list of accounts is read.
    - `tokenless`: pulls a minute without a callback's token, over all accounts; the platform lets few through.
    - `on_unknown`: what becomes of a send that may have arrived before a crash: it goes once more under the same msgid,
      or is held for a person to decide.
    """

    poll: float | None = None
    grace: float = 10.0
    start: Start | float = "from_now"
    retention: float = 30 * 86_400.0
    rescan: float = 900.0
    tokenless: float = _TOKENLESS
    limits: Limits = field(default_factory=Limits)
    on_unknown: OnUnknown = "resend"

    def __post_init__(self) -> None:
        times = (
            1.0 if self.poll is None else self.poll,
            self.retention,
            self.rescan,
            self.tokenless,
            self.limits.seconds,
        )
        if min(times) <= 0 or self.grace < 0:
            raise ConfigError("times and rates of InboxSettings are above 0")
        if min(self.limits.running, self.limits.greetings, self.limits.batch) < 1:
            raise ConfigError("Limits are at least 1")
        if isinstance(self.start, str) and self.start not in ("from_now", "latest", "all"):
            raise ConfigError('start is "from_now", "latest", "all" or a time in seconds since the epoch')

    def since(self, now: float) -> float:
        """Tell from when on messages are handled for an account that is seen for the first time."""
        if isinstance(self.start, str):
            return {"from_now": now - _FRESH, "latest": now, "all": 0.0}[self.start]
        return float(self.start)
