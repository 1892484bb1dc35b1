"""The access token: fetched once however many ask at the same moment, and a little before it runs out.

The decision is the pure `Token`; `AsyncTokens` and `SyncTokens` add a lock and a fetch. `get(stale=...)` says which
token the platform refused: only whoever still holds that very one causes a fetch, so a hundred calls that fail
together with 42001 lead to one `gettoken`. A store of the caller's shares the token with other processes.
"""

import asyncio
import hashlib
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from wxkf.api.corp import AccessToken

_EARLY = 0.95  # of its life: a call that takes a while must not arrive with a dead token


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the moment (epoch seconds) from which to fetch the next."""

    value: str = field(repr=False)
    renew_at: float

    @classmethod
    def fetched(cls, answer: AccessToken, now: float, life: float | None = None) -> "Token":
        """Read the platform's answer. It may be the same token as before with little life left: then wait less."""
        seconds = answer.expires_in * _EARLY
        return cls(answer.access_token, now + (seconds if life is None else min(life, seconds)))

    def serves(self, stale: str | None, now: float) -> bool:
        """Whether it can be used by someone to whom `stale` was refused."""
        return self.value != stale and now < self.renew_at


class AsyncTokenStore(Protocol):
    """Where a token can be kept besides this process. `key` tells apps apart and holds no secret."""

    async def get(self, key: str) -> Token | None:
        """Read the token, None when there is none."""
        ...

    async def set(self, key: str, token: Token) -> None:
        """Keep the token."""
        ...


class TokenStore(Protocol):
    """The same for the sync client."""

    def get(self, key: str) -> Token | None:
        """Read the token, None when there is none."""
        ...

    def set(self, key: str, token: Token) -> None:
        """Keep the token."""
        ...


def token_key(base_url: str, corp_id: str, secret: str) -> str:
    """Tell apps apart: two of one corp have different secrets, so they never share a token."""
    return f"{base_url}|{corp_id}|{hashlib.sha256(secret.encode()).hexdigest()[:16]}"


class AsyncTokens:
    """The token of an async client. `life` bounds for how many seconds one is used."""

    def __init__(
        self,
        fetch: Callable[[], Awaitable[AccessToken]],
        now: Callable[[], float],
        *,
        key: str = "",
        store: AsyncTokenStore | None = None,
        life: float | None = None,
    ) -> None:
        self._fetch, self._now, self._key, self._store, self._life = fetch, now, key, store, life
        self._lock = asyncio.Lock()
        self._token: Token | None = None

    async def get(self, stale: str | None = None) -> str:
        """Give a token other than `stale`, fetching one if need be."""
        if not (self._token and self._token.serves(stale, self._now())):
            async with self._lock:
                if not (self._token and self._token.serves(stale, self._now())):
                    self._token = await self._renew(stale)
        return self._token.value

    async def _renew(self, stale: str | None) -> Token:
        if self._store and (kept := await self._store.get(self._key)) and kept.serves(stale, self._now()):
            return kept
        token = Token.fetched(await self._fetch(), self._now(), self._life)
        if self._store:
            await self._store.set(self._key, token)
        return token


class SyncTokens:
    """The token of a sync client, shared by its threads. `life` bounds for how many seconds one is used."""

    def __init__(
        self,
        fetch: Callable[[], AccessToken],
        now: Callable[[], float],
        *,
        key: str = "",
        store: TokenStore | None = None,
        life: float | None = None,
    ) -> None:
        self._fetch, self._now, self._key, self._store, self._life = fetch, now, key, store, life
        self._lock = threading.Lock()
        self._token: Token | None = None

    def get(self, stale: str | None = None) -> str:
        """Give a token other than `stale`, fetching one if need be."""
        token = self._token
        if not (token and token.serves(stale, self._now())):
            with self._lock:
                token = self._token
                if not (token and token.serves(stale, self._now())):
                    token = self._token = self._renew(stale)
        return token.value

    def _renew(self, stale: str | None) -> Token:
        if self._store and (kept := self._store.get(self._key)) and kept.serves(stale, self._now()):
            return kept
        token = Token.fetched(self._fetch(), self._now(), self._life)
        if self._store:
            self._store.set(self._key, token)
        return token
