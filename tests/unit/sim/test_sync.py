"""sync_msg (platform.md 6): order, cursors, three days, callback tokens."""

import pytest

from unit.sim.shop import DAY, Make, Shop
from wxkf.sim.notice import kf_msg_or_event


def texts(page: dict[str, object]) -> list[str]:
    rows = page["msg_list"]
    assert isinstance(rows, list)
    return [row["text"]["content"] for row in rows if row["msgtype"] == "text"]


def test_a_text_carries_the_documented_fields(shop: Shop) -> None:
    msgid = shop.say("你好")
    assert shop.sync()["msg_list"] == [
        {
            "msgid": msgid,
            "open_kfid": shop.kf,
            "external_userid": shop.customer,
            "send_time": int(shop.clock.now()),
            "origin": 3,
            "msgtype": "text",
            "text": {"content": "你好"},
        }
    ]


def test_an_event_has_its_ids_inside_and_not_on_top(shop: Shop) -> None:
    shop.platform.customers.enter(shop.kf, shop.customer, scene="home", scene_param="a=1")
    row = shop.sync()["msg_list"][0]
    assert row["origin"] == 4
    assert "open_kfid" not in row
    assert "external_userid" not in row
    event = row["event"]
    assert (event["event_type"], event["scene"], event["scene_param"]) == ("enter_session", "home", "a=1")
    assert (event["open_kfid"], event["external_userid"]) == (shop.kf, shop.customer)


def test_pages_follow_each_other_without_gap_or_repeat(shop: Shop) -> None:
    for number in range(5):
        shop.say(str(number))
    seen, cursor = list[tuple[list[str], int]](), ""
    for _ in range(3):
        page = shop.sync(cursor=cursor, limit=2)
        cursor = page["next_cursor"]
        assert len(cursor.encode()) <= 64
        seen.append((texts(page), page["has_more"]))
    assert seen == [(["0", "1"], 1), (["2", "3"], 1), (["4"], 0)]
    assert shop.sync(cursor=cursor) == {
        "errcode": 0,
        "errmsg": "ok",
        "next_cursor": cursor,
        "has_more": 0,
        "msg_list": [],
    }


def test_a_full_last_page_has_no_more(shop: Shop) -> None:
    shop.say("1")
    shop.say("2")
    assert shop.sync(limit=2)["has_more"] == 0


def test_what_is_older_than_three_days_is_gone(shop: Shop) -> None:
    shop.say("old")
    shop.clock.forward(DAY)
    shop.say("new")
    shop.clock.forward(2 * DAY)
    assert texts(shop.sync()) == ["old", "new"]
    shop.clock.forward(1)
    assert texts(shop.sync()) == ["new"]


def test_a_cursor_older_than_the_log_goes_on_at_the_earliest_row(shop: Shop) -> None:
    shop.say("0")
    cursor = shop.sync()["next_cursor"]
    shop.say("1")
    shop.clock.forward(4 * DAY)
    shop.say("2")
    assert texts(shop.sync(cursor=cursor)) == ["2"]


@pytest.mark.parametrize("cursor", ["nonsense", "A" * 24, "x" * 65, "钟"])
def test_a_made_up_cursor_is_refused(shop: Shop, cursor: str) -> None:
    shop.say()
    assert shop.sync(cursor=cursor)["errcode"] == 50100


def test_a_cursor_is_of_one_account(shop: Shop) -> None:
    other = shop.platform.console.add_account("第二家")
    cursor = shop.sync()["next_cursor"]
    assert shop.sync(open_kfid=other, cursor=cursor)["errcode"] == 50100
    assert shop.sync(cursor=cursor)["errcode"] == 0


def test_accounts_have_streams_of_their_own(shop: Shop) -> None:
    other = shop.platform.console.add_account("第二家")
    shop.say("here")
    shop.platform.customers.say(other, shop.customer, "there")
    assert texts(shop.sync()) == ["here"]
    assert texts(shop.sync(open_kfid=other)) == ["there"]


def test_what_the_app_sends_is_never_returned(shop: Shop) -> None:
    shop.say("question")
    shop.send("answer")
    assert texts(shop.sync()) == ["question"]


def token_of(shop: Shop) -> str:
    world = shop.platform.world
    kf_msg_or_event(world, next(iter(world.apps.values())), shop.platform.world.accounts[shop.kf])
    return list(shop.platform.world.accounts[shop.kf].callback_tokens)[-1]


def test_a_callback_token_lives_ten_minutes(shop: Shop) -> None:
    token = token_of(shop)
    shop.clock.forward(600)
    assert shop.sync(token=token)["errcode"] == 0
    shop.clock.forward(1)
    assert shop.sync(token=token)["errcode"] == 95007
    assert shop.sync()["errcode"] == 0


def test_a_callback_token_is_of_one_account(shop: Shop) -> None:
    other = shop.platform.console.add_account("第二家")
    assert shop.sync(open_kfid=other, token=token_of(shop))["errcode"] == 95007


def test_pulls_without_token_can_be_limited_and_the_limit_passes(make: Make) -> None:
    shop = make(syncs_without_token_per_minute=2)
    assert [shop.sync()["errcode"] for _ in range(3)] == [0, 0, 45009]
    assert shop.sync(token=token_of(shop))["errcode"] == 0
    shop.clock.forward(60)
    assert shop.sync()["errcode"] == 0
