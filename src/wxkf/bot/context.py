"""What a handler holds in its hands: `Context`. A plain function gets the same by the same names, see `blocking.py`."""

import logging
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Literal, TypeVar

import msgspec

from wxkf.api.media import Saved
from wxkf.api.service_state import ServiceState
from wxkf.bot.files import check_keeps, uploaded
from wxkf.bot.handing import NOBODY, POOL, IfNobody, candidates
from wxkf.bot.history import History, history_of
from wxkf.bot.hooks import Hooks
from wxkf.bot.notices import Notices
from wxkf.bot.occasion import E, Occasion
from wxkf.bot.quota import MOST, Quota, quota_of
from wxkf.bot.text import BadReply, in_parts
from wxkf.bot.transcripts import Transcripts
from wxkf.client.aio import AsyncClient
from wxkf.clock import Clock
from wxkf.engine.timer import Kept
from wxkf.engine.work import Work
from wxkf.errors import QuotaExceeded, ServicerUnavailable
from wxkf.messages.inbound import File, Image, Inbound, Media, Video, Voice
from wxkf.messages.outbound import Outbound

log = logging.getLogger("wxkf.bot")

S = TypeVar("S")
Unless = Literal["customer_wrote"]


class Context(Occasion[E]):
    """One event and the means to answer it. What the handler returns is the reply; `reply` is for more than one."""

    def __init__(self, event: E, work: Work, clock: Clock, *, hooks: Hooks | None = None) -> None:
        super().__init__(event, work, clock)
        self._hooks = hooks or Hooks()
        self.notices: Notices | None = None
        self._transcripts: Transcripts | None = None

    # ── what is said ──────────────────────────────────────────────────────────────────────────────────────────

    async def reply(self, message: str | Outbound) -> None:
        """Send now, before the handler returns; a text above 2048 bytes in parts, as many as may be sent.

        A handler that runs again after a crash does not send what it had sent: it gets the recorded outcome. Raises
        `ApiError`: `SessionStateError` where a colleague has taken over, `QuotaExceeded` after five messages or 48
        hours. A handler that lets these two pass is through, and is not run again.
        """
        if self._work.has_sent:
            return await self._work.send(Kept({}))  # what it was, whatever it would be now
        for part in await self._kept_parts(message):
            await self._work.send(part)
        return None

    async def _kept_parts(self, message: str | Outbound) -> list[Outbound]:
        """Give the parts of a message; other than one they are written down, for a run that comes after a crash."""
        if self._work.has_chosen:
            return [Kept(wire) for wire in msgspec.json.decode(await self._work.choose(_nothing))]
        parts = await self.parts_of(message)
        if len(parts) == 1:
            return parts

        async def chosen() -> str:
            return msgspec.json.encode([part.wire() for part in parts]).decode()

        return [Kept(wire) for wire in msgspec.json.decode(await self._work.choose(chosen))]

    async def parts_of(self, reply: object) -> list[Outbound]:
        """Give the messages that a reply is sent as: uploaded, readable, cut, and as `before_send` leaves them."""
        reply = await uploaded(reply, self.client)
        parts, self._unsent = in_parts(reply, self._event)
        if len(parts) > 1:
            left = min(MOST, max(1, (await self.quota()).left))  # the platform has the last word on the last one
            if left < len(parts):
                parts, self._unsent = in_parts(reply, self._event, most=left)
        if self._unsent:
            log.warning("%d characters of an answer find no room in %d messages", len(self._unsent), len(parts))
            for overflow in self._hooks.on_overflow:
                await overflow(self, self._unsent)
        for hook in self._hooks.before_send:
            parts = [sent for part in parts if (sent := await hook(self, part)) is not None]
        return [sent for part in parts for sent in await self._in_place_of(part)]

    async def _in_place_of(self, part: Outbound) -> list[Outbound]:
        """Give what is sent for what a hook has put in: a file, speech, a text that has become too long."""
        return in_parts(await uploaded(part, self.client), self._event)[0]

    def notice(self, message: str | Outbound, *, after: float = 0.0) -> None:
        """Say something beside the answer, in so many seconds, if the answer is not there by then.

        It is one message, and costs one of the five; the answer waits while it is being sent.
        """
        self.notices = self.notices or Notices(self._work, self._clock)
        self.notices.add(lambda: self._of_notice(message), after)

    async def _of_notice(self, message: str | Outbound) -> Outbound | None:
        return next(iter(await self.parts_of(message)), None)

    async def quota(self) -> Quota:
        """Tell how many messages may still be sent, and until when; see `Quota`."""
        return quota_of(await self._work.room(), self._clock.now())

    async def superseded(self) -> bool:
        """Tell whether the customer has written something newer: a long answer may be better left unsaid."""
        return await self._work.superseded()

    # ── who speaks ────────────────────────────────────────────────────────────────────────────────────────────

    async def hand_over(
        self,
        to: str | Sequence[str] = POOL,
        *,
        note: str | Outbound | None = None,
        waiting: str | Outbound | None = None,
        if_nobody: IfNobody = "queue",
    ) -> bool:
        """Give the customer to people: to the pool (待接入池), to a servicer by userid, or to the first who serves.

        `note` is said before that; after it the platform takes nothing from a bot (95018) but `waiting`, one message by
        the code of the transfer. Where nobody is there to take the customer, `if_nobody="stay"` leaves the session
        with the bot and says nothing; "queue" puts the customer into the pool all the same. Tells whether the customer
        was handed over. A handler that runs again hands over once.

        Outside the bot's `staff_hours` nobody is there. Raises `ApiError`, 95016 for a session that cannot go there;
        `ConfigError` for a standalone account, which has no servicers.
        """
        self._hooks.sessions.check_has_people(self.account)
        chosen = await self._work.choose(lambda: self._whom(to, if_nobody))
        if chosen == NOBODY:
            return False
        if note is not None:
            with suppress(QuotaExceeded):  # words that find no room keep nobody from people
                await self.reply(note)
        code = await self._move_to(chosen.split("\n"))
        if self._hooks.staff:
            await self._hooks.staff.watch(self._work, self._clock.now())
        await self._by_code(code, waiting)
        return True

    async def _move_to(self, userids: Sequence[str]) -> str:
        """Move the session to the first who takes it. Returns the code of that."""
        for userid in userids[:-1]:
            with suppress(ServicerUnavailable):
                return await self._work.trans(3 if userid else 2, userid)
        return await self._work.trans(3 if userids[-1] else 2, userids[-1])

    async def _whom(self, to: str | Sequence[str], if_nobody: IfNobody) -> str:
        staff = self._hooks.staff
        if if_nobody == "stay" and staff and staff.hours is not None and not staff.hours.include(self._clock.now()):
            return NOBODY
        found = await candidates(self.client, self.account, to, if_nobody)
        return "\n".join(found) if found else NOBODY

    async def close(self, words: str | Outbound | None = None) -> None:
        """End the session, and say one message by the code of that. The customer's next message begins another.

        Raises `ApiError`, e.g. 95013 where it has ended; `ConfigError` for a standalone account.
        """
        self._hooks.sessions.check_has_people(self.account)
        await self._by_code(await self._work.trans(4), words)

    async def _by_code(self, code: str, words: str | Outbound | None) -> None:
        if code and words is not None:
            for part in (await self.parts_of(words))[:1]:
                await self._work.send(part, code=code)

    async def session(self) -> ServiceState:
        """Read the customer's session: `service_state` 0 to 4, and with 3 the `servicer_userid`. Raises `ApiError`.

        Of a standalone account it is the bot's.
        """
        return await self._hooks.sessions.read(self.client, self.account, self.customer)

    # ── what was said, and what is remembered ─────────────────────────────────────────────────────────────────

    async def history(self, limit: int = 20) -> History:
        """List what was said before this message, oldest first, `limit` lines at most.

        `(await ctx.history()).as_openai(then=ctx.said)` gives it to a language model.
        """
        return history_of(await self._work.history(limit))

    async def load(self, kind: type[S], name: str = "") -> S:
        """Give what is remembered of this customer as a `kind`: a struct, a dataclass or a dict; a new one at first.

        `name` tells two of a kind apart. Raises `msgspec.ValidationError` if what is there does not fit the kind now.
        """
        raw = await self._work.load(name or kind.__qualname__)
        return kind() if raw is None else msgspec.json.decode(raw, type=kind)

    def save(self, state: object, name: str = "") -> None:
        """Remember this of the customer: with the handler's return, or not at all if it fails or dies.

        It is deleted with the customer's last message, see `InboxSettings.retention`. Raises `BadReply`, a `TypeError`,
        for what is no JSON.
        """
        name = name or type(state).__qualname__
        try:
            self._work.keep(name, msgspec.json.encode(state))
        except TypeError as error:
            raise BadReply(f"{name} cannot be saved as JSON: {error}") from None

    @asynccontextmanager
    async def state(self, kind: type[S], name: str = "") -> AsyncIterator[S]:
        """Load and save in one: `async with ctx.state(Cart) as cart: cart.items.append("tea")`.

        Nothing is saved if the block raises, and, as by `save`, nothing if the handler does.
        """
        state = await self.load(kind, name)
        yield state
        self.save(state, name)

    async def later(
        self, message: str | Outbound | None = None, *, seconds: float = 0, minutes: float = 0, hours: float = 0,
        days: float = 0, name: str = "", data: object = None, unless: Unless | None = None,
    ) -> str:  # fmt: skip
        """Say something later, whatever dies until then. Returns what `cancel` takes.

        Without a message a `TimerDue` with this `name` and `data` (JSON) comes to the bot's handlers at that time.
        With `unless="customer_wrote"` it is dropped if the customer has written meanwhile. Raises `BadReply` for a text
        of more than one message, or no time.
        """
        wait = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days).total_seconds()
        if wait <= 0:
            raise BadReply('say when: await ctx.later("…", minutes=10)')
        if name.startswith(RESERVED):
            raise BadReply(f"names of timers that begin with {RESERVED} are wxkf's own")
        check_keeps(message, wait)
        parts = [] if message is None else await self.parts_of(message)
        if len(parts) > 1:
            raise BadReply("what is said later is one message of 2048 bytes; set a timer by name for more")
        words = parts[0] if parts else None
        quiet = unless == "customer_wrote"
        return await self._work.later(self._clock.now() + wait, words, name=name, data=data, quiet=quiet)

    async def cancel(self, timer: str) -> bool:
        """Take back what `later` has set, in this handler or an earlier one. Tells whether it was still to come."""
        return await self._work.cancel(timer)

    # ── files, and everything else ────────────────────────────────────────────────────────────────────────────

    async def download(self, folder: str | os.PathLike[str]) -> tuple[Saved, ...]:
        """Download the pictures, recordings, films and files of `events` into a folder that is there.

        Each gets the name it was sent with, made safe, or a number behind it. Raises `ApiError`
        for one that is older than three days, `FileError` for a full disk.
        """
        ids = [one.media_id for event in self._work.events if (one := _media_of(event))]
        return tuple([await self.client.media.download(media_id=media_id, to=folder) for media_id in ids])

    async def transcript(self) -> str:
        """Give the words of the recordings among `events`, line by line, as the bot's transcriber hears them.

        Once a run, however often it is called; a run after a failure or a crash transcribes again. Raises `VoiceError`
        for a recording that cannot be decoded, `ApiError` for one that is older than three days, `ConfigError` without
        a transcriber or without the extra `voice`, and what the transcriber raises.
        """
        if self._transcripts is None:
            self._transcripts = Transcripts(self._hooks.transcribe)
        return await self._transcripts.of(self.events, self.client)

    @property
    def client(self) -> AsyncClient:
        """The client of this account's app, for every other call. What it changes is done again by a second run."""
        return self._work.client


async def _nothing() -> str:
    return "[]"


RESERVED = "wxkf:"
"""What names of our own begin with."""


def _media_of(event: Inbound) -> Media | None:
    match event:
        case Image():
            return event.image
        case Voice():
            return event.voice
        case Video():
            return event.video
        case File():
            return event.file
        case _:
            return None
