"""What a handler holds in its hands: `Context` in a coroutine, `SyncContext` in a plain function, by the same names."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, Generic, Literal, TypeVar, cast

import msgspec

from wxkf.api.media import Saved
from wxkf.api.service_state import ServiceState
from wxkf.bot.history import History, history_of
from wxkf.bot.text import BadReply, in_parts
from wxkf.client.aio import AsyncClient
from wxkf.clock import Clock
from wxkf.engine.work import Work
from wxkf.messages.inbound import File, Image, Inbound, Media, Text, Video, Voice
from wxkf.messages.outbound import Outbound

log = logging.getLogger("wxkf.bot")

E = TypeVar("E", bound=Inbound, covariant=True)
S = TypeVar("S")
T = TypeVar("T")
Unless = Literal["customer_wrote"]


class Occasion(Generic[E]):
    """What there is to know about an event, for handlers of either kind."""

    def __init__(self, event: E, work: Work, clock: Clock) -> None:
        self._event, self._work, self._clock = event, work, clock
        self._unsent = ""

    @property
    def event(self) -> E:
        """The message or event as it came."""
        return self._event

    @property
    def events(self) -> tuple[E, ...]:
        """All that this call is about, oldest first: more than one only for a handler with `gather`."""
        return cast("tuple[E, ...]", self._work.events)

    @property
    def text(self) -> str:
        """The customer's words, of all `events` line by line; empty where there are none."""
        return "\n".join(event.text.content for event in self._work.events if isinstance(event, Text))

    @property
    def customer(self) -> str:
        """The customer's `external_userid`."""
        return self._work.claim.external_userid

    @property
    def account(self) -> str:
        """The account's `open_kfid`."""
        return self._work.claim.open_kfid

    @property
    def age(self) -> float:
        """Seconds since the customer sent this; large after an outage."""
        return max(0.0, self._clock.now() - self._event.send_time)

    @property
    def attempt(self) -> int:
        """Which run of the handler for this event this is, from 1."""
        return self._work.claim.attempt

    @property
    def unsent(self) -> str:
        """What of the last text that was sent found no room in five messages; "" if all of it did."""
        return self._unsent


class Hooks:
    """What a bot does to whatever it says, in order of registration."""

    def __init__(self) -> None:
        self.before_send: list[Callable[[Context[Any], Outbound], Awaitable[Outbound | None]]] = []
        self.on_overflow: list[Callable[[Context[Any], str], Awaitable[None]]] = []


class Context(Occasion[E]):
    """One event and the means to answer it. What the handler returns is the reply; `reply` is for more than one."""

    def __init__(self, event: E, work: Work, clock: Clock, *, hooks: Hooks | None = None) -> None:
        super().__init__(event, work, clock)
        self._hooks = hooks or Hooks()

    async def reply(self, message: str | Outbound) -> None:
        """Send now, before the handler returns; a text above 2048 bytes in parts, up to 5. Raises `ApiError`.

        A handler that runs again after a crash does not send what it had sent: it gets the recorded outcome.
        """
        for part in await self.parts_of(message):
            await self._work.send(part)

    async def parts_of(self, reply: object) -> list[Outbound]:
        """Give the messages that a reply is sent as: readable, cut, and as the bot's `before_send` leaves them."""
        parts, self._unsent = in_parts(reply, self._event)
        if self._unsent:
            log.warning("%d characters of an answer find no room in %d messages", len(self._unsent), len(parts))
            for overflow in self._hooks.on_overflow:
                await overflow(self, self._unsent)
        for hook in self._hooks.before_send:
            parts = [sent for part in parts if (sent := await hook(self, part)) is not None]
        return parts

    async def history(self, limit: int = 20) -> History:
        """List what was said before this message, oldest first, `limit` lines at most.

        `(await ctx.history()).as_openai(then=ctx.text)` gives it to a language model.
        """
        return history_of(await self._work.history(limit))

    async def hand_over(
        self, to: str = "", *, note: str | Outbound | None = None, waiting: str | Outbound | None = None
    ) -> None:
        """Give the customer to people: to the pool (待接入池), or to a servicer by userid. From then on they speak.

        `note` is said before that; after it the platform takes nothing from a bot (95018) but `waiting`, one message by
        the code of the transfer. A handler that runs again hands over once. Raises `ApiError`: 95016 for a session
        that cannot go there, 95014 and 95019 for a servicer who does not serve.
        """
        if note is not None:
            await self.reply(note)
        await self._by_code(await self._work.trans(3 if to else 2, to), waiting)

    async def close(self, words: str | Outbound | None = None) -> None:
        """End the session, and say one message by the code of that. The customer's next message begins another.

        Raises `ApiError`, e.g. 95013 where it has ended.
        """
        await self._by_code(await self._work.trans(4), words)

    async def _by_code(self, code: str, words: str | Outbound | None) -> None:
        if code and words is not None:
            for part in (await self.parts_of(words))[:1]:
                await self._work.send(part, code=code)

    async def session(self) -> ServiceState:
        """Read the customer's session: `service_state` 0 to 4, and with 3 the `servicer_userid`. Raises `ApiError`."""
        return await self.client.service_state.get(open_kfid=self.account, external_userid=self.customer)

    async def download(self, folder: str | os.PathLike[str]) -> tuple[Saved, ...]:
        """Download the pictures, recordings, films and files of `events` into a folder that is there.

        Each gets the name it was sent with, made safe, or a number behind it. Raises `ApiError`
        for one that is older than three days, `FileError` for a full disk.
        """
        ids = [one.media_id for event in self._work.events if (one := _media_of(event))]
        return tuple([await self.client.media.download(media_id=media_id, to=folder) for media_id in ids])

    @property
    def client(self) -> AsyncClient:
        """The client of this account's app, for every other call. What it changes is done again by a second run."""
        return self._work.client

    async def load(self, kind: type[S], name: str = "") -> S:
        """Give what is remembered of this customer as a `kind`: a struct, a dataclass or a dict; a new one at first.

        `name` tells two of a kind apart. Raises `msgspec.ValidationError` if what is there does not fit the kind now.
        """
        raw = await self._work.load(name or kind.__qualname__)
        return kind() if raw is None else msgspec.json.decode(raw, type=kind)

    def save(self, state: object, name: str = "") -> None:
        """Remember this of the customer: with the handler's return, or not at all if it fails or dies.

        It is deleted with the customer's last message, see `InboxSettings.retention`.
        """
        self._work.keep(name or type(state).__qualname__, msgspec.json.encode(state))

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
        parts = [] if message is None else await self.parts_of(message)
        if len(parts) > 1:
            raise BadReply("what is said later is one message of 2048 bytes; set a timer by name for more")
        words = parts[0] if parts else None
        quiet = unless == "customer_wrote"
        return await self._work.later(self._clock.now() + wait, words, name=name, data=data, quiet=quiet)

    async def cancel(self, timer: str) -> bool:
        """Take back what `later` has set, in this handler or an earlier one. Tells whether it was still to come."""
        return await self._work.cancel(timer)


class SyncContext(Occasion[E]):
    """The same for a plain function, which runs in a thread of its own: each call waits for what it does."""

    def __init__(self, context: Context[E]) -> None:
        super().__init__(context._event, context._work, context._clock)
        self._context, self._loop = context, asyncio.get_running_loop()

    @property
    def unsent(self) -> str:
        """See `Context.unsent`."""
        return self._context.unsent

    def reply(self, message: str | Outbound) -> None:
        """See `Context.reply`."""
        self._wait(self._context.reply(message))

    def history(self, limit: int = 20) -> History:
        """See `Context.history`."""
        return self._wait(self._context.history(limit))

    def hand_over(
        self, to: str = "", *, note: str | Outbound | None = None, waiting: str | Outbound | None = None
    ) -> None:
        """See `Context.hand_over`."""
        self._wait(self._context.hand_over(to, note=note, waiting=waiting))

    def close(self, words: str | Outbound | None = None) -> None:
        """See `Context.close`."""
        self._wait(self._context.close(words))

    def session(self) -> ServiceState:
        """See `Context.session`."""
        return self._wait(self._context.session())

    def download(self, folder: str | os.PathLike[str]) -> tuple[Saved, ...]:
        """See `Context.download`."""
        return self._wait(self._context.download(folder))

    def load(self, kind: type[S], name: str = "") -> S:
        """See `Context.load`."""
        return self._wait(self._context.load(kind, name))

    def save(self, state: object, name: str = "") -> None:
        """See `Context.save`."""
        self._context.save(state, name)

    def later(
        self, message: str | Outbound | None = None, *, seconds: float = 0, minutes: float = 0, hours: float = 0,
        days: float = 0, name: str = "", data: object = None, unless: Unless | None = None,
    ) -> str:  # fmt: skip
        """See `Context.later`."""
        return self._wait(
            self._context.later(
                message, seconds=seconds, minutes=minutes, hours=hours, days=days, name=name, data=data, unless=unless
            )
        )

    def cancel(self, timer: str) -> bool:
        """See `Context.cancel`."""
        return self._wait(self._context.cancel(timer))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


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
