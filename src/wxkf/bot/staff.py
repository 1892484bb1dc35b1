"""When people have had their time with a customer: then the session is ended, so that the bot answers again.

The platform has no way from the queue or a servicer back to the bot; but once a session has ended, the customer's next
message begins a new one. So a timer waits beside each session that people have. It begins anew with everything they do,
and when it comes to its end the session is looked at, and ended if it still is theirs.
"""

import logging
from dataclasses import dataclass

import msgspec

from wxkf.bot.hours import Hours
from wxkf.engine.work import HOUSE, Work
from wxkf.errors import ConfigError
from wxkf.messages.events import SessionStatusChange
from wxkf.messages.inbound import Inbound, Origin

log = logging.getLogger("wxkf.bot")

TIME_IS_UP = "wxkf:staff"
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
        if self.idle is not None and self.idle <= 0:
            raise ConfigError("staff_idle is a number of seconds above 0")

    def until(self, now: float) -> float | None:
        """Tell when a session that people have now is looked at; None for never."""
        idle = None if self.idle is None else now + self.idle
        if self.hours is None:
            return idle
        closing = self.hours.end(now)
        if closing is None:  # they work late: as long as they say something
            return idle
        return closing if idle is None else min(idle, closing)

    async def watch(self, work: Work, now: float) -> None:
        """Begin the time of people anew; the timer before this one finds that it is not the last, and does nothing."""
        due = self.until(now)
        if due is not None:
            with work.lane(HOUSE):
                work.keep(TIME_IS_UP, msgspec.json.encode(due))
                await work.later(due, name=TIME_IS_UP, data=due)

    async def is_up(self, work: Work, due: float) -> bool:
        """Tell whether a timer is the newest one."""
        newest = await work.load(TIME_IS_UP)
        return newest is None or bool(msgspec.json.decode(newest) <= due)


def is_of_people(event: Inbound) -> bool:
    """Whether an event shows people at work in this session."""
    if isinstance(event, SessionStatusChange):
        return not event.ended
    return event.origin == Origin.SERVICER and bool(event.external_userid)
