"""Exchanges AuthCodes for permanent codes: each in its 10 minutes, each sent once, every outcome written down.

A code is good for one exchange, so a request that may have arrived is never repeated. Where its answer is lost, so is
the permanent code: the row says `unknown`, and the log and `wxkf provider events` say what to do. A wait for the
suite_ticket and everything else that certainly did not reach the exchange is tried again while the code lives.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from wxkf.api.provider import PermanentCode
from wxkf.client.aio import AsyncClient
from wxkf.clock import Clock
from wxkf.errors import ApiError, StoreError, TransportError, WxkfError
from wxkf.provider.events import AGAIN, Event, EventState
from wxkf.provider.store import ProviderStore

log = logging.getLogger("wxkf.provider")

SuiteToken = Callable[[str, str | None], Awaitable[str]]
"""Gives the suite_access_token of a suite id, other than the one (if any) that was refused."""

PATIENCE = 60.0  # seconds after which an exchange that nobody concluded counts as lost: longer than any call takes
_PAUSE = 5.0  # seconds between two tries
_POLL = 1.0  # seconds; another process may have written
_TOKEN = ("token", "suite_token")  # what `ApiError.retry` says of a token that is refused
_SPENT = (40078,)  # used, or never valid


class Exchange:
    """Works off the journal of one provider. `clients` gives, by suite id, a client to call with.

    `authorised` is called when a permanent code was kept.
    """

    def __init__(
        self,
        store: ProviderStore,
        clients: Callable[[str], AsyncClient | None],
        suite_token: SuiteToken,
        clock: Clock,
        authorised: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._clients, self._suite_token, self._clock = store, clients, suite_token, clock
        self._authorised = authorised
        self._hint = asyncio.Event()
        self._stale: dict[str, str] = {}  # suite tokens that were refused

    def hint(self) -> None:
        """Say that something was written down."""
        self._hint.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.work()
            except StoreError as error:
                log.error("cannot work off the provider's journal: %s", error)
                await self._clock.wait(asyncio.Event(), _PAUSE)
            await self._clock.wait(self._hint, _POLL)
            self._hint.clear()

    async def work(self) -> None:
        """Do what is due now. Raises `StoreError`."""
        for event in await asyncio.to_thread(self._store.open_events):
            await self._one(event)

    async def _one(self, event: Event) -> None:
        if event.state is EventState.EXCHANGING:  # its time is over: whoever was at it is gone
            await self._end(event, EventState.UNKNOWN, f"whether the exchange arrived is unknown; {_lost(event)}")
        elif self._clock.now() >= event.deadline:
            why = f"; last: {event.why}" if event.why else ""
            await self._end(event, EventState.EXPIRED, f"not exchanged within its 10 minutes: {AGAIN}{why}")
        else:
            await self._exchange(event)

    async def _exchange(self, event: Event) -> None:
        client = self._clients(event.suite)
        if client is None:  # its settings are not here (yet)
            return await self._wait(event, f"no [[suite]] {event.suite} in the settings")
        try:
            token = await self._suite_token(event.suite, self._stale.get(event.suite))
        except WxkfError as error:
            return await self._wait(event, str(error))
        if not await self._move(event, EventState.EXCHANGING, wait=PATIENCE, tried=True):
            return None
        event = replace(event, state=EventState.EXCHANGING, tries=event.tries + 1)
        try:
            answer = await client.service.v2.get_permanent_code(suite_access_token=token, auth_code=event.code)
        except WxkfError as error:
            if isinstance(error, ApiError) and error.retry in _TOKEN:
                self._stale[event.suite] = token
            return await self._failed(event, error)
        return await self._keep(event, answer)

    async def _keep(self, event: Event, answer: PermanentCode) -> None:
        corp = answer.auth_corp_info
        if corp is None or not corp.corpid or not answer.permanent_code:
            return await self._end(event, EventState.UNKNOWN, f"the answer names no corp or no code; {_lost(event)}")
        await self._kept(event, corp.corpid, corp.corp_name, answer.permanent_code)
        log.info("%s authorised %s", corp.corpid, event.suite)
        return None

    async def _kept(self, event: Event, corp: str, name: str, code: str) -> None:
        """Store the code, however often it takes: it is nowhere else. Until the row's time is over, then it is lost."""
        fails = 0
        while True:
            try:
                await asyncio.to_thread(self._store.authorise, event, corp, name, code)
            except StoreError as error:
                fails += 1
                log.error("cannot keep the permanent code of %s (%d in a row): %s", corp, fails, error)
                await self._clock.sleep(min(10.0, 0.5 * 2.0 ** min(fails, 9)))
            else:
                return self._authorised()

    async def _failed(self, event: Event, error: WxkfError) -> None:
        """Judge what went wrong with a call that may have left."""
        if isinstance(error, TransportError) and error.sent:
            await self._end(event, EventState.UNKNOWN, f"{error}; {_lost(event)}")
        elif isinstance(error, ApiError) and error.errcode in _SPENT and event.doubtful:
            await self._end(event, EventState.UNKNOWN, f"an earlier try had taken the code; {_lost(event)}")
        elif isinstance(error, TransportError) or (isinstance(error, ApiError) and _passes(error)):
            await self._wait(event, str(error), doubt=isinstance(error, ApiError) and error.errcode == -1)
        else:
            await self._end(event, EventState.FAILED, f"{error}; {AGAIN}")

    async def _wait(self, event: Event, why: str, *, doubt: bool = False) -> None:
        if why != event.why:
            log.warning("%s of %s waits: %s", event.kind, event.suite, why)
        if event.state is EventState.EXCHANGING:
            await self._move(event, EventState.RECEIVED, wait=_PAUSE, why=why, doubt=doubt)
        else:
            await asyncio.to_thread(self._store.put_off, event, _PAUSE, why)

    async def _end(self, event: Event, state: EventState, why: str) -> None:
        if await self._move(event, state, why=why):
            log.error("%s of %s (event %d) is %s: %s", event.kind, event.suite, event.id, state, why)

    async def _move(
        self,
        event: Event,
        state: EventState,
        *,
        wait: float = 0.0,
        why: str = "",
        tried: bool = False,
        doubt: bool = False,
    ) -> bool:
        move = self._store.move
        return await asyncio.to_thread(move, event, state, wait=wait, why=why, tried=tried, doubt=doubt)


def _passes(error: ApiError) -> bool:
    return error.retryable or error.retry in _TOKEN


def _lost(event: Event) -> str:
    if event.kind == "reset_permanent_code":
        return "the new permanent code is lost: reset the app's secret once more in the provider console"
    return f"the permanent code is lost: {AGAIN}"
