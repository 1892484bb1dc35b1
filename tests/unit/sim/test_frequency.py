"""The published limits: per corp, per address, with debug=1; how long who goes over one is shut out."""

import pytest

from unit.sim.shop import Make, Shop
from wxkf.sim.frequency import LIMITS, Limit, Meter, Whose, mind
from wxkf.sim.refusal import Refusal

LIST = "kf/account/list"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test can reach."""
    monkeypatch.setitem(LIMITS, "corp", (Limit(3, 60, 60), Limit(5, 3_600, 3_600)))


def codes(shop: Shop, count: int) -> list[int]:
    return [shop.post(LIST)["errcode"] for _ in range(count)]


@pytest.mark.usefixtures("few")
def test_a_minute_over_the_limit_shuts_out_for_a_minute(shop: Shop) -> None:
    assert codes(shop, 5) == [0, 0, 0, 45009, 45009]
    assert shop.sync()["errcode"] == 0  # another endpoint
    shop.clock.forward(59)
    assert codes(shop, 1) == [45009]
    shop.clock.forward(1)
    assert codes(shop, 1) == [0]


@pytest.mark.usefixtures("few")
def test_an_hour_over_the_limit_shuts_out_for_an_hour(shop: Shop) -> None:
    for _ in range(2):
        codes(shop, 2)
        shop.clock.forward(60)
    assert codes(shop, 2) == [0, 45009]
    shop.clock.forward(3_599)
    assert codes(shop, 1) == [45009]
    shop.clock.forward(1)
    assert codes(shop, 1) == [0]


@pytest.mark.usefixtures("few")
def test_the_limits_can_be_switched_off_to_measure(make: Make) -> None:
    assert codes(make(limits_frequency=False), 9) == [0] * 9


@pytest.mark.usefixtures("few")
def test_each_corp_has_its_own_limit(shop: Shop) -> None:
    codes(shop, 4)
    other = shop.platform.console.add_corp("第二家")
    token = shop.gettoken(corpid=other["corp_id"], corpsecret=other["secret"])["access_token"]
    assert shop.post(LIST, access_token=token)["errcode"] == 0


def test_debug_mode_is_five_a_minute(shop: Shop) -> None:
    query = {"access_token": shop.gettoken()["access_token"]}
    asked = [shop.request("POST", LIST, query | {"debug": "1"}, b"{}").errcode for _ in range(6)]
    assert asked == [0, 0, 0, 0, 0, 45009]
    assert codes(shop, 1) == [0]


@pytest.mark.parametrize(("whose", "most"), [("corp", 10_000), ("ip", 20_000)])
def test_the_published_numbers(whose: Whose, most: int) -> None:
    meters = dict[str, list[Meter]]()
    for _ in range(most):
        mind(meters, whose, "x", LIST, 0.0)
    with pytest.raises(Refusal) as refused:
        mind(meters, whose, "x", LIST, 59.0)
    assert refused.value.errcode == 45009
