"""What can be said about a handler besides its events and its filter: written once for `bot.on`, `on` and routers."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal, TypedDict

from wxkf.bot.handlers import Kind
from wxkf.bot.seconds import check_seconds
from wxkf.errors import ConfigError

Newer = Literal["queue", "merge", "restart"]
_LONGEST = 60.0  # seconds
RESTARTED = 60.0  # seconds: a message that waits for so long is not begun anew, whatever else comes


class Options(TypedDict, total=False):
    """How a handler is called.

    - `gather`: seconds without a new message after which all that a customer sent in a row is one call; 60 at most.
    - `newer`: what becomes of messages for this handler that come while it runs. "queue": each has a call of its own,
      later. "merge": together they are the next call. "restart": a run that has said nothing yet, no notice either,
      ends, and begins anew with all of them; one that has, or whose first message waits for a minute, is as with
      "merge". A message for another handler waits until the run is through.
    - `every`: at most one call for each customer in so many seconds; what comes between is left unanswered. A greeting
      with it needs no welcome code while the customer may be written to.
    - `always`: also while colleagues have the session, or it waits in their queue. What it says then is refused.
    """

    gather: float
    newer: Newer
    every: float
    always: bool


@dataclass(frozen=True, slots=True)
class Way:
    """The options of one handler."""

    gather: float = 0.0
    newer: Newer = "queue"
    every: float = 0.0
    always: bool = False

    @property
    def takes_several(self) -> bool:
        """Whether one call may be about several messages."""
        return self.gather > 0 or self.newer != "queue"

    def __post_init__(self) -> None:
        check_seconds("gather", self.gather, most=_LONGEST, zero=True)
        check_seconds("every", self.every, zero=True)
        if self.newer not in ("queue", "merge", "restart"):
            raise ConfigError(f'newer is "queue", "merge" or "restart", not {self.newer!r}')

    def check(self, kind: Kind) -> None:
        """Refuse what a handler of this kind cannot do. Raises `ConfigError`."""
        if self.newer == "restart" and kind is Kind.IN_A_THREAD:
            raise ConfigError('a plain function cannot be begun anew: make it an `async def`, or take newer="merge"')


PLAIN: Final = Way()


def way_of(options: Options) -> Way:
    """Read the options of a handler. Raises `ConfigError` for one that there is not."""
    known = list(Options.__annotations__)
    for name in options:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
            raise ConfigError(f"a handler has no option {name!r}{hint}")
    return Way(**options)
