"""No secret shows in what people print, log or raise (design: secrets never appear)."""

import traceback
from typing import Any

import pytest

from kit.callbacks import KEY, TOKEN, receiver
from unit.protocol.walker import call, refusal
from wxkf.api.corp import AccessToken, gettoken
from wxkf.client.aio import AsyncClient
from wxkf.client.over_aiohttp import AiohttpTransport
from wxkf.client.over_urllib3 import Urllib3Transport
from wxkf.client.renewal import Renewal
from wxkf.client.settings import App
from wxkf.client.sources import CorpSecret, Elsewhere, SuiteSecret
from wxkf.client.stores import RedisTokenStore
from wxkf.client.sync import Client
from wxkf.client.token import Kept, Token
from wxkf.client.tokens import AsyncTokens, SyncTokens
from wxkf.errors import ApiError, ConfigError
from wxkf.protocol.call import Request, Response, read_answer
from wxkf.protocol.crypto import Crypto
from wxkf.protocol.flow import NeedToken, Send

SECRET, ACCESS = "S3cretOfTheApp", "AcC3ssT0ken"
ANSWER = AccessToken(access_token=ACCESS, expires_in=7200)
REQUEST = Request("POST", "kf/send_msg", {"access_token": ACCESS}, f'{{"token":"{SECRET}"}}'.encode())


def renewal() -> Renewal:
    return Renewal(CorpSecret("ww1", SECRET), lambda: 0.0)


def tokens() -> SyncTokens:
    found = SyncTokens(renewal(), lambda *_: ANSWER)
    assert found.get() == ACCESS
    return found


SHOWN: list[Any] = [
    gettoken("ww1", SECRET),
    call(token=SECRET),
    REQUEST,
    Send(REQUEST),
    NeedToken(ACCESS),
    Response(200, ACCESS.encode()),
    ANSWER,
    Token.fetched(ANSWER, 0.0),
    tokens(),
    AsyncTokens(renewal(), AsyncClient("ww1", SECRET).run),
    renewal(),
    CorpSecret("ww1", SECRET),
    SuiteSecret("ww2", SECRET, ACCESS),
    SuiteSecret("ww2", SECRET, ACCESS).corp("ww1", SECRET),
    SuiteSecret("ww2", SECRET, ACCESS).agency("ww1", SECRET),
    Elsewhere(f"https://tokens.example/?key={SECRET}", {"Authorization": SECRET}),
    Kept(Token.fetched(ANSWER, 0.0)),
    RedisTokenStore(f"redis://:{SECRET}@127.0.0.1:1"),
    App("ww1", SECRET, TOKEN, KEY),
    AsyncClient("ww1", SECRET),
    Client("ww1", SECRET),
    AsyncClient("ww1", SECRET).account,
    Client("ww1", SECRET).send_msg,
    AiohttpTransport(),
    Urllib3Transport(),
    Crypto(KEY, "ww1"),
    receiver(),
]


@pytest.mark.parametrize("value", SHOWN, ids=lambda value: type(value).__name__)
def test_nothing_shows_a_secret(value: object) -> None:
    rich = getattr(value, "__rich_repr__", lambda: ())()
    shown = f"{value!r} {value} {value:} {list(rich)}"
    assert not [secret for secret in (SECRET, ACCESS, KEY, TOKEN) if secret in shown]


def test_what_is_shown_still_tells_one_from_the_other() -> None:
    assert "ww1" in repr(App("ww1", SECRET))
    assert "ww1" in repr(Client("ww1", SECRET))
    assert "kf/send_msg" in repr(REQUEST)
    assert "gettoken" in repr(gettoken("ww1", SECRET))


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"errcode":40001,"errmsg":"invalid credential"}'])
def test_an_error_of_the_token_call_shows_no_secret(body: bytes) -> None:
    with pytest.raises(Exception, match="gettoken") as caught:
        read_answer(gettoken("ww1", SECRET), Response(200, body))
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert SECRET not in shown


def test_an_error_of_a_call_shows_no_token() -> None:
    with pytest.raises(ApiError) as caught:
        read_answer(call(token=SECRET), refusal(40014))
    assert SECRET not in repr(caught.value) + str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("WXKF_AES_KEY", KEY[:42]), ("WXKF_TOKEN", "wrong-token-1")])
def test_a_wrong_setting_names_the_variable_and_not_its_value(name: str, value: str) -> None:
    env = {"WXKF_CORP_ID": "ww1", "WXKF_SECRET": SECRET, "WXKF_TOKEN": TOKEN, "WXKF_AES_KEY": KEY, name: value}
    with pytest.raises(ConfigError, match=name) as caught:
        App.from_env(env)
    shown = "".join(traceback.format_exception(caught.value))
    assert not [secret for secret in (SECRET, KEY[:42], TOKEN, value) if secret in shown]
