"""A scripted customer: your bot on one side, the simulated platform on the other, no sockets in between.

Everything else is real: encryption, JSON, the inbox file, the order of things. Time stands still until moved, so a
test never sleeps. An action returns when the bot has nothing more to do about it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.parse import urlencode

from wxkf.bot.app import Bot
from wxkf.bot.service import Service
from wxkf.client.aio import AsyncClient
from wxkf.client.asgi import AsgiTransport, ask
from wxkf.client.settings import App
from wxkf.clock import Clock
from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.values import Claim, Step
from wxkf.engine.work import Work
from wxkf.errors import ApiError, QuotaExceeded, SessionStateError
from wxkf.messages.outbound import Outbound
from wxkf.sim import SimClock, Simulator
from wxkf.testing.clock import MovableClock
from wxkf.testing.phone import Phone
from wxkf.testing.words import words_of

_PICTURE = b"\x89PNG\r\n\x1a\n"
_LOOKS = 5_000  # at the inbox, until no handler will begin any more
_LATER = 120.0  # seconds in which what is tried again may succeed, when time has passed
_ROUNDS = 100  # of retries until something is declared stuck


class _Watched:
    """A bot whose failures are noted: what its handlers raise, and what they say that cannot be sent."""

    def __init__(self, bot: Bot, failed: Callable[[str, BaseException], None]) -> None:
        self._bot, self._failed = bot, failed
        self.gate, self.outside, self.begun = bot.gate, bot.outside, 0

    async def handle(self, work: Work, clock: Clock) -> Sequence[Outbound]:
        self.begun += 1
        try:
            return await self._bot.handle(work, clock)
        except Exception as error:
            self._failed(work.claim.msgid, error)
            raise

    async def despair(self, work: Work, error: BaseException, clock: Clock) -> Sequence[Outbound]:
        self._failed(work.claim.msgid, error)
        return await self._bot.despair(work, error, clock)

    async def refused(self, client: AsyncClient, claim: Claim, step: Step, error: ApiError) -> None:
        if not isinstance(error, SessionStateError | QuotaExceeded):  # those depend on the day, not on the bot
            self._failed(claim.msgid, error)
        await self._bot.refused(client, claim, step, error)


class Chat(Phone):
    """Use it as `async with Chat(bot) as customer`.

    What the bot answers comes back as words: a text as it is, a menu line by line with what can be tapped in brackets,
    anything else as `[kind]`. A handler that raises, or says what cannot be sent, fails the test with that exception,
    once for each message, unless `tolerate=True`, which lets the engine try again as it would in real life. `sim` is
    the platform, `clock` the time of both sides; give one of your own (with a clock that stands still) to look at it
    from outside.
    """

    def __init__(
        self,
        bot: Bot,
        *,
        nickname: str = "小王",
        tolerate: bool = False,
        seed: int = 0,
        sim: Simulator | None = None,
    ) -> None:
        self._own_sim = sim is None
        super().__init__(sim or Simulator(clock=SimClock.frozen(), seed=seed), nickname=nickname)
        self.clock = MovableClock(self.sim.clock)
        self._tolerate = tolerate
        self._folder = TemporaryDirectory(prefix="wxkf-chat-")
        self._failure: BaseException | None = None
        self._failed: set[str] = set()  # msgids; what such a message raises when it is tried again is known
        self._shown = 0
        self._bot, self._begun = _Watched(bot, self._note_failure), 0  # how often a handler had begun at the last look
        self._service = Service(
            self._bot,
            App(self.sim.corp_id, self.sim.secret, self.sim.token, self.sim.aes_key, "http://simulator"),
            SqliteStore(self.database, now=self.clock.now),
            transport=AsgiTransport(self.sim.app),
            clock=self.clock,
        )
        self.sim.deliver_to(self._ring)

    async def __aenter__(self) -> Self:
        """Start the bot."""
        await self._service.__aenter__()
        await self._settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the bot and forget its inbox."""
        if self._own_sim:
            await self.sim.aclose()
        else:
            self.sim.deliver_to(None)
        try:
            await self._service.__aexit__()
        finally:
            self._folder.cleanup()

    async def enters(self, *, scene: str = "", scene_param: str = "") -> list[str]:
        """Open the chat through the account's link. Returns what the bot answered."""
        self.sim.customers.enter(self.open_kfid, self._customer, scene=scene, scene_param=scene_param)
        return await self._answers()

    async def says(self, *texts: str) -> list[str]:
        """Write one or several lines in a row. Returns what the bot answered."""
        self.writes(*texts)
        return await self._answers()

    async def picks(self, item: str) -> list[str]:
        """Tap an item, by its id or its words, in the newest menu that has it. Returns what the bot answered."""
        for bubble in reversed(self.screen):
            items = bubble.body.get("list", ()) if bubble.msgtype == "msgmenu" else ()
            for index, one in enumerate(items):
                if one["type"] == "click" and item in one["click"].values():
                    self.sim.customers.tap(self.open_kfid, self._customer, bubble.msgid, index)
                    return await self._answers()
        raise LookupError(f"no menu on the screen has an item {item!r}")

    async def sends(self, msgtype: str, **body: object) -> list[str]:
        """Send a message that holds no file, its fields as on the wire. Returns what the bot answered."""
        self.sim.customers.send(self.open_kfid, self.external_userid, msgtype, body)
        return await self._answers()

    async def sends_file(
        self, kind: str = "image", data: bytes = _PICTURE, *, filename: str = "", content_type: str = ""
    ) -> list[str]:
        """Send an image, voice, video or file. Returns what the bot answered."""
        place = self.open_kfid, self.external_userid
        self.sim.customers.send_file(*place, kind, data, filename=filename, content_type=content_type)
        return await self._answers()

    async def recalls(self) -> list[str]:
        """Take the newest own message back. Returns what the bot said to that."""
        own = next((one for one in reversed(self.screen) if one.who == "customer" and not one.recalled), None)
        if own is None:
            raise LookupError("this customer has sent nothing that could be taken back")
        self.sim.customers.recall(self.open_kfid, self.external_userid, own.msgid)
        return await self._answers()

    async def hears(self) -> list[str]:
        """Return what the bot says to what others did: `customer.writes(...)`, `customer.sim.staff.end(...)`."""
        return await self._answers()

    async def reaches_bot(self) -> None:
        """Return when a handler is at work on what this customer `writes`; the time of `gather` is brought forward.

        Raises `TimeoutError` where none begins.
        """
        engine = self._service.engine
        for _ in range(_LOOKS):
            if self._bot.begun > self._begun:
                self._begun = self._bot.begun
                return
            await self.sim.quiet()
            due = await engine.next_due()
            if due and due > self.clock.now():
                self.clock.forward(seconds=due - self.clock.now())
                engine.look()
        raise TimeoutError("no handler has begun with what was written")

    async def waits(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> list[str]:
        """Let time pass. Returns what the bot said meanwhile.

        What it tries again and again, since the platform is away, is tried for some minutes more, and left then.
        """
        self.clock.forward(seconds=seconds, minutes=minutes, hours=hours, days=days)
        self._service.engine.look()  # for timers that are due
        return await self._answers(until=self.clock.now() + _LATER)

    @property
    def app(self) -> str:
        """The name of the app that the bot works for."""
        return self._service.engine.app

    @property
    def database(self) -> Path:
        """The bot's inbox, as `wxkf inbox --database` would look into it."""
        return Path(self._folder.name) / "inbox.db"

    async def _answers(self, *, until: float | None = None) -> list[str]:
        await self._settle(until)
        new, self._shown = self.screen[self._shown :], len(self.screen)
        return [words_of(bubble) for bubble in new if bubble.who == "account"]

    async def _settle(self, until: float | None = None) -> None:
        """Return when nothing is ready or in flight; retries that are due later are brought forward, `until` a time."""
        engine = self._service.engine
        for _ in range(_ROUNDS):
            await self.clock.caught_up()
            await self.sim.quiet()
            await engine.quiet()
            if self._failure and not self._tolerate:
                failure, self._failure = self._failure, None
                raise failure
            due = await engine.next_due()
            if due is None or (until is not None and due > until):
                self._begun = self._bot.begun
                return
            self.clock.forward(seconds=max(0.0, due - self.clock.now()))
            engine.look()
        raise TimeoutError(
            f"the bot is still trying after {_ROUNDS} retries; look at `sim.platform.journal`. Where the platform "
            "is to be away, write with `writes`, and let time pass with `waits`"
        )

    def _note_failure(self, msgid: str, error: BaseException) -> None:
        if msgid not in self._failed:
            self._failed.add(msgid)
            self._failure = error

    async def _ring(self, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        answer = await ask(self._service.callback, "POST", "/", urlencode(query), body)
        return answer.status, answer.body
