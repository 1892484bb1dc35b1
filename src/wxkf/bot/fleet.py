"""A bot at work for many corps and apps in one process: one inbox, one callback address, an engine for each app.

What should run is worked out anew (`bot.wanted`) whenever settings or authorisations change, and compared with what
runs; only the difference is stopped and started. So adding, removing, a new secret and a corp that withdraws are all
the same thing, and none disturbs the others.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Self

from wxkf.api.uploads import MemoryCache
from wxkf.bot.member import AppState, Member, Phase, WatchedClient
from wxkf.bot.service import Answers, Handle, asked_of, join, leave
from wxkf.bot.suite_names import SuiteNames
from wxkf.bot.wanted import Owner, Wanted, corp_app, wanted
from wxkf.client.over_aiohttp import AsyncTransport
from wxkf.client.renewal import TokenSource, TokenStore
from wxkf.client.settings import App, Suite
from wxkf.client.sources import CorpSecret, SuiteCorp, SuiteSecret
from wxkf.client.stores.memory import MemoryTokenStore
from wxkf.client.tokens import forget
from wxkf.clock import Clock, SystemClock
from wxkf.engine.ending import uncut
from wxkf.engine.engine import Engine, answered
from wxkf.engine.settings import InboxSettings
from wxkf.engine.status import Status
from wxkf.engine.store import Store
from wxkf.errors import ConfigError, WxkfError
from wxkf.protocol.callback import Notice
from wxkf.provider.events import command_of
from wxkf.provider.exchange import Exchange
from wxkf.provider.store import Authorisation, ProviderStore
from wxkf.web import SharedCallbackApp

log = logging.getLogger("wxkf.fleet")

TransportOf = Callable[[str], AsyncTransport]
"""Gives the way to a base address."""

_PAUSE = 5.0  # seconds
_POLL = 1.0  # seconds; another process may have written the provider's file


class Fleet:
    """Use it as `async with Fleet(bot, apps, store)`.

    Mount `callback`, an ASGI app, where the consoles' URLs point. With `suites` comes `provider`, the file of what the
    platform commands them. `transport` and `clock` replace the network and the time; `settings` are as for `Service`.
    Raises `ConfigError` for settings that contradict one another.
    """

    def __init__(
        self,
        bot: Answers | Handle,
        apps: Iterable[App],
        store: Store,
        *,
        suites: Iterable[Suite] = (),
        provider: ProviderStore | None = None,
        transport: TransportOf | None = None,
        token_store: TokenStore | None = None,
        clock: Clock | None = None,
        settings: InboxSettings | None = None,
    ) -> None:
        self._bot = bot
        self._store, self._provider = store, provider
        self._transport, self._clock = transport, clock or SystemClock()
        self._token_store = token_store
        self._suite_tokens = MemoryTokenStore()  # the corps of a third-party suite need its token, not each its own
        self._uploads = MemoryCache(self._clock.now)  # a media_id is good for all apps of its corp
        self._settings = settings
        self._apps, self._suites = tuple(apps), tuple(suites)
        self._corps: Sequence[Authorisation] = ()
        self._members: dict[str, Member] = {}
        self._changing = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._names = SuiteNames(self._suites, provider, self._client)
        self._news = asyncio.Event()
        self._wanted = self._work_out(self._apps, self._suites, ())
        self._exchange = provider and Exchange(
            provider, self._names.client, self._names.token, self._clock, self._news.set
        )
        self.callback = SharedCallbackApp[Owner](lambda path: self._wanted.door(path), self._note)  # noqa: PLW0108 - `_wanted` changes

    async def __aenter__(self) -> Self:
        """Go to work. Raises `StoreError` when the inbox or the provider's file cannot be used."""
        await self._store.open()
        try:
            self._corps = await self._authorisations()
            await self.apply(self._apps, self._suites)
        except BaseException:
            await self.__aexit__()
            raise
        if self._exchange:
            self._tasks = [asyncio.create_task(self._kept_up(work)) for work in (self._exchange.run, self._follow)]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop gracefully; cancelled, be quicker about it."""
        for task in self._tasks:
            task.cancel()
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.gather(*(self._stop(name) for name in tuple(self._members)))
        finally:
            await uncut(self._close())

    async def _close(self) -> None:
        await self._names.aclose()
        await self._store.aclose()

    # ── what may change while it runs ─────────────────────────────────────────────────────────────────────────

    async def add(self, app: App) -> None:
        """Serve another app, or the same one with other settings. Raises `ConfigError`."""
        await self.apply([*(known for known in self._apps if known.name != app.name), app], self._suites)

    async def remove(self, name: str) -> None:
        """Serve an app no longer; what is stored of it stays. Raises `ConfigError` for a name that is not there."""
        if all(app.name != name for app in self._apps):
            names = ", ".join(app.name for app in self._apps)
            raise ConfigError(f"there is no app {name!r} in the settings; there are: {names or 'none'}")
        await self.apply([app for app in self._apps if app.name != name], self._suites)

    async def apply(self, apps: Iterable[App], suites: Iterable[Suite], *, retry: bool = False) -> list[str]:
        """Serve these from now on; tell what changed, as "+name", "-name", "~name".

        `retry` starts those again that the platform had refused. Raises `ConfigError` and changes nothing then.
        """
        apps, suites = tuple(apps), tuple(suites)
        async with self._changing:
            now = self._work_out(apps, suites, self._corps)
            self._apps, self._suites = apps, suites
            self._names.suites = {suite.suite_id: suite for suite in suites}
            return await self._change_to(now, retry=retry)

    def states(self) -> dict[str, AppState]:
        """Tell of each app how it stands, why, and what to do about it."""
        return {**self._wanted.waiting, **{name: member.state for name, member in self._members.items()}}

    async def status(self) -> Status:
        """Tell how all apps are together. One that the platform refuses is counted in `apps`, and stops alone."""
        at_work = [member for member in self._members.values() if member.state.phase is Phase.RUNNING]
        phases = Counter(state.phase.value for state in self.states().values())
        pulses = [member.engine.pulse() for member in at_work]
        return Status(self._clock.now(), pulses, await answered(self._store), phases)

    def engine(self, name: str) -> Engine:
        """Give the engine of an app. Raises `KeyError`."""
        return self._members[name].engine

    async def purge(self, suite: str, corp: str) -> int:
        """Delete all that is kept of a corp that withdrew; returns how many messages that were.

        Raises `StoreError` while its authorisation stands, `NotAuthorised` when nothing is kept of it.
        """
        if self._provider is None:
            raise ConfigError("there is no provider's file")
        await asyncio.to_thread(self._provider.check_withdrawn, suite, corp)
        await self._look()
        for key in self._names.keys(suite, corp):
            await forget(self._token_store or self._suite_tokens, key)
        messages = await self._store.forget(self._wanted.by_corp.get((suite, corp), corp_app(suite, corp)))
        await asyncio.to_thread(self._provider.purge, suite, corp)  # last: cut short, it can be done again
        return messages

    # ── how the change is made ────────────────────────────────────────────────────────────────────────────────

    def _work_out(self, apps: Sequence[App], suites: Sequence[Suite], corps: Sequence[Authorisation]) -> Wanted:
        if suites and self._provider is None:
            raise ConfigError("suites need a provider's file: Fleet(..., provider=ProviderStore(path))")
        return wanted(apps, suites, corps)

    async def _change_to(self, now: Wanted, *, retry: bool = False) -> list[str]:
        self._wanted = now
        gone = [name for name in self._members if name not in now.apps]
        new = [name for name in now.apps if name not in self._members]
        other = [
            name
            for name, member in self._members.items()
            if (app := now.apps.get(name))
            and ((retry and member.stuck) or member.credentials != self._credentials(app))
        ]
        await asyncio.gather(*(self._stop(name) for name in (*gone, *other)))
        for name in (*new, *other):
            self._members[name] = member = self._member(now.apps[name])
            member.start()
        return [f"{sign}{name}" for sign, names in (("-", gone), ("+", new), ("~", other)) for name in names]

    def _member(self, app: App) -> Member:
        source = self._names.source(app) or CorpSecret(app.corp_id, app.secret, base_url=app.base_url)
        client = self._client(app.corp_id, app.base_url, source)
        handler, asked = asked_of(self._bot, self._clock)
        engine = Engine(
            app.name, client, self._store, handler, clock=self._clock, settings=self._settings, shared=True, **asked
        )
        join(self._bot, engine)
        return Member(app, client, engine, self._credentials(app))

    def _credentials(self, app: App) -> tuple[str, ...]:
        """Tell what an app must be started anew for: how its callbacks are sealed is not its engine's business."""
        own, suite = (app.corp_id, app.secret, app.base_url, app.suite), self._names.suites.get(app.suite)
        if suite is None or suite.kind == "agency":  # whose secret is its permanent code
            return own
        return (*own, suite.base_url, suite.suite_secret)

    def _client(self, name: str, base_url: str, source: TokenSource) -> WatchedClient:
        of_suite = isinstance(source, SuiteSecret | SuiteCorp)
        return WatchedClient(
            name,
            base_url=base_url,
            transport=self._transport(base_url) if self._transport else None,
            token_source=source,
            token_store=self._token_store or (self._suite_tokens if of_suite else None),
            upload_cache=self._uploads,
            clock=self._clock,
        )

    async def _stop(self, name: str) -> None:
        if member := self._members.get(name):
            leave(self._bot, member.engine)
            await member.stop()
            self._members.pop(name, None)

    # ── what the platform says ────────────────────────────────────────────────────────────────────────────────

    async def _note(self, owner: Owner, notice: Notice) -> None:
        """Take a callback whose signature says it is this owner's. Raises `StoreError`: then it was not taken."""
        if isinstance(owner, App):
            return await self._ring(owner.name, notice)
        command = command_of(notice)
        if command is None:
            return await self._ring(self._wanted.by_corp.get((owner.suite_id, notice.to), ""), notice)
        if self._provider and self._exchange:
            await asyncio.to_thread(self._provider.journal, owner.suite_id, command)
            self._exchange.hint()
            self._news.set()
        return None

    async def _ring(self, name: str, notice: Notice) -> None:
        if member := self._members.get(name):
            await member.note(notice)
        else:
            log.debug("%s of an app that is not served: %s", notice.event, name)

    async def _kept_up(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run something that must never end: an error nobody foresaw costs a pause, not the provider's service."""
        while True:
            try:
                await work()
            except Exception:
                log.critical("a part of the fleet failed and is started again", exc_info=True)
                await self._clock.wait(asyncio.Event(), _PAUSE)

    async def _follow(self) -> None:
        """Keep up with the provider's file, whoever writes it."""
        while True:
            await self._clock.wait(self._news, _POLL)
            self._news.clear()
            try:
                await self._look()
            except WxkfError as error:
                log.error("cannot follow the provider's file: %s", error)
                await self._clock.wait(asyncio.Event(), _PAUSE)

    async def _look(self) -> None:
        """Serve the corps that authorise, stop those that withdrew, look again at those whose rights changed."""
        async with self._changing:
            before = {(corp.suite, corp.corp): corp for corp in self._corps}
            corps = await self._authorisations()
            if corps == self._corps:
                return
            now = self._work_out(self._apps, self._suites, corps)
            self._corps = corps
            changed = await self._change_to(now)
        for corp in corps:
            name = self._wanted.by_corp.get((corp.suite, corp.corp), "")
            if corp != before.get((corp.suite, corp.corp)) and name in self._members and f"+{name}" not in changed:
                self._members[name].look_again()

    async def _authorisations(self) -> list[Authorisation]:
        return await asyncio.to_thread(self._provider.authorisations) if self._provider else []
