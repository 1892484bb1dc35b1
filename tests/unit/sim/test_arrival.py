"""What becomes of an accepted send: it arrives, it fails later (platform.md 6.4), it is taken back (9)."""

from typing import Any

import pytest

from unit.sim.shop import Make, Shop
from wxkf.sim import Bubble
from wxkf.sim.arrival import deliver, fail_send
from wxkf.sim.faults import FAIL_TYPES
from wxkf.sim.world import Change


def recall(shop: Shop, msgid: str, **more: Any) -> int:
    errcode = shop.post("kf/recall_msg", **{"open_kfid": shop.kf, "msgid": msgid} | more)["errcode"]
    assert isinstance(errcode, int)
    return errcode


def test_who_takes_no_messages_gets_none_though_the_call_succeeds(shop: Shop) -> None:
    shop.say()
    shop.platform.customers.reject(shop.kf, shop.customer)
    assert shop.platform.session(shop.kf, shop.customer).blocked
    assert shop.send(msgid="m1")["errcode"] == 0
    assert shop.heard() == []
    assert shop.events("msg_send_fail") == [
        {
            "event_type": "msg_send_fail",
            "open_kfid": shop.kf,
            "external_userid": shop.customer,
            "fail_msgid": "m1",
            "fail_type": 10,
        }
    ]
    assert shop.platform.session(shop.kf, shop.customer).sends_left == 4
    assert recall(shop, "m1") == 95028
    shop.platform.customers.reject(shop.kf, shop.customer, False)
    shop.send("再见")
    assert shop.heard() == ["再见"]


def test_a_welcome_can_fail_as_well(shop: Shop) -> None:
    code = shop.enter()
    shop.platform.customers.reject(shop.kf, shop.customer)
    msgid = shop.welcome(code)["msgid"]
    assert [event["fail_msgid"] for event in shop.events("msg_send_fail")] == [msgid]


def test_a_corp_without_anybody_in_wecom_reaches_nobody(shop: Shop) -> None:
    shop.say()
    shop.platform.console.add_member("li", active=False)
    shop.send()
    assert shop.events("msg_send_fail")[0]["fail_type"] == 11
    shop.platform.console.add_member("wu")
    shop.send()
    assert len(shop.heard()) == 1


@pytest.mark.parametrize("fail_type", FAIL_TYPES)
def test_every_fail_type_can_be_made(shop: Shop, fail_type: int) -> None:
    fail_send(shop.platform.world, shop.platform.world.accounts[shop.kf], shop.customer, "m", fail_type)
    assert shop.events()[0]["fail_type"] == fail_type


def test_there_is_no_fail_type_3(shop: Shop) -> None:
    with pytest.raises(ValueError, match="fail type is one of"):
        fail_send(shop.platform.world, shop.platform.world.accounts[shop.kf], shop.customer, "m", 3)


def test_a_message_can_be_taken_back_for_two_minutes_and_still_counts(shop: Shop) -> None:
    shop.say()
    shop.send("一", msgid="a")
    shop.send("二", msgid="b")
    shop.clock.forward(120)
    assert recall(shop, "a") == 0
    bubbles = shop.platform.phone(shop.kf, shop.customer)
    assert [(bubble.msgid, bubble.recalled, bubble.body) for bubble in bubbles[1:]] == [
        ("a", True, {}),
        ("b", False, {"content": "二"}),
    ]
    assert shop.platform.session(shop.kf, shop.customer).sends_left == 3
    shop.clock.forward(1)
    assert recall(shop, "b") == 95029
    assert recall(shop, "c") == 95028
    assert shop.events() == []


def test_watchers_see_a_bubble_once_more_when_it_is_taken_back(shop: Shop) -> None:
    shop.say()
    shop.send(msgid="a")
    heard = list[Change]()
    shop.platform.watch(heard.append)
    recall(shop, "a")
    assert [(one.msgid, one.recalled) for one in heard if isinstance(one, Bubble)] == [("a", True)]


@pytest.mark.parametrize("again", [95028, 0])
def test_what_a_second_recall_returns_is_a_setting(make: Make, again: int) -> None:
    shop = make(recalled_again=again)
    shop.say()
    shop.send(msgid="a")
    assert [recall(shop, "a") for _ in range(2)] == [0, again]


def test_only_what_send_msg_sent_can_be_taken_back(shop: Shop) -> None:
    said = shop.say()
    shop.welcome(shop.trans(4)["msg_code"], msgid="bye")
    assert [recall(shop, msgid) for msgid in (said, "bye")] == [95028, 95028]
    assert [recall(shop, "", open_kfid=kf) for kf in (shop.kf, "wkx", "")] == [40058, 95004, 60251]


def test_a_refused_send_has_nothing_to_take_back(make: Make) -> None:
    shop = make(refused_msgid_is_spent=True)
    shop.say()
    shop.platform.console.set_state(shop.kf, shop.customer, 3)
    shop.send(msgid="a")
    assert recall(shop, "a") == 95028


def test_whether_wecom_mode_has_recall_is_a_setting(make: Make) -> None:
    shop = make(recall_in=("standalone",))
    shop.say()
    shop.send(msgid="a")
    assert recall(shop, "a") == 48002


@pytest.mark.parametrize(("blocked", "fail_type"), [(False, 13), (True, 10)])
def test_a_fault_keeps_a_message_away_where_nothing_else_does(shop: Shop, blocked: bool, fail_type: int) -> None:
    shop.platform.customers.reject(shop.kf, shop.customer, blocked)
    world = shop.platform.world
    account = world.accounts[shop.kf]
    assert not deliver(world, account, account.conversation(shop.customer), "text", {"content": "x"}, "m", 13)
    assert shop.events("msg_send_fail")[0]["fail_type"] == fail_type
    assert shop.heard() == []
