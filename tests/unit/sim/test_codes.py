"""The codes for send_msg_on_event beside the welcome (platform.md 8): life, types, the state they need."""

from typing import Any

import pytest

from unit.sim.shop import HOUR, Make, Shop

MENU: dict[str, Any] = {"msgtype": "msgmenu", "msgmenu": {"head_content": "满意吗？", "list": []}}


def code(shop: Shop, *way: tuple[Any, ...]) -> str:
    """Walk through states; the code that the last step brings."""
    shop.serve()
    shop.say()
    given = [shop.trans(*step).get("msg_code", "") for step in way][-1]
    assert isinstance(given, str)
    return given


WAYS: dict[str, list[tuple[Any, ...]]] = {"queued": [(2,)], "accepted": [(3, "li")], "ended": [(4,)]}


@pytest.mark.parametrize(("scene", "life"), [("queued", 48 * HOUR), ("accepted", 48 * HOUR), ("ended", 20)])
@pytest.mark.parametrize("late", [0, 1])
def test_how_long_a_code_lives(shop: Shop, scene: str, life: int, late: int) -> None:
    given = code(shop, *WAYS[scene])
    shop.clock.forward(life + late)
    assert shop.welcome(given)["errcode"] == (41050 if late else 0)


@pytest.mark.parametrize(("scene", "errcode"), [("queued", 40008), ("accepted", 40008), ("ended", 0)])
def test_a_menu_goes_with_the_goodbye_only(shop: Shop, scene: str, errcode: int) -> None:
    assert shop.welcome(code(shop, *WAYS[scene]), **MENU)["errcode"] == errcode


def test_what_a_wrong_type_returns_is_a_setting(make: Make) -> None:
    shop = make(code_wrong_type=95009)
    assert shop.welcome(code(shop, (2,)), **MENU)["errcode"] == 95009


@pytest.mark.parametrize("scene", WAYS)
def test_it_costs_no_send_and_is_good_once(shop: Shop, scene: str) -> None:
    given = code(shop, *WAYS[scene])
    assert [shop.welcome(given)["errcode"] for _ in range(2)] == [0, 41050]
    assert shop.heard() == ["欢迎"]
    assert shop.platform.session(shop.kf, shop.customer).sends_left == 5


def test_that_a_code_costs_a_send_is_a_setting(make: Make) -> None:
    shop = make(code_costs_a_send=True)
    shop.welcome(code(shop, (2,)))
    assert shop.platform.session(shop.kf, shop.customer).sends_left == 4


@pytest.mark.parametrize(
    ("way", "left"), [([(2,)], (3, "li")), ([(3, "li")], (4,)), ([(2,), (3, "li")], (4,)), ([(2,)], (4,))]
)
def test_the_session_must_still_be_in_the_state(make: Make, way: list[tuple[Any, ...]], left: tuple[Any, ...]) -> None:
    shop = make(code_out_of_state=95013)
    given = code(shop, *way)
    shop.trans(*left)
    assert shop.welcome(given)["errcode"] == 95013
    assert shop.heard() == []


def test_a_goodbye_is_too_late_once_the_customer_writes_again(shop: Shop) -> None:
    given = code(shop, (4,))
    shop.say()
    assert shop.welcome(given)["errcode"] == 95018


def test_a_state_that_was_left_and_reached_again_is_not_the_same(shop: Shop) -> None:
    given = code(shop, (2,))
    shop.trans(4)
    shop.say()
    shop.trans(2)
    assert shop.welcome(given)["errcode"] == 95018


def test_handing_over_leaves_the_state(shop: Shop) -> None:
    given = code(shop, (3, "li"))
    shop.trans(3, shop.serve("wu"))
    assert shop.welcome(given)["errcode"] == 0


def test_a_goodbye_does_not_count_as_a_welcome(shop: Shop) -> None:
    shop.welcome(code(shop, (4,)))
    shop.clock.forward(48 * HOUR + 1)
    assert shop.enter() != ""


@pytest.mark.parametrize(("limit", "count", "errcode"), [(10, 10, 0), (10, 11, 95008), (50, 50, 0)])
def test_how_many_menu_items_go_with_a_code_is_a_setting(make: Make, limit: int, count: int, errcode: int) -> None:
    shop = make(menu_items_on_event=limit)
    menu = {"list": [{"type": "text", "text": {"content": "x"}}] * count}
    assert shop.welcome(shop.enter(), msgtype="msgmenu", msgmenu=menu)["errcode"] == errcode


def test_a_code_is_for_an_app_that_manages_the_account(shop: Shop) -> None:
    given = shop.enter()
    shop.platform.console.manage(shop.kf, False)
    assert shop.welcome(given)["errcode"] == 48007
    shop.platform.console.manage(shop.kf)
    del shop.platform.world.accounts[shop.kf]
    assert shop.welcome(given)["errcode"] == 41050


def test_expired_codes_are_dropped_in_time_and_living_ones_kept(shop: Shop) -> None:
    first = code(shop, (2,))
    shop.trans(4)
    shop.clock.forward(48 * HOUR + 1)
    for _ in range(1_022):
        shop.platform.customers.enter(shop.kf, shop.customer)
    codes = shop.platform.world.codes
    assert first not in codes
    assert len(codes) >= 1_000


def test_another_corps_code_is_a_bad_one(shop: Shop) -> None:
    given = shop.enter()
    other = shop.platform.console.add_corp("别家公司")
    token = shop.gettoken(corpid=other["corp_id"], corpsecret=other["secret"])["access_token"]
    assert shop.welcome(given, access_token=token)["errcode"] == 41050
    assert shop.welcome(given)["errcode"] == 0
