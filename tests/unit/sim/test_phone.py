"""What a customer can do on the phone (platform.md 6.2 to 6.4): every type, files, menus, taking back, channels."""

from collections.abc import Callable
from typing import Any

import pytest

from unit.sim.shop import Make, Shop
from wxkf.sim.actions.inbound import SHAPES

MIB = 1024 * 1024
BODIES: dict[str, dict[str, Any]] = {
    "text": {"content": "在吗"},
    "location": {"latitude": 23.1, "longitude": 113, "name": "店", "address": "路"},
    "link": {"title": "t", "desc": "", "url": "https://a.cn", "pic_url": ""},
    "business_card": {"userid": "li"},
    "miniprogram": {"title": "t", "appid": "wx1", "pagepath": "p.html", "thumb_media_id": "m"},
    "msgmenu": {"head_content": "h", "list": [{"type": "click", "click": {"id": "1", "content": "c"}}]},
    "channels_shop_product": {"product_id": "1", "title": "t", "sales_price": "100", "head_image": "https://a.cn"},
    "channels_shop_order": {"order_id": "1", "product_titles": "t", "price_wording": "￥1", "state": "已付款"},
    "merged_msg": {"title": "t", "item": [{"send_time": 1, "msgtype": "text", "msg_content": "no JSON"}]},
    "channels": {"sub_type": 1, "nickname": "n", "title": "t"},
    "meeting": {},
    "calendar": {},
    "note": {"new_field": [1]},
}


def test_every_type_is_tried() -> None:
    assert set(BODIES) == set(SHAPES)


@pytest.mark.parametrize("msgtype", BODIES)
def test_a_message_arrives_as_it_was_given(shop: Shop, msgtype: str) -> None:
    body = BODIES[msgtype]
    msgid = shop.platform.customers.send(shop.kf, shop.customer, msgtype, body)
    item = shop.sync()["msg_list"][-1]
    assert (item["msgid"], item["origin"], item["msgtype"], item[msgtype]) == (msgid, 3, msgtype, body)
    assert shop.platform.phone(shop.kf, shop.customer)[-1].body == body
    assert shop.state() == 0


def test_a_message_is_a_copy(shop: Shop) -> None:
    body = {"content": "a"}
    shop.platform.customers.send(shop.kf, shop.customer, "text", body)
    body["content"] = "b"
    assert shop.sync()["msg_list"][-1]["text"] == {"content": "a"}


def nested() -> dict[str, Any]:
    body: dict[str, Any] = {}
    for _ in range(10_000):
        body = {"a": body}
    return body


@pytest.mark.parametrize(
    ("msgtype", "body", "reason"),
    [
        ("image", {"media_id": "x"}, "send_file"),
        ("sticker", {}, "a message is one of"),
        ("event", {}, "a message is one of"),
        ("text", {"content": ""}, "empty text"),
        ("text", {"content": 1}, "needs content, a text"),
        ("text", [], "must be an object"),
        ("location", {"latitude": "23", "longitude": 1}, "needs latitude, a number"),
        ("location", {"latitude": True, "longitude": 1}, "needs latitude, a number"),
        ("channels", {"sub_type": 1.5, "nickname": "n"}, "needs sub_type, a whole number"),
        ("msgmenu", {"list": ["x"]}, "msgmenu.list must be an object"),
        ("merged_msg", {"title": "t", "item": [{"msgtype": "text", "msg_content": {}}]}, "needs msg_content, a text"),
        ("note", {"a": object()}, "must be JSON"),
        ("note", {"a": "\ud800"}, "must be JSON"),
        ("note", nested(), "must be JSON"),
    ],
)
def test_what_no_phone_sends_is_refused(shop: Shop, msgtype: str, body: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        shop.platform.customers.send(shop.kf, shop.customer, msgtype, body)
    assert shop.sync()["msg_list"] == []


@pytest.mark.parametrize(
    ("kind", "limit", "content_type"),
    [
        ("image", 2, "image/png"),
        ("voice", 2, "audio/amr"),
        ("video", 10, "video/mp4"),
        ("file", 20, "application/octet-stream"),
    ],
)
def test_a_file_above_its_limit_arrives_as_a_text(shop: Shop, kind: str, limit: int, content_type: str) -> None:
    for size in (limit * MIB, limit * MIB + 1):
        shop.platform.customers.send_file(shop.kf, shop.customer, kind, bytes(size))
    file, notice = shop.sync()["msg_list"]
    assert (file["msgtype"], notice["msgtype"]) == (kind, "text")
    assert f"{limit}MB" in notice["text"]["content"]
    media = shop.platform.world.media[file[kind]["media_id"]]
    assert (media.content_type, media.kind, len(media.data)) == (content_type, kind, limit * MIB)
    shop.send(msgtype=kind, **{kind: file[kind]})
    assert shop.platform.phone(shop.kf, shop.customer)[-1].who == "account"


def test_a_file_keeps_its_name_and_type(shop: Shop) -> None:
    file = ("file", b"%PDF")
    shop.platform.customers.send_file(
        shop.kf, shop.customer, *file, filename="发票.pdf", content_type="Application/PDF"
    )
    media = list(shop.platform.world.media.values())[-1]
    assert (media.filename, media.content_type) == ("发票.pdf", "application/pdf")


@pytest.mark.parametrize(
    ("kind", "data", "more", "reason"),
    [
        ("sticker", b"x", {}, "a file is one of"),
        ("voice", b"", {}, "needs data"),
        ("image", b"x", {"content_type": "image/svg+xml"}, "content type that fits it"),
        ("voice", b"x", {"content_type": "video/mp4"}, "content type that fits it"),
        ("file", b"x", {"content_type": "text/plain\r\nx: y"}, "content type that fits it"),
        ("file", b"x", {"filename": "a\nb"}, "printable"),
        ("file", b"x", {"filename": "../b"}, "slash"),
        ("file", b"x", {"filename": "x" * 256}, "255 bytes"),
    ],
)
def test_a_file_that_is_none_is_refused(shop: Shop, kind: str, data: bytes, more: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        shop.platform.customers.send_file(shop.kf, shop.customer, kind, data, **more)
    assert shop.platform.world.media == {}


MENU: dict[str, Any] = {
    "list": [
        {"type": "text", "text": {"content": "请选择"}},
        {"type": "click", "click": {"id": "order#7", "content": "查订单"}},
        {"type": "click", "click": {"content": "没有编号"}},
        {"type": "view", "view": {"url": "https://a.cn", "content": "网站"}},
    ]
}


def menu(shop: Shop) -> str:
    shop.say()
    msgid = shop.send(msgtype="msgmenu", msgmenu=MENU)["msgid"]
    assert isinstance(msgid, str)
    return msgid


@pytest.mark.parametrize(
    ("index", "text"), [(1, {"content": "查订单", "menu_id": "order"}), (2, {"content": "没有编号"})]
)
def test_a_tap_sends_the_items_text_and_its_id_up_to_a_hash(shop: Shop, index: int, text: dict[str, str]) -> None:
    tapped = shop.platform.customers.tap(shop.kf, shop.customer, menu(shop), index)
    item = shop.sync()["msg_list"][-1]
    assert (item["msgid"], item["text"]) == (tapped, text)


@pytest.mark.parametrize(
    ("index", "reason"), [(0, "only a click"), (3, "only a click"), (4, "no such menu"), (-1, "no such menu")]
)
def test_what_cannot_be_tapped(shop: Shop, index: int, reason: str) -> None:
    msgid = menu(shop)
    with pytest.raises(ValueError, match=reason):
        shop.platform.customers.tap(shop.kf, shop.customer, msgid, index)


def test_a_menu_that_was_recalled_cannot_be_tapped(shop: Shop) -> None:
    msgid = menu(shop)
    shop.post("kf/recall_msg", open_kfid=shop.kf, msgid=msgid)
    for one in (msgid, "other"):
        with pytest.raises(ValueError, match="no such menu"):
            shop.platform.customers.tap(shop.kf, shop.customer, one, 1)


def test_a_customer_takes_a_message_back_and_the_account_hears_of_it(shop: Shop) -> None:
    msgid = shop.say()
    shop.clock.forward(120)
    shop.platform.customers.recall(shop.kf, shop.customer, msgid)
    assert shop.events() == [
        {
            "event_type": "user_recall_msg",
            "open_kfid": shop.kf,
            "external_userid": shop.customer,
            "recall_msgid": msgid,
        }
    ]
    assert shop.platform.phone(shop.kf, shop.customer)[-1].recalled


def test_only_ones_own_recent_message_can_be_taken_back(make: Make) -> None:
    shop = make(phone_recall_seconds=60)
    old = shop.say()
    shop.clock.forward(61)
    mine = shop.say()
    theirs = shop.send()["msgid"]
    shop.platform.customers.recall(shop.kf, shop.customer, mine)
    for msgid in (old, mine, theirs, "x"):
        with pytest.raises(ValueError, match="within 60 seconds"):
            shop.platform.customers.recall(shop.kf, shop.customer, msgid)
    assert len(shop.events()) == 1


@pytest.mark.parametrize("channels", [{"scene": 1, "nickname": "号"}, {"scene": 5, "shop_nickname": "店"}])
def test_who_comes_from_channels_says_from_where(shop: Shop, channels: dict[str, Any]) -> None:
    shop.platform.customers.enter(shop.kf, shop.customer, wechat_channels=channels)
    assert shop.events("enter_session")[0]["wechat_channels"] == channels


BAD: dict[str, Callable[[Shop], object]] = {
    "scene 1 to 3": lambda shop: shop.platform.customers.enter(
        shop.kf, shop.customer, wechat_channels={"scene": 1, "shop_nickname": "店"}
    ),
    "4 to 5": lambda shop: shop.platform.customers.enter(
        shop.kf, shop.customer, wechat_channels={"scene": 6, "nickname": "号"}
    ),
    "gender is": lambda shop: shop.platform.customers.add("x", gender=3),
    "no such corp": lambda shop: shop.platform.customers.add("x", corp_id="wwx"),
}


@pytest.mark.parametrize("reason", BAD)
def test_what_is_impossible_says_why(shop: Shop, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        BAD[reason](shop)


def test_a_new_customer_has_what_was_given(shop: Shop) -> None:
    customer = shop.platform.world.customers[shop.platform.customers.add("小红", unionid="o1", gender=2)]
    assert (customer.unionid, customer.gender) == ("o1", 2)
