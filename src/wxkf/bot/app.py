"""The bot: routes, and how the engine calls them."""

import logging
from collections.abc import Awaitable, Callable, Sequence

from wxkf.bot.context import Context, Hooks
from wxkf.bot.handlers import call, name_of
from wxkf.bot.routing import Router
from wxkf.clock import Clock
from wxkf.engine.dispatcher import Gate
from wxkf.engine.work import Work
from wxkf.messages.inbound import Inbound
from wxkf.messages.outbound import Outbound

BeforeSend = Callable[[Context[Inbound], Outbound], Awaitable[Outbound | None]]
OnOverflow = Callable[[Context[Inbound], str], Awaitable[None]]
log = logging.getLogger("wxkf.bot")


class Bot(Router):
    """What you write: handlers for what customers send. It holds no account and no secret.

    Which account it serves is said where it is run: `wxkf run module:bot` reads the environment, `wxkf demo
    module:bot` takes the simulator's, `Chat(bot)` needs none.
    """

    def __init__(self) -> None:
        super().__init__()
        self._hooks = Hooks()

    def before_send(self, hook: BeforeSend) -> BeforeSend:
        """Let a function see every message before it leaves: it returns what is sent instead, or None for nothing.

        `async def hook(ctx: Context[Inbound], message: out.Outbound) -> out.Outbound | None`. A long text comes in its
        parts. What a run of the handler has sent before a crash is sent as it was, whatever the hook says now.
        """
        self._hooks.before_send.append(hook)
        return hook

    def on_overflow(self, hook: OnOverflow) -> OnOverflow:
        """Let a function know what of an answer found no room in five messages; the last of these ends in `…`.

        `async def hook(ctx: Context[Inbound], unsent: str) -> None`.
        """
        self._hooks.on_overflow.append(hook)
        return hook

    @property
    def gate(self) -> Gate | None:
        """Which messages are for one call of a handler; None where each is for its own."""
        return self.together if self.gathers else None

    async def handle(self, work: Work, clock: Clock) -> Sequence[Outbound]:
        """Run the handler that matches and return what it wants sent. Raises what the handler raises."""
        route = self.find(work.event)
        if route is None:
            log.debug("no handler for %s %s", type(work.event).__name__, work.claim.msgid)
            return []
        try:
            context = Context(work.event, work, clock, hooks=self._hooks)
            reply = await call(route.handler, route.kind, context)
            return await context.parts_of(reply) if reply not in (None, "") else []
        except Exception as error:
            error.add_note(
                f"in the handler {name_of(route.handler)} for {type(work.event).__name__} {work.claim.msgid}"
            )
            raise
