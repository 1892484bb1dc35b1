"""What servicers do in WeCom (platform.md 4.1, 6.4): the events, the codes in them, what is impossible."""

from collections.abc import Callable
from typing import Any

import pytest

from unit.sim.shop import HOUR, Make, Shop
from wxkf.sim.stream import EMITTERS


def queued(shop: Shop) -> Shop:
    for userid in ("li", "wu"):
        shop.serve(userid)
    shop.say()
    shop.trans(2)
    return shop


def with_li(shop: Shop) -> Shop:
    shop.platform.staff.accept(queued(shop).kf, shop.customer, "li")
    return shop


def ids(shop: Shop) -> dict[str, str]:
    return {"open_kfid": shop.kf, "external_userid": shop.customer}


def changes(shop: Shop) -> list[dict[str, Any]]:
    return shop.events("session_status_change")


def test_accepting_brings_a_person_an_event_and_a_code(shop: Shop) -> None:
    with_li(shop)
    assert shop.state() == 3
    [event] = changes(shop)
    code = event.pop("msg_code")
    assert event == {
        "event_type": "session_status_change",
        **ids(shop),
        "change_type": 1,
        "new_servicer_userid": "li",
    }
    assert shop.welcome(code)["errcode"] == 0


def test_handing_over_names_both(shop: Shop) -> None:
    shop.platform.staff.transfer(with_li(shop).kf, shop.customer, "wu")
    assert changes(shop)[-1] == {
        "event_type": "session_status_change",
        **ids(shop),
        "change_type": 2,
        "old_servicer_userid": "li",
        "new_servicer_userid": "wu",
    }
    assert shop.platform.session(shop.kf, shop.customer).servicer_userid == "wu"


def test_ending_brings_a_code_for_a_goodbye(shop: Shop) -> None:
    shop.platform.staff.end(with_li(shop).kf, shop.customer)
    assert shop.state() == 4
    event = changes(shop)[-1]
    assert (event["change_type"], event["old_servicer_userid"]) == (3, "li")
    assert "new_servicer_userid" not in event
    assert shop.welcome(event["msg_code"])["errcode"] == 0


def test_what_a_servicer_writes_is_in_the_stream_and_on_the_phone(shop: Shop) -> None:
    msgid = shop.platform.staff.say(with_li(shop).kf, shop.customer, "li", "我来帮您")
    item = shop.sync()["msg_list"][-1]
    assert item == {
        "msgid": msgid,
        **ids(shop),
        "send_time": int(shop.clock.now()),
        "origin": 5,
        "servicer_userid": "li",
        "msgtype": "text",
        "text": {"content": "我来帮您"},
    }
    bubble = shop.platform.phone(shop.kf, shop.customer)[-1]
    assert (bubble.who, bubble.servicer_userid, bubble.msgid) == ("staff", "li", msgid)
    assert len(changes(shop)) == 1


def test_writing_into_an_ended_session_takes_the_customer_back(shop: Shop) -> None:
    shop.platform.staff.end(with_li(shop).kf, shop.customer)
    shop.platform.staff.say(shop.kf, shop.customer, "wu", "还有一件事")
    event = changes(shop)[-1]
    assert (event["change_type"], event["old_servicer_userid"], event["new_servicer_userid"]) == (4, "li", "wu")
    assert "msg_code" not in event
    assert shop.state() == 3


def test_writing_to_who_was_handed_over_takes_them_back(shop: Shop) -> None:
    shop.platform.staff.transfer(with_li(shop).kf, shop.customer, "wu")
    shop.platform.staff.say(shop.kf, shop.customer, "li", "再补充一句")
    assert changes(shop)[-1]["change_type"] == 4
    assert shop.platform.session(shop.kf, shop.customer).servicer_userid == "li"


def test_a_session_taken_back_after_it_lapsed_lives_again(shop: Shop) -> None:
    with_li(shop)
    shop.clock.forward(48 * HOUR + 1)
    shop.platform.staff.say(shop.kf, shop.customer, "li", "您好")
    assert shop.state() == 3


def test_the_status_of_the_event_counts_from_1_and_that_of_the_list_from_0(shop: Shop) -> None:
    shop.serve("li")
    for status, stop_type in ((1, 1), (1, 1), (0, 1)):
        shop.platform.staff.set_status(shop.kf, "li", status, stop_type=stop_type)
    told = [(event["status"], event["stop_type"]) for event in shop.events("servicer_status_change")]
    assert told == [(2, 1), (1, 0)]
    assert shop.events()[0]["servicer_userid"] == "li"


def test_a_message_can_be_taken_back_for_two_minutes(shop: Shop) -> None:
    first = shop.platform.staff.say(with_li(shop).kf, shop.customer, "li", "打错了")
    shop.clock.forward(120)
    shop.platform.staff.recall(shop.kf, shop.customer, first)
    [event] = shop.events("servicer_recall_msg")
    assert (event["recall_msgid"], event["servicer_userid"]) == (first, "li")
    bubble = shop.platform.phone(shop.kf, shop.customer)[-1]
    assert (bubble.recalled, bubble.body, bubble.servicer_userid) == (True, {}, "li")
    second = shop.platform.staff.say(shop.kf, shop.customer, "li", "又错了")
    shop.clock.forward(121)
    for msgid in (first, second):
        with pytest.raises(ValueError, match="120 seconds"):
            shop.platform.staff.recall(shop.kf, shop.customer, msgid)


def test_a_rejected_customer_is_not_heard(shop: Shop) -> None:
    shop.platform.staff.reject(with_li(shop).kf, shop.customer)
    before = len(shop.sync()["msg_list"])
    shop.say("喂？")
    shop.platform.customers.send_file(shop.kf, shop.customer, "image", b"x")
    assert len(shop.sync()["msg_list"]) == before
    assert shop.platform.session(shop.kf, shop.customer).rejected
    assert shop.platform.phone(shop.kf, shop.customer)[-2].body == {"content": "喂？"}
    for rejected in (True, False):
        shop.platform.staff.reject(shop.kf, shop.customer, rejected)
    shop.say("谢谢")
    assert shop.sync()["msg_list"][-1]["text"]["content"] == "谢谢"
    events = shop.events("reject_customer_msg_switch_change")
    assert [(event["reject_switch"], event["servicer_userid"]) for event in events] == [(1, "li"), (0, "li")]


def test_that_a_rejected_customer_is_heard_is_a_setting(make: Make) -> None:
    shop = with_li(make(rejected_messages_arrive=True))
    shop.platform.staff.reject(shop.kf, shop.customer)
    shop.say("喂？")
    assert shop.sync()["msg_list"][-1]["text"]["content"] == "喂？"


IMPOSSIBLE: dict[str, Callable[[Shop], object]] = {
    "queued": lambda shop: shop.platform.staff.accept(with_li(shop).kf, shop.customer, "wu"),
    "a person goes over": lambda shop: shop.platform.staff.transfer(queued(shop).kf, shop.customer, "wu"),
    "already": lambda shop: shop.platform.staff.transfer(with_li(shop).kf, shop.customer, "li"),
    "can be ended": lambda shop: shop.platform.staff.end(queued(shop).kf, shop.customer),
    "accept it first": lambda shop: shop.platform.staff.say(queued(shop).kf, shop.customer, "li", "x"),
    "empty text": lambda shop: shop.platform.staff.say(with_li(shop).kf, shop.customer, "li", ""),
    "no such servicer": lambda shop: shop.platform.staff.say(with_li(shop).kf, shop.customer, "he", "x"),
    "such servicer": lambda shop: shop.platform.staff.accept(queued(shop).kf, shop.customer, "he"),
    "servicer of this account": lambda shop: shop.platform.staff.set_status(shop.kf, "he", 1),
    "0 or 1": lambda shop: shop.platform.staff.set_status(shop.kf, shop.serve(), 2),
    "no servicer has talked": lambda shop: shop.platform.staff.reject(queued(shop).kf, shop.customer),
    "no such customer": lambda shop: shop.platform.staff.end(shop.kf, "wmx"),
    "no such account": lambda shop: shop.platform.staff.end("wkx", shop.customer),
    "never written": lambda shop: shop.platform.staff.say(shop.kf, shop.customer, shop.serve(), "x"),
}


@pytest.mark.parametrize("reason", IMPOSSIBLE)
def test_what_is_impossible_says_why(shop: Shop, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        IMPOSSIBLE[reason](shop)


EVERYTHING: dict[str, Callable[[Shop], object]] = {
    "customers/enter": lambda shop: shop.platform.customers.enter(shop.kf, shop.customer),
    "customers/recall": lambda shop: shop.platform.customers.recall(shop.kf, shop.customer, shop.say()),
    "staff/accept": lambda shop: shop.platform.staff.accept(shop.kf, shop.customer, "li"),
    "staff/transfer": lambda shop: shop.platform.staff.transfer(shop.kf, shop.customer, "wu"),
    "staff/say": lambda shop: shop.platform.staff.say(shop.kf, shop.customer, "li", "x"),
    "staff/set_status": lambda shop: shop.platform.staff.set_status(shop.kf, "wu", 1),
    "staff/recall": lambda shop: shop.platform.staff.recall(
        shop.kf, shop.customer, shop.platform.staff.say(shop.kf, shop.customer, "li", "y")
    ),
    "staff/reject": lambda shop: shop.platform.staff.reject(shop.kf, shop.customer),
    "staff/end": lambda shop: shop.platform.staff.end(shop.kf, shop.customer),
}


def test_who_emits_which_event_is_the_table(shop: Shop) -> None:
    queued(shop)
    emitted = dict[str, tuple[str, ...]]()
    for name, act in EVERYTHING.items():
        before = len(shop.events())
        act(shop)
        [event] = shop.events()[before:]
        emitted[event["event_type"]] = (*emitted.get(event["event_type"], ()), name)
    assert {kind: set(names) for kind, names in emitted.items()} == {
        kind: set(names) for kind, names in EMITTERS.items() if names
    }


def test_who_has_stopped_takes_nobody(shop: Shop) -> None:
    shop.platform.staff.set_status(queued(shop).kf, "li", 1)
    with pytest.raises(ValueError, match="has stopped"):
        shop.platform.staff.accept(shop.kf, shop.customer, "li")
    assert shop.state() == 2
