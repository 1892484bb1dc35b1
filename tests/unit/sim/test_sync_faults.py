"""Faults of sync_msg and of sends: empty, short and replayed pages, refused cursors, messages that fail afterwards."""

from typing import Any

import pytest

from unit.sim.shop import Make, Shop
from wxkf.sim.faults import FAIL_TYPES


def drain(shop: Shop, limit: int = 1000) -> list[list[str]]:
    """Pull until nothing waits, as a client does; the texts page by page."""
    pages, cursor, more = list[list[str]](), "", True
    while more:
        page = shop.sync(cursor=cursor, limit=limit)
        pages.append([row["text"]["content"] for row in page["msg_list"]])
        cursor, more = page["next_cursor"], page["has_more"]
    return pages


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """A shop with four messages waiting."""
    for text in "1234":
        shop.say(text)
    return shop


def test_an_empty_page_says_that_more_waits(busy: Shop) -> None:
    busy.platform.trouble.add("empty_page", times=2)
    assert drain(busy) == [[], [], ["1", "2", "3", "4"]]


def test_a_short_page_loses_nothing(busy: Shop) -> None:
    busy.platform.trouble.add("short_page", times=2)
    assert drain(busy) == [["1"], ["2"], ["3", "4"]]


def test_a_replayed_page_comes_again_under_a_cursor_that_goes_on(busy: Shop) -> None:
    busy.platform.trouble.add("replayed_page", times=1)
    assert drain(busy, 2) == [["1", "2"], ["1", "2"], ["3", "4"]]


def test_nothing_can_be_replayed_before_the_first_page(busy: Shop) -> None:
    busy.platform.trouble.add("replayed_page", times=1)
    busy.sync()
    assert len(busy.platform.world.faults.given) == 1


def test_a_good_cursor_may_be_refused_and_no_cursor_never(make: Make) -> None:
    shop = make(bad_cursor=40058)
    cursor = shop.sync()["next_cursor"]
    shop.platform.trouble.add("bad_cursor", times=1)
    assert [shop.sync(cursor=one)["errcode"] for one in ("", cursor, cursor)] == [0, 40058, 0]


@pytest.mark.parametrize("fail_type", sorted(FAIL_TYPES))
def test_a_send_may_fail_afterwards(shop: Shop, fail_type: int) -> None:
    shop.say()
    shop.platform.trouble.add("send_fail", fail_type=fail_type, times=1)

    msgid = shop.send("lost")["msgid"]

    event: dict[str, Any] = shop.sync()["msg_list"][-1]["event"]
    assert event == {
        "event_type": "msg_send_fail",
        "open_kfid": shop.kf,
        "external_userid": shop.customer,
        "fail_msgid": msgid,
        "fail_type": fail_type,
    }
    assert shop.heard() == []
    assert shop.send("heard")["errcode"] == 0
    assert shop.heard() == ["heard"]
    assert shop.platform.session(shop.kf, shop.customer).sends_left == 3


def test_a_welcome_may_fail_too(shop: Shop) -> None:
    shop.platform.trouble.add("send_fail", path="kf/send_msg_on_event", fail_type=10)
    assert shop.welcome(shop.enter())["errcode"] == 0
    assert shop.heard() == []
    assert shop.sync()["msg_list"][-1]["event"]["fail_type"] == 10


def test_the_journal_says_what_has_struck(shop: Shop) -> None:
    shop.say()
    shop.sim.trouble.add("short_page")
    shop.sim.trouble.add("send_fail", fail_type=13, times=1)
    for _ in range(3):
        shop.say()
    shop.sync()
    assert (shop.platform.journal[-1].response or {})["faults"] == ["short_page"]
    shop.send()
    assert (shop.platform.journal[-1].response or {})["faults"] == ["send_fail"]
    shop.send()
    assert "faults" not in (shop.platform.journal[-1].response or {})
