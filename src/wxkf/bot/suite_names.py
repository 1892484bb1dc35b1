"""Calls in a suite's own name: the clients and tokens that the exchange of codes needs."""

import asyncio
from collections.abc import Callable, Iterable

from wxkf.bot.member import WatchedClient
from wxkf.client.settings import App, Suite
from wxkf.errors import ConfigError
from wxkf.provider.store import ProviderStore


class SuiteNames:
    """One client for each suite, made when it is first needed. `suites` may be replaced at any time."""

    def __init__(
        self, suites: Iterable[Suite], store: ProviderStore | None, make: Callable[[App], WatchedClient]
    ) -> None:
        self.suites = {suite.suite_id: suite for suite in suites}
        self._store, self._make = store, make
        self._clients: dict[tuple[str, str], WatchedClient] = {}

    def client(self, suite_id: str) -> WatchedClient | None:
        """Give the client of a suite, None when no such suite is in the settings."""
        suite = self.suites.get(suite_id)
        if suite is None:
            return None
        key = (suite_id, suite.base_url)
        if key not in self._clients:
            self._clients[key] = self._make(App(suite_id, suite.suite_secret, base_url=suite.base_url))
        return self._clients[key]

    async def token(self, suite_id: str, stale: str | None) -> str:
        """Fetch the suite's token; the platform gives the same one while it is valid. Raises `NoTicket`."""
        suite, client = self.suites.get(suite_id), self.client(suite_id)
        if suite is None or client is None or self._store is None:
            raise ConfigError(f"no [[suite]] {suite_id} in the settings")
        ticket = await asyncio.to_thread(self._store.ticket, suite_id)
        answer = await client.service.get_suite_token(
            suite_id=suite_id, suite_secret=suite.suite_secret, suite_ticket=ticket
        )
        return answer.suite_access_token

    async def aclose(self) -> None:
        """Close the clients."""
        for client in self._clients.values():
            await client.aclose()
