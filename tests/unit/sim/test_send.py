"""send_msg (platform.md 7): window, quota, state, msgid, types and limits, and the order of the checks."""

from typing import Any

import pytest

from unit.sim.shop import HOUR, Make, Shop


def test_a_text_reaches_the_phone_under_the_msgid_that_was_given(shop: Shop) -> None:
    shop.say()
    assert shop.send("您好", msgid="order-17_a")["msgid"] == "order-17_a"
    bubble = shop.platform.phone(shop.kf, shop.customer)[-1]
    assert (bubble.who, bubble.msgtype, bubble.body, bubble.msgid) == (
        "account",
        "text",
        {"content": "您好"},
        "order-17_a",
    )


def test_without_msgid_one_is_made(shop: Shop) -> None:
    shop.say()
    assert shop.send()["msgid"] != shop.send()["msgid"]


def test_five_sends_for_each_customer_message(shop: Shop) -> None:
    shop.say()
    assert [shop.send()["errcode"] for _ in range(6)] == [0, 0, 0, 0, 0, 95001]
    shop.say()
    assert shop.send()["errcode"] == 0
    assert shop.platform.session(shop.kf, shop.customer).sends_left == 4


def test_quota_is_by_customer(shop: Shop) -> None:
    shop.say()
    other = shop.platform.customers.add("小红")
    shop.platform.customers.say(shop.kf, other, "hi")
    for _ in range(5):
        shop.send()
    assert shop.send()["errcode"] == 95001
    assert shop.send(touser=other)["errcode"] == 0


def test_the_window_is_48_hours(shop: Shop) -> None:
    shop.say()
    shop.clock.forward(48 * HOUR)
    assert shop.send()["errcode"] == 0
    shop.clock.forward(1)
    assert shop.send()["errcode"] == 95002
    shop.say()
    assert shop.send()["errcode"] == 0


def test_who_only_entered_has_not_consulted(shop: Shop) -> None:
    shop.enter()
    assert shop.send()["errcode"] == 95031


@pytest.mark.parametrize("touser", ["wmunknown", "x" * 65])
def test_an_unknown_customer_is_40096(shop: Shop, touser: str) -> None:
    assert shop.send(touser=touser)["errcode"] == 40096


@pytest.mark.parametrize("state", [2, 3, 4])
def test_sending_needs_state_0_or_1(shop: Shop, state: int) -> None:
    shop.say()
    shop.platform.console.set_state(shop.kf, shop.customer, state)
    assert shop.send()["errcode"] == 95018
    assert shop.heard() == []


def test_the_refusal_of_an_ended_session_is_a_setting(make: Make) -> None:
    shop = make(ended_session=95013)
    shop.say()
    shop.platform.console.set_state(shop.kf, shop.customer, 4)
    assert shop.send()["errcode"] == 95013
    shop.platform.console.set_state(shop.kf, shop.customer, 3)
    assert shop.send()["errcode"] == 95018


def test_a_msgid_is_good_once_for_an_account(shop: Shop) -> None:
    shop.say()
    other = shop.platform.console.add_account("第二家")
    shop.platform.customers.say(other, shop.customer, "hi")
    assert shop.send(msgid="a")["errcode"] == 0
    assert shop.send(msgid="a")["errcode"] == 95033
    assert shop.send(msgid="a", open_kfid=other)["errcode"] == 0
    assert len(shop.heard()) == 1


def test_a_duplicate_costs_no_send(shop: Shop) -> None:
    shop.say()
    shop.send(msgid="a")
    shop.send(msgid="a")
    assert shop.platform.session(shop.kf, shop.customer).sends_left == 4


@pytest.mark.parametrize(("spent", "again"), [(False, 0), (True, 95033)])
def test_whether_a_refusal_uses_up_its_msgid_is_a_setting(make: Make, spent: bool, again: int) -> None:
    shop = make(refused_msgid_is_spent=spent)
    shop.say()
    shop.platform.console.set_state(shop.kf, shop.customer, 3)
    assert shop.send(msgid="a")["errcode"] == 95018
    shop.platform.console.set_state(shop.kf, shop.customer, 1)
    assert shop.send(msgid="a")["errcode"] == again


@pytest.mark.parametrize("msgid", ["x" * 33, "a b", "中", "a\n"])
def test_a_malformed_msgid_is_40058(shop: Shop, msgid: str) -> None:
    shop.say()
    assert shop.send(msgid=msgid)["errcode"] == 40058


def test_the_order_of_the_checks_is_a_setting(make: Make) -> None:
    def outcome(shop: Shop) -> int:
        shop.say()
        for number in range(5):
            shop.send(msgid=f"m{number}")
        shop.platform.console.set_state(shop.kf, shop.customer, 3)
        errcode = shop.send(msgid="m0")["errcode"]
        assert isinstance(errcode, int)
        return errcode

    assert outcome(make()) == 95033
    assert outcome(make(send_checks=("media", "window", "quota", "state", "msgid"))) == 95001
    assert outcome(make(send_checks=("state", "media", "window", "quota", "msgid"))) == 95018


def test_a_long_text_is_cut_silently_at_2048_bytes_even_inside_a_character(shop: Shop) -> None:
    shop.say()
    assert shop.send("中" * 683)["errcode"] == 0
    assert shop.heard() == ["中" * 682 + "\ufffd"]


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"text": {"content": ""}}, 44004),
        ({"text": {}}, 44004),
        ({"text": "hi"}, 40058),
        ({"text": {"content": []}}, 40058),
        ({"msgtype": "sticker"}, 40008),
        ({"msgtype": ""}, 40008),
        ({"msgtype": "image", "image": {"media_id": "unknown"}}, 40007),
        ({"touser": ""}, 40058),
    ],
)
def test_bad_messages_are_refused(shop: Shop, changed: dict[str, Any], errcode: int) -> None:
    shop.say()
    assert shop.send(**changed)["errcode"] == errcode
    assert shop.heard() == []


def test_a_number_as_text_is_sent_with_a_warning(shop: Shop) -> None:
    shop.say()
    assert "Warning" in shop.send(text={"content": 42})["errmsg"]
    assert shop.heard() == ["42"]


def test_a_picture_can_be_sent_back_while_it_lives(shop: Shop) -> None:
    shop.platform.customers.send_file(shop.kf, shop.customer, "image", b"\x89PNG", content_type="image/png")
    image = shop.sync()["msg_list"][-1]["image"]
    assert shop.send(msgtype="image", image=image)["errcode"] == 0
    shop.clock.forward(72 * HOUR + 1)
    shop.say()
    assert shop.send(msgtype="image", image=image)["errcode"] == 40007


def click(number: int) -> dict[str, Any]:
    return {"type": "click", "click": {"id": str(number), "content": f"第{number}项"}}


def test_a_menu_reaches_the_phone(shop: Shop) -> None:
    shop.say()
    menu = {
        "head_content": "请选择",
        "list": [
            click(1),
            {"type": "view", "view": {"url": "https://example.com", "content": "网站"}},
            {"type": "text", "text": {"content": "谢谢"}},
        ],
    }
    assert shop.send(msgtype="msgmenu", msgmenu=menu)["errcode"] == 0
    body = shop.platform.phone(shop.kf, shop.customer)[-1].body
    assert [item["type"] for item in body["list"]] == ["click", "view", "text"]


_LINE = {"type": "text", "text": {"content": "x"}}


@pytest.mark.parametrize(
    ("items", "errcode"),
    [
        ([click(n) for n in range(10)] + [_LINE] * 40, 0),
        ([click(n) for n in range(11)], 95008),
        ([_LINE] * 51, 95008),
        ([{"type": "dance", "dance": {}}], 95009),
        ([{"click": {"content": "x"}}], 95009),
        ([{"type": "click", "click": {"content": "x" * 129}}], 45002),
        ([{"type": "click", "click": {"id": "1"}}], 40058),
        ([{"type": "view", "view": {"url": "example.com", "content": "x"}}], 45034),
        (["x"], 40058),
        ("x", 40058),
        ([], 44004),
    ],
)
def test_a_menus_limits(shop: Shop, items: object, errcode: int) -> None:
    shop.say()
    assert shop.send(msgtype="msgmenu", msgmenu={"list": items})["errcode"] == errcode
