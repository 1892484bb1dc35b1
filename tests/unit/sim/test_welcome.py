"""Welcome codes (platform.md 6.4, 8): who gets one, its 20 seconds, its single use."""

import pytest

from unit.sim.shop import HOUR, Make, Shop


def test_a_newcomer_is_welcomed_without_a_session_and_without_a_send(shop: Shop) -> None:
    code = shop.enter()
    assert shop.welcome(code, msgid="w1") == {"errcode": 0, "errmsg": "ok", "msgid": "w1"}
    assert shop.heard() == ["欢迎"]
    assert shop.state() == 4
    shop.say()
    assert shop.platform.session(shop.kf, shop.customer).sends_left == 5


def test_a_code_lives_20_seconds(shop: Shop) -> None:
    code = shop.enter()
    shop.clock.forward(20)
    assert shop.welcome(code)["errcode"] == 0


def test_after_20_seconds_a_code_is_bad(shop: Shop) -> None:
    code = shop.enter()
    shop.clock.forward(21)
    assert shop.welcome(code)["errcode"] == 41050


def test_a_code_is_good_once(shop: Shop) -> None:
    code = shop.enter()
    shop.welcome(code)
    assert shop.welcome(code)["errcode"] == 41050
    assert len(shop.heard()) == 1


def test_a_refused_welcome_leaves_its_code(shop: Shop) -> None:
    code = shop.enter()
    assert shop.welcome(code, text={})["errcode"] == 44004
    assert shop.welcome(code)["errcode"] == 0


def test_who_was_welcomed_gets_no_code_for_48_hours(shop: Shop) -> None:
    shop.welcome(shop.enter())
    shop.clock.forward(48 * HOUR)
    assert shop.enter() == ""
    shop.clock.forward(1)
    assert shop.enter() != ""


def test_who_was_not_welcomed_gets_another_code(shop: Shop) -> None:
    assert shop.enter() != shop.enter()


def test_who_wrote_gets_no_code_for_48_hours(shop: Shop) -> None:
    shop.say()
    assert shop.enter() == ""
    shop.clock.forward(48 * HOUR + 1)
    assert shop.enter() != ""


@pytest.mark.parametrize(("code", "errcode"), [("", 41049), ("made-up", 41050)])
def test_missing_and_made_up_codes(shop: Shop, code: str, errcode: int) -> None:
    assert shop.welcome(code)["errcode"] == errcode


def test_the_errcodes_are_settings(make: Make) -> None:
    shop = make(bad_code=95007, missing_code=40058)
    assert shop.welcome("made-up")["errcode"] == 95007
    assert shop.welcome("")["errcode"] == 40058


def test_only_text_and_menu_can_welcome(shop: Shop) -> None:
    code = shop.enter()
    assert shop.welcome(code, msgtype="image", image={"media_id": "x"})["errcode"] == 40008
    menu = {"head_content": "想办什么？", "list": [{"type": "click", "click": {"id": "1", "content": "查订单"}}]}
    assert shop.welcome(code, msgtype="msgmenu", msgmenu=menu)["errcode"] == 0


def test_a_welcome_shares_the_msgids_of_its_account(shop: Shop) -> None:
    shop.welcome(shop.enter(), msgid="a")
    shop.say()
    assert shop.send(msgid="a")["errcode"] == 95033
