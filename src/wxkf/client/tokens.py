"""The access token: fetched once however many ask at the same moment, and a little before it runs out.

The decision is the pure `Token`; `AsyncTokens` and `SyncTokens` add a lock and a fetch. `get(stale=...)` says which
token the platform refused: only whoever still holds that very one causes a fetch, so a hundred calls that fail
together with 42001 lead to one `gettoken`. A store of the caller's shares the token with other processes.
"""

import asyncio
import hashlib
import logging
import math
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from wxkf.api.corp import AccessToken
from wxkf.errors import ApiError

log = logging.getLogger("wxkf.client")

_PAUSE, _PAUSE_CAP = 5.0, 300.0  # seconds
_INSISTED = 60.0  # seconds for which a refused token that came back unchanged is not asked for again
_EARLY = 0.95  # of its life: a call that takes a while must not arrive with a dead token


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the moment (epoch seconds) from which to fetch the next."""

    value: str = field(repr=False)
    renew_at: float
    insisted_at: float = -math.inf

    @classmethod
    def fetched(cls, answer: AccessToken, now: float, life: float | None = None, stale: str | None = None) -> "Token":
        """Read the platform's answer.

        It may be the same token as before with little life left: then wait less. It may even be the one that was
        refused: then the platform insists, and asking again at once would change nothing.
        """
        seconds = answer.expires_in * _EARLY
        return cls(
            answer.access_token,
            now + (seconds if life is None else min(life, seconds)),
            now if answer.access_token == stale else -math.inf,
        )

    def serves(self, stale: str | None, now: float) -> bool:
        """Whether it can be used by someone to whom `stale` was refused."""
        return (self.value != stale or now - self.insisted_at < _INSISTED) and now < self.renew_at


class Refusals:
    """Remembers that the platform refused a fetch, so that nobody asks again at once.

    A wrong secret, tried again and again, gets the server's IP banned for an hour: after each refusal in a row the
    pause doubles, from 5 seconds to 5 minutes, and whoever asks meanwhile gets the same error without a call.
    """

    def __init__(self) -> None:
        self._last: tuple[int, str, str] | None = None
        self._until = 0.0
        self._count = 0

    def raise_if_recent(self, now: float) -> None:
        """Raise the last refusal again while its pause lasts."""
        if self._last and now < self._until:
            raise ApiError.of(*self._last)

    def note(self, error: ApiError, now: float) -> None:
        """Begin or lengthen the pause; passing trouble, which the flow has waited for already, makes none."""
        if not error.retryable:
            self._count += 1
            self._last = (error.errcode, error.errmsg, error.path)
            self._until = now + min(_PAUSE_CAP, _PAUSE * 2.0 ** (self._count - 1))

    def forget(self) -> None:
        """Begin anew after a success."""
        self._last, self._count = None, 0


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
        self._refusals = Refusals()

    async def get(self, stale: str | None = None) -> str:
        """Give a token other than `stale`, fetching one if need be."""
        if not (self._token and self._token.serves(stale, self._now())):
            async with self._lock:
                if not (self._token and self._token.serves(stale, self._now())):
                    self._token = await self._renew(stale)
        return self._token.value

    async def _renew(self, stale: str | None) -> Token:
        if (kept := await self._kept()) and kept.serves(stale, self._now()):
            return kept
        self._refusals.raise_if_recent(self._now())
        try:
            token = Token.fetched(await self._fetch(), self._now(), self._life, stale)
        except ApiError as error:
            self._refusals.note(error, self._now())
            raise
        self._refusals.forget()
        await self._keep(token)
        return token

    async def _kept(self) -> Token | None:
        """Ask the store; one that fails costs a fetch."""
        try:
            return await self._store.get(self._key) if self._store else None
        except Exception:
            log.warning("the token store failed", exc_info=True)
            return None

    async def _keep(self, token: Token) -> None:
        """Share it; a store that fails costs the others a fetch, not us the token."""
        try:
            if self._store:
                await self._store.set(self._key, token)
        except Exception:
            log.warning("the token store failed", exc_info=True)


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
        self._refusals = Refusals()

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
        if (kept := self._kept()) and kept.serves(stale, self._now()):
            return kept
        self._refusals.raise_if_recent(self._now())
        try:
            token = Token.fetched(self._fetch(), self._now(), self._life, stale)
        except ApiError as error:
            self._refusals.note(error, self._now())
            raise
        self._refusals.forget()
        self._keep(token)
        return token

    def _kept(self) -> Token | None:
        """Ask the store; one that fails costs a fetch."""
        try:
            return self._store.get(self._key) if self._store else None
        except Exception:
            log.warning("the token store failed", exc_info=True)
            return None

    def _keep(self, token: Token) -> None:
        """Share it; a store that fails costs the others a fetch, not us the token."""
        try:
            if self._store:
                self._store.set(self._key, token)
        except Exception:
            log.warning("the token store failed", exc_info=True)
