"""What a handler raises: its own fault costs an attempt, the platform's trouble time, what is hopeless the message."""

import asyncio
from collections.abc import Sequence

import pytest

from kit.inboxes import NOW, Inbox
from kit.lines import NEVER_LEFT, NO_ANSWER, SEND, TOKEN, Line
from unit.engine.desk import Desk, echo
from unit.engine.sends import ACCEPTED, REFUSED, UNKNOWN, WRONG_SECRET
from wxkf.bot.text import BadReply
from wxkf.engine.verdicts import back_off
from wxkf.engine.work import Work
from wxkf.errors import ApiError, ConfigError, Diverged, LimitError, TransportError
from wxkf.messages.outbound import Outbound, Text
from wxkf.testing.clock import MovableClock


class Raising:
    """A handler that raises at a1 so many times, then echoes; it notes attempt and time of each run."""

    def __init__(self, clock: MovableClock, error: BaseException, times: int) -> None:
        self._clock, self._error, self._times = clock, error, times
        self.attempts, self.times = list[int](), list[float]()

    async def __call__(self, work: Work) -> Sequence[Outbound]:
        """Fail or echo."""
        if work.claim.msgid == "a1":
            self.attempts.append(work.claim.attempt)
            self.times.append(self._clock.now() - NOW)
            if len(self.attempts) <= self._times:
                raise self._error
        return await echo(work)


async def dead(inbox: Inbox, msgid: str = "a1") -> str:
    """Tell why a message was given up."""
    trace = await inbox.store.trace(msgid)
    assert trace is not None
    assert trace.handled
    return trace.dead


async def answered(inbox: Inbox, line: Line, clock: MovableClock, handler: Raising) -> list[str]:
    """Let it work on two messages of one customer, and give what was said."""
    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
        return desk.said


OWN_FAULTS = [
    ValueError("no"),
    asyncio.CancelledError(),
    ExceptionGroup("two", [ValueError("a"), LookupError("b")]),
    BaseExceptionGroup("two", [asyncio.CancelledError(), ValueError("b")]),
    ApiError.of(48002, "no", "kf/customer/batchget"),
]


@pytest.mark.parametrize("error", OWN_FAULTS, ids=lambda error: type(error).__name__)
async def test_a_fault_costs_an_attempt_and_the_next_run_answers(
    inbox: Inbox, line: Line, clock: MovableClock, error: BaseException
) -> None:
    handler = Raising(clock, error, 2)
    assert await answered(inbox, line, clock, handler) == ["a1", "a2"]
    assert handler.attempts == [1, 2, 3]
    assert handler.times == [0, back_off(1), back_off(1) + back_off(2)]


@pytest.mark.parametrize("error", OWN_FAULTS, ids=lambda error: type(error).__name__)
async def test_a_fault_that_stays_ends_on_the_dead_list_and_the_customer_is_heard_again(
    inbox: Inbox, line: Line, clock: MovableClock, error: BaseException
) -> None:
    handler = Raising(clock, error, 99)
    assert await answered(inbox, line, clock, handler) == ["a2"]
    assert handler.attempts == [1, 2, 3]
    assert (await dead(inbox)).startswith(f"{type(error).__name__}:")


async def test_a_cancelled_task_that_a_handler_waited_for_silences_nobody(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    async def handler(work: Work) -> Sequence[Outbound]:
        if work.claim.msgid == "a1":
            helper = asyncio.create_task(asyncio.Event().wait())
            helper.cancel()
            await helper
        return await echo(work)

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert desk.said == ["a2"]
    assert await dead(inbox) == "CancelledError: "


async def test_a_handler_that_is_cut_off_at_the_stop_has_not_failed(
    inbox: Inbox, line: Line, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    started = asyncio.Event()

    async def handler(_: Work) -> Sequence[Outbound]:
        started.set()
        await asyncio.Event().wait()
        return []

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        async with asyncio.timeout(5):
            await started.wait()
    assert (await inbox.claim_one()).attempt == 1  # given back, and that run does not count
    assert "failed" not in caplog.text


TROUBLE = [
    pytest.param(NO_ANSWER, id="no answer"),
    pytest.param(NEVER_LEFT, id="no connection"),
    pytest.param(ApiError.of(-1, "busy", "kf/customer/batchget"), id="busy"),
    pytest.param(ApiError.of(45009, "limit", "kf/customer/batchget"), id="too many calls"),
    pytest.param(ApiError.of(42001, "expired", "kf/customer/batchget"), id="token refused"),
    pytest.param(ApiError.of(40001, "secret", "gettoken"), id="secret refused"),
    pytest.param(ApiError.of(40013, "corp", "gettoken"), id="corp refused"),
]


@pytest.mark.parametrize("error", TROUBLE)
async def test_trouble_of_the_platform_costs_no_attempt_however_long_it_lasts(
    inbox: Inbox, line: Line, clock: MovableClock, error: TransportError | ApiError
) -> None:
    handler = Raising(clock, error, 5)
    assert await answered(inbox, line, clock, handler) == ["a1", "a2"]
    assert handler.attempts == [1] * 6
    assert handler.times == [0, 10, 20, 30, 40, 50]


async def test_a_refused_secret_holds_up_a_reply_and_loses_nothing(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    attempts: list[int] = []

    async def handler(work: Work) -> Sequence[Outbound]:
        attempts.append(work.claim.attempt)
        await work.send(Text(content="稍等"))
        return await echo(work)

    line.then(TOKEN, *[WRONG_SECRET] * 4)
    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.settles()
    assert desk.said == ["稍等", "a1"]
    assert set(attempts) == {1}
    assert [state for _, state, _ in await inbox.steps("a1")] == [ACCEPTED, ACCEPTED]


@pytest.mark.parametrize(
    "error",
    [LimitError("kf/send_msg", "text", "too long", None), Diverged("another"), ConfigError("no"), BadReply("int")],
    ids=lambda error: type(error).__name__,
)
async def test_what_another_run_would_not_mend_is_given_up_at_once(
    inbox: Inbox, line: Line, clock: MovableClock, error: Exception
) -> None:
    handler = Raising(clock, error, 99)
    assert await answered(inbox, line, clock, handler) == ["a2"]
    assert handler.attempts == [1]
    assert await dead(inbox) == f"{type(error).__name__}: {error}"


async def test_returned_words_beyond_a_limit_are_given_up_at_once(
    inbox: Inbox, line: Line, clock: MovableClock
) -> None:
    runs: list[str] = []

    async def handler(work: Work) -> Sequence[Outbound]:
        runs.append(work.claim.msgid)
        return [Text(content="长" * 683)] if work.claim.msgid == "a1" else await echo(work)

    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"), ("a2", "wmA"))
        await desk.settles()
    assert (runs, desk.said) == (["a1", "a2"], ["a2"])
    assert "at most 2048 bytes" in await dead(inbox)
    assert await inbox.steps("a1") == []


@pytest.mark.parametrize(
    ("trouble", "state"), [([NEVER_LEFT] * 3, REFUSED), ([NO_ANSWER] * 3, UNKNOWN)], ids=["never left", "no answer"]
)
async def test_a_reply_whose_failure_the_handler_swallowed_is_not_sent_behind_its_back(
    inbox: Inbox, line: Line, clock: MovableClock, trouble: list[TransportError], state: str
) -> None:
    async def handler(work: Work) -> Sequence[Outbound]:
        for text in ("一", "二"):
            try:
                await work.send(Text(content=text))
            except TransportError:
                continue
        return [Text(content="三")]

    line.then(SEND, *trouble)
    async with Desk(inbox, line, clock, handler) as desk:
        await desk.receives(("a1", "wmA"))
        await desk.settles()
    assert desk.said == ["一", "一", "一", "二", "三"]
    steps = await inbox.steps("a1")
    assert [step[1] for step in steps] == [state, ACCEPTED, ACCEPTED]
    assert steps[0][2] == "not seen through"
