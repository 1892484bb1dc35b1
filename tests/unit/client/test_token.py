"""The access token on the wire: fetched once however many ask, a little early, and once more when it is refused."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kit.server import NOTHING, Script, says
from unit.client.callers import LIST, ONCE, Caller, Hand, async_client, sync_client
from wxkf.errors import TokenError, TransportError

MANY = 50


async def call_at_once_in_tasks(url: str, rounds: int) -> None:
    async with async_client(url) as client:
        for _ in range(rounds):
            await asyncio.gather(*(client.account.list() for _ in range(MANY)))


def call_at_once_in_threads(url: str, rounds: int) -> None:
    start = threading.Barrier(MANY)

    def call(_: int) -> None:
        start.wait(10)
        client.account.list()

    with sync_client(url) as client, ThreadPoolExecutor(MANY) as threads:
        for _ in range(rounds):
            list(threads.map(call, range(MANY)))


async def test_fifty_tasks_at_once_lead_to_one_token(platform: Script) -> None:
    await call_at_once_in_tasks(platform.url, 1)
    assert (len(platform.asked_for("gettoken")), len(platform.asked_for("kf/account/list"))) == (1, MANY)


def test_fifty_threads_at_once_lead_to_one_token(platform: Script) -> None:
    call_at_once_in_threads(platform.url, 1)
    assert (len(platform.asked_for("gettoken")), len(platform.asked_for("kf/account/list"))) == (1, MANY)


async def test_fifty_tasks_refused_together_lead_to_one_more(platform: Script) -> None:
    platform.stale = {"TOKEN-1"}
    await call_at_once_in_tasks(platform.url, 2)
    assert len(platform.asked_for("gettoken")) == 2
    assert len(platform.asked_for("kf/account/list")) == 3 * MANY


def test_fifty_threads_refused_together_lead_to_one_more(platform: Script) -> None:
    platform.stale = {"TOKEN-1"}
    call_at_once_in_threads(platform.url, 2)
    assert len(platform.asked_for("gettoken")) == 2


@pytest.mark.parametrize("errcode", [40014, 42001, 40001])
def test_a_refused_token_is_replaced_and_the_call_repeated(caller: Caller, platform: Script, errcode: int) -> None:
    platform.tell("kf/account/list", says(errcode=errcode, errmsg="access_token expired"))
    caller(platform.url, LIST, LIST)
    used = [asked.query["access_token"] for asked in platform.asked_for("kf/account/list")]
    assert used == ["TOKEN-1", "TOKEN-2", "TOKEN-2"]


def test_a_token_that_stays_refused_is_replaced_once_a_call(caller: Caller, platform: Script) -> None:
    platform.stale = {f"TOKEN-{n}" for n in range(9)}
    with pytest.raises(TokenError) as caught:
        caller(platform.url, LIST)
    assert caught.value.errcode == 42001
    assert len(platform.asked_for("gettoken")) == 2


def test_the_same_token_again_is_tried_once_more_and_no_more(caller: Caller, platform: Script) -> None:
    """The platform gives the old token while it holds it for valid."""
    platform.tell("gettoken", *[says(access_token="OLD", expires_in=7200)] * 2)
    platform.stale = {"OLD"}
    with pytest.raises(TokenError):
        caller(platform.url, LIST)
    assert len(platform.asked_for("gettoken")) == 2


def test_a_wrong_secret_is_asked_about_once(caller: Caller, platform: Script) -> None:
    platform.tell("gettoken", says(errcode=40001, errmsg="invalid credential"))
    with pytest.raises(TokenError, match="gettoken"):
        caller(platform.url, LIST)
    assert len(platform.asked) == 1


def test_an_answer_without_a_token_is_no_token(caller: Caller, platform: Script) -> None:
    platform.tell("gettoken", says())
    with pytest.raises(TransportError, match="gettoken"):
        caller(platform.url, LIST, retry=ONCE)
    assert platform.asked_for("kf/account/list") == []


AGES = [(0, "TOKEN-1"), (6000, "TOKEN-1"), (7150, "TOKEN-2"), (7150 + 6000, "TOKEN-2")]


async def test_a_token_is_replaced_a_little_before_it_dies(platform: Script) -> None:
    hand = Hand()
    start = hand.time
    async with async_client(platform.url, hand) as client:
        for age, token in AGES:
            hand.time = start + age
            await client.account.list()
            assert platform.asked[-1].query["access_token"] == token


def test_a_token_is_replaced_a_little_before_it_dies_in_sync_too(platform: Script) -> None:
    hand = Hand()
    start = hand.time
    with sync_client(platform.url, hand) as client:
        for age, token in AGES:
            hand.time = start + age
            client.account.list()
            assert platform.asked[-1].query["access_token"] == token


def test_a_token_that_comes_with_little_life_left_serves_so_long(platform: Script) -> None:
    platform.tell("gettoken", says(access_token="OLD", expires_in=100))
    hand = Hand()
    with sync_client(platform.url, hand) as client:
        client.account.list()
        hand.time += 90
        client.account.list()
        hand.time += 9
        client.account.list()
    used = [asked.query["access_token"] for asked in platform.asked_for("kf/account/list")]
    assert used == ["OLD", "OLD", "TOKEN-1"]


async def test_a_task_that_gives_up_while_it_fetches_leaves_the_others_working(platform: Script) -> None:
    platform.tell("gettoken", NOTHING)
    async with async_client(platform.url, timeout=0.2) as client:
        first = asyncio.create_task(client.account.list())
        assert await asyncio.to_thread(platform.arrived.wait, 10)
        second = asyncio.create_task(client.account.list())
        first.cancel()
        assert (await second).account_list == ()
        with pytest.raises(asyncio.CancelledError):
            await first
