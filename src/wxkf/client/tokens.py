"""The access token: fetched once however many ask at the same moment, and a little before it runs out.

The decision is the pure `Token`; `AsyncTokens` and `SyncTokens` add a lock and a fetch. `get(stale=...)` says which
token the platform refused: only whoever still holds that very one causes a fetch, so a hundred calls that fail
together with 42001 lead to one `gettoken`.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from wxkf.api.corp import AccessToken

_EARLY = 0.95  # of its life: a call that takes a while must not arrive with a dead token


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the moment from which to fetch the next."""

    value: str = field(repr=False)
    renew_at: float

    @classmethod
    def fetched(cls, answer: AccessToken, now: float) -> "Token":
        """Read the platform's answer. It may be the same token as before with little life left: then wait less."""
        return cls(answer.access_token, now + answer.expires_in * _EARLY)

    def serves(self, stale: str | None, now: float) -> bool:
        """Whether it can be used by someone to whom `stale` was refused."""
        return self.value != stale and now < self.renew_at


class AsyncTokens:
    """The token of an async client."""

    def __init__(self, fetch: Callable[[], Awaitable[AccessToken]], now: Callable[[], float]) -> None:
        self._fetch, self._now = fetch, now
        self._lock = asyncio.Lock()
        self._token: Token | None = None

    async def get(self, stale: str | None = None) -> str:
        """Give a token other than `stale`, fetching one if need be."""
        if not (self._token and self._token.serves(stale, self._now())):
            async with self._lock:
                if not (self._token and self._token.serves(stale, self._now())):
                    self._token = Token.fetched(await self._fetch(), self._now())
        return self._token.value


class SyncTokens:
    """The token of a sync client, shared by its threads."""

    def __init__(self, fetch: Callable[[], AccessToken], now: Callable[[], float]) -> None:
        self._fetch, self._now = fetch, now
        self._lock = threading.Lock()
        self._token: Token | None = None

    def get(self, stale: str | None = None) -> str:
        """Give a token other than `stale`, fetching one if need be."""
        token = self._token
        if not (token and token.serves(stale, self._now())):
            with self._lock:
                token = self._token
                if not (token and token.serves(stale, self._now())):
                    token = self._token = Token.fetched(self._fetch(), self._now())
        return token.value
