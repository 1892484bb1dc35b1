"""How something comes to its end although somebody is in a hurry."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def uncut(work: Coroutine[Any, Any, T]) -> T:
    """Wait for something to its end, also when cancelled meanwhile; that is passed on after it."""
    task, cut = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cut = error
        except Exception:  # noqa: BLE001 - it is raised below
            break
    if cut is not None and not task.cancelled():
        with suppress(Exception):
            task.result()
        raise cut
    return task.result()
