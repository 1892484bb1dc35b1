"""The ways to make the same call that `benchmarks.client` races. What each is, its docstring tells.

A lane takes how many calls to make, makes them and returns. All have made one before they are handed out.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib import import_module
from typing import Any

import aiohttp
import msgspec
import urllib3
import uvloop

from benchmarks.loopback import TOKEN
from benchmarks.racing import Calls
from wxkf import AsyncClient, Client

WXKF, AIOHTTP, MANUAL, WECHATPY, UVLOOP = "wxkf", "aiohttp", "aiohttp, as its manual", "wechatpy", ", uvloop"
AT_ONCE = 64
CORP, SECRET = "wx5823bf96d3bd56c7", "made-up-for-benchmarks"
CUSTOMER, KFID, MSGID = "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw", "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q", "4f1d8c2ab7e93f06"
WORDS = "您好，您的订单已经发出，预计明天下午送到，请留意。Your parcel is on its way and will arrive tomorrow."
_TYPE = {"Content-Type": "application/json"}
_encode, _decode = msgspec.json.encode, msgspec.json.decode


def body() -> dict[str, Any]:
    """Make the body as a user without an SDK would."""
    return {"touser": CUSTOMER, "open_kfid": KFID, "msgid": MSGID, "msgtype": "text", "text": {"content": WORDS}}


def at_once(url: str, held: ExitStack) -> dict[str, Calls]:
    """Make the lanes with 64 calls under way at any moment."""
    lanes: dict[str, Calls] = {}
    for suffix, loop in (("", asyncio.new_event_loop()), (UVLOOP, uvloop.new_event_loop())):
        held.callback(loop.close)
        lanes |= {name + suffix: _crowd(loop, once) for name, once in loop.run_until_complete(_async(url, held, loop))}
    pool = held.enter_context(ThreadPoolExecutor(AT_ONCE))
    return {**lanes, WECHATPY + ", 64 threads": _threads(pool, _wechatpy(url))}


def one_by_one(url: str, held: ExitStack) -> dict[str, Calls]:
    """Make the lanes that wait for each answer before they go on."""
    client = held.enter_context(Client(CORP, SECRET, base_url=url))
    pool = held.enter_context(urllib3.PoolManager())
    address = f"{url}/cgi-bin/kf/send_msg?access_token={TOKEN}"

    def wxkf() -> object:
        return client.send_msg(touser=CUSTOMER, open_kfid=KFID, message=WORDS, msgid=MSGID)

    def bare() -> object:
        return _decode(pool.request("POST", address, body=_encode(body()), headers=_TYPE).data)

    return {"wxkf, sync": _row(wxkf), "urllib3": _row(bare), WECHATPY: _row(_wechatpy(url))}


async def _async(
    url: str, held: ExitStack, loop: asyncio.AbstractEventLoop
) -> list[tuple[str, Callable[[], Awaitable[object]]]]:
    client = AsyncClient(CORP, SECRET, base_url=url)
    session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    held.callback(lambda: [loop.run_until_complete(close()) for close in (client.aclose, session.close)])
    address = f"{url}/cgi-bin/kf/send_msg"
    whole = f"{address}?access_token={TOKEN}"

    async def wxkf() -> object:
        return await client.send_msg(touser=CUSTOMER, open_kfid=KFID, message=WORDS, msgid=MSGID)

    async def bare() -> object:
        async with session.post(whole, data=_encode(body()), headers=_TYPE) as answer:
            return _decode(await answer.read())

    async def manual() -> object:
        async with session.post(address, params={"access_token": TOKEN}, json=body()) as answer:
            return await answer.json()

    return [(WXKF, wxkf), (AIOHTTP, bare), (MANUAL, manual)]


def _wechatpy(url: str) -> Callable[[], object]:
    """Give wechatpy's call. It is handed its token: the address it would ask for one cannot be changed."""
    base = import_module("wechatpy.work").WeChatClient
    ours = type("Ours", (base,), {"API_BASE_URL": f"{url}/cgi-bin/"})
    client = ours(CORP, SECRET, access_token=TOKEN)
    adapter = import_module("requests.adapters").HTTPAdapter(pool_connections=1, pool_maxsize=AT_ONCE)
    client._http.mount("http://", adapter)

    def once() -> object:
        return client.kf_message.send_text(CUSTOMER, KFID, WORDS, MSGID)

    return once


def _crowd(loop: asyncio.AbstractEventLoop, once: Callable[[], Awaitable[object]]) -> Calls:
    async def task(calls: int) -> None:
        for _ in range(calls):
            await once()

    async def crowd(calls: int) -> None:
        await asyncio.gather(*(task(-(-calls // AT_ONCE)) for _ in range(AT_ONCE)))

    return lambda calls: loop.run_until_complete(crowd(calls))


def _threads(pool: ThreadPoolExecutor, once: Callable[[], object]) -> Calls:
    task = _row(once)
    return lambda calls: [*pool.map(task, [-(-calls // AT_ONCE)] * AT_ONCE)]


def _row(once: Callable[[], object]) -> Calls:
    def row(calls: int) -> None:
        for _ in range(calls):
            once()

    return row
