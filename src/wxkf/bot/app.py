"""The bot: routes, and how the engine calls them."""

import logging
from collections.abc import Sequence

from wxkf.bot.context import Context
from wxkf.bot.handlers import call, name_of
from wxkf.bot.routing import Router
from wxkf.bot.text import in_parts
from wxkf.clock import Clock
from wxkf.engine.work import Work
from wxkf.messages.outbound import Outbound

log = logging.getLogger("wxkf.bot")


class Bot(Router):
    """What you write: handlers for what customers send. It holds no account and no secret.

    Which account it serves is said where it is run: `wxkf run module:bot` reads the environment, `wxkf demo
    module:bot` takes the simulator's, `Chat(bot)` needs none.
    """

    async def handle(self, work: Work, clock: Clock) -> Sequence[Outbound]:
        """Run the handler that matches and return what it wants sent. Raises what the handler raises."""
        route = self.find(work.event)
        if route is None:
            log.debug("no handler for %s %s", type(work.event).__name__, work.claim.msgid)
            return []
        try:
            reply = await call(route.handler, route.kind, Context(work.event, work, clock))
            return in_parts(reply, work.event) if reply not in (None, "") else []
        except Exception as error:
            error.add_note(
                f"in the handler {name_of(route.handler)} for {type(work.event).__name__} {work.claim.msgid}"
            )
            raise
