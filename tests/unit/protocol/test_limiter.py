"""The limiter: no stretch of a minute or an hour ever holds more calls than it may, and nobody waits for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxkf.protocol.limiter import Limiter, Window


def through(window: Window, times: list[float]) -> list[float]:
    """Ask at these moments; give those at which a call went through."""
    passed = []
    for now in times:
        if not window.wait(now):
            window.take(now)
            passed.append(now)
    return passed


@given(
    st.integers(1, 20),
    st.lists(st.floats(0, 400, allow_nan=False), max_size=200).map(sorted),
    st.floats(0, 1e9, allow_nan=False),
)
def test_no_minute_anywhere_holds_more_than_the_limit(limit: int, times: list[float], start: float) -> None:
    passed = through(Window(limit, 60.0), [start + time for time in times])
    for first, after in zip(passed, passed[limit:], strict=False):
        assert after - first >= 60.0


@given(st.integers(1, 5), st.lists(st.floats(0, 200, allow_nan=False), min_size=1, max_size=60).map(sorted))
def test_whoever_waits_as_long_as_told_goes_through(limit: int, times: list[float]) -> None:
    window = Window(limit, 60.0)
    through(window, times)
    wait = window.wait(times[-1])
    assert 0 <= wait <= 61
    assert window.wait(times[-1] + wait + 1e-6) == 0


def test_the_first_limit_that_is_full_holds_back() -> None:
    limiter = Limiter(per_minute=3, per_hour=5)
    assert [limiter.reserve("ww1", "kf/send_msg", 0.0) for _ in range(3)] == [0, 0, 0]
    assert limiter.reserve("ww1", "kf/send_msg", 0.5) == pytest.approx(60.5)
    assert [limiter.reserve("ww1", "kf/send_msg", 61.0) for _ in range(2)] == [0, 0]
    assert limiter.reserve("ww1", "kf/send_msg", 61.0) == pytest.approx(3660 - 61)


def test_each_corp_and_each_endpoint_has_limits_of_its_own() -> None:
    limiter = Limiter(per_minute=1)
    assert limiter.reserve("ww1", "kf/send_msg", 0.0) == 0
    assert limiter.reserve("ww2", "kf/send_msg", 0.0) == 0
    assert limiter.reserve("ww1", "kf/sync_msg", 0.0) == 0
    assert limiter.reserve("ww1", "kf/send_msg", 0.0) > 0


def test_the_defaults_are_the_documented_limits() -> None:
    limiter = Limiter()
    assert sum(limiter.reserve("ww1", "x", 0.0) == 0 for _ in range(10_001)) == 10_000


@pytest.mark.parametrize("limits", [{"per_minute": 0}, {"per_hour": -1}])
def test_a_limit_that_lets_nothing_through_is_a_mistake(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Limiter(**limits)
