"""Both clients on a scripted server behind a real socket, by one way to call them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from unit.api.wire import Mode, done
from unit.client.callers import Hand, async_client, sync_client
from wxkf.protocol.flow import RetryPolicy


@asynccontextmanager
async def client(mode: Mode, url: str, *, tries: int = 1, **options: Any) -> AsyncIterator[Any]:
    """Open a client that never really waits between tries."""
    make: Any = sync_client if mode == "sync" else async_client
    opened = make(url, options.pop("hand", Hand()), retry=RetryPolicy(tries=tries), **options)
    try:
        yield opened
    finally:
        await done(opened.close() if mode == "sync" else opened.aclose())
