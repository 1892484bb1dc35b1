"""What the bot of the machine does, and what of it a phone must show: each text says how it wants to be answered."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from wxkf.engine.outbox import Outbox
from wxkf.engine.values import Claim, Lane
from wxkf.engine.verdicts import is_trouble
from wxkf.engine.work import Work
from wxkf.errors import ApiError
from wxkf.messages.events import EnterSession, SessionStatusChange
from wxkf.messages.inbound import Inbound, Origin, Text
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
    "fails": ("a", "sorry"),
}
"""How a text wants to be answered, and the words that the customer then hears: `<msgid>.a` comes before `<msgid>.b`."""
LATER, HELLO, BYE = "later", "hello", "bye"
TIMER = 60.0


class Notes:
    """What the handler did: which messages it began with, in this order, and whose end is known to be on disk."""

    def __init__(self, *, batched: bool) -> None:
        self.batched = batched
        self.begun: list[str] = []
        self.ended: set[str] = set()
        self.again: list[str] = []  # begun once more after their end: what must never be
        self.at_once: list[str] = []  # begun while the last run of the message before goes on: nor must this
        self._latest: dict[tuple[str, str], tuple[str, int, bool]] = {}

    @contextmanager
    def during(self, claim: Claim) -> Iterator[int]:
        """Note a run of the handler. Gives for the how-manieth time it is."""
        msgid, chat = claim.msgid, (claim.open_kfid, claim.external_userid)
        run = self.begun.count(msgid) + 1
        for one in msgids(claim):
            if one in self.ended:
                self.again.append(one)
            self.begun.append(one)
        if claim.lane is not Lane.ORDERED:
            yield run
            return
        before, _, goes_on = self._latest.get(chat, (msgid, 0, False))
        if goes_on and before != msgid:
            self.at_once.append(msgid)
        self._latest[chat] = msgid, run, True
        try:
            yield run
        finally:
            if self._latest[chat] == (msgid, run, True):
                self._latest[chat] = msgid, run, False


class Noted(Work):
    """Work that notes its end."""

    def __init__(self, notes: Notes, claim: Claim, outbox: Outbox, now: float) -> None:
        super().__init__(claim, outbox, now)
        self._notes = notes

    def finished(self, error: BaseException | None = None) -> None:
        """See `Work.finished`."""
        if error is None:
            self._notes.ended.update(msgids(self.claim))


def msgids(claim: Claim) -> list[str]:
    """List what a claim is about."""
    return [claim.msgid, *(one.msgid for one in claim.more)]


async def play(work: Work, run: int, now: float, *, batched: bool) -> Sequence[Outbound]:
    """Do what the messages want, one after the other; `run` is the how-manieth time they are begun."""
    said: list[Outbound] = []
    for event, msgid in zip(work.events, msgids(work.claim), strict=True):
        said += await _play(work, event, msgid, run, now, batched=batched)
    return said


def wish(text: str, *, batched: bool) -> str:
    """Tell how a text is answered: who fails for good would be the end of others in a batch, so it fails once."""
    return "fails once" if batched and text == "fails" else text


async def _play(work: Work, event: Inbound, msgid: str, run: int, now: float, *, batched: bool) -> Sequence[Outbound]:
    if isinstance(event, EnterSession):
        return _words(msgid, HELLO)
    if isinstance(event, SessionStatusChange) and event.msg_code:
        await _bear(work.send(*_words(msgid, BYE), code=event.msg_code))
    if not isinstance(event, Text) or event.origin != Origin.CUSTOMER:
        return []
    act = _ACTS.get(wish(event.text.content, batched=batched))
    return await act(work, msgid, run, now) if act else _words(msgid, *SCRIPTS[event.text.content])


async def last_words(work: Work, _error: BaseException) -> Sequence[Outbound]:
    """Say what a customer hears about a text that fails for good."""
    return _words(work.claim.msgid, "sorry") if isinstance(work.event, Text) else []


def _words(msgid: str, *parts: str) -> list[Say]:
    return [Say(content=f"{msgid}.{part}") for part in parts]


async def _bear(effect: Awaitable[object]) -> None:
    """Take no for an answer, as long as it is one."""
    try:
        await effect
    except ApiError as error:
        if is_trouble(error):
            raise


async def _one_and_one(work: Work, msgid: str, _run: int, _now: float) -> Sequence[Outbound]:
    first, second = _words(msgid, "a", "b")
    await _bear(work.reply(first))
    return [second]


async def _queues(work: Work, msgid: str, _run: int, _now: float) -> Sequence[Outbound]:
    first, second = _words(msgid, "a", "b")
    await _bear(work.reply(first))
    await _bear(work.trans(2))
    return [second]


async def _later(work: Work, msgid: str, _run: int, now: float) -> Sequence[Outbound]:
    first, later = _words(msgid, "a", LATER)
    await work.later(now + TIMER, later)
    return [first]


async def _fails_once(work: Work, msgid: str, run: int, now: float) -> Sequence[Outbound]:
    answer = await _one_and_one(work, msgid, run, now)
    if run == 1:
        raise ValueError("not the first time")
    return answer


async def _fails(work: Work, msgid: str, _run: int, _now: float) -> Sequence[Outbound]:
    await _bear(work.reply(_words(msgid, "a")[0]))
    raise ValueError("never")


_ACTS: dict[str, Callable[[Work, str, int, float], Awaitable[Sequence[Any]]]] = {
    "says one, returns one": _one_and_one,
    "queues": _queues,
    "sets a timer": _later,
    "fails once": _fails_once,
    "fails": _fails,
}
