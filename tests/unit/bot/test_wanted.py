"""What a fleet should run, as pure values: settings that could not be told apart are refused before a corp comes."""

import pytest

from kit.callbacks import KEY, TOKEN
from kit.suites import CORP, SUITE, suite
from wxkf.bot.member import Phase
from wxkf.bot.wanted import wanted
from wxkf.client.settings import App
from wxkf.errors import ConfigError
from wxkf.provider.store import Authorisation

HERE = Authorisation(SUITE, CORP, "小店", "CODE", 0.0)
GONE = Authorisation(SUITE, "wwgone", "", "", 0.0)


def app(**changed: str) -> App:
    """Make an app."""
    return App(**{"corp_id": "ww1", "secret": "s", "token": "t", "aes_key": "k" * 43, **changed})


def test_a_suite_stands_for_the_corps_that_authorise_it() -> None:
    found = wanted([app()], [suite()], [HERE, GONE])
    assert {name: run.secret for name, run in found.apps.items()} == {"ww1": "s", f"{SUITE}/{CORP}": "CODE"}
    assert found.waiting == {}


def test_an_app_of_the_settings_takes_the_place_of_the_suites() -> None:
    own = app(name="shop", corp_id=CORP, suite=SUITE, secret="")
    assert {name: run.secret for name, run in wanted([own], [suite()], [HERE]).apps.items()} == {"shop": "CODE"}
    assert wanted([own], [suite()], []).waiting["shop"].phase is Phase.WAITING


@pytest.mark.parametrize(
    ("apps", "said"),
    [
        ([app(), app(token="other")], "two apps are called ww1"),
        ([app(name=f"{SUITE}/{CORP}")], "kept for the corps"),
        ([app(suite=SUITE, name="a"), app(suite=SUITE, name="b", token="u")], "b: another app is of suite"),
        ([app(token=TOKEN, aes_key=KEY)], "have the same Token and EncodingAESKey"),
        ([app(corp_id=CORP, old_token=TOKEN, old_aes_key=KEY)], "have the same Token and EncodingAESKey"),
    ],
)
def test_what_would_clash_once_a_corp_comes_is_refused_before(apps: list[App], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        wanted(apps, [suite()], [])


def test_a_path_of_its_own_is_served_alone() -> None:
    found = wanted([app(path="/a"), app(corp_id="ww2", token="u")], [suite(path="/suite")], [HERE])
    assert sorted(found.doors) == ["", "/a", "/suite"]
    assert [repr(found.door(path)) for path in ("/a", "/elsewhere", "/suite")] == [
        "Receivers(['ww1'])",
        "Receivers(['ww2'])",
        f"Receivers(['{SUITE}', '{SUITE}/{CORP}'])",
    ]
    assert wanted([app(path="/a")], [], []).door("/elsewhere") is None
