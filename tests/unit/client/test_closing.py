"""A client that is closed ends what it began: nothing of its own goes on, or opens the connections again."""

import asyncio

from kit.server import NOTHING, Script
from unit.client.test_token_sources import suite
from wxkf.client.aio import AsyncClient


async def test_closing_ends_the_fetch_of_a_suites_token_too(platform: Script) -> None:
    """The corp's token waits for the suite's, which has a task of its own."""
    platform.tell("service/get_suite_token", NOTHING)
    before = asyncio.all_tasks()
    client = AsyncClient("", base_url=platform.url, token_source=suite(platform.url).corp("ww-corp", "PERMANENT"))
    asking = asyncio.create_task(client.access_token())
    await asyncio.to_thread(platform.arrived.wait, 10)
    await client.aclose()
    await asyncio.wait([asking])
    assert asyncio.all_tasks() == before
