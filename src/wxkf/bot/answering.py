"""Who answers a message: nobody while colleagues have the session, the handler for what an outage left, or a route.

What goes wrong in a handler ends in words for the customer, never in silence and never in the text of an exception.
"""

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
from wxkf.engine.store import SENDS, Claim, Step
from wxkf.engine.timer import TimerDue
from wxkf.engine.work import Work
from wxkf.errors import ApiError, QuotaExceeded, SessionStateError, WxkfError
from wxkf.messages.events import EnterSession, MsgSendFail
from wxkf.messages.inbound import Inbound, Origin
from wxkf.messages.outbound import Outbound, Text

log = logging.getLogger("wxkf.bot")

_NOT_OURS = 95018


class Answering:
    """Answers for a bot: its routes and its hooks."""

    def __init__(self, router: Router, hooks: Hooks) -> None:
        self._router, self._hooks = router, hooks
        self.stale: Stale | None = None

    async def handle(self, work: Work, clock: Clock) -> Sequence[Outbound]:
        """Answer a message, or several that belong together. Raises what the handler raises."""
        event, hooks = work.event, self._hooks
        if isinstance(event, TimerDue) and event.name in (TIME_IS_UP, SAY):
            return await self._of_our_own(Context(event, work, clock, hooks=hooks), work, event)
        if isinstance(event, MsgSendFail):
            await self._tell(of_event(event, words_of(work.in_vain) if work.in_vain else ""))
        if hooks.staff and any(map(is_of_people, work.events)):
            await hooks.staff.watch(work, clock.now())
        is_stale = self.stale and self.stale.takes(event, clock.now())
        route = self.stale.route if self.stale and is_stale else self._router.find(event)
        if route is None or not await self._may_answer(work, route, clock):
            log.debug("nobody answers %s %s", type(event).__name__, work.claim.msgid)
            return []
        return await self._run(route, work, clock)

    async def _of_our_own(self, context: Context[TimerDue], work: Work, event: TimerDue) -> Sequence[Outbound]:
        if event.name == SAY:
            return await context.parts_of(read_said(event))
        staff = self._hooks.staff
        if staff and await staff.is_up(work, float(event.data)) and (await context.session()).is_with_people:
            log.info("the session of %s is ended: people have said nothing, or gone home", context.customer)
            await context.close(Text(staff.words))
        return []

    # ── whether ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _may_answer(self, work: Work, route: Route, clock: Clock) -> bool:
        about_people = work.claim.people or work.claim.note is not None
        is_first = not work.claim.steps  # what a run has begun is gone through with
        is_asked = about_people and is_first and work.event.origin == Origin.CUSTOMER
        if is_asked and await self._is_for_people(work, clock) and not route.way.always:
            return False
        if route.way.every and not await self._is_time(work, route, clock):
            return False
        work.begins_anew = route.way.newer == "restart" and clock.now() - work.event.send_time < RESTARTED
        return True

    async def _is_for_people(self, work: Work, clock: Clock) -> bool:
        """Tell whether colleagues have the session, or get it now because an operator wants it so."""
        context = Context(work.event, work, clock, hooks=self._hooks)
        session = await context.session()
        if session.is_with_people:
            log.info("silent: the session of %s is %s", context.customer, session)
            return True
        if work.claim.people:
            await work.note_people(False)
        if work.claim.note is None:
            return False
        await context.hand_over(note=work.claim.note or None)
        return True

    async def _is_time(self, work: Work, route: Route, clock: Clock) -> bool:
        """Tell whether a handler that runs once in a while may run, and write down that it does."""
        name, now = f"wxkf:every:{name_of(route.handler)}", clock.now()
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
            await context.notices.end()

    async def despair(self, work: Work, error: BaseException, clock: Clock) -> Sequence[Outbound]:
        """Say what a customer hears about a message that was given up."""
        if work.event.origin != Origin.CUSTOMER:
            return []
        context = Context(work.event, work, clock, hooks=self._hooks)
        if self._hooks.on_error:
            try:
                words = await self._hooks.on_error(context, error)
                return await context.parts_of(words) if words not in (None, "") else []
            except Exception:
                log.exception("on_error failed for %s", work.claim.msgid)
        return await self._sorry(context)

    async def _sorry(self, context: Context[Inbound]) -> Sequence[Outbound]:
        """Give the customer to people where anybody serves; apologise once where nobody does."""
        try:
            if not self._hooks.sessions.is_standalone(context.account):
                listed = await context.client.servicer.list(open_kfid=context.account)
                if is_anybody_there(listed.servicer_list):
                    await context.hand_over(note=SORRY_HANDED)
                    return []
        except WxkfError as error:
            log.warning("nobody to hand %s over to: %s", context.customer, error)
        return [Text(SORRY)]

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
        try:
            session = str(await self._hooks.sessions.read(client, failure.open_kfid, failure.external_userid))
        except WxkfError as error:
            session = f"not to be read ({error})"
        log.warning(
            "an answer to %s was not sent (95018): the session is %s; the bot is silent until it is over",
            failure.external_userid, session,
        )  # fmt: skip

    async def _tell(self, failure: Failure) -> None:
        for hook in self._hooks.on_failed:
            try:
                await hook(failure)
            except Exception:
                log.exception("on_failed failed")
