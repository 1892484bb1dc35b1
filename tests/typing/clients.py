"""What the type checkers see of both clients. Read by mypy and pyright, never run.

Every `ignore` marks a planted mistake: a checker that no longer catches it reports the `ignore` as unused.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, assert_type

from wxkf import AsyncClient, Client, EnterSession, Image, Inbound, Text, Unknown, out
from wxkf.api.account import AccountList, AccountResource
from wxkf.api.media import MediaUploaded, Saved
from wxkf.api.message import SentMessage
from wxkf.api.resource import Async, Sync
from wxkf.messages.decode import MessagePage
from wxkf.protocol.call import Call


def sync_results(client: Client) -> None:
    assert_type(client.account, AccountResource[Sync])
    assert_type(client.account.list(), AccountList)
    assert_type(client.account.list(offset=0, limit=100), AccountList)
    assert_type(client.account.list().account_list[0].open_kfid, str)
    assert_type(client.account.list().account_list[0].manage_privilege, bool)
    assert_type(client.sync_msg(open_kfid="wk1", cursor=None, token="t", limit=1), MessagePage)
    assert_type(client.sync_msg(open_kfid="wk1").msg_list, tuple[Inbound, ...])
    assert_type(client.send_msg(touser="wm1", open_kfid="wk1", message="hi"), SentMessage)
    assert_type(client.send_msg(touser="wm1", open_kfid="wk1", message=out.Image(media_id="m")).msgid, str)
    assert_type(client.send_msg_on_event(code="c", message=out.Text(content="hi"), msgid="m1"), SentMessage)
    assert_type(client.call("kf/new", {"a": 1}), dict[str, Any])
    with client as same:
        assert_type(same, Client)


async def async_results(client: AsyncClient) -> None:
    assert_type(client.account, AccountResource[Async])
    assert_type(client.account.list(), Coroutine[Any, Any, AccountList])  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    assert_type(await client.account.list(), AccountList)
    assert_type(await client.account.list(offset=0, limit=100), AccountList)
    assert_type((await client.account.list()).account_list[0].open_kfid, str)
    assert_type(await client.sync_msg(open_kfid="wk1", cursor=None, token="t", limit=1), MessagePage)
    assert_type(await client.send_msg(touser="wm1", open_kfid="wk1", message="hi"), SentMessage)
    assert_type(await client.send_msg_on_event(code="c", message=out.Text(content="hi")), SentMessage)
    assert_type(await client.call("kf/new"), dict[str, Any])
    async with client as same:
        assert_type(same, AsyncClient)


def sync_media(client: Client) -> None:
    assert_type(client.media.upload(type="file", media=Path("a.pdf")), MediaUploaded)
    assert_type(client.media.upload(type="file", media=BytesIO(), progress=lambda done, total: None).expires_at, int)
    assert_type(client.media.upload_once(type="image", media=b""), str)
    assert_type(client.media.stream(media_id="m"), Iterator[bytes])
    assert_type(client.media.download(media_id="m", to="folder"), Saved)
    assert_type(client.media.download(media_id="m", to=BytesIO()).path, Path | None)
    client.media.upload(type="file", media="a.pdf")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.media.upload(type="gif", media=b"")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.media.download(media_id="m")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.media.download(media_id="m", to=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def async_media(client: AsyncClient) -> None:
    assert_type(await client.media.upload(type="file", media=Path("a.pdf")), MediaUploaded)
    assert_type(client.media.upload_once(type="image", media=b""), Coroutine[Any, Any, str])  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    assert_type(client.media.stream(media_id="m"), AsyncIterator[bytes])
    assert_type(await client.media.download(media_id="m", to=Path("folder"), resume=False), Saved)
    client.media.download(media_id="m", to="a").path  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    await client.media.download(media_id="m", to="a", progress=print, over=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


class AsyncCache:
    async def get(self, key: str) -> str | None: ...
    async def set(self, key: str, media_id: str, until: float) -> None: ...


def caches_of_the_callers() -> None:
    AsyncClient("ww1", "secret", upload_cache=AsyncCache())
    AsyncClient("ww1", "secret", upload_cache={})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def methods_as_values(client: Client, aclient: AsyncClient) -> None:
    send: Callable[[], AccountList] = client.account.list
    asend: Callable[[], Coroutine[Any, Any, AccountList]] = aclient.account.list
    wrong: Callable[[], SentMessage] = client.account.list  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    assert_type(AccountResource[Async].list(None), Call[AccountList])


def a_missing_await(client: AsyncClient) -> None:
    client.account.list().account_list  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


async def an_answer_nobody_waits_for(client: AsyncClient) -> None:
    client.send_msg(touser="wm1", open_kfid="wk1", message="hi")  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]


async def an_await_too_many(client: Client) -> None:
    await client.account.list()  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]


def wrong_keywords(client: Client) -> None:
    client.account.list(ofset=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.account.list(1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.account.list(limit="1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.sync_msg()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.sync_msg(open_kfid=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.send_msg(touser="wm1", open_kfid="wk1", message=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.send_msg("wm1", "wk1", "hi")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.send_mgs(touser="wm1")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    client.acount.list()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


async def wrong_keywords_async(client: AsyncClient) -> None:
    await client.account.list(ofset=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.sync_msg()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.send_msg(touser="wm1", open_kfid="wk1", message=b"")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def wrong_answers(client: Client) -> None:
    client.account.list().acounts  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    client.account.list().errcode = 1  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def wrong_clients(corp_id: str) -> None:
    Client()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    AsyncClient(corp_id, "secret", timeout="1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with AsyncClient(corp_id, "secret"):  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        pass


def wrong_messages() -> None:
    out.Text()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    out.Text(content=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    out.Image()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    out.Image(media_id="m").media_id = "n"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def what_arrives(message: Inbound) -> None:
    message.text  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    if isinstance(message, Text):
        assert_type(message.text.content, str)
    elif isinstance(message, Image):
        assert_type(message.image.media_id, str)
    elif isinstance(message, EnterSession):
        assert_type(message.welcome_code, str)
    elif isinstance(message, Unknown):
        assert_type(message.raw, bytes)
