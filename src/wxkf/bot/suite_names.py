"""Calls in a suite's own name, and where the tokens of the corps that authorised it come from."""

from collections.abc import Callable, Iterable

from wxkf.bot.member import WatchedClient
from wxkf.client.renewal import TokenSource
from wxkf.client.settings import App, Suite
from wxkf.client.sources import SuiteSecret, suite_key
from wxkf.errors import ConfigError
from wxkf.provider.store import ProviderStore

Make = Callable[[str, str, TokenSource], WatchedClient]
"""Makes a client of a name, a base address and a source of tokens."""


class SuiteNames:
    """One client for each suite, made when it is first needed. `suites` may be replaced at any time."""

    def __init__(self, suites: Iterable[Suite], store: ProviderStore | None, make: Make) -> None:
        self.suites = {suite.suite_id: suite for suite in suites}
        self._store, self._make = store, make
        self._clients: dict[Suite, WatchedClient] = {}

    def client(self, suite_id: str) -> WatchedClient | None:
        """Give the client of a suite, whose token is the suite's own; None when no such suite is in the settings."""
        suite = self.suites.get(suite_id)
        if suite is None or self._store is None:
            return None
        if suite not in self._clients:
            self._clients[suite] = self._make(suite_id, suite.base_url, self._secret(suite, self._store))
        return self._clients[suite]

    async def token(self, suite_id: str, stale: str | None) -> str:
        """Give the suite's token, other than the one that was refused. Raises `NoTicket`."""
        client = self.client(suite_id)
        if client is None:
            raise ConfigError(f"no [[suite]] {suite_id} in the settings")
        return await client.access_token(stale)

    def source(self, app: App) -> TokenSource | None:
        """Give the source of an app's token, None for one that has a secret of its own."""
        suite, store = self.suites.get(app.suite), self._store
        if suite is None or store is None:
            return None
        secret = self._secret(suite, store)
        make = secret.agency if suite.kind == "agency" else secret.corp
        return make(app.corp_id, lambda: store.permanent_code(suite.suite_id, app.corp_id))

    def keys(self, suite_id: str, corp_id: str) -> list[str]:
        """Tell what a corp's token is filed under, as long as its suite is in the settings."""
        suite = self.suites.get(suite_id)
        return [suite_key(suite.base_url, suite_id, corp_id)] if suite else []

    def _secret(self, suite: Suite, store: ProviderStore) -> SuiteSecret:
        return SuiteSecret(
            suite.suite_id, suite.suite_secret, lambda: store.ticket(suite.suite_id), base_url=suite.base_url
        )

    async def aclose(self) -> None:
        """Close the clients."""
        for client in self._clients.values():
            await client.aclose()
