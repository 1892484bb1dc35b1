"""Days as the statistics count them: which are asked for, and what came back for each. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

from wxkf.cli.texts import text

SHANGHAI: Final = timezone(timedelta(hours=8))  # no daylight saving there since 1991
KEPT: Final = 180
DEFAULT: Final = 30


@dataclass(frozen=True, slots=True)
class Day:
    """A day and its figures; None where the platform has none."""

    date: date
    figures: Mapping[str, Any] | None


def today(now: float) -> date:
    """Tell the day it is in Shanghai."""
    return datetime.fromtimestamp(now, UTC).astimezone(SHANGHAI).date()


def midnight(day: date) -> int:
    """Give the moment a day begins in Shanghai."""
    return int(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).timestamp())


def span(now: date, days: int | None, since: str | None, until: str | None) -> tuple[date, date]:
    """Give the first and the last day asked for. Raises `ValueError` for what the platform does not have."""
    if days is not None and since is not None:
        raise ValueError(text("stats.both"))
    oldest, newest = now - timedelta(KEPT), now - timedelta(1)
    last = _day(until) if until else newest
    first = _day(since) if since else max(oldest, last - timedelta((days or DEFAULT) - 1))
    if first > last:
        raise ValueError(text("stats.backwards"))
    if first < oldest or last > newest:
        raise ValueError(text("stats.range", first=oldest, last=newest))
    return first, last


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise ValueError(text("stats.date", given=said)) from None


def calendar(entries: Iterable[Mapping[str, Any]], first: date, last: date) -> list[Day]:
    """Give every day from first to last once, in order, with what `statistic_list` holds for it."""
    known = {datetime.fromtimestamp(int(one["stat_time"]), SHANGHAI).date(): one.get("statistic") for one in entries}
    count = (last - first).days + 1
    return [Day(day, known.get(day)) for day in (first + timedelta(number) for number in range(count))]
