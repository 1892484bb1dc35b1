"""What an app learns of customers, upgrade service, id conversions, the corp."""

from typing import Any

from unit.sim.shop import DAY, Shop
from wxkf.sim.endpoints.idconvert import foreign


def told(shop: Shop, *ids: str, **body: Any) -> tuple[list[dict[str, Any]], list[str]]:
    answer = shop.post("kf/customer/batchget", external_userid_list=list(ids), **body)
    return answer["customer_list"], answer["invalid_external_userid"]


def test_only_who_was_here_in_two_days_is_told(shop: Shop) -> None:
    assert told(shop, shop.customer, "wm1") == ([], [shop.customer, "wm1"])
    shop.enter()
    rows, invalid = told(shop, shop.customer, shop.customer, "wm1")
    assert [(row["nickname"], row["gender"]) for row in rows] == [("小明", 0)]
    assert invalid == ["wm1"]
    shop.clock.forward(2 * DAY + 1)
    assert told(shop, shop.customer)[1] == [shop.customer]
    shop.say()
    assert told(shop, shop.customer)[1] == []


def test_where_a_customer_came_from_is_told_when_asked(shop: Shop) -> None:
    shop.platform.customers.enter(shop.kf, shop.customer, scene="home", scene_param="a=1")
    (row,), _ = told(shop, shop.customer, need_enter_session_context=1)
    assert row["enter_session_context"] == {"scene": "home", "scene_param": "a=1"}
    assert "enter_session_context" not in told(shop, shop.customer)[0][0]
    channels = {"scene": 1, "nickname": "视频号"}
    shop.platform.customers.enter(shop.kf, shop.customer, wechat_channels=channels)
    (row,), _ = told(shop, shop.customer, need_enter_session_context=1)
    assert row["enter_session_context"]["wechat_channels"] == channels


def test_an_apps_own_customers_only_and_no_names_for_providers(shop: Shop) -> None:
    person = shop.platform.customers.add("小红", unionid="o1", gender=2)
    shop.platform.customers.say(shop.kf, person, "在吗")
    (row,), _ = told(shop, person)
    assert (row["unionid"], row["gender"]) == ("o1", 2)
    shop.sim.console.switch("app_kind", "customized")
    (row,), _ = told(shop, person)
    assert row == {"external_userid": person, "nickname": "小红", "gender": 0}
    shop.sim.console.manage(shop.kf, False)
    assert told(shop, person)[1] == [person]


def test_how_many_are_asked_at_once(shop: Shop) -> None:
    assert shop.post("kf/customer/batchget", external_userid_list=[])["errcode"] == 40058
    assert shop.post("kf/customer/batchget", external_userid_list=["wm1"] * 101)["errcode"] == 40035


def upgrade(shop: Shop, **body: Any) -> int:
    asked = {"open_kfid": shop.kf, "external_userid": shop.customer} | body
    errcode = shop.post("kf/customer/upgrade_service", **asked)["errcode"]
    assert isinstance(errcode, int)
    return errcode


def test_customers_are_led_on_to_whom_the_console_names(shop: Shop) -> None:
    console = shop.sim.console
    console.add_member("li")
    console.add_member("wu", visible=False)
    console.add_member("he", licensed=False)
    console.configure_upgrade(["li", "wu", "he", "gone"], chat_id_list=["wr1"])
    assert upgrade(shop, type=1, member={"userid": "li", "wording": "专员"}) == 0
    assert upgrade(shop, type=2, groupchat={"chat_id": "wr1"}) == 0
    wrong = [upgrade(shop, type=1, member={"userid": one}) for one in ("zhao", "gone", "wu", "he")]
    assert wrong == [95021, 60111, 60030, 701008]
    assert upgrade(shop, type=2, groupchat={"chat_id": "wr2"}) == 95021
    assert [upgrade(shop), upgrade(shop, type=3), upgrade(shop, type=1)] == [40058, 40058, 40058]
    console.configure_upgrade(["li"], exclusive=True)
    assert upgrade(shop, type=1, member={"userid": "li"}) == 95015
    assert (
        shop.post("kf/customer/cancel_upgrade_service", open_kfid=shop.kf, external_userid=shop.customer)["errcode"]
        == 0
    )
    assert shop.post("kf/customer/cancel_upgrade_service", open_kfid=shop.kf, external_userid="x")["errcode"] == 40096


def test_ids_go_there_and_back(shop: Shop) -> None:
    shop.sim.console.add_member("li")
    opened = shop.post("batch/userid_to_openuserid", userid_list=["li", "nobody"])
    ((row,), invalid) = opened["open_userid_list"], opened["invalid_userid_list"]
    assert invalid == ["nobody"]
    back = shop.post("batch/openuserid_to_userid", open_userid_list=[row["open_userid"], "wo1"])
    assert [one["userid"] for one in back["userid_list"]] == ["li"]
    assert back["invalid_open_userid_list"] == ["wo1"]
    accounts = shop.post("idconvert/open_kfid", open_kfid_list=[shop.kf, "wk1"])
    new = accounts["items"][0]["new_open_kfid"]
    assert accounts["invalid_open_kfid_list"] == ["wk1"]
    assert shop.post("idconvert/open_kfid", open_kfid_list=[new])["items"] == [{"open_kfid": new, "new_open_kfid": new}]
    theirs = foreign("external_userid", shop.customer)
    found = shop.post("externalcontact/from_service_external_userid", external_userid=theirs)
    assert found["external_userid"] == shop.customer
    assert shop.post("externalcontact/from_service_external_userid", external_userid="wm1")["errcode"] == 40096
    assert shop.post("idconvert/open_kfid", open_kfid_list=[])["errcode"] == 40058


def test_a_unionid_finds_who_was_here_or_waits(shop: Shop) -> None:
    person = shop.platform.customers.add("小红", unionid="o1")
    asked = {"unionid": "o1", "openid": "x"}
    assert shop.post("idconvert/unionid_to_external_userid", **asked)["pending_id"].startswith("pe")
    shop.platform.customers.enter(shop.kf, person)
    assert shop.post("idconvert/unionid_to_external_userid", **asked)["external_userid"] == person
    shop.sim.console.verify(False)
    assert shop.post("idconvert/unionid_to_external_userid", **asked)["errcode"] == 43009


def test_a_channels_account_is_bound_in_the_console(shop: Shop) -> None:
    query = {"access_token": shop.gettoken()["access_token"]}
    path = "kf/get_corp_qualification"
    assert shop.request("GET", path, query).envelope["wechat_channels_binding"] is False
    shop.sim.console.bind_channels()
    assert shop.request("GET", path, query).envelope["wechat_channels_binding"] is True
