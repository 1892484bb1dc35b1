"""Every call: verbs, bodies, the errmsg's format, lenient types, unknown paths, the account list."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.sim.shop import Make, Shop
from wxkf.sim.values import Request


def test_a_refusal_reads_like_the_platforms_own(shop: Shop) -> None:
    errmsg = shop.post("kf/account/list", access_token="garbage")["errmsg"]
    link = re.escape("https://open.work.weixin.qq.com/devtool/query?e=40014")
    assert re.fullmatch(rf"[a-z_ ]+, hint: \[\d+\], from ip: 10\.0\.0\.9, more info at {link}", errmsg)


@pytest.mark.parametrize("path", ["kf/account/list", "kf/sync_msg", "kf/send_msg", "kf/service_state/get"])
def test_get_on_a_post_endpoint_is_refused(shop: Shop, path: str) -> None:
    query = {"access_token": shop.gettoken()["access_token"]}
    assert shop.request("GET", path, query).errcode == 40058


def test_post_on_gettoken_is_refused(shop: Shop) -> None:
    query = {"corpid": shop.sim.corp_id, "corpsecret": shop.sim.secret}
    assert shop.request("POST", "gettoken", query, b"{}").errcode == 40058


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 40063),
        (b"a=b", 40058),
        (b"[]", 40058),
        (b"\xff\xfe", 40058),
        (b'{"a": NaN}', 40058),
        (b'{"a": "\\ud800"}', 40058),
        (b"[" * 100_000, 40058),
        (b'{"a": "%b"}' % (b"x" * 1_100_000), 40206),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(shop: Shop, body: bytes, errcode: int) -> None:
    query = {"access_token": shop.gettoken()["access_token"]}
    assert shop.request("POST", "kf/sync_msg", query, body).errcode == errcode


def test_an_unknown_path_is_nothing_of_the_platforms(shop: Shop) -> None:
    assert shop.platform.call(Request("POST", "/cgi-bin/kf/nothing", {})) is None


def test_a_number_in_quotes_is_read_with_the_documented_warning(shop: Shop) -> None:
    found = shop.sync(limit="1")
    assert found["errcode"] == 0
    assert found["errmsg"] == "ok. Warning: wrong json format."


def test_the_warning_accompanies_a_refusal_too(shop: Shop) -> None:
    found = shop.sync(limit="1", cursor="nonsense")
    assert found["errcode"] == 50100
    assert found["errmsg"].endswith("e=50100. Warning: wrong json format.")


@pytest.mark.parametrize("limit", [1001, -1, "x", 1.5, [], "9" * 5000])
def test_a_limit_out_of_bounds_is_40058(shop: Shop, limit: object) -> None:
    assert shop.sync(limit=limit)["errcode"] == 40058


@pytest.mark.parametrize(
    ("open_kfid", "errcode"),
    [(None, 60251), ("", 60251), ("xx123", 95000), ("wk" + "x" * 63, 95000), ("wkunknown", 95004), ([], 40058)],
)
def test_open_kfid_is_required_well_formed_and_known(shop: Shop, open_kfid: object, errcode: int) -> None:
    assert shop.sync(open_kfid=open_kfid)["errcode"] == errcode


def test_the_code_for_a_missing_open_kfid_is_a_setting(make: Make) -> None:
    assert make(missing_open_kfid=40058).post("kf/sync_msg")["errcode"] == 40058


def test_accounts_are_listed_in_pages(shop: Shop) -> None:
    second = shop.platform.console.add_account("第二家")
    both = shop.post("kf/account/list")["account_list"]
    assert [(row["open_kfid"], row["name"]) for row in both] == [(shop.kf, "演示小店"), (second, "第二家")]
    assert shop.post("kf/account/list", offset=1, limit=1)["account_list"] == both[1:]
    assert shop.post("kf/account/list", offset=2)["account_list"] == []
    assert shop.post("kf/account/list", limit=0)["errcode"] == 40058


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_FIELDS = ["open_kfid", "touser", "msgtype", "msgid", "text", "image", "msgmenu", "code", "cursor", "token", "limit"]
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    path=st.sampled_from(["kf/send_msg", "kf/send_msg_on_event", "kf/sync_msg", "kf/account/list"]),
    body=st.dictionaries(st.sampled_from(_FIELDS) | _TEXTS, _JSON, max_size=6),
)
def test_whatever_comes_gets_an_errcode(path: str, body: dict[str, object]) -> None:
    shop = Shop()
    query = {"access_token": shop.gettoken()["access_token"]}
    sane = {"open_kfid": shop.kf, "touser": shop.customer, "msgtype": "msgmenu"}
    assert isinstance(shop.request("POST", path, query, json.dumps(sane | body).encode()).errcode, int)
