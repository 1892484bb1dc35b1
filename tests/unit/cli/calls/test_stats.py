"""Statistics: any range of days, none twice and none missing, drawn, as JSON and as CSV."""

import csv
import io
import json
import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kit.server import Script, says
from kit.terminal import Run
from wxkf.api.statistic import windows
from wxkf.cli.calls.chart import GAP, bars, spark, squeezed
from wxkf.cli.calls.days import KEPT, calendar, midnight, span, today

TODAY = date(2026, 10, 15)
KF = ("--open-kfid", "wk1")
days = st.integers(1, KEPT).map(lambda back: TODAY - timedelta(back))
figures = st.lists(st.none() | st.floats(0, 1e6), min_size=1, max_size=KEPT)


@given(days, days)
def test_the_windows_of_a_range_hold_every_day_once(one: date, other: date) -> None:
    first, last = sorted((one, other))
    asked = windows(midnight(first), midnight(last))
    held = [day for start, end in asked for day in range(start, end + 1, 86_400)]
    assert held == [midnight(first + timedelta(number)) for number in range((last - first).days + 1)]
    assert all((end - start) // 86_400 + 1 <= 31 for start, end in asked)


@given(st.data(), days, days)
def test_the_calendar_holds_every_day_once_whatever_came(data: st.DataObject, one: date, other: date) -> None:
    first, last = sorted((one, other))
    came = data.draw(st.lists(st.tuples(days, st.none() | st.just({"session_cnt": 1}))))
    found = calendar([{"stat_time": midnight(day), "statistic": said} for day, said in came], first, last)
    assert [day.date for day in found] == [first + timedelta(number) for number in range((last - first).days + 1)]
    assert {day.date for day in found if day.figures} <= {day for day, said in came if said}


@given(figures, st.integers(1, 200))
def test_sums_are_kept_when_squeezed_and_gaps_stay_gaps(values: list[float | None], width: int) -> None:
    columns, each = squeezed(values, width, mean=False)
    assert len(columns) <= width
    assert sum(value or 0 for value in columns) == pytest.approx(sum(value or 0 for value in values))
    assert all((column is None) == (set(values[at * each : (at + 1) * each]) == {None})
               for at, column in enumerate(columns))  # fmt: skip


@given(figures, st.integers(1, 8), st.integers(1, 4))
def test_what_is_drawn_fits(values: list[float | None], height: int, wide: int) -> None:
    assert len(spark(values)) == len(values)
    lines = bars(values, height, wide=wide)
    assert len(lines) == height
    assert all(len(line) <= len(values) * wide for line in lines)


def test_a_gap_is_not_a_zero() -> None:
    assert spark([0, None, 1, 2]) == f"▁{GAP}▅█"
    assert bars([0, None, 1, 2], 2) == ["   █", f"▁{GAP}██"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ((None, None, None), date(2026, 9, 15), date(2026, 10, 14)),
        ((90, None, None), date(2026, 7, 17), date(2026, 10, 14)),
        ((180, None, None), date(2026, 4, 18), date(2026, 10, 14)),
        ((7, None, "2026-09-30"), date(2026, 9, 24), date(2026, 9, 30)),
        ((None, "2026-09-01", None), date(2026, 9, 1), date(2026, 10, 14)),
        ((None, "2026-09-01", "2026-09-01"), date(2026, 9, 1), date(2026, 9, 1)),
    ],
)
def test_the_days_asked_for(asked: tuple[int | None, str | None, str | None], first: date, last: date) -> None:
    assert span(TODAY, *asked) == (first, last)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ((3, "2026-09-01", None), "not both"),
        ((None, "2026-09-02", "2026-09-01"), "--since is after --until"),
        ((None, None, "2026-10-15"), "the platform has days from 2026-04-18 to 2026-10-14"),
        ((None, "2026-04-17", None), "the platform has days from 2026-04-18 to 2026-10-14"),
        ((None, "1.9.2026", None), "1.9.2026 is not a date"),
    ],
)
def test_days_that_are_not_there(
    monkeypatch: pytest.MonkeyPatch, asked: tuple[int | None, str | None, str | None], why: str
) -> None:
    monkeypatch.setenv("WXKF_LANG", "en")
    with pytest.raises(ValueError, match=why):
        span(TODAY, *asked)


def test_the_day_begins_at_midnight_in_shanghai() -> None:
    assert midnight(date(2018, 4, 3)) == 1522684800
    assert today(1522684799) == date(2018, 4, 2)
    assert today(1522684800) == date(2018, 4, 3)


def _told(script: Script, path: str, back: int) -> list[dict[str, object]]:
    """Answer for so many days up to yesterday, in windows; every tenth is without figures, every ninth is left out."""
    now = today(time.time())
    entries = []
    for number in range(back):
        entry: dict[str, object] = {"stat_time": midnight(now - timedelta(back - number))}
        if number % 10:
            entry["statistic"] = {"session_cnt": number * 10, "ai_transfer_rate": number / 1000, "brand_new": "1"}
        entries.append(entry)
    for start in range(0, back, 31):
        script.tell(
            path, says(statistic_list=[entry for at, entry in enumerate(entries[start : start + 31]) if at % 9])
        )
    return entries


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_ninety_days_are_read_in_three_windows_and_drawn_within_the_width(
    cli: Run, script: Script, width: int, tongue: str
) -> None:
    _told(script, "kf/get_corp_statistic", 90)
    done = cli("stats", "corp", *KF, "--days", "90", COLUMNS=str(width), WXKF_LANG=tongue)
    asked = [asked.json for asked in script.asked_for("kf/get_corp_statistic")]
    assert [(one["end_time"] - one["start_time"]) // 86_400 + 1 for one in asked] == [31, 31, 28]
    assert [one["start_time"] for one in asked[1:]] == [one["end_time"] + 86_400 for one in asked[:-1]]
    assert done.code == 0
    assert max(map(cell_len, done.out.splitlines())) <= width
    assert {"en": "handed to people by AI", "zh": "转人工率"}[tongue] in done.out
    assert "brand_new" in done.out
    assert GAP in cli_spark(done.out, {"en": "sessions", "zh": "咨询会话数"}[tongue]) or width < 120


def cli_spark(out: str, name: str) -> str:
    """Find a metric's line below the bars."""
    return [line for line in out.splitlines() if line.startswith(name)][-1]


def test_json_and_csv_are_for_programs(cli: Run, script: Script) -> None:
    _told(script, "kf/get_servicer_statistic", 40)
    _told(script, "kf/get_servicer_statistic", 40)
    words = ("stats", "servicer", *KF, "--servicer-userid", "li", "--days", "40")
    found = json.loads(cli(*words, "--json").out)
    assert [set(entry) for entry in found[:2]] == [{"stat_time", "statistic"}] * 2
    rows = list(csv.DictReader(io.StringIO(cli(*words, "--csv").out)))
    assert len(rows) == 40
    assert rows[1] == {"date": str(today(time.time()) - timedelta(39)), "session_cnt": "10",
                       "ai_transfer_rate": "0.001", "brand_new": "1"}  # fmt: skip
    assert rows[0]["session_cnt"] == ""
    assert all(asked.json["servicer_userid"] == "li" for asked in script.asked_for("kf/get_servicer_statistic"))


def test_no_data_says_so(cli: Run) -> None:
    done = cli("stats", "component", "--days", "3")
    assert done.code == 0
    assert "no data in these days" in done.out


def test_a_range_that_is_none_is_a_usage_error(cli: Run, script: Script) -> None:
    done = cli("stats", "corp", *KF, "--since", "2020-01-01")
    assert done.code == 2
    assert "the platform has days from" in done.err
    assert not script.asked
