"""The engine of one app: a puller for each account, one dispatcher, one outbox, around one store.

`note` is what the callback address is given: it only rings a bell, so it answers in no time. Doorbells are kept in
memory: one that is lost in a crash is made up for by the pull at the next start.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Self

from wxkf.client.aio import AsyncClient
from wxkf.clock import Clock, SystemClock
from wxkf.engine.activity import Activity
from wxkf.engine.dispatcher import Despair, Dispatcher, Gate, Handler, Make
from wxkf.engine.ending import uncut
from wxkf.engine.outbox import OnRefused, Outbox
from wxkf.engine.puller import Budget, Puller
from wxkf.engine.settings import InboxSettings
from wxkf.engine.status import Pulse, Status
from wxkf.engine.store import Store
from wxkf.engine.values import Account, Row
from wxkf.engine.views import Overview, Trace
from wxkf.engine.work import Work
from wxkf.errors import StoreError, WxkfError
from wxkf.protocol.callback import Notice
from wxkf.protocol.notices import KfAccountAuthChange, KfMsgOrEvent

log = logging.getLogger("wxkf.engine")

_ACCOUNTS_PAGE = 100
_PAUSE = 5.0  # seconds
_PATIENCE = 2.0  # seconds for the store to answer a question about its health
_POLL = 60.0  # seconds between two looks for callbacks that were lost
_TIDY = 3_600.0  # seconds between two looks at what has become too old
_JUMP = 600.0  # seconds by which a clock is not set in an hour unless it was wrong, or is now


class Engine:
    """Use it as `async with Engine(...)`.

    Without `callbacks` news is polled for, as often as the platform allows; one that does not `search` serves only the
    accounts that callbacks name. `make` makes what the handler gets, `timed` ends a handler after its time, `gate` says
    which messages belong together, `despair` what the customer hears about a message that is given up; `on_refused` is
    told of replies that the platform does not take. A `shared` store serves several engines: whoever made it has opened
    it and closes it.
    """

    def __init__(
        self,
        app: str,
        client: AsyncClient,
        store: Store,
        handler: Handler,
        *,
        clock: Clock | None = None,
        settings: InboxSettings | None = None,
        callbacks: bool = True,
        search: bool = True,
        make: Make = Work,
        timed: bool = True,
        shared: bool = False,
        gate: Gate | None = None,
        despair: Despair | None = None,
        on_refused: OnRefused | None = None,
    ) -> None:
        self._shared = shared
        self.app, self.client, self.store = app, client, store
        self._clock = clock or SystemClock()
        self._settings = settings = settings or InboxSettings()
        self._callbacks, self._searches = callbacks, search
        self._poll = settings.poll or (_POLL if callbacks else 60.0 / settings.tokenless)
        self._activity = Activity()
        self._budget = Budget(settings.tokenless)
        outbox = Outbox(client, store, on_unknown=settings.on_unknown, on_refused=on_refused)
        self._dispatcher = Dispatcher(
            app, store, outbox, handler, self._clock, self._activity,
            limits=settings.limits, make=make, timed=timed, gate=gate, despair=despair,
        )  # fmt: skip
        self._pullers: dict[str, Puller] = {}
        self._pulls: dict[str, asyncio.Task[None]] = {}
        self._search: asyncio.Task[None] | None = None
        self._missed: set[str] = set()  # which the last list of accounts did not have
        self._tasks: set[asyncio.Task[None]] = set()
        self._lasting: list[asyncio.Task[None]] = []  # which never end by themselves
        self._found = self._stopping = False

    async def __aenter__(self) -> Self:
        """Open the store and go to work. Raises `StoreError` when the inbox cannot be used."""
        if not self._shared:
            await self.store.open()
        self._stopping = False
        self._dispatcher.hint()  # what an earlier run left is under way from the first moment on
        self._lasting = [self._spawn(self._kept_up(self._dispatcher.run))]
        if self._searches:
            self.find_accounts()
        self._lasting += [self._spawn(self._kept_up(work)) for work in (self._rescan, self._tidy)]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop pulling, let handlers finish for `grace` seconds, close the store; cancelled, be quicker about it."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._dispatcher.stop(self._settings.grace)
        finally:
            await uncut(self._end())

    async def _end(self) -> None:
        await self._dispatcher.stop(0)  # if that was cut short
        try:
            await self.store.release(self.app)  # what was claimed at the very end, and nobody has seen
        except StoreError as error:
            log.warning("what is held could not be given back, so the next start takes it for a crash: %s", error)
        if not self._shared:
            await self.store.aclose()

    async def note(self, notice: Notice) -> None:
        """Take a callback. Returns at once; the work is done by the tasks of the engine, unless it has ended."""
        if self._stopping:
            return
        match notice.content:
            case KfAccountAuthChange(removed=removed):
                for open_kfid in removed:
                    self._forget(open_kfid)
                self.find_accounts()
            case KfMsgOrEvent(open_kfid="", token=token):  # notices of 2021 do not say which account
                for puller in self._pullers.values():
                    puller.ring(token)
            case KfMsgOrEvent(open_kfid=open_kfid, token=token):
                with self._activity.during():
                    await self._ring(open_kfid, token)
            case _:
                log.debug("a callback of another kind: %s", notice.event)

    async def quiet(self) -> None:
        """Return when nothing is under way: no ring unanswered, no message ready, none in a handler."""
        await self._activity.quiet()

    async def next_due(self) -> float | None:
        """Tell when a message that waits for another try is due."""
        return await self.store.next_due()

    async def trace(self, msgid: str) -> Trace | None:
        """Tell how far a message got."""
        return await self.store.trace(msgid)

    def pulse(self) -> Pulse:
        """Tell how it is, as far as it knows without its store."""
        tasks = (*self._lasting, *self._pulls.values())
        working = bool(self._lasting) and not any(task.done() for task in tasks)
        troubles = tuple(puller.trouble for puller in self._pullers.values() if puller.trouble)
        return Pulse(working, self.store.alive, self._found, len(self._pullers), troubles)

    async def status(self) -> Status:
        """Tell how it is: alive, ready, and how much waits."""
        overview = await answered(self.store, self.app)
        return Status(self._clock.now(), (self.pulse(),), overview)

    @property
    def latency(self) -> float:
        """How many seconds news may go unnoticed where no callback comes: polls share the budget of all accounts."""
        return max(self._poll, len(self._pullers) * 60.0 / self._budget.per_minute)

    @property
    def behind(self) -> int:
        """How many accounts have not been read to their end since the start, but for those that are in trouble."""
        return sum(not (puller.pulled_at or puller.trouble) for puller in self._pullers.values())

    @property
    def accounts(self) -> frozenset[str]:
        """The open_kfids of the accounts that are served."""
        return frozenset(self._pullers)

    def now(self) -> float:
        """Tell the time, in seconds since the epoch."""
        return self._clock.now()

    async def put(self, open_kfid: str, row: Row) -> bool:
        """Store a message of our own behind what there is. Tells whether it was not there before."""
        new = await self.store.put(self.app, open_kfid, [row], self._clock.now())
        self._dispatcher.hint()
        return new > 0

    def look(self) -> None:
        """Look for due work now instead of at the next poll."""
        self._dispatcher.hint()

    def find_accounts(self) -> None:
        """Look for the accounts this app manages: its rights may have changed. In place of a search under way."""
        if self._stopping:
            return
        if self._search is not None:
            self._search.cancel()
        release = self._activity.hold()
        self._search = self._spawn(self._discover(release))
        self._search.add_done_callback(lambda _: release())

    def _forget(self, open_kfid: str) -> None:
        """Pull an account no longer; what is stored of it stays, and a new callback takes it up again."""
        puller, task = self._pullers.pop(open_kfid, None), self._pulls.pop(open_kfid, None)
        if puller and task:
            task.cancel()
            puller.silence()

    async def _discover(self, first_try_over: Callable[[], None]) -> None:
        """Find the accounts this app manages, however often it takes; only the first try counts as being busy."""
        found = await self._listed()
        first_try_over()
        fails = 0
        while not found:
            fails += 1
            await self._idle(min(60.0, 2.0 ** min(fails, 6)))
            found = await self._listed()

    async def _rescan(self) -> None:
        """Read the list of accounts now and then: what was given or taken while we were away has no callback."""
        while True:
            await self._idle(self._settings.rescan)
            self.find_accounts()

    async def _tidy(self) -> None:
        """Delete what has been kept long enough, if the clock can be trusted with that: it has stood for an hour."""
        offset = self._clock.now() - self._clock.elapsed()
        while True:
            await self._idle(_TIDY)
            now = self._clock.now()
            before, offset = offset, now - self._clock.elapsed()
            if abs(offset - before) > _JUMP:
                log.warning("the clock has jumped by %.0f s: nothing is deleted for an hour", offset - before)
                continue
            if gone := await self.store.purge(now - self._settings.retention, now):
                log.info("deleted %d messages that had been kept long enough", gone)

    async def _listed(self) -> bool:
        try:
            await self._list_accounts()
        except WxkfError as error:
            log.error("cannot list the accounts: %s", error)
            return False
        self._found = True
        return True

    async def _list_accounts(self) -> None:
        """Ring for every account this app manages, and forget those that it does not any more."""
        offset, others = 0, set(self._pullers)
        while True:
            page = await self.client.account.list(offset=offset, limit=_ACCOUNTS_PAGE)
            for account in page.account_list:
                if account.manage_privilege:
                    others.discard(account.open_kfid)
                    await self._ring(account.open_kfid, "")
            offset += len(page.account_list)
            if len(page.account_list) < _ACCOUNTS_PAGE:
                break
        gone, self._missed = others & self._missed, others if offset else set()  # one list may have had a gap
        for open_kfid in gone if offset else ():
            log.warning("account %s is no longer this app's: it is not pulled any more", open_kfid)
            self._forget(open_kfid)
        if not self._callbacks:
            log.info(
                "no callbacks come: news of %d accounts is noticed within %.0f s", len(self._pullers), self.latency
            )

    async def _ring(self, open_kfid: str, token: str) -> None:
        if open_kfid not in self._pullers:
            account = await self.store.account(self.app, open_kfid, self._settings.since(self._clock.now()))
            if self._stopping:
                return
            self._add(account)
        self._pullers[open_kfid].ring(token)

    def _add(self, account: Account) -> None:
        if account.open_kfid not in self._pullers:  # a second ring may have been quicker
            self._pullers[account.open_kfid] = puller = Puller(
                account, self.client, self.store, self._clock, self._budget, self._activity, self._dispatcher.hint,
                poll=self._poll,
            )  # fmt: skip
            self._pulls[account.open_kfid] = self._spawn(self._kept_up(puller.run))

    async def _idle(self, seconds: float) -> None:
        await self._clock.wait(asyncio.Event(), seconds)

    async def _kept_up(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run something that must never end: an error nobody foresaw costs a pause, not the bot."""
        while True:
            try:
                await work()
            except Exception:
                log.critical("a part of the engine failed and is started again", exc_info=True)
                await self._idle(_PAUSE)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def answered(store: Store, app: str = "") -> Overview | None:
    """Count what waits in an app, or in all; None for a store that fails, or stands still."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await store.overview(app)
    except (StoreError, TimeoutError):
        return None
