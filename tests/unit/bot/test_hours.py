"""Opening hours by the clock of one place, over midnight, on some days; and when they end."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxkf import ConfigError, Hours

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(words: str, zone: ZoneInfo = SHANGHAI) -> float:
    return datetime.fromisoformat(words).replace(tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("span", "days", "when", "end"),
    [
        ("9:00-18:00", "1234567", "2026-11-25T08:59:59", None),
        ("9:00-18:00", "1234567", "2026-11-25T09:00:00", "2026-11-25T18:00:00"),
        ("09:00 – 18:00", "1234567", "2026-11-25T17:59:59", "2026-11-25T18:00:00"),
        ("9:00-18:00", "1234567", "2026-11-25T18:00:00", None),
        ("9:00-18:00", "12345", "2026-11-28T12:00:00", None),  # a Saturday
        ("20:00-2:00", "5", "2026-11-28T01:00:00", "2026-11-28T02:00:00"),  # Friday's night
        ("20:00-2:00", "5", "2026-11-27T01:00:00", None),
        ("0:00-24:00", "34", "2026-11-25T23:59:59", "2026-11-27T00:00:00"),  # one after the other
        ("8:00-8:00", "3", "2026-11-26T07:59:00", "2026-11-26T08:00:00"),
    ],
)
def test_when_people_are_there_and_until_when(span: str, days: str, when: str, end: str | None) -> None:
    hours = Hours(span, days=days)
    assert hours.end(at(when)) == (end and at(end))
    assert hours.include(at(when)) is (end is not None)


def test_when_they_go_home_the_next_time() -> None:
    assert Hours("9:00-18:00", days="12345").next_end(at("2026-11-27T20:00:00")) == at("2026-11-30T18:00:00")
    assert (Hours("0:00-24:00").end(at("2026-11-25T12:00:00")) or 0) > at("2026-12-02T12:00:00")  # they never do


def test_another_place_has_another_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hours = Hours("9:00-18:00", zone="Europe/Berlin")
    assert hours.include(at("2026-07-01T09:00:00", berlin))
    assert hours.include(at("2026-12-01T09:00:00", berlin))
    assert not hours.include(at("2026-12-01T09:00:00"))


@given(st.integers(0, 2**31))
def test_every_moment_is_in_the_hours_or_in_what_is_left_of_the_day(moment: int) -> None:
    assert Hours("9:00-18:00").include(moment) is not Hours("18:00-9:00").include(moment)


@pytest.mark.parametrize(
    ("span", "days"),
    [("9-18", "1"), ("9:00", "1"), ("25:00-26:00", "1"), ("9:60-18:00", "1"), ("9:00-24:01", "1"), ("9:00-18:00", "08"),
     ("9:00-18:00", "")],
)  # fmt: skip
def test_what_is_no_span_is_refused_with_an_example(span: str, days: str) -> None:
    with pytest.raises(ConfigError, match=r"9:00-18:00|no such time"):
        Hours(span, days=days)
