"""Both clients behind one function: run these calls one after the other, give their answers."""

import asyncio
from collections.abc import Callable
from typing import Any

from wxkf.api.account import AccountResource
from wxkf.api.message import MessageResource
from wxkf.api.resource import Async
from wxkf.client.aio import AsyncClient
from wxkf.client.sync import Client
from wxkf.protocol.call import Call
from wxkf.protocol.flow import RetryPolicy

CORP, SECRET = "ww1", "S3cretOfTheApp"
LIST: Call[Any] = AccountResource[Async].list(None)
SEND: Call[Any] = MessageResource[Async].send_msg(None, touser="wmA", open_kfid="wk1", message="你好")
KEYED: Call[Any] = MessageResource[Async].send_msg(None, touser="wmA", open_kfid="wk1", message="你好", msgid="m1")
ONCE = RetryPolicy(tries=1)
Caller = Callable[..., list[Any]]


class Hand:
    """A clock that is moved by hand; who would wait is written down and goes on at once."""

    def __init__(self) -> None:
        self.time, self.slept = 1_780_300_800.0, list[float]()

    def now(self) -> float:
        """Tell the time."""
        return self.time

    def elapsed(self) -> float:
        """Tell the time; nobody sets it back unless a test is about that."""
        return self.time

    def pause(self, seconds: float) -> None:
        """Wait, sync."""
        self.slept.append(seconds)

    async def sleep(self, seconds: float) -> None:
        """Wait, async."""
        self.slept.append(seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Idle; no client does."""
        raise NotImplementedError


def sync_client(url: str, hand: Hand | None = None, **options: Any) -> Client:
    """Make a client that never really waits."""
    hand = hand or Hand()
    return Client(CORP, SECRET, base_url=url, now=hand.now, elapsed=hand.elapsed, sleep=hand.pause, **options)


def async_client(url: str, hand: Hand | None = None, **options: Any) -> AsyncClient:
    """Make a client that never really waits."""
    return AsyncClient(CORP, SECRET, base_url=url, clock=hand or Hand(), **options)


def in_sync(url: str, *calls: Call[Any], **options: Any) -> list[Any]:
    """Call through `Client`."""
    with sync_client(url, **options) as client:
        return [client.run(call) for call in calls]


def in_async(url: str, *calls: Call[Any], **options: Any) -> list[Any]:
    """Call through `AsyncClient`."""

    async def main() -> list[Any]:
        async with async_client(url, **options) as client:
            return [await client.run(call) for call in calls]

    return asyncio.run(main())


CALLERS: list[Caller] = [in_sync, in_async]
