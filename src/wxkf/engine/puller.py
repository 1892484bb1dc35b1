"""Fetches what the doorbell announced, and what it failed to announce.

One `Puller` an account, so pulls of one account never overlap and those of others never wait. A ring marks the
account; the loop asks for pages until the platform has no more, and once more if it rang meanwhile. Each page is
committed with its cursor before the next is asked for. Pulls without a fresh callback token are strictly limited by
the platform, so they share one small budget: start-up and the regular look for lost callbacks live in it. Whoever
pulls an account holds its lease, so that two processes around one store do not ask for the same pages.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from wxkf.client.aio import AsyncClient
from wxkf.clock import Clock
from wxkf.engine.activity import Activity
from wxkf.engine.rows import rows_of
from wxkf.engine.status import Trouble
from wxkf.engine.store import Store
from wxkf.engine.values import Account
from wxkf.engine.verdicts import is_trouble
from wxkf.errors import ApiError, StoreError, WxkfError
from wxkf.messages.decode import MessagePage

log = logging.getLogger("wxkf.puller")

_TOKEN_LIFE = 540.0  # seconds of its 600: it must still be good when it arrives
_PAGE = 1000  # messages, the platform's maximum
_PATIENCE = 5  # failures in a row until the next ring or poll
_INVALID_TOKEN = 95007
_TOO_OFTEN = 45009
_LEASE = 120.0  # seconds; longer than a page takes
_SLOWEST = 1.0  # pulls a minute
_AN_INSTANT = 0.001  # seconds


class Budget:
    """Allows so many pulls a minute without token, over all accounts of an app, who stand in line.

    When the platform finds that too often (45009) the rate is halved, for those who stand in line, too; with each pull
    that it lets through, it grows again by a tenth, up to where it began.
    """

    def __init__(self, per_minute: float) -> None:
        self._most = self.per_minute = per_minute
        self._next = 0.0
        self._line: dict[object, None] = {}  # in the order in which they came

    def wait(self, who: object, now: float) -> float:
        """Stand in line, or stay there. Returns in how many seconds to ask again; at 0 the turn is taken."""
        self._line.setdefault(who)
        ahead, apart = list(self._line).index(who), 60.0 / self.per_minute
        seconds = max(0.0, self._next - now) + ahead * apart
        if ahead or seconds > _AN_INSTANT:
            return min(seconds, apart)  # and ask again then: those ahead may have left, the rate may have changed
        self.leave(who)
        self._next = now + apart
        return 0.0

    def leave(self, who: object) -> None:
        """Stand in line no longer."""
        self._line.pop(who, None)

    def passed(self) -> None:
        """Note that a pull got through."""
        self.per_minute = min(self._most, self.per_minute * 1.1)

    def refused(self) -> None:
        """Note that the platform found it too often."""
        self.per_minute = max(min(_SLOWEST, self._most), self.per_minute / 2)


@dataclass(frozen=True, slots=True)
class Bell:
    """A callback token and when it came."""

    token: str = field(repr=False)
    at: float

    def young(self, now: float) -> bool:
        """Whether the platform will still take it."""
        return bool(self.token) and now - self.at < _TOKEN_LIFE


class Puller:
    """Keeps one account's log up to date. `poll` is the longest time between two looks, in seconds."""

    def __init__(
        self,
        account: Account,
        client: AsyncClient,
        store: Store,
        clock: Clock,
        budget: Budget,
        activity: Activity,
        arrived: Callable[[], None],
        *,
        poll: float,
    ) -> None:
        self._account, self._client, self._store = account, client, store
        self._clock, self._budget, self._activity = clock, budget, activity
        self._arrived, self._poll = arrived, poll
        self._bell = Bell("", 0.0)
        self._rung, self._fresh_token = asyncio.Event(), asyncio.Event()
        self._in_line = False  # a pull is to come as soon as the budget has a place for it
        self.fails = 0  # in a row
        self.stalled = False  # the cursor did not move although there was more
        self._troubled_at: float | None = None
        self.pulled_at = 0.0  # when the log was last known to be complete, in seconds since the epoch
        self._about = {"open_kfid": account.open_kfid}
        self._lease = f"pull {account.app} {account.open_kfid}"

    @property
    def open_kfid(self) -> str:
        """Whose log this is."""
        return self._account.open_kfid

    @property
    def trouble(self) -> Trouble | None:
        """Why this log is not up to date, and since when."""
        if self._troubled_at is None:
            return None
        return Trouble(self.open_kfid, "stalled" if self.stalled else "failing", self._troubled_at)

    def ring(self, token: str) -> None:
        """Note that there is news; the work is done by `run`."""
        if token:
            self._bell = Bell(token, self._clock.now())
            self._fresh_token.set()
        if not self._rung.is_set() and (token or not self._in_line):
            self._activity.begin()
            self._rung.set()

    async def run(self) -> None:
        """Pull on every ring and at least every `poll` seconds, until cancelled."""
        while True:
            await self._clock.wait(self._rung, self._poll)
            with self._activity.during():
                ours = await self._is_ours()
                again = ours is None and await self._backs_off()
            if ours:
                await self._pull()
            elif not again:
                self.silence()  # whoever has the lease looks as often as we would

    async def _is_ours(self) -> bool | None:
        """Take the lease; False if somebody else has it, None if the store fails."""
        try:
            return await self._store.lease(self._lease, _LEASE) is not None
        except StoreError as error:
            log.error("cannot take the lease of %s: %s", self.open_kfid, error, extra=self._about)
            self._is_troubled()
            return None

    async def _pull(self) -> None:
        more = True
        while more:
            token = await self._ticket()
            with self._activity.during():
                self.silence()
                more = await self._page(token) or self._rung.is_set()

    def silence(self) -> None:
        """Take a ring as heard."""
        if self._rung.is_set():
            self._rung.clear()
            self._activity.end()

    async def _ticket(self) -> str | None:
        """Give a young callback token, or wait for a place in the budget of pulls without one."""
        self._fresh_token.clear()
        if self._bell.young(self._clock.now()):
            return self._bell.token
        try:
            while (seconds := self._budget.wait(self, self._clock.elapsed())) and not self._fresh_token.is_set():
                self.silence()  # waiting for the budget is not being busy
                self._in_line = True
                await self._clock.wait(self._fresh_token, seconds)
        finally:
            self._in_line = False
            self._budget.leave(self)
        return self._bell.token if self._bell.young(self._clock.now()) else None

    async def _page(self, token: str | None) -> bool:
        """Fetch and commit one page; tell whether to ask for another at once."""
        account = self._account
        try:
            page = await self._client.sync_msg(
                open_kfid=account.open_kfid, cursor=account.cursor or None, token=token, limit=_PAGE
            )
            await self._commit(page)
        except WxkfError as error:
            return await self._trouble(error, token)
        if token is None:
            self._budget.passed()
        self.stalled = page.has_more and page.next_cursor in ("", account.cursor)
        if self.stalled:
            log.error(
                "the cursor of %s does not move although there is more; trying again",
                account.open_kfid,
                extra=self._about,
            )
            return await self._backs_off()
        self.fails, self._troubled_at = 0, None
        if not page.has_more:
            self.pulled_at = self._clock.now()
            await self._caught_up()
        return page.has_more and bool(await self._is_ours())

    async def _caught_up(self) -> None:
        """End the first reading: what comes from now on is handled, whatever our clock or theirs says."""
        if self._account.since:
            await self._store.caught_up(self._account)
            self._account = replace(self._account, since=0.0)

    def _is_troubled(self) -> None:
        if self._troubled_at is None:
            self._troubled_at = self._clock.now()

    async def _commit(self, page: MessagePage) -> None:
        cursor = page.next_cursor or self._account.cursor
        rows = rows_of(page, self._account)
        if not rows and cursor == self._account.cursor:
            return
        added = await self._store.commit_page(self._account, cursor, rows, self._clock.now())
        self._account = replace(self._account, cursor=cursor)
        if added:
            self._arrived()

    async def _read_cursor_again(self) -> None:
        """Ask the store where the cursor is; a store that does not answer is asked again with the next failure."""
        with contextlib.suppress(StoreError):
            self._account = await self._store.account(self._account.app, self._account.open_kfid, self._account.since)

    async def _trouble(self, error: WxkfError, token: str | None) -> bool:
        if isinstance(error, ApiError) and error.errcode == _INVALID_TOKEN and token:
            if self._bell.token == token:
                self._bell = Bell("", 0.0)
            return True
        if isinstance(error, ApiError) and error.errcode == _TOO_OFTEN and token is None:
            self._budget.refused()
        if isinstance(error, StoreError):
            await self._read_cursor_again()
        count = self.fails + 1
        log.warning("pulling %s failed (%d in a row): %s", self.open_kfid, count, error, extra=self._about)
        hopeless = isinstance(error, ApiError) and not is_trouble(error)
        return await self._backs_off(patience=1 if hopeless else _PATIENCE)

    async def _backs_off(self, patience: int = _PATIENCE) -> bool:
        """Wait after a failure, the longer the more there were; after so many the next ring or poll goes on."""
        self.fails += 1
        self._is_troubled()
        if self.fails % patience == 0:
            return False
        await self._clock.sleep(min(30.0, 2.0 ** min(self.fails, 5)))
        return True
