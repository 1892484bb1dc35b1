"""Session states (platform.md 4.1): what moves them by itself, what they are called when nobody looks."""

import pytest

from unit.sim.shop import HOUR, Shop


def test_before_the_first_word_the_session_is_4(shop: Shop) -> None:
    assert shop.state() == 4
    shop.enter()
    assert shop.state() == 4


def test_a_message_begins_and_a_send_claims_it(shop: Shop) -> None:
    shop.say()
    assert shop.state() == 0
    shop.send()
    assert shop.state() == 1
    shop.say()
    assert shop.state() == 1


def test_a_refused_send_claims_nothing(shop: Shop) -> None:
    shop.say()
    assert shop.send(text={})["errcode"] == 44004
    assert shop.state() == 0


@pytest.mark.parametrize("state", [2, 3])
def test_a_message_leaves_queue_and_person_alone(shop: Shop, state: int) -> None:
    shop.platform.console.set_state(shop.kf, shop.customer, state)
    shop.say()
    assert shop.state() == state


def test_after_48_hours_of_silence_it_has_ended(shop: Shop) -> None:
    shop.say()
    shop.send()
    shop.clock.forward(48 * HOUR)
    assert shop.state() == 1
    shop.clock.forward(1)
    assert shop.state() == 4
    shop.say()
    assert shop.state() == 0


def test_an_ended_session_begins_again_with_a_message(shop: Shop) -> None:
    shop.say()
    shop.platform.console.set_state(shop.kf, shop.customer, 4)
    assert shop.platform.session(shop.kf, shop.customer).state == 4
    shop.say()
    assert shop.state() == 0


def test_the_state_of_a_stranger_is_refused(shop: Shop) -> None:
    assert shop.post("kf/service_state/get", open_kfid=shop.kf, external_userid="wmx")["errcode"] == 40096
    with pytest.raises(ValueError, match="from 0 to 4"):
        shop.platform.console.set_state(shop.kf, shop.customer, 5)
