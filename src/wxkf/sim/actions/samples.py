"""One of each that a phone can send, for whoever wants to see what comes of it and has none at hand."""

import base64
import json
from typing import Final

from wxkf.sim.values import Json

_AMR_FRAMES = 150  # of 20 ms: three seconds
FILES: Final[dict[str, bytes]] = {
    "image": base64.b64decode(  # one pixel of the green that WeChat has
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgP5gAAAH7ASkHCmeyAAAAAElFTkSuQmCC"
    ),
    "voice": b"#!AMR\n" + b"\x7c" * _AMR_FRAMES,  # silence as WeChat would record it: frames without data
    "video": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08free",  # an MP4 that holds no picture
    "file": "样例\n".encode(),
}


def samples(now: float) -> dict[str, Json]:
    """Give a body for each message type that holds no file; `now` in seconds since the epoch."""
    return {
        "text": {"content": "你好"},
        "location": {
            "latitude": 22.5405, "longitude": 113.9345, "name": "腾讯大厦", "address": "深圳市南山区深南大道10000号",
        },
        "link": {"title": "售后政策", "desc": "七天无理由退货", "url": "https://example.com/help", "pic_url": ""},
        "business_card": {"userid": "zhangsan"},
        "miniprogram": {
            "title": "我的订单", "appid": "wx0123456789abcdef", "pagepath": "pages/order.html", "thumb_media_id": "",
        },
        "msgmenu": {
            "head_content": "您对本次服务满意吗？", "tail_content": "",
            "list": [{"type": "click", "click": {"id": "101", "content": "满意"}}],
        },
        "channels_shop_product": {
            "product_id": "10000001", "head_image": "", "title": "手冲咖啡壶", "sales_price": "19900",
            "shop_nickname": "演示小店", "shop_head_image": "",
        },
        "channels_shop_order": {
            "order_id": "3700000001", "product_titles": "手冲咖啡壶", "price_wording": "¥199.00", "state": "待发货",
            "image_url": "", "shop_nickname": "演示小店",
        },
        "merged_msg": {
            "title": "群聊的聊天记录",
            "item": [_merged(now - 60, "小明", "壶到了吗？"), _merged(now, "小红", "还没有")],
        },
        "channels": {"sub_type": 1, "nickname": "演示小店", "title": "新品手冲壶"},
        "meeting": {}, "calendar": {}, "note": {},
    }  # fmt: skip


def _merged(at: float, who: str, words: str) -> Json:
    content = json.dumps({"msgtype": "text", "text": {"content": words}}, ensure_ascii=False)
    return {"send_time": int(at), "msgtype": "text", "sender_name": who, "msg_content": content}
