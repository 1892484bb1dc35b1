"""Every message type of send_msg (platform.md 7): what arrives, what is cut, what is refused."""

from typing import Any

import pytest

from unit.sim.shop import HOUR, Make, Shop

FILES = {"image": "image/png", "voice": "audio/amr", "video": "video/mp4", "file": "application/pdf"}
CA = "https://work.weixin.qq.com/ca/cawcde1"


def media(shop: Shop, kind: str = "image", corp_id: str = "") -> str:
    return shop.platform.world.add_media(corp_id or shop.sim.corp_id, b"data", FILES[kind])


def send(shop: Shop, msgtype: str, **body: Any) -> int:
    errcode = shop.send(msgtype=msgtype, **{msgtype: body})["errcode"]
    assert isinstance(errcode, int)
    return errcode


def newest(shop: Shop) -> dict[str, Any]:
    return shop.platform.phone(shop.kf, shop.customer)[-1].body


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_sent_as_what_it_is(shop: Shop, kind: str) -> None:
    shop.say()
    for msgtype in FILES:
        assert send(shop, msgtype, media_id=media(shop, kind)) == (0 if msgtype == kind else 40007)
    assert [bubble.msgtype for bubble in shop.platform.phone(shop.kf, shop.customer)] == ["text", kind]


def test_what_was_uploaded_as_a_file_stays_one(shop: Shop) -> None:
    shop.say()
    media_id = shop.platform.world.add_media(shop.sim.corp_id, b"x", "image/png", kind="file")
    assert send(shop, "image", media_id=media_id) == 40007
    assert send(shop, "file", media_id=media_id) == 0


@pytest.mark.parametrize("msgtype", ["link", "miniprogram"])
def test_the_picture_of_a_card_is_a_living_one_of_the_corp(shop: Shop, msgtype: str) -> None:
    other = shop.platform.console.add_corp("别家公司")["corp_id"]
    old = media(shop)
    shop.clock.forward(72 * HOUR + 1)
    shop.say()
    card: dict[str, Any] = {"title": "x", "url": "https://a.cn", "appid": "wx1", "pagepath": "p.html"}
    for media_id in (old, media(shop, "file"), media(shop, corp_id=other), "x", "", None, 7, ["x"]):
        assert send(shop, msgtype, **card, thumb_media_id=media_id) in {40007, 40058}
    assert shop.heard() == []
    assert send(shop, msgtype, **card, thumb_media_id=media(shop)) == 0


def test_a_link_is_cut_where_it_is_too_long(shop: Shop) -> None:
    shop.say()
    thumb = media(shop)
    assert send(shop, "link", title="题" * 43, desc="x" * 513, url="https://a.cn", thumb_media_id=thumb) == 0
    body = {"title": "题" * 42 + "\ufffd", "desc": "x" * 512, "url": "https://a.cn", "thumb_media_id": thumb}
    assert newest(shop) == body


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"title": ""}, 40058),
        ({"desc": None}, 0),
        ({"url": ""}, 40058),
        ({"url": "a.cn"}, 45034),
        ({"url": "ftp://a.cn"}, 45034),
        ({"url": "HTTPS://a.cn"}, 0),
        ({"url": "https://" + "x" * 2041}, 45002),
    ],
)
def test_what_a_link_needs(shop: Shop, changed: dict[str, Any], errcode: int) -> None:
    shop.say()
    link: dict[str, Any] = {"title": "x", "url": "https://a.cn", "thumb_media_id": media(shop)}
    assert send(shop, "link", **link | changed) == errcode


@pytest.mark.parametrize("missing", ["appid", "pagepath"])
def test_a_mini_program_needs_an_app_and_a_page_but_no_title(shop: Shop, missing: str) -> None:
    shop.say()
    card: dict[str, Any] = {"appid": "wx1", "pagepath": "pages/index", "thumb_media_id": media(shop)}
    assert send(shop, "miniprogram", **card, title="x" * 65) == 0
    assert newest(shop)["title"] == "x" * 64
    assert send(shop, "miniprogram", **card) == 0
    assert send(shop, "miniprogram", **card | {missing: ""}) == 40058


def test_which_mini_programs_are_associated_is_a_setting(make: Make) -> None:
    shop = make(associated_miniprograms=("wx1",), bad_miniprogram=90207)
    shop.say()
    card = {"pagepath": "p.html", "thumb_media_id": media(shop)}
    assert [send(shop, "miniprogram", appid=appid, **card) for appid in ("wx1", "wx2")] == [0, 90207]


@pytest.mark.parametrize(
    ("latitude", "longitude", "errcode"),
    [
        (23.1, 113.3, 0),
        (-90, 180, 0),
        ("23.1", "-113", 0),
        (90.1, 0, 95022),
        (0, -180.5, 95022),
        (None, 0, 95022),
        (0, "east", 95022),
        (True, 0, 95022),
    ],
)
def test_a_place_is_on_the_globe(shop: Shop, latitude: object, longitude: object, errcode: int) -> None:
    shop.say()
    assert send(shop, "location", name="店", latitude=latitude, longitude=longitude) == errcode
    if not errcode:
        assert newest(shop)["latitude"] == float(str(latitude))


@pytest.mark.parametrize(
    ("link", "errcode"), [(CA, 0), ("", 40058), ("https://example.com/ca/x", 40058), ("work.weixin.qq.com/ca/x", 45034)]
)
def test_an_acquisition_link_is_one(shop: Shop, link: str, errcode: int) -> None:
    shop.say()
    assert send(shop, "ca_link", link_url=link) == errcode


def test_one_business_card_in_48_hours(shop: Shop) -> None:
    shop.say()
    assert [send(shop, "business_card", userid="li") for _ in range(2)] == [0, 95025]
    assert send(shop, "business_card") == 40058
    shop.clock.forward(48 * HOUR)
    shop.say()
    assert send(shop, "business_card", userid="li") == 95025
    shop.clock.forward(1)
    assert send(shop, "business_card", userid="li") == 0


def test_where_business_cards_can_be_sent_is_a_setting(make: Make) -> None:
    shop = make(business_card_in=("standalone",))
    shop.say()
    assert send(shop, "business_card", userid="li") == 40008


@pytest.mark.parametrize(("mode", "errcode"), [("wecom", 0), ("standalone", 95024)])
def test_a_tap_opens_no_window_of_its_own_in_standalone_mode(shop: Shop, mode: str, errcode: int) -> None:
    for name in ("mode", "secret_of"):
        shop.platform.console.switch(name, mode)
    shop.say()
    shop.clock.forward(47 * HOUR)
    shop.platform.customers.say(shop.kf, shop.customer, "查订单", menu_id="order")
    assert shop.send()["errcode"] == 0
    shop.clock.forward(2 * HOUR)
    assert shop.send()["errcode"] == errcode
    shop.say()
    assert shop.send()["errcode"] == 0


def test_how_many_customers_an_unverified_corp_may_talk_to_is_a_setting(make: Make) -> None:
    shop = make(unverified_capacity=1)
    other = shop.platform.customers.add("小红")
    for customer in (shop.customer, other):
        shop.platform.customers.say(shop.kf, customer, "hi")
    assert shop.send(touser=other)["errcode"] == 0
    shop.platform.console.verify(False)
    assert [shop.send(touser=customer)["errcode"] for customer in (shop.customer, other)] == [0, 95003]
    with pytest.raises(ValueError, match="no such corp"):
        shop.platform.console.verify(corp_id="wwx")
