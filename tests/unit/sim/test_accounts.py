"""Accounts: opening, renaming, closing, their limits."""

from typing import Any

import pytest

from unit.sim.shop import Shop
from wxkf.sim.settings import ACCOUNTS_UNVERIFIED, MEDIA_LIFE

PICTURE = b"\x89PNG\r\n\x1a\n pixels"


def picture(shop: Shop, content_type: str = "image/png") -> str:
    return shop.platform.world.add_media(shop.sim.corp_id, PICTURE, content_type)


def add(shop: Shop, **changed: Any) -> dict[str, Any]:
    return shop.post("kf/account/add", **{"name": "分店", "media_id": picture(shop)} | changed)


def listed(shop: Shop, **body: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = shop.post("kf/account/list", **body)["account_list"]
    return rows


def test_an_account_is_opened_renamed_and_closed(shop: Shop) -> None:
    kfid = add(shop)["open_kfid"]
    assert [(row["open_kfid"], row["manage_privilege"]) for row in listed(shop)] == [(shop.kf, True), (kfid, True)]
    before = listed(shop, offset=1)[0]["avatar"]
    assert shop.post("kf/account/update", open_kfid=kfid, name="旗舰店")["errcode"] == 0
    assert listed(shop, offset=1)[0] == {
        "open_kfid": kfid,
        "name": "旗舰店",
        "avatar": before,
        "manage_privilege": True,
    }
    shop.post("kf/account/update", open_kfid=kfid, media_id=picture(shop))
    assert listed(shop, offset=1)[0]["name"] == "旗舰店"
    assert listed(shop, offset=1)[0]["avatar"] != before
    assert shop.post("kf/account/del", open_kfid=kfid)["errcode"] == 0
    assert shop.post("kf/account/update", open_kfid=kfid, name="又来")["errcode"] == 95004
    assert shop.post("kf/account/del", open_kfid=shop.kf)["errcode"] == 95005


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"name": ""}, 95006),
        ({"name": "店" * 17}, 95006),
        ({"name": "   "}, 95006),
        ({"name": "店" * 16}, 0),
        ({"name": {}}, 40058),
        ({"media_id": ""}, 40007),
        ({"media_id": "nothing"}, 40007),
        ({"media_id": "x" * 129}, 40007),
    ],
)
def test_what_an_account_needs(shop: Shop, changed: dict[str, Any], errcode: int) -> None:
    assert add(shop, **changed)["errcode"] == errcode


def test_its_picture_is_a_living_image_of_the_corp(shop: Shop) -> None:
    assert add(shop, media_id=picture(shop, "video/mp4"))["errcode"] == 40007
    assert add(shop, media_id=shop.platform.world.add_media("ww1", PICTURE, "image/png"))["errcode"] == 40007
    old = picture(shop)
    shop.clock.forward(MEDIA_LIFE + 1)
    assert add(shop, media_id=old)["errcode"] == 40007


def test_a_corp_that_is_not_verified_has_ten(shop: Shop) -> None:
    shop.sim.console.verify(False)
    for _ in range(ACCOUNTS_UNVERIFIED - 1):
        assert add(shop)["errcode"] == 0
    assert add(shop)["errcode"] == 95027
    shop.sim.console.verify()
    assert add(shop)["errcode"] == 0


def test_an_app_without_an_account_opens_none(shop: Shop) -> None:
    shop.sim.console.manage(shop.kf, False)
    assert add(shop)["errcode"] == 48007
    assert shop.post("kf/account/update", open_kfid=shop.kf, name="别人的")["errcode"] == 48007


def test_what_belonged_to_a_closed_account_is_gone(shop: Shop) -> None:
    code = shop.enter()
    add(shop)
    shop.post("kf/account/del", open_kfid=shop.kf)
    assert shop.welcome(code)["errcode"] == 41050
    assert shop.platform.phone(shop.kf, shop.customer) == []
