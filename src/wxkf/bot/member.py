"""One app of a fleet: its client, its engine, and how it stands. What goes wrong with it stays with it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from wxkf.client.aio import AsyncClient
from wxkf.client.settings import App
from wxkf.engine.engine import Engine
from wxkf.errors import ApiError, WxkfError
from wxkf.protocol.call import Call
from wxkf.protocol.callback import Notice

log = logging.getLogger("wxkf.fleet")

T = TypeVar("T")

_OUT_OF_DATE = (40085,)  # a suite_ticket: the next push mends it


class Phase(StrEnum):
    """How an app stands.

    starting ──▶ running ──▶ refused (the platform does not take its credentials)
       └────────────────────────▲
    waiting (for a corp to authorise), failed (by a mistake of ours)
    """

    STARTING = "starting"
    RUNNING = "running"
    REFUSED = "refused"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AppState:
    """How an app stands, why, and what to do about it."""

    name: str
    phase: Phase
    reason: str = ""
    remedy: str = ""


class WatchedClient(AsyncClient):
    """A client that tells when the platform refuses its credentials for good."""

    on_refused: Callable[[ApiError], None] | None = None

    async def run(self, call: Call[T]) -> T:
        """Send a call given as a value, and return its typed answer."""
        try:
            return await super().run(call)
        except ApiError as error:
            if self.on_refused is not None and is_fatal(error):
                self.on_refused(error)
            raise


def is_fatal(error: ApiError) -> bool:
    """Whether a refusal will not pass by itself: credentials that are wrong, not a call that is."""
    of_token = error.path == "gettoken" or error.path in ("service/get_corp_token", "service/get_suite_token")
    return of_token and error.retry == "never" and error.errcode not in _OUT_OF_DATE


class Member:
    """Runs one app until it is stopped, or the platform refuses it. `credentials` are those it was made with."""

    def __init__(self, app: App, client: WatchedClient, engine: Engine, credentials: tuple[str, ...]) -> None:
        self.app, self.client, self.engine, self.credentials = app, client, engine, credentials
        self.state = AppState(app.name, Phase.STARTING)
        self._over = asyncio.Event()
        self._is_asking = True  # whether its credentials are good: nothing has begun
        self._task: asyncio.Task[None] | None = None
        client.on_refused = self._refuse

    def start(self) -> None:
        """Go to work in a task of its own."""
        self._task = asyncio.create_task(self._run(), name=f"wxkf {self.app.name}")

    async def stop(self) -> None:
        """Stop as gracefully as the engine does."""
        if self._task is not None:
            self._over.set()
            if self._is_asking:
                self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def note(self, notice: Notice) -> None:
        """Take a callback; an app that does not run lets it pass: what it speaks of is pulled when it runs again."""
        if self.state.phase is Phase.RUNNING:
            await self.engine.note(notice)

    def look_again(self) -> None:
        """Look for accounts again: the corp changed what this app may do."""
        if self.state.phase is Phase.RUNNING:
            self.engine.find_accounts()

    @property
    def stuck(self) -> bool:
        """Whether it has stopped by itself and would need another try."""
        return self.state.phase in (Phase.REFUSED, Phase.FAILED)

    async def _run(self) -> None:
        try:
            await self._try_credentials()
            self._is_asking = False
            if not self._over.is_set():
                async with self.engine:
                    self.state = AppState(self.app.name, Phase.RUNNING)
                    log.info("%s is at work", self.app.name)
                    await self._over.wait()
        except Exception as error:
            log.critical("%s failed", self.app.name, exc_info=True)
            self.state = AppState(self.app.name, Phase.FAILED, f"{type(error).__name__}: {error}")
        finally:
            await self.client.aclose()

    async def _try_credentials(self) -> None:
        """Ask for something: an app whose credentials are refused never starts to work."""
        try:
            await self.client.account.list(limit=1)
        except WxkfError as error:
            if not self._over.is_set():  # trouble that passes, or no right to list: the engine sees to it
                log.warning("%s: %s", self.app.name, error)

    def _refuse(self, error: ApiError) -> None:
        if not self._over.is_set():
            self._over.set()
            self.state = AppState(self.app.name, Phase.REFUSED, str(error), error.remedy)
            log.error("%s is stopped, the others go on: %s", self.app.name, error)
