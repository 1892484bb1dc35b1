"""The bot: what you register, and what the engine asks of it."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, Unpack

from wxkf.bot.answering import Answering
from wxkf.bot.context import Context
from wxkf.bot.draining import Drained, Options, drain
from wxkf.bot.failures import Failure
from wxkf.bot.handlers import Reply, kind_of
from wxkf.bot.hooks import Hooks
from wxkf.bot.hours import Hours
from wxkf.bot.mistakes import check_annotation, check_hook
from wxkf.bot.outside import Outside
from wxkf.bot.routing import Route, Router
from wxkf.bot.seconds import check_seconds
from wxkf.bot.sessions import Mode, Sessions
from wxkf.bot.staff import WORDS, Staff
from wxkf.bot.stale import Stale
from wxkf.bot.transcripts import Transcribes, function_of
from wxkf.client.aio import AsyncClient
from wxkf.client.settings import App
from wxkf.clock import Clock
from wxkf.engine.dispatcher import Gate
from wxkf.engine.store import Store
from wxkf.engine.values import Claim, Step
from wxkf.engine.work import Work
from wxkf.errors import ApiError, ConfigError
from wxkf.messages.inbound import Inbound
from wxkf.messages.outbound import Outbound

BeforeSend = Callable[[Context[Inbound], Outbound], Awaitable[Outbound | None]]
OnOverflow = Callable[[Context[Inbound], str], Awaitable[None]]
OnFailed = Callable[[Failure], Awaitable[None]]
OnError = Callable[[Context[Inbound], BaseException], Coroutine[Any, Any, Reply]]
OnStale = Callable[[Context[Inbound]], Coroutine[Any, Any, Reply]]


class Bot(Router):
    """What you write: handlers for what customers send. It holds no account and no secret.

    Which account it serves is said where it is run: `wxkf run module:bot` reads the environment, `wxkf demo
    module:bot` takes the simulator's, `Chat(bot)` needs none.

    Colleagues who have a session are not disturbed: the bot is silent until it is over. With `staff_idle` it is ended
    for colleagues who say nothing for so many seconds, with `staff_hours` when they go home; `staff_words` are said
    then, and the customer's next message is the bot's again. `mode` is "standalone" for accounts that have no
    colleagues (独立版); "auto" finds that out. `transcriber` is who hears recordings for `ctx.transcript()`: an object
    with `transcribe(wav) -> str`, or a function.
    """

    def __init__(
        self,
        *,
        mode: Mode = "auto",
        staff_idle: float | None = None,
        staff_hours: Hours | None = None,
        staff_words: str = WORDS,
        transcriber: Transcribes | None = None,
    ) -> None:
        super().__init__()
        is_watched = staff_idle is not None or staff_hours is not None
        staff = Staff(staff_idle, staff_hours, staff_words) if is_watched else None
        self._hooks = Hooks(Sessions(mode), staff, None if transcriber is None else function_of(transcriber))
        self._answering = Answering(self, self._hooks)
        self._outside = Outside(self._hooks.sessions, self._answering.begin)

    # ── what else can be registered ───────────────────────────────────────────────────────────────────────────

    def before_send(self, hook: BeforeSend) -> BeforeSend:
        """Let a function see every message before it leaves: it returns what is sent instead, or None for nothing.

        `async def hook(ctx: Context[Inbound], message: out.Outbound) -> out.Outbound | None`. A long text comes in its
        parts. What a run of the handler has sent before a crash is sent as it was, whatever the hook says now.
        """
        check_hook(hook, "bot.before_send", 2)
        self._hooks.before_send.append(hook)
        return hook

    def on_overflow(self, hook: OnOverflow) -> OnOverflow:
        """Let a function know what of an answer found no room in the messages left; the last of these ends in `…`.

        `async def hook(ctx: Context[Inbound], unsent: str) -> None`.
        """
        check_hook(hook, "bot.on_overflow", 2)
        self._hooks.on_overflow.append(hook)
        return hook

    def on_error(self, hook: OnError) -> OnError:
        """Let a function say what a customer hears when a handler has failed for good: three times, or beyond help.

        `async def hook(ctx: Context[Inbound], error: BaseException) -> str | out.Outbound | None`. It may hand over.
        Without one the customer goes to people where anybody serves, else there is one sentence of apology. The
        message goes to the dead list in any case: `wxkf inbox`.
        """
        check_hook(hook, "bot.on_error", 2)
        self._hooks.on_error = hook
        return hook

    def on_failed(self, hook: OnFailed) -> OnFailed:
        """Let a function know of each answer that did not reach its customer, and why.

        `async def hook(failure: Failure) -> None`. Refused when it was sent (95018, a colleague has the session), or
        taken and not delivered (msg_send_fail). What it raises is logged.
        """
        check_hook(hook, "bot.on_failed", 1)
        self._hooks.on_failed.append(hook)
        return hook

    def on_stale(self, /, after: float) -> Callable[[OnStale], OnStale]:
        """Register a handler for what is older than so many seconds when its turn comes: after an outage.

        It is called once for each customer, for all that they wrote meanwhile: `ctx.events`, and `ctx.age` says how
        old the oldest is. Without it everything is answered as ever, message by message.
        """

        if callable(after):
            raise ConfigError("@bot.on_stale was used without parentheses: @bot.on_stale(after=3600)")
        check_seconds("@bot.on_stale(after=…)", after)

        def register(handler: OnStale) -> OnStale:
            kind = kind_of(handler)
            check_annotation(handler, kind, (Inbound,), narrowed=True)
            route = Route((Inbound,), None, handler, kind)
            self._answering.stale = Stale(route, after)
            return handler

        return register

    async def send(self, open_kfid: str, external_userid: str, message: str | Outbound, *, key: str = "") -> bool:
        """Say something without being asked: from a web handler, a job, an order that was shipped.

        It is stored before this returns, and goes out in order with everything else that is said to this customer. The
        same `key` for the same customer is sent once, however often it is asked for; what the platform has refused, as
        `on_failed` tells, may be asked for again. Tells whether it was new. Raises `LimitError` for a value that breaks
        a limit, and `CannotSend` at once, with the reason, where the platform would refuse it: only who wrote within 48
        hours can be written to, five messages, and not while colleagues have the session. The bot must be at work in
        this process, else `ConfigError`.
        """
        return await self._outside.send(open_kfid, external_userid, message, key)

    async def drain(
        self,
        app: App,
        store: Store,
        verb: str = "",
        query: str | Mapping[str, str] = "",
        body: str | bytes = b"",
        *,
        deadline: float,
        **options: Unpack[Options],
    ) -> Drained:
        """Take a callback and answer all there is, then hold nothing: for functions that freeze between two calls.

        `verb`, `query` and `body` are those of the request to the callback address; without them, as from a timer
        trigger, it is looked for what no callback told. Returns what to answer and what is left, after `deadline`
        seconds at most, 3 of which are kept for stopping: a handler that is not through by then is cut off and runs
        again in the next call, so give the function more time than a handler needs. `store` is opened and closed here;
        make one for each call. `options` are as for `Service`. Raises `ConfigError`, and `StoreError` where there was
        no request to refuse.
        """
        return await drain(self, app, store, verb, query, body, deadline, options)

    # ── what the engine asks ──────────────────────────────────────────────────────────────────────────────────

    @property
    def outside(self) -> Outside:
        """Where engines that this bot works for are known, so that `send` finds the right one."""
        return self._outside

    @property
    def gate(self) -> Gate | None:
        """Which messages are for one call of a handler; None where each is for its own."""
        if self._answering.stale:
            return self._answering.stale.before(self.together)
        return self.together if self.takes_several else None

    async def handle(self, work: Work, clock: Clock) -> Sequence[Outbound]:
        """Run the handler that matches and return what it wants sent. Raises what the handler raises."""
        return await self._answering.handle(work, clock)

    async def despair(self, work: Work, error: BaseException, clock: Clock) -> Sequence[Outbound]:
        """Say what a customer hears about a message that was given up."""
        return await self._answering.despair(work, error, clock)

    async def refused(self, client: AsyncClient, claim: Claim, step: Step, error: ApiError) -> None:
        """Hear that the platform has refused a reply after the handler had returned."""
        await self._answering.refused(client, claim, step, error)
