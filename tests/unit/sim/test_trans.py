"""service_state/get and trans (platform.md 4): what may move where, to whom, and which code that brings."""

from typing import Any

import pytest

from unit.sim.shop import HOUR, Make, Shop
from wxkf.sim.settings import TRANSITIONS

STATES = range(5)


def at(shop: Shop, state: int) -> Shop:
    """Put the session into a state, served by wu where that is 3; li is free."""
    for userid in ("li", "wu"):
        shop.serve(userid)
    shop.say()
    shop.platform.console.set_state(shop.kf, shop.customer, state, servicer_userid="wu" if state == 3 else "")
    return shop


@pytest.mark.parametrize("wanted", STATES)
@pytest.mark.parametrize("state", STATES)
def test_only_the_listed_transitions_are_made(shop: Shop, state: int, wanted: int) -> None:
    done = at(shop, state).trans(wanted, "li" if wanted == 3 else None)

    allowed = (state, wanted) in TRANSITIONS
    assert done["errcode"] == (0 if allowed else 95013 if state == 4 else 95016)
    assert shop.state() == (wanted if allowed else state)


def test_an_ended_session_cannot_be_reopened(shop: Shop) -> None:
    shop.say()
    shop.trans(4)
    assert shop.trans(1)["errcode"] == 95013
    shop.say()
    assert shop.trans(1)["errcode"] == 0


def test_the_transitions_are_a_setting(make: Make) -> None:
    shop = make(transitions=((2, 1),))
    assert at(shop, 2).trans(1)["errcode"] == 0
    assert shop.trans(2)["errcode"] == 95016


def test_even_an_ended_session_can_be_made_to_reopen(make: Make) -> None:
    assert at(make(transitions=((4, 1),)), 4).trans(1)["errcode"] == 0


def test_when_a_session_ends_by_itself_is_a_setting(make: Make) -> None:
    for seconds, after in ((HOUR, 4), (None, 0)):
        shop = at(make(session_seconds=seconds), 0)
        shop.clock.forward(HOUR + 1 if seconds else 100 * HOUR)
        assert shop.state() == after


def test_api_transitions_are_no_events(shop: Shop) -> None:
    at(shop, 0)
    shop.trans(2)
    shop.trans(3, "li")
    shop.trans(4)
    assert shop.events() == []


def test_who_serves_is_told_in_state_3_only(shop: Shop) -> None:
    def told() -> str:
        found = shop.post("kf/service_state/get", open_kfid=shop.kf, external_userid=shop.customer)
        return f"{found['service_state']}{found['servicer_userid']}"

    at(shop, 0).trans(3, "li")
    assert told() == "3li"
    assert shop.platform.session(shop.kf, shop.customer).servicer_userid == "li"
    shop.trans(3, "wu")
    assert told() == "3wu"
    shop.trans(4)
    assert told() == "4"
    assert shop.platform.session(shop.kf, shop.customer).servicer_userid == ""


def test_a_servicer_cannot_be_handed_the_session_they_have(shop: Shop) -> None:
    assert at(shop, 3).trans(3, "wu")["errcode"] == 95016


@pytest.mark.parametrize(
    ("lacks", "errcode"),
    [({"visible": False}, 60030), ({"active": False}, 95014), ({"licensed": False}, 701008), ({}, 0)],
)
def test_who_may_take_a_session(shop: Shop, lacks: dict[str, Any], errcode: int) -> None:
    at(shop, 0)
    next(iter(shop.platform.world.apps.values())).suite_id = "dk1"  # only a provider's apps need licences
    shop.platform.console.add_member("li", **lacks)
    assert shop.trans(3, "li")["errcode"] == errcode
    assert shop.state() == (0 if errcode else 3)


def test_who_is_no_servicer_or_has_stopped_cannot_take_one(shop: Shop) -> None:
    at(shop, 0)
    shop.platform.console.add_member("he")
    assert [shop.trans(3, userid)["errcode"] for userid in ("he", "nobody")] == [95014, 95014]
    for stop_type in (0, 1):
        shop.platform.console.add_servicer(shop.kf, "li", status=1, stop_type=stop_type)
        assert shop.trans(3, "li")["errcode"] == 95019


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"open_kfid": "wkother"}, 95004),
        ({"open_kfid": "garbage"}, 95000),
        ({"external_userid": "wmother"}, 40096),
        ({"state": None}, 40058),
        ({"state": 5}, 40058),
        ({"state": "two"}, 40058),
        ({"state": 3}, 40058),
        ({"state": 3, "servicer_userid": ""}, 40058),
        ({"state": 3, "servicer_userid": ["li"]}, 40058),
        ({"state": 3, "servicer_userid": "x" * 65}, 40058),
        ({"state": "2"}, 0),
    ],
)
def test_what_a_transition_needs(shop: Shop, body: dict[str, Any], errcode: int) -> None:
    at(shop, 0)
    assert shop.trans(**{"state": 2} | body)["errcode"] == errcode


def test_what_a_missing_servicer_returns_is_a_setting(make: Make) -> None:
    assert at(make(missing_servicer=41009), 0).trans(3)["errcode"] == 41009


def test_a_code_comes_the_first_time_into_2_and_3_and_always_at_the_end(shop: Shop) -> None:
    at(shop, 0)
    assert [bool(shop.trans(*to).get("msg_code")) for to in [(2,), (3, "li"), (3, "wu"), (4,)]] == [
        True,
        True,
        False,
        True,
    ]
    shop.say()
    assert "msg_code" not in shop.trans(1)
    assert shop.trans(2)["msg_code"]


def test_that_a_session_gives_one_reply_code_only_is_a_setting(make: Make) -> None:
    shop = at(make(one_reply_code=True), 0)
    assert [bool(shop.trans(*to).get("msg_code")) for to in [(2,), (3, "li"), (4,)]] == [True, False, True]


def test_a_person_loses_the_session_after_48_hours(shop: Shop) -> None:
    at(shop, 0).trans(3, "li")
    shop.clock.forward(48 * HOUR + 1)
    assert shop.platform.session(shop.kf, shop.customer).servicer_userid == ""
    assert shop.trans(3, "wu")["errcode"] == 95013
