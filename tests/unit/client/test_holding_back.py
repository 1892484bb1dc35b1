"""Retries a hook can see, a cap on calls under way, a limiter between clients: in both modes over a real socket."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kit.server import Script, says
from unit.client.callers import CORP, LIST, SECRET, SEND, Caller, Hand
from wxkf import ConfigError
from wxkf.client.aio import AsyncClient
from wxkf.client.sync import Client
from wxkf.errors import PlatformBusy, TransportError
from wxkf.protocol.flow import Retry
from wxkf.protocol.limiter import Limiter

BUSY = says(errcode=-1, errmsg="system busy")


def test_a_hook_hears_of_every_further_try(caller: Caller, platform: Script) -> None:
    heard = list[Retry]()
    platform.tell("kf/account/list", says(errcode=42001, errmsg="expired"), BUSY, BUSY)
    caller(platform.url, LIST, on_retry=heard.append)
    assert [(retry.path, retry.tries, retry.new_token) for retry in heard] == [
        ("kf/account/list", 1, True), ("kf/account/list", 1, False), ("kf/account/list", 2, False),
    ]  # fmt: skip
    assert isinstance(heard[1].error, PlatformBusy)
    assert 0.25 <= heard[1].seconds <= 0.5 <= heard[2].seconds <= 1


def test_a_hook_that_fails_disturbs_no_call(caller: Caller, platform: Script, caplog: pytest.LogCaptureFixture) -> None:
    def hook(retry: Retry) -> None:
        raise ZeroDivisionError

    platform.tell("kf/account/list", BUSY)
    caller(platform.url, LIST, on_retry=hook)
    assert "on_retry failed" in caplog.text


def test_a_call_that_is_not_tried_again_tells_no_hook(caller: Caller, platform: Script) -> None:
    heard = list[Retry]()
    platform.tell("kf/send_msg", BUSY)
    with pytest.raises(PlatformBusy):
        caller(platform.url, SEND, on_retry=heard.append)
    assert heard == []


class Crowd:
    """Counts how many requests are under way at once, in a transport that stands still until it is let go."""

    def __init__(self) -> None:
        self.now, self.most, self.lock = 0, 0, threading.Lock()

    def enter(self) -> None:
        """One more."""
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def leave(self) -> None:
        """One less."""
        with self.lock:
            self.now -= 1


def test_no_more_threads_call_at_once_than_the_cap(platform: Script) -> None:
    crowd = Crowd()
    gate = threading.Barrier(3)

    class Counted(Client):
        def _send(self, request):  # type: ignore[no-untyped-def]  # as it stands in Client
            if request.path == "gettoken":
                return super()._send(request)
            crowd.enter()
            gate.wait(10)  # nobody goes on until three are here: fewer would break it, more would be counted
            crowd.leave()
            return super()._send(request)

    with Counted(CORP, SECRET, base_url=platform.url, concurrency=3) as client, ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda _: client.account.list(), range(12)))
    assert crowd.most == 3


async def test_no_more_tasks_call_at_once_than_the_cap(platform: Script) -> None:
    crowd = Crowd()
    gate = asyncio.Barrier(3)

    class Counted(AsyncClient):
        async def _send(self, request):  # type: ignore[no-untyped-def]  # as it stands in AsyncClient
            if request.path == "gettoken":
                return await super()._send(request)
            crowd.enter()
            await gate.wait()
            crowd.leave()
            return await super()._send(request)

    async with Counted(CORP, SECRET, base_url=platform.url, concurrency=3) as client:
        await asyncio.gather(*(client.account.list() for _ in range(12)))
    assert crowd.most == 3


async def test_a_slot_is_given_back_by_a_call_that_fails_or_is_cancelled(platform: Script) -> None:
    platform.tell("kf/account/list", *[says(errcode=48002, errmsg="no")] * 3)
    async with AsyncClient(CORP, SECRET, base_url=platform.url, concurrency=1) as client:
        told = await asyncio.gather(*(client.account.list() for _ in range(3)), return_exceptions=True)
        assert [type(one).__name__ for one in told] == ["PermissionDenied"] * 3
        task = asyncio.create_task(client.account.list())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        async with asyncio.timeout(10):
            assert (await client.account.list()).account_list == ()


def test_no_slot_before_the_deadline_is_an_error(platform: Script) -> None:
    with Client(CORP, SECRET, base_url=platform.url, concurrency=1, deadline=0.05) as client:
        client.access_token()
        assert client._slots
        with client._slots, pytest.raises(TransportError, match="too many other calls") as caught:
            client.account.list()
        assert not caught.value.sent
        assert client.account.list().account_list == ()


def test_a_limiter_is_shared_and_its_waits_are_the_clocks(caller: Caller, platform: Script) -> None:
    class Moving(Hand):
        def pause(self, seconds: float) -> None:
            self.slept.append(seconds)
            self.time += seconds

        async def sleep(self, seconds: float) -> None:
            self.pause(seconds)

    limiter, hand = Limiter(per_minute=2), Moving()
    for _ in range(3):
        caller(platform.url, LIST, hand=hand, limiter=limiter)
    assert len(platform.asked_for("gettoken")) == 3, "the token call has a breaker of its own"
    assert [60 <= seconds <= 61 for seconds in hand.slept] == [True]


@pytest.mark.parametrize("concurrency", [0, -1])
def test_a_cap_below_one_is_a_mistake(concurrency: int) -> None:
    with pytest.raises(ConfigError, match="concurrency"):
        Client(CORP, SECRET, concurrency=concurrency)
