"""When people have had their time with a customer: then the session is ended, so that the bot answers again.

The platform has no way from the queue or a servicer back to the bot; but once a session has ended, the customer's next
message begins a new one. So a timer waits beside each session that people have. It begins anew with everything they do,
and when it comes to its end the session is looked at, and ended if it still is theirs.
"""

import logging
from dataclasses import dataclass

import msgspec

from wxkf.bot.hours import Hours
from wxkf.bot.seconds import check_seconds
from wxkf.engine.work import HOUSE, Work
from wxkf.errors import ConfigError
from wxkf.messages.events import SessionStatusChange
from wxkf.messages.inbound import Inbound, Origin

log = logging.getLogger("wxkf.bot")

TIME_IS_UP = "wxkf:staff"
_LATE = 90.0  # seconds in which accounts are certainly read after a start
WORDS = "同事暂时不在，您可以继续留言，我来为您服务。"


@dataclass(frozen=True, slots=True)
class Staff:
    """What is asked of people: to say something every `idle` seconds, and to be there in their `hours` only.

    `words` are said when a session is ended for them.
    """

    idle: float | None = None
    hours: Hours | None = None
    words: str = WORDS

    def __post_init__(self) -> None:
        if self.idle is not None:
            check_seconds("staff_idle", self.idle)
        if self.hours is not None and not isinstance(self.hours, Hours):
            raise ConfigError(f"staff_hours are Hours({self.hours!r}), not {self.hours!r}")

    def until(self, now: float) -> float | None:
        """Tell when a session that people have now is looked at; None for never."""
        idle = None if self.idle is None else now + self.idle
        if self.hours is None:
            return idle
        closing = self.hours.end(now)
        if closing is None:  # they work late as long as they say something, else until they go home the next time
            return idle or self.hours.next_end(now)
        return closing if idle is None else min(idle, closing)

    async def watch(self, work: Work, now: float) -> None:
        """Begin the time of people anew; the timer before this one finds that it is not the last, and does nothing."""
        due = self.until(now)
        if due is not None:
            await self._look_at(work, due)

    async def begin(self, work: Work, now: float) -> None:
        """Begin the time of people where nobody has: it became known in another way that they have the session."""
        newest = await work.load(TIME_IS_UP)
        if newest is None or msgspec.json.decode(newest) < now:
            await self.watch(work, now)

    async def is_up(self, work: Work, due: float, since: float) -> bool:
        """Tell whether a timer is the newest one, and has come due since the bot is at work.

        One that was due before is set once more: what people have said meanwhile has to be read first.
        """
        newest = await work.load(TIME_IS_UP)
        if newest is not None and msgspec.json.decode(newest) > due:
            return False
        if due < since:
            await self._look_at(work, since + _LATE)
            return False
        return True

    async def _look_at(self, work: Work, due: float) -> None:
        async def at() -> str:
            return repr(due)

        with work.lane(HOUSE):
            due = float(await work.choose(at))  # the same for every run, as its timer is
            work.keep(TIME_IS_UP, msgspec.json.encode(due))
            await work.later(due, name=TIME_IS_UP, data=due)


def is_of_people(event: Inbound) -> bool:
    """Whether an event shows people at work in this session."""
    if isinstance(event, SessionStatusChange):
        return not event.ended
    return event.origin == Origin.SERVICER and bool(event.external_userid)
