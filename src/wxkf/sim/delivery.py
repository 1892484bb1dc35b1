"""One callback on its way: three attempts in total, only after a broken connection or a timeout (platform.md 5.3)."""

import asyncio
from collections.abc import Awaitable, Callable

from wxkf.sim.notice import Notice
from wxkf.sim.values import Json
from wxkf.sim.world import World

Post = Callable[[dict[str, str], bytes], Awaitable[tuple[int, bytes]]]
_FAILED = -1  # stands in the journal where a callback got no answer, or not the one it needs


async def deliver(world: World, notice: Notice, post_of: Callable[[], Post | None]) -> None:
    """Send a notice; each attempt asks anew which way it goes."""
    for attempt in range(1, world.settings.callback_attempts + 1):
        post = post_of()
        if post is None or await _attempt(world, notice, post, attempt):
            return


def lose(world: World, notice: Notice, why: str) -> None:
    """Note a notice that does not leave."""
    world.journal.add(world.now(), "callback", notice.name, _request(notice), {"failure": why}, _FAILED)


async def _attempt(world: World, notice: Notice, post: Post, attempt: int) -> bool:
    entry = world.journal.add(world.now(), "callback", notice.name, {**_request(notice), "attempt": attempt})
    _mark(world, notice, f"attempt {attempt}, no answer yet")
    outcome, heard = await _outcome(world, notice, post)
    _mark(world, notice, str(outcome.get("status") or outcome["failure"]))
    wrong = notice.answer is not None and outcome.get("body") != notice.answer.decode()
    world.journal.conclude(entry, outcome, 0 if heard and not wrong else _FAILED)
    return heard


async def _outcome(world: World, notice: Notice, post: Post) -> tuple[Json, bool]:
    settings = world.settings
    try:
        async with asyncio.timeout(settings.callback_timeout if notice.patience is None else notice.patience):
            status, body = await post(notice.query, notice.body)
    except TimeoutError:
        return {"failure": "timeout"}, False
    except OSError as error:
        return {"failure": f"no connection ({type(error).__name__})"}, False
    heard = status == 200 or not settings.resend_on_bad_status
    return {"status": status, "body": body[:512].decode(errors="replace")}, heard


def _request(notice: Notice) -> Json:
    return {**notice.about, "query": notice.query, "body": notice.body.decode(), "xml": notice.shown}


def _mark(world: World, notice: Notice, outcome: str) -> None:
    account = world.accounts.get(notice.open_kfid)
    if account is not None and notice.upto >= account.rung:
        account.rung, account.rung_outcome = notice.upto, outcome
