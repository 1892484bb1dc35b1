"""The bot that dies: a process of its own that kills itself the n-th time it comes to a named point.

Each point is put around one function of the engine, here and not there: the engine knows nothing of it.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wxkf import App
from wxkf.bot.service import Service
from wxkf.clock import Clock
from wxkf.engine.engine import Engine
from wxkf.engine.outbox import TRANS, Outbox
from wxkf.engine.settings import InboxSettings, Limits
from wxkf.engine.sqlite import SqliteStore, claims, pages, timers
from wxkf.engine.values import Step
from wxkf.engine.work import Work
from wxkf.errors import ApiError
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Origin, Text
from wxkf.messages.outbound import Outbound
from wxkf.messages.outbound import Text as Say
from wxkf.serve import Server

QUEUE = "转人工"
LATER = "等会"
BLOCK = "卡住"


@dataclass(frozen=True, slots=True)
class Life:
    """How one run of the bot goes: at which point it dies, and the how-manieth time it comes there; 0 is never."""

    app: App
    port: int
    inbox: str
    point: str = ""
    hit: int = 0
    lease: float = 30.0
    block: float = 0.0


def live(life: Life) -> None:
    """Be the bot, until killed."""
    if life.point:
        POINTS[life.point](Fuse(life.hit))
    asyncio.run(_serve(life))


async def _serve(life: Life) -> None:
    store = SqliteStore(life.inbox, lease=life.lease)
    settings = InboxSettings(start="all", limits=Limits(seconds=120), poll=2.0, tokenless=6000)
    service = Service(lambda work, clock: handle(work, clock, life), life.app, store, settings=settings)
    async with service, Server(service.callback, port=life.port):
        await asyncio.Event().wait()


async def handle(work: Work, clock: Clock, life: Life) -> Sequence[Outbound]:
    """Answer each text in two parts; some with something more."""
    if isinstance(work.event, EnterSession):
        return [Say(content="欢迎")]
    if not isinstance(work.event, Text) or work.event.origin != Origin.CUSTOMER:
        return []
    text = work.event.text.content
    await work.reply(f"{text}·先")
    if text.startswith(LATER):
        await work.later(clock.now() + 0.2, f"{text}·晚")
    if text.startswith(BLOCK):
        time.sleep(life.block)  # noqa: ASYNC251 - what must not be done, and is
    if text.startswith(QUEUE):
        try:
            await work.trans(2)
        except ApiError as error:
            return [Say(content=f"{text}·{error.errcode}")]
        return []
    return [Say(content=f"{text}·后")]


# ── where it dies ───────────────────────────────────────────────────────────────────────────────────────────────────


class Fuse:
    """Kills the process the n-th time it burns."""

    def __init__(self, hit: int) -> None:
        self._left = hit

    def burn(self) -> None:
        """Come by once more."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _after_note(fuse: Fuse) -> None:
    _after(Engine, "note", fuse)


def _in_page(fuse: Fuse) -> None:
    """Between two rows of a page."""
    _around(pages, "conversation_of", after=fuse)


def _before_commit(fuse: Fuse) -> None:
    _around(pages, "commit_page", after=fuse)


def _after_commit(fuse: Fuse) -> None:
    _after(SqliteStore, "commit_page", fuse)


def _in_handler(fuse: Fuse) -> None:
    _around(Work, "__init__", after=fuse)


def _between_parts(fuse: Fuse) -> None:
    _after(SqliteStore, "record", fuse)


def _before_record(fuse: Fuse) -> None:
    _before(SqliteStore, "record", fuse)


def _after_finish(fuse: Fuse) -> None:
    _after(SqliteStore, "finish", fuse)


def _in_trans(fuse: Fuse) -> None:
    """After the platform has moved the session and before that is written down."""
    record: Any = Outbox._record

    async def recorded(self: Outbox, claim: Any, step: Step, *rest: Any) -> Step:
        if step.path == TRANS:
            fuse.burn()
        found: Step = await record(self, claim, step, *rest)
        return found

    _put(Outbox, "_record", recorded)


def _in_settle(fuse: Fuse) -> None:
    _around(claims, "settle", after=fuse)


def _in_timer(fuse: Fuse) -> None:
    """While a timer is appended to the log, before that is committed."""
    _around(timers, "append", after=fuse)


POINTS: dict[str, Callable[[Fuse], None]] = {
    "after note": _after_note,
    "in page": _in_page,
    "before commit": _before_commit,
    "after commit": _after_commit,
    "in handler": _in_handler,
    "between parts": _between_parts,
    "after send, before record": _before_record,
    "after finish": _after_finish,
    "in trans": _in_trans,
    "in settle": _in_settle,
    "in timer append": _in_timer,
}


def _put(holder: Any, name: str, what: Any) -> None:
    setattr(holder, name, what)


def _around(holder: Any, name: str, *, after: Fuse) -> None:
    verb = getattr(holder, name)

    def wrapped(*args: Any) -> Any:
        found = verb(*args)
        after.burn()
        return found

    _put(holder, name, wrapped)


def _after(kind: Any, name: str, fuse: Fuse) -> None:
    verb = getattr(kind, name)

    async def wrapped(*args: Any, **more: Any) -> Any:
        found = await verb(*args, **more)
        fuse.burn()
        return found

    _put(kind, name, wrapped)


def _before(kind: Any, name: str, fuse: Fuse) -> None:
    verb = getattr(kind, name)

    async def wrapped(*args: Any, **more: Any) -> Any:
        fuse.burn()
        return await verb(*args, **more)

    _put(kind, name, wrapped)
