"""A token shared through a store: renewed early and once, by the living, whatever happens to store and clock."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.redis import Redis
from kit.redis import serve as serve_redis
from kit.server import NOTHING, Script, says
from unit.client.callers import CORP, LIST, SECRET, Caller, Hand, async_client, in_async, in_sync, sync_client
from wxkf.client.aio import AsyncClient
from wxkf.client.renewal import LEASE
from wxkf.client.sources import token_key
from wxkf.client.stores import MemoryTokenStore, RedisTokenStore, SqliteTokenStore
from wxkf.client.sync import Client
from wxkf.client.tokens import forget
from wxkf.errors import TokenError, TransportError


def used(platform: Script) -> list[str]:
    """List the tokens that business calls bore."""
    return [asked.query["access_token"] for asked in platform.asked_for("kf/account/list")]


def fetched(platform: Script) -> int:
    """Count the fetches."""
    return len(platform.asked_for("gettoken"))


def test_clients_that_share_a_store_fetch_once(platform: Script) -> None:
    store = MemoryTokenStore()
    for caller in (in_sync, in_async, in_sync):
        caller(platform.url, LIST, token_store=store)
    assert (fetched(platform), used(platform)) == (1, ["TOKEN-1"] * 3)


def test_two_apps_of_one_corp_share_no_token_nor_do_two_addresses() -> None:
    keys = {
        token_key(*of) for of in [("https://a", "ww1", "s1"), ("https://a", "ww1", "s2"), ("https://b", "ww1", "s1")]
    }
    assert len(keys) == 3
    assert token_key("https://a/", "ww1", "s1") in keys


def test_a_wrong_secret_is_asked_about_once_by_all_who_share_the_store(caller: Caller, platform: Script) -> None:
    platform.tell("gettoken", *[says(errcode=40001, errmsg="invalid credential")] * 9)
    store = MemoryTokenStore()
    for _ in range(8):
        with pytest.raises(TokenError, match="gettoken was refused with 40001"):
            caller(platform.url, LIST, token_store=store)
    assert fetched(platform) == 1


def test_a_wrong_secret_in_a_loop_is_asked_about_ever_more_rarely(caller: Caller, platform: Script) -> None:
    """An hour of calls, one a second, leads to fewer than twenty fetches: the platform bans an address for an hour."""
    platform.tell("gettoken", *[says(errcode=40001, errmsg="invalid credential")] * 99)
    hand, store = Hand(), MemoryTokenStore()
    for _ in range(360):
        hand.time += 10
        with pytest.raises(TokenError):
            caller(platform.url, LIST, token_store=store, hand=hand)
    assert 10 < fetched(platform) < 20


async def test_while_one_renews_early_the_others_go_on_with_the_old_token(platform: Script) -> None:
    hand = Hand()
    async with async_client(platform.url, hand, timeout=0.3) as client:
        await client.account.list()
        platform.tell("gettoken", NOTHING, NOTHING, NOTHING)
        hand.time += 7000
        platform.arrived.clear()
        first = asyncio.create_task(client.account.list())
        while fetched(platform) < 2:
            await asyncio.to_thread(platform.arrived.wait, 10)
            platform.arrived.clear()
        await client.account.list()
        assert not first.done()
        await first
    assert used(platform) == ["TOKEN-1"] * 3


def test_while_one_thread_renews_early_the_others_go_on_with_the_old_token(platform: Script) -> None:
    hand = Hand()
    with sync_client(platform.url, hand, timeout=0.5) as client:
        client.account.list()
        platform.tell("gettoken", NOTHING, NOTHING, NOTHING)
        hand.time += 7000
        first = threading.Thread(target=client.account.list)
        first.start()
        while fetched(platform) < 2:
            assert platform.arrived.wait(10)
        client.account.list()
        assert first.is_alive()
        first.join()
    assert used(platform) == ["TOKEN-1"] * 3


def test_an_early_renewal_that_fails_is_tried_again_later(platform: Script) -> None:
    hand = Hand()
    with sync_client(platform.url, hand) as client:
        client.account.list()
        platform.tell("gettoken", *[says(errcode=50003, errmsg="app disabled")] * 2)
        for age in (7000, 7020, 7040, 7080):
            hand.time = 1_780_300_800.0 + age
            client.account.list()
    assert (fetched(platform), used(platform)) == (4, ["TOKEN-1"] * 4 + ["TOKEN-2"])


def test_a_clock_set_back_an_hour_costs_one_fetch(caller: Caller, platform: Script) -> None:
    hand, store = Hand(), MemoryTokenStore()
    caller(platform.url, LIST, hand=hand, token_store=store)
    hand.time -= 3600
    caller(platform.url, LIST, LIST, hand=hand, token_store=store)
    assert (fetched(platform), used(platform)) == (2, ["TOKEN-1", "TOKEN-2", "TOKEN-2"])


def test_a_clock_set_back_an_hour_does_not_prolong_a_pause(caller: Caller, platform: Script) -> None:
    platform.tell("gettoken", says(errcode=40001, errmsg="invalid credential"))
    hand, store = Hand(), MemoryTokenStore()
    with pytest.raises(TokenError):
        caller(platform.url, LIST, hand=hand, token_store=store)
    hand.time -= 3600
    caller(platform.url, LIST, hand=hand, token_store=store)
    assert used(platform) == ["TOKEN-1"]


class Moving(Hand):
    """A clock that whoever waits moves on."""

    def pause(self, seconds: float) -> None:
        """Wait, sync."""
        self.time += seconds

    async def sleep(self, seconds: float) -> None:
        """Wait, async."""
        self.time += seconds


def test_a_process_that_died_while_it_fetched_is_waited_for_so_long_and_no_longer(
    caller: Caller, platform: Script
) -> None:
    hand = Moving()
    store, began = MemoryTokenStore(hand.elapsed), hand.time
    assert store.lease(token_key(platform.url, CORP, SECRET), LEASE) == 1
    caller(platform.url, LIST, hand=hand, token_store=store)
    assert fetched(platform) == 1
    assert LEASE <= hand.time - began < LEASE + 1


def test_what_another_process_writes_meanwhile_is_taken(caller: Caller, platform: Script) -> None:
    theirs, ours = MemoryTokenStore(), MemoryTokenStore()
    caller(platform.url, LIST, token_store=theirs)
    key = token_key(platform.url, CORP, SECRET)
    value, fence, pauses = theirs.read(key), ours.lease(key, LEASE), list[float]()

    class Writing(Moving):
        def pause(self, seconds: float) -> None:
            pauses.append(seconds)
            ours.write(key, value or b"", fence or 0)

        async def sleep(self, seconds: float) -> None:
            self.pause(seconds)

    caller(platform.url, LIST, token_store=ours, hand=Writing())
    assert (fetched(platform), len(pauses)) == (1, 1)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of this test's own, since it is going to die."""
    with serve_redis(tmp_path) as server:
        yield server


def test_when_redis_is_gone_each_client_fetches_for_itself(
    caller: Caller, platform: Script, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    store = RedisTokenStore(redis.url)
    caller(platform.url, LIST, token_store=store)
    caller(platform.url, LIST, token_store=store)
    assert (fetched(platform), caplog.text) == (1, "")
    redis.stop()
    caller(platform.url, LIST, LIST, token_store=store)
    assert fetched(platform) == 2
    assert "the token store failed; the token is fetched without it" in caplog.text
    redis.start()
    caller(platform.url, LIST, token_store=store)
    caller(platform.url, LIST, token_store=store)
    assert fetched(platform) == 3
    assert SECRET not in caplog.text
    assert "TOKEN-" not in caplog.text


def test_what_an_older_wxkf_left_in_the_store_is_as_good_as_nothing(
    caller: Caller, platform: Script, tmp_path: Path
) -> None:
    store, key = SqliteTokenStore(tmp_path / "t.db"), token_key(platform.url, CORP, SECRET)
    for rubbish in (b"\xff", b"[1]", b'{"token":{"value":1}}', b"{}", b"null"):
        store.write(key, rubbish, store.lease(key, 1) or 0)
        caller(platform.url, LIST, token_store=store)
    assert fetched(platform) == 5


@pytest.mark.parametrize("life", [0, 1, 2])
def test_a_token_with_no_life_is_used_once_and_never_in_a_loop(caller: Caller, platform: Script, life: int) -> None:
    platform.tell("gettoken", *[says(access_token="SHORT", expires_in=life)] * 9)
    caller(platform.url, LIST)
    assert (fetched(platform), used(platform)) == (1, ["SHORT"])


def late(url: str, **options: Any) -> float:
    """Call with a deadline in sync; give what it took by the clock of the machine."""
    began = time.monotonic()
    with Client(CORP, SECRET, base_url=url, deadline=0.3, **options) as client, pytest.raises(TransportError):
        client.run(LIST)
    return time.monotonic() - began


async def alate(url: str, **options: Any) -> float:
    """The same in async."""
    began = time.monotonic()
    async with AsyncClient(CORP, SECRET, base_url=url, deadline=0.3, **options) as client:
        with pytest.raises(TransportError):
            await client.run(LIST)
    return time.monotonic() - began


LATE: list[Callable[..., float]] = [late, lambda url, **options: asyncio.run(alate(url, **options))]


@pytest.mark.parametrize("call", LATE, ids=["sync", "async"])
@pytest.mark.parametrize("path", ["kf/account/list", "gettoken"])
def test_a_call_ends_with_its_deadline_whatever_hangs(platform: Script, call: Callable[..., float], path: str) -> None:
    platform.tell(path, *[NOTHING] * 9)
    assert call(platform.url, timeout=5) < 2


@pytest.mark.parametrize("call", LATE, ids=["sync", "async"])
def test_a_call_ends_with_its_deadline_while_another_fetches(platform: Script, call: Callable[..., float]) -> None:
    store = MemoryTokenStore()
    store.lease(token_key(platform.url, CORP, SECRET), 5)
    assert call(platform.url, token_store=store) < 2


async def test_a_token_that_is_forgotten_is_in_the_store_no_more(platform: Script, tmp_path: Path) -> None:
    key = token_key(platform.url, CORP, SECRET)
    for store in (MemoryTokenStore(), SqliteTokenStore(tmp_path / "t.db")):
        async with async_client(platform.url, token_store=store) as client:
            await client.account.list()
        assert b"TOKEN-" in (store.read(key) or b"")
        await forget(store, key)
        assert store.read(key) == b""


async def test_what_somebody_is_fetching_is_his_to_write(platform: Script) -> None:
    store, key = MemoryTokenStore(), "k"
    fence = store.lease(key, LEASE)
    await forget(store, key)
    assert store.write(key, b"his", fence or 0)
