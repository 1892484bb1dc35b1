"""The in-process transport: the client calls an ASGI app, and no socket is opened."""

import json
import socket
from typing import Any

import pytest

from unit.client.callers import CORP, SECRET, Hand
from wxkf.client.aio import AsyncClient
from wxkf.client.asgi import AsgiTransport, ask
from wxkf.errors import TransportError
from wxkf.protocol.flow import RetryPolicy


class App:
    """An ASGI app that answers every call with success, in two pieces."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.failure: Exception | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        self.bodies.append((await receive())["body"])
        if self.failure:
            raise self.failure
        body = json.dumps({"errcode": 0, "access_token": "T1", "expires_in": 7200, "msgid": "m1"}).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body[:9], "more_body": True})
        await send({"type": "http.response.body", "body": body[9:]})


@pytest.fixture
def app() -> App:
    return App()


def client(app: App) -> AsyncClient:
    return AsyncClient(CORP, SECRET, transport=AsgiTransport(app), clock=Hand(), retry=RetryPolicy(tries=1))


async def test_a_call_reaches_the_app_and_its_answer_the_caller(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    async with client(app) as one:
        assert (await one.send_msg(touser="wmA", open_kfid="wk1", message="hi", msgid="m1")).msgid == "m1"
    gettoken, send = app.scopes
    assert (gettoken["method"], gettoken["path"]) == ("GET", "/cgi-bin/gettoken")
    assert gettoken["query_string"] == f"corpid={CORP}&corpsecret={SECRET}".encode()
    assert (send["method"], send["path"], send["query_string"]) == (
        "POST", "/cgi-bin/kf/send_msg", b"access_token=T1",
    )  # fmt: skip
    assert json.loads(app.bodies[1])["msgid"] == "m1"


async def test_a_connection_that_breaks_in_the_app_is_a_broken_connection(app: App) -> None:
    app.failure = ConnectionResetError("with TOKEN inside")
    with pytest.raises(TransportError, match="gettoken: the connection broke") as caught:
        await client(app).account.list()
    assert not caught.value.sent  # the call itself never left, whatever became of its token
    assert "TOKEN" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_mistake_in_the_app_is_loud(app: App) -> None:
    app.failure = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await client(app).account.list()


async def test_an_app_that_says_nothing_is_a_server_error() -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        return None

    assert (await ask(silent, "GET", "/", "", b"")).status == 500


async def test_an_app_that_reads_on_is_told_that_nobody_is_there() -> None:
    heard = list[str]()

    async def curious(scope: Any, receive: Any, send: Any) -> None:
        heard.extend([(await receive())["type"] for _ in range(2)])

    await ask(curious, "POST", "/", "", b"x")
    assert heard == ["http.request", "http.disconnect"]
