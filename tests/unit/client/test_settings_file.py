"""The settings file: what it may say, and that each mistake is told by table and key, never by value."""

import logging
from pathlib import Path

import pytest

from wxkf.client.settings import BASE_URL, App
from wxkf.client.settings_file import load_settings
from wxkf.errors import ConfigError

KEY = "k" * 43
APP = f"""
[[app]]
corp_id = "ww1"
secret_env = "SHOP_SECRET"
token = "TOK1"
aes_key = "{KEY}"
"""
SUITE = f"""
[[suite]]
suite_id = "dk1"
suite_secret = "SUITESECRET"
token = "TOK2"
aes_key = "{KEY}"
kind = "agency"
"""
ENV = {"SHOP_SECRET": "SECRET1", "EMPTY": " "}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that only its owner may read."""
    path = tmp_path / "wxkf.toml"
    path.touch(0o600)
    return path


def test_apps_and_suites_are_read_with_values_from_the_environment(path: Path) -> None:
    path.write_text(
        f'{APP}agent_id = "7"\npath = "/shop"\nold_token = "OLD"\nold_aes_key = "{KEY}"\n{SUITE}individual = true'
    )
    settings = load_settings(path, ENV)
    (app,), (suite,) = settings.apps, settings.suites
    assert (app.corp_id, app.secret, app.name, app.path) == ("ww1", "SECRET1", "ww1/7", "/shop")
    assert (app.base_url, app.pairs) == (BASE_URL, (("TOK1", KEY), ("OLD", KEY)))
    assert (suite.name, suite.kind, suite.receivers) == ("dk1", "agency", ("dk1", ""))
    shown = repr(settings)
    assert not any(secret in shown for secret in ("SECRET1", "SUITESECRET", "TOK1", "TOK2", "OLD", KEY))


def test_one_base_address_may_stand_for_all(path: Path) -> None:
    path.write_text(f'base_url = "http://sim"\n{APP}{SUITE}base_url = "http://other"')
    settings = load_settings(path, ENV)
    assert (settings.apps[0].base_url, settings.suites[0].base_url) == ("http://sim", "http://other")


MISTAKES = {
    "an unknown key": (APP + 'secrt = "x"', "app 1: there is no key secrt; do you mean secret?"),
    "an unknown key from the environment": (APP + 'old_tokn_env = "x"', "old_tokn_env; do you mean old_token_env?"),
    "an unknown table": (APP + '[[apps]]\ncorp_id = "ww2"', "there is no key apps; do you mean app?"),
    "a missing key": (APP.replace('corp_id = "ww1"', ""), "app 1: corp_id is missing"),
    "no secret": (APP.replace('secret_env = "SHOP_SECRET"', ""), "app 1: secret is missing"),
    "no token": (APP.replace('token = "TOK1"', ""), "app 1: token: the callback Token must be"),
    "no callback": ('[[app]]\ncorp_id="ww1"\nsecret="SECRET1"', "app 1: token is missing"),
    "an empty value": (APP.replace('"ww1"', '" "'), "app 1: corp_id is empty"),
    "a number": (APP.replace('"TOK1"', "1"), "app 1: token must be a text"),
    "a text for yes": (SUITE + 'individual = "yes"', "suite 1: individual must be true or false"),
    "an unset variable": (APP.replace("SHOP_SECRET", "EMPTY"), "secret_env: the environment variable EMPTY is not set"),
    "a key twice": (APP + 'secret = "SECRET1"', "app 1: secret and secret_env are both given"),
    "a malformed token": (APP.replace("TOK1", "TOK-1"), "app 1: token: the callback Token must be 1 to 32 letters"),
    "a malformed key": (APP.replace(KEY, KEY[1:]), "app 1: aes_key: the EncodingAESKey must be 43"),
    "a malformed old key": (APP + 'old_token = "OLD"', "app 1: old_aes_key: the EncodingAESKey must be 43"),
    "a malformed address": (APP + 'base_url = "ftp://x"', "app 1: base_url: the base address must begin with https://"),
    "an address for all that is none": ("base_url = 1\n" + APP, "base_url must be a text"),
    "a relative path": (APP + 'path = "shop"', "app 1: path must begin with /"),
    "an unknown kind": (SUITE.replace("agency", "agent"), "suite 1: kind must be third_party or agency"),
    "two of a name": (APP + APP, "2 apps are called ww1; give each a name or an agent_id"),
    "two suites of an id": (SUITE + SUITE, "2 suites are called dk1"),
    "a suite that is not there": (APP + 'suite = "dk9"', "app ww1: suite dk9 is none of the [[suite]] tables"),
    "a single table": (APP.replace("[[app]]", "[app]"), "app must be written as [[app]]"),
    "a value for a table": ("app = 3", "app must be written as [[app]]"),
    "nothing": ("", "there is no [[app]] and no [[suite]] in it"),
    "no TOML": ('[[app]\nsecret = "SECRET1"', "is no TOML file"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_by_table_and_key(path: Path, text: str, said: str) -> None:
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(path, ENV)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert not any(secret in str(caught.value) for secret in ("SECRET1", "TOK1", "TOK-1", KEY[1:], "SUITESECRET"))


def test_all_mistakes_are_told_at_once(path: Path) -> None:
    path.write_text(APP.replace("TOK1", "!") + "x = 1" + SUITE.replace(KEY, ""))
    with pytest.raises(ConfigError, match=r"app 1: there is no key x.*suite 1: aes_key is empty"):
        load_settings(path, ENV)


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml cannot be read"):
        load_settings(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="it is not UTF-8"):
        load_settings(tmp_path / "bad.toml")


def test_a_file_with_secrets_that_others_may_read_is_warned_of(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.write_text(APP)
    path.chmod(0o640)
    load_settings(path, ENV)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert f"chmod 600 {path}" in caplog.text
    caplog.clear()
    path.chmod(0o600)
    load_settings(path, ENV)
    path.chmod(0o644)
    path.write_text(APP.replace("token =", "token_env =").replace("aes_key =", "aes_key_env ="))
    load_settings(path, {**ENV, "TOK1": "TOK1", KEY: KEY})
    assert caplog.text == ""


def test_an_app_is_called_by_its_corp_its_agent_or_its_name() -> None:
    names = [App("ww1", "s").name, App("ww1", "s", agent_id="7").name, App("ww1", "s", name="shop").name]
    assert names == ["ww1", "ww1/7", "shop"]


ONE = {"WXKF_CORP_ID": "ww1", "WXKF_SECRET": "s", "WXKF_TOKEN": "new", "WXKF_AES_KEY": KEY}


def test_one_app_of_the_environment_may_have_an_old_pair_too() -> None:
    app = App.from_env({**ONE, "WXKF_OLD_TOKEN": "old", "WXKF_OLD_AES_KEY": "o" * 43})
    assert app.pairs == (("new", KEY), ("old", "o" * 43))
    assert App.from_env(ONE).pairs == (("new", KEY),)


def test_a_malformed_old_pair_is_told_by_its_variable() -> None:
    with pytest.raises(ConfigError, match="WXKF_OLD_AES_KEY: the EncodingAESKey"):
        App.from_env({**ONE, "WXKF_OLD_TOKEN": "old"})
    with pytest.raises(ConfigError, match="WXKF_OLD_TOKEN: the callback Token"):
        App.from_env({**ONE, "WXKF_OLD_AES_KEY": "o" * 43})
