"""A page of `sync_msg` as the platform delivers it, the same one every time: 1000 items, about 304 kB, 70 % text.

The other kinds and the events come in about the shares a service account sees: pictures and voices often, an order or
a forwarded conversation seldom, but every kind and every event of the documentation at least twice.
"""

import json
from random import Random
from typing import Any

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_WORDS = "请问我的订单什么时候可以发货谢谢你好麻烦帮忙看一下这个商品还有没有库存能不能开发票退款多久到账地址写错了怎么修改"
_KF = "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q"
SHARES = {
    "text": 700, "image": 80, "voice": 40, "video": 16, "file": 16, "location": 10, "link": 16, "miniprogram": 16,
    "business_card": 4, "msgmenu": 4, "channels_shop_product": 8, "channels_shop_order": 8, "merged_msg": 4,
    "channels": 4, "meeting": 2, "calendar": 2, "note": 2,
    "enter_session": 40, "msg_send_fail": 6, "servicer_status_change": 4, "session_status_change": 10,
    "user_recall_msg": 4, "servicer_recall_msg": 2, "reject_customer_msg_switch_change": 2,
}  # fmt: skip


def page(seed: int = 1) -> bytes:
    """Make the page; every item is of a documented kind."""
    return _write(_items(Random(seed)))


def page_with_one_unknown_last(seed: int = 1) -> bytes:
    """Make the same page but for its last item, which is of a kind nobody knows."""
    items = _items(Random(seed))
    items[-1] = {**items[-1], "msgtype": "hologram", "hologram": {"depth": 3}}
    return _write(items)


def _write(items: list[dict[str, Any]]) -> bytes:
    answer = {"errcode": 0, "errmsg": "ok", "next_cursor": "4gw7MepFLfgF2VC5npN", "has_more": 1, "msg_list": items}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _items(random: Random) -> list[dict[str, Any]]:
    kinds = [kind for kind, count in SHARES.items() for _ in range(count)]
    random.shuffle(kinds)
    return [_item(random, kind, 1_767_225_600 + 7 * at) for at, kind in enumerate(kinds)]


def _item(random: Random, kind: str, now: int) -> dict[str, Any]:
    customer, events = f"wm{_id(random, 30)}", _events(random)
    if kind in events:
        about = {"event_type": kind, "open_kfid": _KF, "external_userid": customer, **events[kind]}
        return {"msgid": _id(random, 32), "send_time": now, "origin": 4, "msgtype": "event", "event": about}
    item = {"msgid": _id(random, 32), "open_kfid": _KF, "external_userid": customer, "send_time": now, "origin": 3}
    content = _contents(random, now)[kind]
    if kind == "msgmenu" or random.random() < 0.1:
        item |= {"origin": 5, "servicer_userid": "ZhangSan"}
    return {**item, "msgtype": kind} | ({} if content is None else {kind: content})


def _contents(random: Random, now: int) -> dict[str, dict[str, Any] | None]:
    """Make what stands under each kind; None where the platform tells nothing."""
    media = {"media_id": _id(random, 80)}
    text: dict[str, Any] = {"content": _words(random, 6, 40)}
    if random.random() < 0.1:
        text["menu_id"] = "101"
    return {
        "text": text, "image": media, "voice": media, "video": media, "file": media,
        "location": {
            "latitude": 23.106021881103516, "longitude": 113.320503234863, "name": _words(random, 6, 12),
            "address": _words(random, 10, 20),
        },
        "link": {"title": _words(random, 6, 20), "desc": _words(random, 10, 40), "url": _url(random),
                 "pic_url": _url(random)},
        "miniprogram": {"title": _words(random, 6, 20), "appid": "wx" + _id(random, 16),
                        "pagepath": "pages/index/index.html", "thumb_media_id": _id(random, 80)},
        "business_card": {"userid": "LiSi"},
        "msgmenu": {
            "head_content": _words(random, 8, 20), "tail_content": _words(random, 4, 10),
            "list": [
                {"type": "click", "click": {"id": "101", "content": "满意"}},
                {"type": "view", "view": {"url": _url(random), "content": "点击跳转到自助查询页面"}},
            ],
        },
        "channels_shop_product": {
            "product_id": "10000000000001", "head_image": _url(random), "title": _words(random, 10, 20),
            "sales_price": "12900", "shop_nickname": _words(random, 4, 8), "shop_head_image": _url(random),
        },
        "channels_shop_order": {
            "order_id": "3704612354559743232", "product_titles": _words(random, 10, 30), "price_wording": "129.00元",
            "state": "待发货", "image_url": _url(random), "shop_nickname": _words(random, 4, 8),
        },
        "merged_msg": {
            "title": "群聊的聊天记录",
            "item": [
                {"send_time": now - 60 + at, "msgtype": "text", "sender_name": _words(random, 2, 4),
                 "msg_content": json.dumps({"msgtype": "text", "text": {"content": _words(random, 6, 30)}},
                                           ensure_ascii=False)}
                for at in range(3)
            ],
        },
        "channels": {"sub_type": 1, "nickname": _words(random, 4, 8), "title": _words(random, 6, 20)},
        "meeting": None, "calendar": None, "note": None,
    }  # fmt: skip


def _events(random: Random) -> dict[str, dict[str, Any]]:
    return {
        "enter_session": {"scene": "123", "scene_param": "abc", "welcome_code": _id(random, 43)},
        "msg_send_fail": {"fail_msgid": _id(random, 32), "fail_type": 4},
        "servicer_status_change": {"servicer_userid": "ZhangSan", "status": 1},
        "session_status_change": {"change_type": 1, "new_servicer_userid": "ZhangSan", "msg_code": _id(random, 43)},
        "user_recall_msg": {"recall_msgid": _id(random, 32)},
        "servicer_recall_msg": {"recall_msgid": _id(random, 32), "servicer_userid": "ZhangSan"},
        "reject_customer_msg_switch_change": {"servicer_userid": "ZhangSan", "reject_switch": 1},
    }


def _id(random: Random, length: int) -> str:
    return "".join(random.choices(_LETTERS, k=length))


def _words(random: Random, least: int, most: int) -> str:
    return "".join(random.choices(_WORDS, k=random.randint(least, most)))


def _url(random: Random) -> str:
    return f"https://example.com/{_id(random, 24)}"
