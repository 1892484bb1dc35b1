"""The dispatcher: in order within a conversation, side by side across them, bounded."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from kit.inboxes import Inbox, msgids, row
from kit.lines import SEND, Line, breathe
from unit.engine.desk import Desk, echo
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound
from wxkf.testing.clock import MovableClock


async def test_each_message_is_answered_once_and_in_order(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    async with Desk(inbox, line, clock, echo) as desk:
        await desk.receives(("a1", "wmA"), ("b1", "wmB"), ("a2", "wmA"), ("a3", "wmA"))
        await desk.settles()
    assert sorted(desk.said) == ["a1", "a2", "a3", "b1"]
    assert [text for text in desk.said if text.startswith("a")] == ["a1", "a2", "a3"]
    assert {body["touser"] for body in line.bodies(SEND) if body["text"]["content"] == "b1"} == {"wmB"}


async def test_two_messages_of_one_customer_are_never_handled_at_once(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    busy, most = Counter[str](), defaultdict[str, int](int)

    async def slow(work: Work) -> Sequence[Outbound]:
        customer = work.claim.external_userid
        busy[customer] += 1
        most[customer] = max(most[customer], busy[customer])
        await breathe()
        busy[customer] -= 1
        return []

    async with Desk(inbox, line, clock, slow) as desk:
        await desk.receives(*((f"{customer}{n}", customer) for n in range(4) for customer in ("wmA", "wmB", "wmC")))
        await desk.settles()
    assert most == {"wmA": 1, "wmB": 1, "wmC": 1}


async def test_a_slow_customer_holds_up_nobody_else(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    answered, release = asyncio.Event(), asyncio.Event()

    async def handler(work: Work) -> Sequence[Outbound]:
        if work.claim.external_userid == "wmA":
            await release.wait()
        if work.claim.msgid == "b2":
            answered.set()
        return await echo(work)

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"), ("b1", "wmB"), ("b2", "wmB"))
        async with asyncio.timeout(5):
            await answered.wait()
        release.set()
        await desk.settles()
    assert [text for text in desk.said if text.startswith("b")] == ["b1", "b2"]
    assert [text for text in desk.said if text.startswith("a")] == ["a1", "a2"]


async def test_no_more_handlers_run_at_once_than_allowed(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    running: list[int] = [0]
    seen: list[int] = []

    async def handler(_: Work) -> Sequence[Outbound]:
        running[0] += 1
        seen.append(running[0])
        await breathe()
        running[0] -= 1
        return []

    async with Desk(inbox, line, clock, handler, running=2) as desk:
        await desk.receives(*((f"m{n}", f"wm{n}") for n in range(7)))
        await desk.settles()
    assert len(seen) == 7
    assert max(seen) == 2


async def test_work_is_found_without_a_ring_within_a_second(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    handled = asyncio.Event()

    async def handler(_: Work) -> Sequence[Outbound]:
        handled.set()
        return []

    async with Desk(inbox, line, clock, handler):
        await inbox.receive()  # behind the dispatcher's first look, in the store's one thread
        await inbox.receive(row("a1"))
        await breathe()
        assert not handled.is_set()
        clock.forward(seconds=1)
        async with asyncio.timeout(5):
            await handled.wait()


async def test_stopping_lets_a_running_handler_finish(inbox: Inbox, line: Line, clock: MovableClock) -> None:
    started, release = asyncio.Event(), asyncio.Event()

    async def handler(work: Work) -> Sequence[Outbound]:
        started.set()
        await release.wait()
        return await echo(work)

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        async with asyncio.timeout(5):
            await started.wait()
        stopping = asyncio.create_task(desk.dispatcher.stop(5))
        await breathe()
        release.set()
        await stopping
    assert desk.said == ["a1"]
    trace = await inbox.store.trace("a1")
    assert trace is not None
    assert trace.handled


async def test_what_is_cut_off_at_the_stop_is_found_again_at_the_next_start(
    tmp_path: Path, line: Line, clock: MovableClock
) -> None:
    started = asyncio.Event()

    async def handler(_: Work) -> Sequence[Outbound]:
        started.set()
        await asyncio.Event().wait()
        return []

    before, after = Inbox(tmp_path / "inbox.db"), Inbox(tmp_path / "inbox.db")
    await before.store.open()
    async with Desk(before, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        async with asyncio.timeout(5):
            await started.wait()
    await before.store.aclose()
    await after.store.open()
    assert msgids(await after.claim()) == ["a1"]
    await after.store.aclose()
