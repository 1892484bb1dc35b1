"""A page of `sync_msg` as the platform delivers it, the same one every time: 1000 items, about 304 kB, 70 % text.

The keys stand in the order in which the platform writes them, without blanks, ids are as long as its own; that matters,
since the kind of a message comes sixth. The other kinds and the events come in about the shares a service account sees:
pictures and voices often, an order or a forwarded conversation seldom, but every kind and event at least twice.
"""

import json
from random import Random
from typing import Any

CHINESE = "请问我的订单什么时候可以发货谢谢你好麻烦帮忙看一下这个商品还有没有库存能不能开发票退款多久到账地址写错怎么改"
LATIN = "abcdefghijklmnopqrstuvwxyz 0123456789"
SHARES = {
    "text": 700, "image": 80, "voice": 40, "video": 16, "file": 16, "location": 10, "link": 16, "miniprogram": 16,
    "business_card": 4, "msgmenu": 4, "channels_shop_product": 8, "channels_shop_order": 8, "merged_msg": 4,
    "channels": 4, "meeting": 2, "calendar": 2, "note": 2,
    "enter_session": 40, "msg_send_fail": 6, "servicer_status_change": 4, "session_status_change": 10,
    "user_recall_msg": 4, "servicer_recall_msg": 2, "reject_customer_msg_switch_change": 2,
}  # fmt: skip
_KF = "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q"
_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
Json = dict[str, Any]


def page(letters: str = CHINESE) -> bytes:
    """Make the page, every item of a documented kind, its words of these letters; any letters make as many bytes."""
    return write(_Maker(letters).items())


def page_with_one_unknown_last(letters: str = CHINESE) -> bytes:
    """Make the same page but for its last item, which is of a kind nobody knows."""
    items = _Maker(letters).items()
    items[-1] = {**items[-1], "msgtype": "hologram", "hologram": {"depth": 3}}
    return write(items)


def write(items: list[Json]) -> bytes:
    """Write the answer that holds these items."""
    answer = {"errcode": 0, "errmsg": "ok", "next_cursor": "4gw7MepFLfgF2VC5npN", "msg_list": items, "has_more": 1}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


class _Maker:
    def __init__(self, letters: str, seed: int = 1) -> None:
        self._random = Random(seed)
        self._letters = letters
        self._width = len(letters[0].encode())

    def items(self) -> list[Json]:
        kinds = [kind for kind, count in SHARES.items() for _ in range(count)]
        self._random.shuffle(kinds)
        return [self._item(kind, 1_767_225_600 + 7 * at) for at, kind in enumerate(kinds)]

    def _item(self, kind: str, now: int) -> Json:
        customer, events = f"wm{self._id(30)}", self._events()
        if kind in events:
            about = {"event_type": kind, "open_kfid": _KF, "external_userid": customer, **events[kind]}
            return {"msgid": self._id(44), "send_time": now, "origin": 4, "msgtype": "event", "event": about}
        item: Json = {"msgid": self._id(44), "open_kfid": _KF, "external_userid": customer, "send_time": now}
        colleague = kind == "msgmenu" or self._random.random() < 0.1
        item |= {"origin": 5, "servicer_userid": "ZhangSan"} if colleague else {"origin": 3}
        content = self._contents(now)[kind]
        return {**item, "msgtype": kind} | ({} if content is None else {kind: content})

    def _contents(self, now: int) -> dict[str, Json | None]:
        """Make what stands under each kind; None where the platform tells nothing."""
        media, words, url = {"media_id": self._id(80)}, self._words, self._url
        tapped = {"menu_id": "101"} if self._random.random() < 0.1 else {}
        return {
            "text": {"content": words(4, 32), **tapped},
            "image": media, "voice": media, "video": media, "file": media,
            "location": {
                "latitude": 23.106021881103516, "longitude": 113.320503234863, "name": words(6, 12),
                "address": words(10, 20),
            },
            "link": {"title": words(6, 20), "desc": words(10, 40), "url": url(), "pic_url": url()},
            "miniprogram": {
                "title": words(6, 20), "appid": "wx" + self._id(16), "pagepath": "pages/index/index.html",
                "thumb_media_id": self._id(80),
            },
            "business_card": {"userid": "LiSi"},
            "msgmenu": {
                "head_content": words(8, 20), "tail_content": words(4, 10),
                "list": [
                    {"type": "click", "click": {"id": "101", "content": words(2, 4)}},
                    {"type": "view", "view": {"url": url(), "content": words(8, 12)}},
                ],
            },
            "channels_shop_product": {
                "product_id": "10000000000001", "head_image": url(), "title": words(10, 20), "sales_price": "12900",
                "shop_nickname": words(4, 8), "shop_head_image": url(),
            },
            "channels_shop_order": {
                "order_id": "3704612354559743232", "product_titles": words(10, 30), "price_wording": words(4, 6),
                "state": words(3, 3), "image_url": url(), "shop_nickname": words(4, 8),
            },
            "merged_msg": {"title": words(6, 6), "item": [self._forwarded(now - 60 + at) for at in range(3)]},
            "channels": {"sub_type": 1, "nickname": words(4, 8), "title": words(6, 20)},
            "meeting": None, "calendar": None, "note": None,
        }  # fmt: skip

    def _forwarded(self, now: int) -> Json:
        said = {"msgtype": "text", "text": {"content": self._words(6, 30)}}
        inside = json.dumps(said, ensure_ascii=False)
        return {"send_time": now, "msgtype": "text", "sender_name": self._words(2, 4), "msg_content": inside}

    def _events(self) -> dict[str, Json]:
        return {
            "enter_session": {"scene": "menu3", "welcome_code": self._id(43), "scene_param": "%E5%9C%BA%E6%99%AF3"},
            "msg_send_fail": {"fail_msgid": self._id(44), "fail_type": 4},
            "servicer_status_change": {"servicer_userid": "ZhangSan", "status": 1},
            "session_status_change": {"change_type": 1, "new_servicer_userid": "LiSi", "msg_code": self._id(43)},
            "user_recall_msg": {"recall_msgid": self._id(44)},
            "servicer_recall_msg": {"recall_msgid": self._id(44), "servicer_userid": "ZhangSan"},
            "reject_customer_msg_switch_change": {"servicer_userid": "ZhangSan", "reject_switch": 1},
        }

    def _id(self, length: int) -> str:
        return "".join(self._random.choices(_SAFE, k=length))

    def _words(self, least: int, most: int) -> str:
        """Make words as long, in bytes, as so many Chinese characters."""
        return "".join(self._random.choices(self._letters, k=self._random.randint(least, most) * 3 // self._width))

    def _url(self) -> str:
        return f"https://example.com/{self._id(24)}"
