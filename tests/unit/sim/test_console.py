"""What an admin switches on, and what is scripted by hand, decides whether a call gets through."""

from collections.abc import Callable

import pytest

from unit.sim.shop import Make, Shop


def fresh(shop: Shop) -> int:
    """Call something harmless; the errcode."""
    errcode = shop.post("kf/account/list")["errcode"]
    assert isinstance(errcode, int)
    return errcode


def disable(shop: Shop) -> None:
    shop.platform.console.switches.app_enabled = False


def distrust(shop: Shop) -> None:
    shop.platform.console.switches.trusted_ips = {"10.0.0.1"}


def standalone_secret(shop: Shop) -> None:
    shop.platform.console.switches.secret_of = "standalone"


def standalone_corp(shop: Shop) -> None:
    shop.platform.console.switches.mode = "standalone"


def switch_off(shop: Shop) -> None:
    shop.platform.console.switches.api_on = False


def unlist(shop: Shop) -> None:
    shop.platform.console.switches.app_listed = False


@pytest.mark.parametrize(
    ("switch", "errcode", "elsewhere"),
    [
        (disable, 50003, 50003),
        (distrust, 60020, 60020),
        (standalone_secret, 95011, 0),
        (standalone_corp, 95012, 0),
        (switch_off, 95017, 0),
        (unlist, 48002, 0),
    ],
)
def test_each_switch_has_its_refusal(shop: Shop, switch: Callable[[Shop], None], errcode: int, elsewhere: int) -> None:
    assert fresh(shop) == 0

    switch(shop)

    assert fresh(shop) == errcode
    query = {"access_token": shop.gettoken()["access_token"]}
    assert shop.request("GET", "getcallbackip", query).errcode == elsewhere


def test_a_standalone_corp_with_its_own_secret_is_served_but_has_nobody_to_hand_over_to(shop: Shop) -> None:
    shop.platform.console.switches.mode = shop.platform.console.switches.secret_of = "standalone"

    assert fresh(shop) == 0
    assert shop.post("kf/servicer/add", open_kfid=shop.kf, userid_list=["li"])["errcode"] == 48002


@pytest.mark.parametrize(
    "path",
    ["kf/get_corp_statistic", "kf/get_servicer_statistic", "kf/knowledge/list_group", "kf/knowledge/list_intent"],
)
def test_a_standalone_corp_has_neither_statistics_nor_knowledge(shop: Shop, path: str) -> None:
    shop.platform.console.switches.mode = shop.platform.console.switches.secret_of = "standalone"
    assert shop.post(path, open_kfid=shop.kf)["errcode"] == 48002


def test_who_calls_comes_before_what_is_called(shop: Shop) -> None:
    for switch in (unlist, switch_off, distrust):
        switch(shop)

    assert fresh(shop) == 60020


def test_the_refused_address_stands_in_the_errmsg(shop: Shop) -> None:
    distrust(shop)

    assert "from ip: 10.0.0.9," in shop.post("kf/account/list")["errmsg"]


def test_an_untrusted_address_may_be_refused_a_token_too(make: Make) -> None:
    shop = make(untrusted_ip_gets_token=False)
    distrust(shop)

    assert shop.gettoken()["errcode"] == 60020


@pytest.mark.parametrize("path", ["kf/send_msg", "kf/sync_msg", "kf/service_state/get", "kf/servicer/add"])
def test_an_account_that_is_not_the_apps_is_48007(shop: Shop, path: str) -> None:
    shop.platform.console.manage(shop.kf, False)

    found = shop.post(path, open_kfid=shop.kf, touser=shop.customer, external_userid=shop.customer, userid_list=["li"])

    assert found["errcode"] == 48007
    assert [row["manage_privilege"] for row in shop.post("kf/account/list")["account_list"]] == [False]


def test_a_scripted_refusal_lasts_until_it_is_ended(shop: Shop) -> None:
    shop.platform.trouble.refuse("kf/account/list", 95017)

    assert [fresh(shop), fresh(shop)] == [95017, 95017]
    assert shop.sync()["errcode"] == 0

    shop.platform.trouble.accept("kf/account/list")

    assert fresh(shop) == 0


def test_a_scripted_refusal_may_be_counted(shop: Shop) -> None:
    shop.platform.trouble.refuse("kf/account/list", 45009, about="minute", times=2)

    assert "api freq out of limit: minute, hint" in shop.post("kf/account/list")["errmsg"]
    assert [fresh(shop), fresh(shop)] == [45009, 0]
    with pytest.raises(ValueError, match="at least once"):
        shop.platform.trouble.refuse("*", -1, times=0)


def test_every_business_call_can_be_refused_at_once_and_gettoken_by_its_name(shop: Shop) -> None:
    shop.platform.trouble.refuse("*", 301002)

    assert shop.gettoken()["errcode"] == 0
    assert (fresh(shop), shop.sync()["errcode"]) == (301002, 301002)

    shop.platform.trouble.refuse("gettoken", 45031)

    assert shop.gettoken()["errcode"] == 45031
