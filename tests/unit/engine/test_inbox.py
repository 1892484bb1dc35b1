"""The inbox in a loop of one's own: what is taken, done, failed and left, on the simulated platform."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kit.lines import breathe
from wxkf.client.aio import AsyncClient
from wxkf.client.asgi import AsgiTransport
from wxkf.client.settings import App
from wxkf.engine.inbox import Inbox
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.errors import ApiError, LostClaim
from wxkf.messages.inbound import Inbound, Text
from wxkf.sim import SimClock, Simulator
from wxkf.testing.clock import MovableClock
from wxkf.web import CallbackApp


class Street:
    """A platform with one customer, and inboxes around one file."""

    def __init__(self, folder: Path) -> None:
        self.sim = Simulator(clock=SimClock.frozen(), seed=5)
        self.clock = MovableClock(self.sim.clock)
        self.path = folder / "inbox.db"
        self.who = self.sim.customers.add("小明")

    def say(self, *texts: str) -> None:
        for text in texts:
            self.sim.customers.say(self.sim.open_kfid, self.who, text)

    async def passes(self, inbox: Inbox, seconds: float) -> None:
        """Let time pass once all that is under way has been settled."""
        await inbox.engine.quiet()
        self.clock.forward(seconds=seconds)
        inbox.engine.look()

    @property
    def heard(self) -> list[str]:
        bubbles = self.sim.platform.phone(self.sim.open_kfid, self.who)
        return [one.body["content"] for one in bubbles if one.who == "account"]

    @asynccontextmanager
    async def inbox(self, settings: InboxSettings | None = None, *, callbacks: bool = True) -> AsyncIterator[Inbox]:
        sim = self.sim
        keys = {"token": sim.token, "aes_key": sim.aes_key} if callbacks else {}
        app = App(sim.corp_id, sim.secret, base_url="http://sim", **keys)
        client = AsyncClient.of(app, transport=AsgiTransport(sim.app), clock=self.clock)
        async with asyncio.timeout(20), client:
            async with Inbox(app, SqliteStore(self.path), client=client, settings=settings, clock=self.clock) as inbox:
                if callbacks:
                    address = CallbackApp(app.receiver(), inbox.note)
                    sim.deliver_to(lambda query, body: _ring(address, query, body))
                yield inbox
            sim.deliver_to(None)


def words(event: Inbound) -> str:
    assert isinstance(event, Text)
    return event.text.content


async def _ring(address: CallbackApp, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
    from urllib.parse import urlencode

    from wxkf.client.asgi import ask

    answer = await ask(address, "POST", "/", urlencode(query), body)
    return answer.status, answer.body


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    street = Street(tmp_path)
    yield street
    await street.sim.aclose()


async def test_messages_come_in_order_and_are_answered(street: Street) -> None:
    async with street.inbox() as inbox:
        street.say("一", "二", "完")
        async for work in inbox:
            text = words(work.event)
            async with work:
                await work.reply(f"听到{text}")
            if text == "完":
                inbox.stop()
    assert street.heard == ["听到一", "听到二", "听到完"]


async def test_words_given_with_done_are_sent_without_fail(street: Street) -> None:
    async with street.inbox() as inbox:
        street.say("一")
        async for work in inbox:
            await work.done("好的")
            inbox.stop()
    assert street.heard == ["好的"]


async def test_what_raises_comes_again_and_is_given_up_in_the_end(street: Street) -> None:
    attempts = []
    async with street.inbox() as inbox:
        street.say("一", "二")
        async for work in inbox:
            attempts.append((words(work.event), work.claim.attempt))
            if attempts[-1][0] == "二":
                await work.done()
                break
            work.fail(ValueError("no"))
            if work.claim.attempt < 3:
                await street.passes(inbox, 10)
    assert attempts == [("一", 1), ("一", 2), ("一", 3), ("二", 1)]


async def test_what_is_left_undone_comes_again_without_costing_an_attempt(street: Street) -> None:
    street.say("一", "二")
    async with street.inbox(InboxSettings(grace=0.0)) as inbox:
        async for work in inbox:
            await work.reply("先")
            break
    assert street.heard == ["先"]
    async with street.inbox() as inbox:
        async for work in inbox:
            await work.reply("说第二遍也只发一次")
            await work.done(f"第{work.claim.attempt}次")
            inbox.stop()
    assert street.heard[0] == "先"
    assert len(street.heard) == 2


async def test_several_tasks_share_an_inbox(street: Street) -> None:
    others = [street.sim.customers.add(name) for name in "甲乙丙"]
    taken: list[str] = []

    async def take(inbox: Inbox) -> None:
        async for work in inbox:
            async with work:
                taken.append(work.claim.external_userid)
            if len(taken) == 3:
                inbox.stop()

    async with street.inbox() as inbox:
        for other in others:
            street.sim.customers.say(street.sim.open_kfid, other, "在吗")
        await asyncio.gather(take(inbox), take(inbox))
    assert sorted(taken) == sorted(others)


async def test_a_batch_is_what_waited_and_stays_that(street: Street) -> None:
    from wxkf.engine.settings import Limits

    settings = InboxSettings(grace=0.0, limits=Limits(batch=10))
    street.say("一", "二")
    async with street.inbox(settings) as inbox:
        async for work in inbox:
            assert [words(one) for one in work.events] == ["一", "二"]
            street.say("三")
            break
    async with street.inbox(settings) as inbox:
        seen = []
        async for work in inbox:
            seen.append([words(one) for one in work.events])
            await work.done()
            if len(seen) == 2:
                inbox.stop()
    assert seen == [["一", "二"], ["三"]]


async def test_without_callbacks_news_is_polled_for(street: Street) -> None:
    async with street.inbox(callbacks=False) as inbox:
        assert inbox.engine.latency == 10.0
        await inbox.engine.quiet()
        street.say("一")
        street.clock.forward(seconds=11)
        async for work in inbox:
            await work.done("好")
            inbox.stop()
    assert street.heard == ["好"]


async def test_a_timer_brings_words_or_itself(street: Street) -> None:
    from wxkf.engine.timer import TimerDue

    due: list[tuple[str, object]] = []
    async with street.inbox() as inbox:
        street.say("一")
        async for work in inbox:
            if isinstance(work.event, TimerDue):
                due.append((work.event.name, work.event.data))
                await work.done()
                inbox.stop()
                continue
            now = street.clock.now()
            await work.later(now + 60, "还在吗")
            await work.later(now + 90, name="look", data={"order": 7})
            gone = await work.later(now + 10, "撤回的")
            assert await work.cancel(gone)
            await work.done()
            await street.passes(inbox, 100)
    assert due == [("look", {"order": 7})]
    assert "还在吗" in street.heard
    assert "撤回的" not in street.heard


async def test_a_quiet_timer_says_nothing_to_whoever_has_written(street: Street) -> None:
    async with street.inbox() as inbox:
        street.say("一")
        async for work in inbox:
            if words(work.event) == "一":
                await work.later(street.clock.now() + 60, "还在吗", quiet=True)
                street.say("二")
                await work.done()
                continue
            await work.later(street.clock.now() + 60, "这句会说", quiet=True)
            await work.done()
            await street.passes(inbox, 100)
            await inbox.engine.quiet()
            inbox.stop()
    assert street.heard == ["这句会说"]


async def test_history_is_what_both_sides_said(street: Street) -> None:
    said = []
    async with street.inbox() as inbox:
        street.say("一", "二")
        async for work in inbox:
            await work.done(f"答{words(work.event)}")
            if words(work.event) == "二":
                said = await work.history()
                inbox.stop()
    assert [one.origin for one in said] == [3, 0]
    assert "一".encode() in said[0].raw
    assert "答一".encode() in said[1].raw


async def test_a_session_is_handed_on_once_however_often_the_handler_runs(street: Street) -> None:
    street.sim.console.add_servicer(street.sim.open_kfid, "zhangsan")
    async with street.inbox() as inbox:
        street.say("转人工")
        async for work in inbox:
            code = await work.trans(3, "zhangsan")
            if work.claim.attempt == 1:
                assert code
                work.fail(ValueError("once more"))
                await street.passes(inbox, 10)
                continue
            await work.done()
            inbox.stop()
    calls = [one for one in street.sim.platform.journal if one.title == "kf/service_state/trans"]
    assert [one.errcode for one in calls] == [0]


async def test_what_was_taken_away_cannot_be_done(street: Street) -> None:
    async with street.inbox() as inbox:
        street.say("一")
        runs = 0
        async for work in inbox:
            runs += 1
            if runs == 1:
                inbox.engine._dispatcher.drop()
                await breathe()
                with pytest.raises(LostClaim, match="not ours any more"):
                    await work.done("x")
            else:
                await work.done("y")
                with pytest.raises(LostClaim):
                    await work.done("z")
                inbox.stop()
    assert street.heard == ["y"]


async def test_who_waits_for_the_disk_while_it_is_taken_away_hears_of_it(street: Street) -> None:
    async with street.inbox() as inbox:
        street.say("一")
        runs = 0
        async for work in inbox:
            runs += 1
            if runs == 1:
                waiting = asyncio.ensure_future(work.done("x"))
                await asyncio.sleep(0)
                inbox.engine._dispatcher.drop()
                with pytest.raises(LostClaim, match="taken away"):
                    await waiting
            else:
                await work.done("y")
                inbox.stop()
    assert street.heard == ["y"]


async def queued(inbox: Inbox, count: int) -> None:
    """Wait until so many messages wait to be taken."""
    while inbox._queue.qsize() < count:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)


async def test_what_is_taken_away_while_nobody_has_taken_it_is_given_out_once(street: Street) -> None:
    async with street.inbox() as inbox:
        street.say("一")
        await queued(inbox, 1)
        inbox.engine._dispatcher.drop()
        await breathe()
        await queued(inbox, 2)
        taken = []
        async for work in inbox:
            taken.append(words(work.event))
            async with work:
                await work.reply("r")
            inbox.stop()
    assert (taken, street.heard) == (["一"], ["r"])


@pytest.mark.parametrize(
    "error", [ApiError.of(60111, "", "kf/customer/batchget"), StopIteration()], ids=["refusal", "stop"]
)
async def test_an_error_in_the_block_ends_its_message_and_not_the_loop(street: Street, error: Exception) -> None:
    runs, passing = 0, set[asyncio.Future[None]]()
    async with street.inbox() as inbox:
        street.say("一")
        async for work in inbox:
            async with work:
                runs += 1
                if runs == 1:
                    passing.add(asyncio.ensure_future(street.passes(inbox, 5)))
                    raise error
                await work.reply("收到")
                inbox.stop()
        await asyncio.gather(*passing)
    assert street.heard == ["收到"]


async def test_an_error_after_the_end_of_a_message_is_logged(street: Street, caplog: pytest.LogCaptureFixture) -> None:
    async with street.inbox() as inbox:
        street.say("一")
        async for work in inbox:
            async with work:
                await work.done("收到")
                inbox.stop()
                raise ValueError("too late")
    assert "an error after its end" in caplog.text
    assert street.heard == ["收到"]
