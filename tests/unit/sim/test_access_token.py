"""Access tokens (platform.md 1.1): one while it lives, the refusals, early revocation."""

import pytest

from unit.sim.shop import Make, Shop


def test_the_token_stays_the_same_and_its_life_runs_down(shop: Shop) -> None:
    first = shop.gettoken()
    shop.clock.forward(100)
    second = shop.gettoken()
    assert first["expires_in"] == 7200
    assert second["expires_in"] == 7100
    assert second["access_token"] == first["access_token"]


def test_a_new_token_comes_after_7200_seconds(shop: Shop) -> None:
    first = shop.gettoken()["access_token"]
    shop.clock.forward(7200)
    fresh = shop.gettoken()
    assert fresh["access_token"] != first
    assert fresh["expires_in"] == 7200


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"corpid": ""}, 41002),
        ({"corpsecret": ""}, 41004),
        ({"corpid": "ww0000"}, 40013),
        ({"corpsecret": "wrong"}, 40001),
    ],
)
def test_gettoken_refuses(shop: Shop, changed: dict[str, str], errcode: int) -> None:
    assert shop.gettoken(**changed)["errcode"] == errcode


def test_a_call_without_token_is_41001_also_when_it_is_in_the_body(shop: Shop) -> None:
    body = b'{"access_token": "%b"}' % shop.gettoken()["access_token"].encode()
    assert shop.request("POST", "kf/account/list", {}, b"{}").errcode == 41001
    assert shop.request("POST", "kf/account/list", {}, body).errcode == 41001


def test_an_expired_token_is_42001_before_and_after_the_next_one(shop: Shop) -> None:
    old = shop.gettoken()["access_token"]
    shop.clock.forward(7200)
    assert shop.post("kf/account/list", access_token=old)["errcode"] == 42001
    shop.gettoken()
    assert shop.post("kf/account/list", access_token=old)["errcode"] == 42001


def test_an_expired_token_may_be_set_to_40014(make: Make) -> None:
    shop = make(expired_token=40014)
    old = shop.gettoken()["access_token"]
    shop.clock.forward(7200)
    assert shop.post("kf/account/list", access_token=old)["errcode"] == 40014


def test_a_revoked_token_is_40014_and_the_next_is_another(shop: Shop) -> None:
    old = shop.gettoken()["access_token"]
    assert shop.post("kf/account/list", access_token=old)["errcode"] == 0
    shop.platform.trouble.revoke_token()
    assert shop.post("kf/account/list", access_token=old)["errcode"] == 40014
    assert shop.gettoken()["access_token"] != old


def test_garbage_is_40014(shop: Shop) -> None:
    assert shop.post("kf/account/list", access_token="garbage")["errcode"] == 40014
