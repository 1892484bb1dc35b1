"""Who answers a message: nobody while colleagues have the session, the handler for what an outage left, or a route.

What goes wrong in a handler ends in words for the customer, never in silence and never in the text of an exception.
"""

import asyncio
import logging
from collections.abc import Sequence

from wxkf.bot.context import Context
from wxkf.bot.failures import SORRY, SORRY_HANDED, Failure, of_error, of_event, of_refusal
from wxkf.bot.handing import is_anybody_there
from wxkf.bot.handlers import call, name_of
from wxkf.bot.history import words_of
from wxkf.bot.hooks import Hooks
from wxkf.bot.options import RESTARTED
from wxkf.bot.outside import SAY, read_said
from wxkf.bot.routing import Route, Router
from wxkf.bot.staff import TIME_IS_UP, is_of_people
from wxkf.bot.stale import Stale
from wxkf.client.aio import AsyncClient
from wxkf.clock import Clock
from wxkf.engine.outbox import TRANS
from wxkf.engine.timer import TimerDue
from wxkf.engine.values import SENDS, Claim, Step
from wxkf.engine.verdicts import is_trouble
from wxkf.engine.work import OPERATOR, STALE, Work
from wxkf.errors import ApiError, QuotaExceeded, SessionStateError, TransportError, WxkfError
from wxkf.messages.events import EnterSession, MsgSendFail
from wxkf.messages.inbound import Inbound, Origin
from wxkf.messages.outbound import Outbound, Text

log = logging.getLogger("wxkf.bot")

_NOT_OURS = 95018
_HOOK = 60.0  # seconds for a hook that only listens
_SORRY, _AGAIN = "wxkf:sorry", 600.0  # one apology in so many seconds: what is broken breaks each message


class Answering:
    """Answers for a bot: its routes and its hooks."""

    def __init__(self, router: Router, hooks: Hooks) -> None:
        self._router, self._hooks = router, hooks
        self.stale: Stale | None = None
        self.since = 0.0  # when the bot went to work

    def begin(self, now: float) -> None:
        """Hear that the bot goes to work."""
        self.since = now

    async def handle(self, work: Work, clock: Clock) -> Sequence[Outbound]:
        """Answer a message, or several that belong together. Raises what the handler raises."""
        event, hooks = work.event, self._hooks
        if isinstance(event, TimerDue) and event.name in (TIME_IS_UP, SAY):
            return await self._of_our_own(Context(event, work, clock, hooks=hooks), work, event)
        if isinstance(event, MsgSendFail) and work.claim.attempt == 1:
            await self._tell(of_event(event, words_of(work.in_vain) if work.in_vain else ""))
        if hooks.staff and any(map(is_of_people, work.events)):
            await hooks.staff.watch(work, clock.now())
        if work.claim.note is not None and await self._goes_to_people(work, clock):
            return []
        route = await self._route(work, clock.now()) if self.stale else self._router.find(event)
        if route is None and isinstance(event, TimerDue):
            log.warning("the timer %r of %s is due, and no handler takes it", event.name, event.external_userid)
        if route is None or not await self._may_answer(work, route, clock):
            log.debug("nobody answers %s %s", type(event).__name__, work.claim.msgid)
            return []
        return await self._run(route, work, clock)

    async def _of_our_own(self, context: Context[TimerDue], work: Work, event: TimerDue) -> Sequence[Outbound]:
        if event.name == SAY:
            return await context.parts_of(read_said(event))
        staff = self._hooks.staff
        if staff and (any(step.path == TRANS for step in work.claim.steps) or await self._is_up(context, work, event)):
            log.info("the session of %s is ended: people have said nothing, or gone home", context.customer)
            await context.close(Text(staff.words))
        return []

    async def _is_up(self, context: Context[TimerDue], work: Work, event: TimerDue) -> bool:
        staff = self._hooks.staff
        in_time = staff and await staff.is_up(work, float(event.data), self.since)
        return bool(in_time) and (await context.session()).is_with_people

    # ── who, and whether ──────────────────────────────────────────────────────────────────────────────────────

    async def _route(self, work: Work, now: float) -> Route | None:
        """Find the handler. What was old once stays so for every run, what another handler has begun does not."""
        stale = self.stale
        if stale and (work.has_begun(STALE) or (stale.takes(work.event, now) and not work.has_begun())):
            with work.lane(STALE):
                await work.choose(_stale)
            return stale.route
        return self._router.find(work.event)

    async def _goes_to_people(self, work: Work, clock: Clock) -> bool:
        """Hand a customer over because an operator wants it so; what a handler has begun it goes through with."""
        note = work.claim.note
        if note is None or work.event.origin != Origin.CUSTOMER or work.has_begun():
            return False
        context = Context(work.event, work, clock, hooks=self._hooks)
        with work.lane(OPERATOR):
            if work.has_begun(OPERATOR) or not (await context.session()).is_with_people:
                await context.hand_over(note=note or None)
        return True

    async def _may_answer(self, work: Work, route: Route, clock: Clock) -> bool:
        if work.claim.people and not route.way.always and _is_asked(work) and await self._is_with_people(work, clock):
            return False
        if route.way.every and not await self._is_time(work, route, clock):
            return False
        work.begins_anew = route.way.newer == "restart" and clock.now() - work.event.send_time < RESTARTED
        return True

    async def _is_with_people(self, work: Work, clock: Clock) -> bool:
        """Ask who has the session, where it may be a colleague."""
        context = Context(work.event, work, clock, hooks=self._hooks)
        session = await self._hooks.sessions.read(work.client, context.account, context.customer, people=True)
        if not session.is_with_people:
            await work.note_people(False)
            return False
        log.info("silent: the session of %s is %s", context.customer, session)
        if self._hooks.staff:
            await self._hooks.staff.begin(work, clock.now())
        return True

    async def _is_time(self, work: Work, route: Route, clock: Clock) -> bool:
        """Tell whether a handler that runs once in a while may run, and write down that it does."""
        name, now = f"wxkf:every:{route.name}", clock.now()
        last = await work.load(name)
        if last is not None and now - float(last) < route.way.every:
            return False
        if isinstance(work.event, EnterSession) and not work.may_answer:
            work.may_answer = (await Context(work.event, work, clock).quota()).is_open
            if not work.may_answer:
                return False
        work.keep(name, str(now).encode())
        return True

    # ── the handler ───────────────────────────────────────────────────────────────────────────────────────────

    async def _run(self, route: Route, work: Work, clock: Clock) -> Sequence[Outbound]:
        event = work.event
        context = Context(event, work, clock, hooks=self._hooks)
        try:
            reply = await call(route.handler, route.kind, context)
            if context.notices:
                await context.notices.end()  # before it is counted how many messages are left
            return await context.parts_of(reply) if reply not in (None, "") else []
        except (SessionStateError, QuotaExceeded) as error:
            if error.path not in SENDS:
                raise
            await self._unsaid(work.client, of_error(work.claim, error))
            return []
        except Exception as error:
            error.add_note(f"in the handler {name_of(route.handler)} for {type(event).__name__} {work.claim.msgid}")
            raise
        finally:
            if context.notices:
                await context.notices.end()

    async def despair(self, work: Work, error: BaseException, clock: Clock) -> Sequence[Outbound]:
        """Say what a customer hears about a message that was given up; of an event `on_error` hears, too.

        Its words are an answer to a message, or to an event by its code: a timer's failure is nothing to the customer.
        """
        is_asked = work.event.origin == Origin.CUSTOMER
        context = Context(work.event, work, clock, hooks=self._hooks)
        if self._hooks.on_error:
            try:
                words = await self._hooks.on_error(context, error)
                is_said = (is_asked or work.has_code) and words not in (None, "")
                return await context.parts_of(words) if is_said else []
            except (TransportError, ApiError) as trouble:
                if is_trouble(trouble):
                    raise
                log.exception("on_error failed for %s", work.claim.msgid)
            except Exception:
                log.exception("on_error failed for %s", work.claim.msgid)
        return await self._sorry(context) if is_asked else []

    async def _sorry(self, context: Context[Inbound]) -> Sequence[Outbound]:
        """Give the customer to people where anybody serves; apologise where nobody does, once in a while."""
        if await self._has_people(context):
            try:
                await context.hand_over(waiting=SORRY_HANDED)
                return []
            except ApiError as error:
                if is_trouble(error):
                    raise
                log.warning("%s cannot be handed over: %s", context.customer, error)
        last = await context.load(float, _SORRY)
        if context.now - last < _AGAIN:
            return []
        context.save(context.now, _SORRY)
        return await context.parts_of(SORRY)

    async def _has_people(self, context: Context[Inbound]) -> bool:
        if self._hooks.sessions.is_standalone(context.account):
            return False
        try:
            listed = await context.client.servicer.list(open_kfid=context.account)
        except ApiError as error:
            if is_trouble(error):
                raise
            return False
        return is_anybody_there(listed.servicer_list)

    # ── what did not arrive ───────────────────────────────────────────────────────────────────────────────────

    async def refused(self, client: AsyncClient, claim: Claim, step: Step, error: ApiError) -> None:
        """Hear that the platform has refused a reply after the handler had returned."""
        await self._unsaid(client, of_refusal(claim, step, error))

    async def _unsaid(self, client: AsyncClient, failure: Failure) -> None:
        if failure.code == _NOT_OURS:
            await self._say_who_has_it(client, failure)
        else:
            log.warning("an answer to %s was not sent: %s", failure.external_userid, failure.reason)
        await self._tell(failure)

    async def _say_who_has_it(self, client: AsyncClient, failure: Failure) -> None:
        """Explain 95018 where it happens: the platform does not say which of its reasons it was."""
        until = "nothing can be said until the customer writes again"
        try:
            found = await self._hooks.sessions.read(client, failure.open_kfid, failure.external_userid)
            session = str(found)
            if found.is_with_people:
                until = "the bot is silent until it is over"
        except WxkfError as error:
            session = f"not to be read ({error})"
        told = "an answer to %s was not sent (95018): the session is %s; %s"
        log.warning(told, failure.external_userid, session, until)

    async def _tell(self, failure: Failure) -> None:
        for hook in self._hooks.on_failed:
            try:
                await asyncio.wait_for(hook(failure), _HOOK)
            except Exception:
                log.exception("on_failed failed")


async def _stale() -> str:
    return "stale"


def _is_asked(work: Work) -> bool:
    """Whether an answer to this would go into a session that may be a colleague's: all but one by a code.

    What an earlier run has begun is gone through with.
    """
    if work.has_begun():
        return False
    is_ours = isinstance(work.event, EnterSession | TimerDue) and not work.has_code
    return is_ours or work.event.origin == Origin.CUSTOMER
