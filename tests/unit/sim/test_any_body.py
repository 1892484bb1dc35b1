"""Whatever JSON comes in for a session or a message, an errcode goes out."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.sim.shop import Shop

TYPES = ("text", "image", "link", "miniprogram", "msgmenu", "location", "business_card", "ca_link")
KEYS = st.sampled_from(["content", "media_id", "title", "url", "list", "type", "click", "id", "latitude", "link_url"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
ANYTHING = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))
PATHS = ("send_msg", "send_msg_on_event", "recall_msg", "service_state/trans", "service_state/get")


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_an_errcode_comes_back(path: str, data: st.DataObject) -> None:
    shop = Shop()
    shop.say()
    msgtype = data.draw(st.sampled_from(TYPES))
    right: dict[str, Any] = {"touser": shop.customer, "external_userid": shop.customer, "open_kfid": shop.kf}
    right |= {"code": shop.trans(2)["msg_code"], "service_state": 3, "servicer_userid": shop.serve(), "msgid": "a"}
    wrong = data.draw(st.dictionaries(st.sampled_from(sorted(right)), ANYTHING, max_size=2))
    body = right | {"msgtype": msgtype, msgtype: data.draw(ANYTHING)} | wrong
    assert isinstance(shop.post(f"kf/{path}", **json.loads(json.dumps(body)))["errcode"], int)
