"""What the bot of the machine does, and what of it a phone must show: each text says how it wants to be answered."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from wxkf.engine.outbox import Outbox
from wxkf.engine.store import Claim
from wxkf.engine.verdicts import is_trouble
from wxkf.engine.work import Work
from wxkf.errors import ApiError
from wxkf.messages.events import EnterSession, SessionStatusChange
from wxkf.messages.inbound import Origin, Text
from wxkf.messages.outbound import Outbound
from wxkf.messages.outbound import Text as Say

SCRIPTS: dict[str, tuple[str, ...]] = {
    "returns two": ("a", "b"),
    "says one, returns one": ("a", "b"),
    "says nothing": (),
    "says too much": ("a", "b", "c", "d", "e", "f"),
    "queues": ("a", "b"),
    "sets a timer": ("a", "later"),
    "fails once": ("a", "b"),
    "fails": ("a",),
}
"""How a text wants to be answered, and the words that the customer then hears: `<msgid>.a` comes before `<msgid>.b`."""
LATER, HELLO, BYE = "later", "hello", "bye"
TIMER = 60.0


class Notes:
    """What the handler did: which messages it began with, in this order, and whose end is known to be on disk."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: set[str] = set()
        self.again: list[str] = []  # begun once more after their end: what must never be

    def begins(self, msgid: str) -> int:
        """Note that the handler begins. Tells for the how-manieth time."""
        if msgid in self.ended:
            self.again.append(msgid)
        self.begun.append(msgid)
        return self.begun.count(msgid)


class Noted(Work):
    """Work that notes its end."""

    def __init__(self, notes: Notes, claim: Claim, outbox: Outbox, now: float) -> None:
        super().__init__(claim, outbox, now)
        self._notes = notes

    def finished(self, error: BaseException | None = None) -> None:
        """See `Work.finished`."""
        if error is None:
            self._notes.ended.add(self.claim.msgid)


async def play(work: Work, run: int, now: float) -> Sequence[Outbound]:
    """Do what the message wants; `run` is the how-manieth time it is begun."""
    event, msgid = work.event, work.claim.msgid
    if isinstance(event, EnterSession):
        return _words(msgid, HELLO)
    if isinstance(event, SessionStatusChange) and event.msg_code:
        await _bear(work.send(*_words(msgid, BYE), code=event.msg_code))
    if not isinstance(event, Text) or event.origin != Origin.CUSTOMER:
        return []
    act = _ACTS.get(event.text.content)
    return await act(work, run, now) if act else _words(msgid, *SCRIPTS[event.text.content])


def _words(msgid: str, *parts: str) -> list[Say]:
    return [Say(content=f"{msgid}.{part}") for part in parts]


async def _bear(effect: Awaitable[object]) -> None:
    """Take no for an answer, as long as it is one."""
    try:
        await effect
    except ApiError as error:
        if is_trouble(error):
            raise


async def _one_and_one(work: Work, _run: int, _now: float) -> Sequence[Outbound]:
    first, second = _words(work.claim.msgid, "a", "b")
    await _bear(work.reply(first))
    return [second]


async def _queues(work: Work, _run: int, _now: float) -> Sequence[Outbound]:
    first, second = _words(work.claim.msgid, "a", "b")
    await _bear(work.reply(first))
    await _bear(work.trans(2))
    return [second]


async def _later(work: Work, _run: int, now: float) -> Sequence[Outbound]:
    first, later = _words(work.claim.msgid, "a", LATER)
    await work.later(now + TIMER, later)
    return [first]


async def _fails_once(work: Work, run: int, now: float) -> Sequence[Outbound]:
    answer = await _one_and_one(work, run, now)
    if run == 1:
        raise ValueError("not the first time")
    return answer


async def _fails(work: Work, _run: int, _now: float) -> Sequence[Outbound]:
    await _bear(work.reply(_words(work.claim.msgid, "a")[0]))
    raise ValueError("never")


_ACTS: dict[str, Callable[[Work, int, float], Awaitable[Sequence[Any]]]] = {
    "says one, returns one": _one_and_one,
    "queues": _queues,
    "sets a timer": _later,
    "fails once": _fails_once,
    "fails": _fails,
}
