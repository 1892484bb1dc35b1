"""The ways out: options, extra fields, raw answers, unknown endpoints, the caller's own connections, a proxy."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
import urllib3

from kit import tables
from kit.server import Said, Script, refusing, serve
from unit.api.wire import MODES, Mode, Wire, both, done, listed, reply
from wxkf import AsyncClient, Client
from wxkf.errors import ApiError, LimitError, TransportError
from wxkf.protocol.body import whole
from wxkf.protocol.call import Request, Response
from wxkf.protocol.flow import RetryPolicy

ONCE = RetryPolicy(tries=1)


# with_options


@both
async def test_a_time_limit_goes_with_each_request(mode: Mode) -> None:
    wire = Wire()
    client = wire.client(mode)
    await done(client.with_options(timeout=1.5).account.list())
    await done(client.account.list())
    assert [request.timeout for request in wire.requests] == [1.5, None]


@both
async def test_extra_fields_join_a_body(mode: Mode) -> None:
    wire = Wire()
    client = wire.client(mode, extra={"new_field": {"a": [1]}, "limit": 7})
    await done(client.account.list(offset=3, limit=5))
    assert wire.bodies == [{"offset": 3, "limit": 7, "new_field": {"a": [1]}}]


@both
async def test_extra_fields_join_a_query_where_there_is_no_body(mode: Mode) -> None:
    wire = Wire()
    client = wire.client(mode, extra={"debug": 1, "words": "你 &"})
    await done(client.servicer.list(open_kfid="wk1"))
    await done(client.media.upload(type="file", media=b"123456"))
    assert "open_kfid=wk1&debug=1&words=%E4%BD%A0+%26" in wire.requests[0].target
    assert wire.requests[1].query["debug"] == "1"
    assert b"123456" in whole(wire.requests[1].body)


@both
async def test_extra_fields_do_not_reach_the_call_for_a_token(mode: Mode) -> None:
    asked = list[Request]()

    class Seen(Wire):
        def take(self, request: Request) -> Response:
            asked.append(request)
            return super().take(request)

    await done(Seen().client(mode, extra={"corpsecret": "other", "x": 1}).account.list())
    assert dict(asked[0].query) == {"corpid": "ww1", "corpsecret": "secret"}


@both
async def test_options_add_up_and_leave_the_first_client_alone(mode: Mode) -> None:
    wire = Wire()
    first = wire.client(mode)
    twin = first.with_options(timeout=2.0).with_options(validate=False).with_options(timeout=3.0)
    await done(twin.account.add(name="x" * 99, media_id="M"))
    with pytest.raises(LimitError):
        await done(first.account.add(name="x" * 99, media_id="M"))
    with pytest.raises(LimitError):
        await done(twin.with_options(validate=True).account.add(name="x" * 99, media_id="M"))
    assert [request.timeout for request in wire.requests] == [3.0]


@both
async def test_twins_share_one_token(mode: Mode) -> None:
    wire = Wire()
    client = wire.client(mode)
    for one in (client.with_options(timeout=1.0), client, client.with_options(extra={"a": 1})):
        await done(one.account.list())
    assert wire.tokens == 1
    assert {request.query["access_token"] for request in wire.requests} == {"T1"}


@both
async def test_an_unknown_option_is_a_mistake(mode: Mode) -> None:
    with pytest.raises(TypeError):
        Wire().client(mode).with_options(retries=3)


@both
async def test_options_hold_for_iterators_too(mode: Mode) -> None:
    wire = Wire()
    assert await listed(wire.client(mode, extra={"new": 1}, timeout=4.0).account.iter()) == []
    assert (wire.bodies[0]["new"], wire.requests[0].timeout) == (1, 4.0)


# raw


@both
@pytest.mark.parametrize("operation", tables.operations(), ids=lambda one: one.path)
async def test_every_answer_keeps_its_json(mode: Mode, operation: tables.Operation) -> None:
    if operation.path == "media/get":
        return  # bytes, see test_downloads.py
    sample = {**tables.response_sample(operation), "field_of_2027": {"深": [1, None]}}
    body = json.dumps(sample, ensure_ascii=False, indent=1).encode()
    wire = Wire(lambda _request: Response(200, body))
    answer = await done(_call(wire.client(mode), operation))
    kept = wire.requests[-1].path if wire.requests else "gettoken"
    assert kept == operation.path
    if operation.path != "gettoken":
        assert answer.raw == body
        assert json.loads(answer.raw)["field_of_2027"] == {"深": [1, None]}
    assert "field_of_2027" not in repr(answer)


def _call(client: Any, operation: tables.Operation) -> Any:
    method = client
    for name in operation.path.removeprefix("kf/").split("/"):
        method = getattr(method, "del_" if name == "del" else name)
    given = _given(operation)
    return method(**given)


def _given(operation: tables.Operation) -> dict[str, Any]:
    by_hand: dict[str, dict[str, Any]] = {
        "kf/send_msg": {"touser": "wmA", "open_kfid": "wk1", "message": "hi"},
        "kf/send_msg_on_event": {"code": "C", "message": "hi"},
        "media/upload": {"type": "file", "media": b"123456"},
        "media/uploadimg": {"media": b"\xff\xd8\xff123"},
        "externalcontact/from_service_external_userid": {"external_userid": "wm"},
        "externalcontact/get_new_external_userid": {"external_userid_list": ["wm"]},
        "batch/openuserid_to_userid": {"open_userid_list": ["o"]},
        "batch/userid_to_openuserid": {"userid_list": ["u"]},
        "idconvert/convert_tmp_external_userid": {"tmp_external_userid_list": ["t"]},
        "service/corpid_to_opencorpid": {"corpid": "ww1"},
        "service/finish_openid_migration": {"corpid": "ww1"},
    }
    given = by_hand.get(operation.path) or tables.request_samples(operation)[0]
    takes: dict[str, tuple[str, ...]] = {"suite": ("get_pre_auth_code", "get_permanent_code", "get_corp_token")}
    takes |= {"provider": ("corpid_to_opencorpid", "finish_openid_migration")}
    extra = {f"{who}_access_token": "S" for who, names in takes.items() if operation.path.split("/")[-1] in names}
    return {**given, **extra}


@both
async def test_what_a_message_was_read_from_is_kept_for_each(mode: Mode) -> None:
    items = [{"msgid": "1", "msgtype": "text", "text": {"content": "hi"}, "new": 1}, {"msgid": "2", "msgtype": "new"}]
    page = await done(Wire(lambda _request: {"msg_list": items}).client(mode).sync_msg(open_kfid="wk1"))
    assert [json.loads(raw) for raw in page.raw_list] == items
    assert [message.msgid for message in page.msg_list] == ["1", "2"]


# call


@both
async def test_any_path_can_be_called(mode: Mode) -> None:
    wire = Wire(lambda _request: {"new_list": [1], "深": None})
    client = wire.client(mode, extra={"more": 1})
    answer = await done(client.call("kf/brand_new", {"a": {"b": "你"}}))
    assert (answer["new_list"], answer["深"]) == ([1], None)
    (request,) = wire.requests
    assert (request.verb, request.path, request.query) == ("POST", "kf/brand_new", {"access_token": "T1"})
    assert wire.bodies == [{"a": {"b": "你"}, "more": 1}]


@both
async def test_a_refusal_of_any_path_is_an_error(mode: Mode) -> None:
    wire = Wire(lambda _request: reply(errcode="95018", errmsg="no"))
    with pytest.raises(ApiError) as caught:
        await done(wire.client(mode).call("kf/brand_new"))
    assert (caught.value.errcode, caught.value.path) == (95018, "kf/brand_new")


# The caller's own connections


async def test_a_session_of_the_callers_is_used_and_left_open() -> None:
    with serve() as platform:
        async with aiohttp.ClientSession(headers={"X-Mine": "yes"}) as session:
            for _ in range(2):
                async with AsyncClient("ww1", "secret", base_url=platform.url, session=session) as client:
                    await client.account.list()
            assert not session.closed
        assert {asked.headers["X-Mine"] for asked in platform.asked} == {"yes"}


async def test_a_session_that_raises_by_itself_tells_no_token() -> None:
    with serve() as platform:
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            client = AsyncClient("ww1", "secret", base_url=platform.url, session=session, retry=ONCE)
            platform.tell("kf/account/del", Said(b"<html>", 404))
            with pytest.raises(TransportError) as caught:
                await client.account.del_(open_kfid="wk1")
        assert "TOKEN" not in f"{caught.value!r}{caught.value.__context__!r}"


def test_a_pool_of_the_callers_is_used_and_left_open() -> None:
    pool = urllib3.PoolManager(headers={"X-Mine": "yes"}, maxsize=4)
    with serve() as platform:
        for _ in range(2):
            with Client("ww1", "secret", base_url=platform.url, pool=pool) as client:
                client.account.list()
        assert len(pool.pools) == 1
        assert platform.asked_for("kf/account/list")
    pool.clear()


async def test_a_session_of_ours_is_closed() -> None:
    with serve() as platform:
        client = AsyncClient("ww1", "secret", base_url=platform.url)
        await client.account.list()
        session = vars(client._transport)["_session"]
        await client.aclose()
        assert session.closed


async def _called(mode: Mode, url: str, **options: Any) -> None:
    kind: Any = Client if mode == "sync" else AsyncClient
    client = kind("ww1", "secret", base_url=url, retry=ONCE, **options)
    try:
        await (asyncio.to_thread(client.account.list) if mode == "sync" else client.account.list())
    finally:
        await done(client.close() if mode == "sync" else client.aclose())


@pytest.mark.parametrize("mode", MODES)
async def test_calls_go_through_a_proxy(mode: Mode) -> None:
    with serve() as proxy:
        await _called(mode, "http://platform.invalid", proxy=proxy.url)
        assert [asked.path for asked in proxy.asked] == ["/cgi-bin/gettoken", "/cgi-bin/kf/account/list"]
        assert {asked.headers["Host"] for asked in proxy.asked} == {"platform.invalid"}


@pytest.mark.parametrize("mode", MODES)
async def test_a_proxy_that_is_not_there_is_no_connection(mode: Mode) -> None:
    with refusing() as nowhere, pytest.raises(TransportError) as caught:
        await _called(mode, "http://platform.invalid", proxy=nowhere)
    assert not caught.value.sent


@pytest.mark.parametrize("mode", MODES)
async def test_a_base_address_is_where_calls_go(mode: Mode) -> None:
    with serve() as platform:
        await _called(mode, f"{platform.url}/behind/")
        assert _paths(platform) == ["/behind/cgi-bin/gettoken", "/behind/cgi-bin/kf/account/list"]


def _paths(platform: Script) -> list[str]:
    return [asked.path for asked in platform.asked]


@both
async def test_an_endpoint_nobody_knows_may_be_a_get(mode: Mode) -> None:
    wire = Wire(lambda _request: {"new": 1})
    answer = await done(wire.client(mode).call("/kf/brand_new", {"open_kfid": "wk1", "limit": 5}, verb="GET"))
    (request,) = wire.requests
    assert answer["new"] == 1
    assert (request.verb, request.path, request.body) == ("GET", "kf/brand_new", None)
    assert (request.query["open_kfid"], request.query["limit"]) == ("wk1", "5")
