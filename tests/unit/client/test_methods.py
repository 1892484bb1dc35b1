"""The methods as people meet them: `help()`, signatures, wrong arguments, and the call for unknown endpoints."""

import inspect
import pydoc
from collections.abc import Callable
from typing import Any

import pytest

from kit.server import Script, says
from unit.client.callers import CORP, SECRET, async_client, sync_client
from wxkf.api.account import AccountList
from wxkf.api.message import SentMessage
from wxkf.client.aio import AsyncClient
from wxkf.client.settings import App
from wxkf.client.sync import Client

CLIENTS: list[Any] = [Client(CORP, SECRET), AsyncClient(CORP, SECRET)]
either = pytest.mark.parametrize("client", CLIENTS, ids=["sync", "async"])


@either
def test_help_shows_the_answer_and_not_how_it_is_made(client: Any) -> None:
    shown = pydoc.plain(pydoc.render_doc(client.account.list))
    assert "list(*, offset: int | None = None, limit: int | None = None)" in shown
    assert "-> wxkf.api.account.AccountList" in shown
    assert "获取客服账号列表" in shown
    assert "Call[" not in shown
    assert "self" not in shown


@either
def test_the_signature_is_what_a_caller_writes(client: Any) -> None:
    signature = inspect.signature(client.send_msg)
    assert [*signature.parameters][:4] == ["touser", "open_kfid", "message", "msgid"]
    assert all(one.kind is one.KEYWORD_ONLY for one in signature.parameters.values())
    assert signature.return_annotation is SentMessage
    assert (client.send_msg.__name__, client.account.list.__name__) == ("send_msg", "list")
    assert client.account.list.__qualname__ == "AccountResource.list"


@either
def test_a_bound_method_is_made_once(client: Any) -> None:
    assert client.account.list is client.account.list
    assert client.send_msg is client.send_msg


def test_each_client_has_methods_of_its_own(platform: Script) -> None:
    with sync_client(platform.url) as one, sync_client(platform.url) as other:
        assert one.send_msg is not other.send_msg
        one.account.list()
        other.account.list()
    assert len(platform.asked_for("gettoken")) == 2


@either
@pytest.mark.parametrize(
    "wrong",
    [
        lambda client: client.account.list(ofset=1),
        lambda client: client.account.list(1),
        lambda client: client.send_msg(touser="wmA"),
        lambda client: client.sync_msg(),
    ],
)
def test_wrong_arguments_are_a_type_error_at_once(client: Any, wrong: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError):
        wrong(client)


def test_a_sync_method_answers_and_an_async_one_is_awaited(platform: Script) -> None:
    with sync_client(platform.url) as client:
        assert isinstance(client.account.list(), AccountList)


async def test_an_async_method_gives_something_to_await(platform: Script) -> None:
    async with async_client(platform.url) as client:
        waiting = client.account.list()
        assert inspect.isawaitable(waiting)
        assert isinstance(await waiting, AccountList)


async def test_an_endpoint_nobody_knows_is_called_by_its_path(platform: Script) -> None:
    platform.tell("kf/brand_new", says(new=[1]), says(new=[2]))
    async with async_client(platform.url) as client:
        assert (await client.call("kf/brand_new", {"a": 1}))["new"] == [1]
    with sync_client(platform.url) as blocking:
        assert blocking.call("kf/brand_new")["new"] == [2]
    assert [asked.json for asked in platform.asked_for("kf/brand_new")] == [{"a": 1}, {}]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_client_is_made_of_an_app_and_told_from_others_by_its_corp(kind: Any) -> None:
    client = kind.of(App("ww7", SECRET))
    assert repr(client) == f"{kind.__name__}('ww7')"
