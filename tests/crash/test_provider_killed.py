"""A provider's service killed at every point of an authorisation, beside a platform that goes on: a real local server.

Either the corp ends up authorised, or the row says `unknown` and what to do; the code is never sent twice, nothing is
dropped without a word.
"""

import asyncio
import http.client
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kit.killed import PATIENCE
from kit.ports import free_port
from kit.server import Script, serve
from kit.suites import (
    CORP,
    EXCHANGE,
    PERMANENT,
    SUITE,
    create_auth,
    permanent,
    pushed,
    tell_suite_tokens,
    ticket,
)  # fmt: skip
from wxkf.errors import NotAuthorised
from wxkf.provider.events import EventState
from wxkf.provider.store import ProviderStore

CHILD = Path(__file__).parent / "provider_child.py"
TESTS = Path(__file__).parents[1]


@pytest.fixture
def script() -> Iterator[Script]:
    """A platform that would exchange the code once."""
    with serve() as script:
        tell_suite_tokens(script)
        script.tell(EXCHANGE, permanent())
        yield script


@asynccontextmanager
async def service(
    folder: Path, script: Script, point: str = "", later: float = 0.0
) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    """Run the service; in the end it is not left running."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, CHILD, str(port), str(folder), script.url, point, str(later),
        env={**os.environ, "PYTHONPATH": str(TESTS)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            assert await process.stdout.readline() == b"ready\n"
        yield port, process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def push(port: int, message: bytes) -> bytes:
    """Push as the platform does; a connection that breaks gives nothing."""

    def post() -> bytes:
        query, body = pushed(message)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("POST", f"/?{query}", body)
            return connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return b""
        finally:
            connection.close()

    return await asyncio.to_thread(post)


async def over(store: ProviderStore) -> EventState:
    """Wait until the one row of the journal is over."""
    async with asyncio.timeout(PATIENCE):
        while True:
            rows = store.events()
            if rows and rows[0].state not in (EventState.RECEIVED, EventState.EXCHANGING):
                (row,) = rows
                return row.state
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("point", "answered", "sent", "outcome"),
    [
        ("before journal", False, 1, EventState.DONE),
        ("after journal", False, 1, EventState.DONE),
        ("before exchange", None, 1, EventState.DONE),
        ("mid exchange", None, 0, EventState.UNKNOWN),
        ("before store", None, 1, EventState.UNKNOWN),
        ("after store", None, 1, EventState.DONE),
    ],
)
async def test_killed_at(
    tmp_path: Path, script: Script, point: str, answered: bool | None, sent: int, outcome: EventState
) -> None:
    now = int(time.time())
    async with service(tmp_path, script, point) as (port, process):
        assert await push(port, ticket(now)) == b"success"
        told = await push(port, create_auth(now))
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    assert process.returncode == -9
    if answered is not None:
        assert (told == b"success") is answered

    store = ProviderStore(tmp_path / "provider.db")
    async with service(tmp_path, script, later=61) as (port, _):
        assert await push(port, create_auth(now)) == b"success"  # the platform tries again, or it comes twice
        assert await over(store) is outcome

    assert len(script.asked_for(EXCHANGE)) == sent
    (row,) = store.events()
    if outcome is EventState.DONE:
        assert store.permanent_code(SUITE, CORP) == PERMANENT
    else:
        assert "ask the corp to authorise again" in row.why
        with pytest.raises(NotAuthorised):
            store.permanent_code(SUITE, CORP)
