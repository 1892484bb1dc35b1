"""Servicers: who is added, who is listed, and why somebody may not serve; and the link to the account."""

from typing import Any

import pytest

from unit.sim.shop import Make, Shop


def add(shop: Shop, *users: str, **more: Any) -> dict[str, Any]:
    return shop.post("kf/servicer/add", **{"open_kfid": shop.kf, "userid_list": list(users), **more})


def listed(shop: Shop, **query: str) -> dict[str, Any]:
    token = shop.gettoken()["access_token"]
    return shop.request("GET", "kf/servicer/list", {"access_token": token, "open_kfid": shop.kf, **query}).envelope


def test_who_is_added_serves_and_who_is_there_already_is_ignored(shop: Shop) -> None:
    shop.platform.console.add_member("li")

    first, again = (add(shop, "li", department_id_list=[7])["result_list"] for _ in range(2))

    assert [(row.get("userid"), row.get("department_id"), row["errcode"], row["errmsg"]) for row in first] == [
        ("li", None, 0, "success"),
        (None, 7, 0, "success"),
    ]
    assert [(row["errcode"], row["errmsg"]) for row in again] == [(0, "ignored"), (0, "ignored")]
    assert listed(shop)["servicer_list"] == [{"userid": "li", "status": 0, "stop_type": 0}, {"department_id": 7}]


def test_who_is_removed_serves_no_longer_and_who_was_not_there_is_ignored(shop: Shop) -> None:
    shop.platform.console.add_servicer(shop.kf, "li")
    shop.platform.console.add_member("wu")

    found = shop.post("kf/servicer/del", open_kfid=shop.kf, userid_list=["li", "wu"], department_id_list=[7])

    assert [row["errmsg"] for row in found["result_list"]] == ["success", "ignored", "ignored"]
    assert listed(shop)["servicer_list"] == []


@pytest.mark.parametrize(
    ("lacks", "errcode"), [({"visible": False}, 60030), ({"active": False}, 95014), ({"licensed": False}, 701008)]
)
def test_each_reason_not_to_serve_stands_in_its_own_row(shop: Shop, lacks: dict[str, Any], errcode: int) -> None:
    shop.platform.console.add_servicer(shop.kf, "li")
    shop.platform.console.add_member("wu", **lacks)
    next(iter(shop.platform.world.apps.values())).suite_id = "dk1"  # only a provider's apps need licences

    found = add(shop, "li", "wu", "nobody")

    assert found["errcode"] == 0
    assert [row["errcode"] for row in found["result_list"]] == [0, errcode, 60111]
    assert [row["userid"] for row in listed(shop)["servicer_list"]] == ["li"]


def test_one_out_of_range_may_refuse_the_whole_call(make: Make) -> None:
    shop = make(out_of_range="call")
    shop.platform.console.add_servicer(shop.kf, "li")
    shop.platform.console.add_servicer(shop.kf, "wu")
    shop.platform.console.add_member("wu", visible=False)

    assert add(shop, "li")["errcode"] == 60030


def test_the_status_is_told_to_whom_the_account_belongs(shop: Shop) -> None:
    shop.platform.console.add_servicer(shop.kf, "li", status=1, stop_type=1)

    assert listed(shop)["servicer_list"] == [{"userid": "li", "status": 1, "stop_type": 1}]

    shop.platform.console.manage(shop.kf, False)

    assert listed(shop)["servicer_list"] == [{"userid": "li"}]


@pytest.mark.parametrize(("open_kfid", "errcode"), [("", 60251), ("garbage", 60252), ("wk-other", 95004)])
def test_a_list_needs_an_account(shop: Shop, open_kfid: str, errcode: int) -> None:
    assert listed(shop, open_kfid=open_kfid)["errcode"] == errcode


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"userid_list": []}, 40058),
        ({"userid_list": "li"}, 40058),
        ({"userid_list": ["li"] * 101}, 40032),
        ({"userid_list": [], "department_id_list": list(range(21))}, 40032),
        ({"open_kfid": "wk-other"}, 95004),
    ],
)
def test_a_list_that_is_none_is_refused(shop: Shop, body: dict[str, Any], errcode: int) -> None:
    assert add(shop, "li", **body)["errcode"] == errcode


def test_an_account_holds_twenty_departments(shop: Shop) -> None:
    assert add(shop, department_id_list=list(range(1, 21)))["errcode"] == 0
    assert add(shop, department_id_list=[21])["errcode"] == 95020


def test_a_status_that_is_none_is_refused(shop: Shop) -> None:
    with pytest.raises(ValueError, match="0 or 1"):
        shop.platform.console.add_servicer(shop.kf, "li", status=2)


def test_a_link_is_the_same_for_the_same_scene_and_says_when_it_has_one(shop: Shop) -> None:
    def link(scene: str) -> str:
        url = shop.post("kf/add_contact_way", open_kfid=shop.kf, scene=scene)["url"]
        assert isinstance(url, str)
        return url

    assert link("") == link("")
    assert "enc_scene=" not in link("")
    assert link("home") == link("home") != link("shop")
    assert link("home").startswith(f"{link('')}?enc_scene=ENC")
    for scene in ("a b", "x" * 33):
        assert shop.post("kf/add_contact_way", open_kfid=shop.kf, scene=scene)["errcode"] == 40058
