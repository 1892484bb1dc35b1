"""Opening hours, in the clock of one place: a filter for events, and when they end next."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from wxkf.bot.match import Filter
from wxkf.errors import ConfigError
from wxkf.messages.inbound import Inbound

_SPAN = re.compile(r"(\d{1,2}):(\d\d)\s*[-–~]\s*(\d{1,2}):(\d\d)")
_DAYS = "1234567"
_MIDNIGHT = 24 * 60  # minutes
_WEEK = 7 * 86_400  # seconds


class Hours(Filter[Inbound]):
    """When people are there: `Hours("9:00-18:00", days="12345")`, Monday is 1, in the clock of Shanghai.

    A filter by an event's time: `@bot.on(Text, where=~Hours("9:00-18:00"))` answers at night. A span may go over
    midnight ("20:00-2:00"): it belongs to the day on which it begins. Raises `ConfigError` for what is no span.
    """

    def __init__(self, span: str, *, days: str = _DAYS, zone: str = "Asia/Shanghai") -> None:
        super().__init__(lambda event: self.include(event.send_time), f"Hours({span!r}, days={days!r})")
        found = _SPAN.fullmatch(span.strip())
        if not found or not days or set(days) - set(_DAYS):
            raise ConfigError(f'hours are as "9:00-18:00", days as "12345" (Monday is 1); not {span!r}, {days!r}')
        begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
        begins, ends = 60 * begin_hour + begin_minute, 60 * end_hour + end_minute
        if begin_hour > 23 or end_hour > 24 or max(begin_minute, end_minute) > 59 or ends > _MIDNIGHT:
            raise ConfigError(f"there is no such time of day in {span!r}")
        self._opens = time(begin_hour, begin_minute)
        self._long = timedelta(minutes=(ends - begins - 1) % _MIDNIGHT + 1)  # "0:00-0:00" is a whole day
        self._days, self._zone = frozenset(map(int, days)), ZoneInfo(zone)

    def include(self, at: float) -> bool:
        """Tell whether a time (seconds since the epoch) is within."""
        return self.end(at) is not None

    def end(self, at: float) -> float | None:
        """Tell when the hours that a time is in end, with those that follow at once; None where it is in none."""
        found = self._end(at)
        while found is not None and found - at < _WEEK and (further := self._end(found)):
            found = further
        return found

    def next_end(self, at: float) -> float | None:
        """Tell when the next hours after a time end."""
        quarters = (at + minutes * 60 for minutes in range(0, 8 * _MIDNIGHT, 15))
        return next((end for quarter in quarters if (end := self.end(quarter))), None)

    def _end(self, at: float) -> float | None:
        now = datetime.fromtimestamp(at, self._zone)
        for day in (now.date(), now.date() - timedelta(days=1)):
            opened = datetime.combine(day, self._opens, self._zone)
            if day.isoweekday() in self._days and opened <= now < opened + self._long:
                return (opened + self._long).timestamp()
        return None
