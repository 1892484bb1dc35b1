"""How a token is had when there is none in hand: from the store, or fetched by whoever holds the lease.

One generator for both clients. It yields `Ask` (the store, a caller's function), `Run` (a call of the platform),
`Get` (another token that is needed first) and `Pause`; a driver does these and tells what came of it.

    read ──serves──▶ that one
      │ no
    refused lately ──▶ the same refusal, without a call: for all who share the store
      │ no
    lease ──taken by another──▶ the old one if it still lives; else a pause, read again
      │ ours
    read again ──serves──▶ that one, lease given back
      │ no
    fetch ──fails──▶ the old one if it still lives, which holds for a refusal above as well; else the error
      │
      └──▶ write (fenced: only while the lease is the latest), lease given back

A store that fails costs a line in the log and, at worst, one fetch more: the platform gives everybody the same token
while it is valid. So no store is ever a reason to be silent.
"""

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Protocol

from wxkf.api.corp import AccessToken
from wxkf.client.token import NOTHING, Kept, Refused, Token
from wxkf.errors import ApiError, TransportError, WxkfError
from wxkf.protocol.ask import Ask
from wxkf.protocol.call import Call

log = logging.getLogger("wxkf.client")

LEASE = 15.0  # seconds: how long the others wait for a process that died while fetching
FETCH = 10.0  # seconds a fetch may take in all, well within the lease
_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.25
_FAILED = object()


class TokenStore(Protocol):
    """Where tokens are shared between processes: three methods, plain or `async`.

    `key` tells apps apart and holds no secret; the value is opaque and holds the token. All may raise anything: that
    is logged, and the token fetched without.
    """

    def read(self, key: str) -> Any:
        """Give the bytes that were written last, None when there are none."""
        ...

    def lease(self, key: str, seconds: float) -> Any:
        """Give a number greater than any before it to one asker at a time, None while another's lease lasts."""
        ...

    def write(self, key: str, value: bytes, fence: int) -> Any:
        """Keep the value and end the lease, unless a later lease than `fence` was given; tell whether it was kept."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """Make this call; it takes no access token."""

    call: Call[Any]


@dataclass(frozen=True, slots=True)
class Get:
    """Give the token of another source, and not `stale`."""

    source: "TokenSource"
    stale: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds: another process is fetching."""

    seconds: float


Step = Ask | Run | Get | Pause
Fetch = Generator[Step, Any, AccessToken]


class TokenSource(Protocol):
    """Who gives tokens. `key` is what they are filed under; it holds no secret."""

    @property
    def key(self) -> str:
        """Tell what its tokens are filed under."""
        ...

    def fetch(self, stale: str | None) -> Fetch:
        """Get a token; `stale` is the one that was refused, if one was."""
        ...


@dataclass(slots=True)
class Renewal:
    """What one client knows about one token: where it comes from, where it is shared, what was refused.

    `unreturned` is when a store would not take a lease back: nobody waits for what is his own.
    """

    source: TokenSource
    now: Callable[[], float] = field(repr=False)
    store: TokenStore | None = None
    life: float | None = None
    refused: Refused | None = None
    unreturned: float | None = None

    def run(self, stale: str | None) -> Generator[Step, Any, Token]:
        """Get a token other than `stale`, which was refused or has died."""
        pause = _FIRST_PAUSE
        while True:
            kept = yield from self._look()
            old = kept.token if kept.token and kept.token.serves(stale, self.now()) else None
            try:
                if token := self._usable(kept, stale):
                    return token
                fence = yield from self._lease()
                if fence is not None:
                    return (yield from self._hold(fence, stale))
            except WxkfError as error:
                if old is None:
                    raise
                log.warning("the access token could not be renewed early, the one in the store serves on: %s", error)
            if old is not None:
                return old
            yield Pause(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _hold(self, fence: int, stale: str | None) -> Generator[Step, Any, Token]:
        """Fetch under the lease, and give it back however that ends."""
        kept = (yield from self._look()) if fence else NOTHING
        try:
            token = self._usable(kept, stale) or (yield from self._fetch(stale))
        except Exception as error:
            if isinstance(error, ApiError):
                self.refused = Refused.after(error, self.refused or kept.refused, self.now())
            yield from self._write(Kept(kept.token, self.refused), fence)
            raise
        self.refused = None
        yield from self._write(Kept(token), fence)
        return token

    def _fetch(self, stale: str | None) -> Generator[Step, Any, Token]:
        return Token.fetched((yield from self.source.fetch(stale)), self.now(), self.life, stale)

    def _usable(self, kept: Kept, stale: str | None) -> Token | None:
        now = self.now()
        if kept.token and kept.token.serves(stale, now) and kept.token.is_fresh(now):
            self.refused = None
            return kept.token
        for refused in (self.refused, kept.refused):
            if refused:
                refused.raise_if_recent(now)
        return None

    def _look(self) -> Generator[Step, Any, Kept]:
        store = self.store
        if store is None:
            return NOTHING
        return Kept.of((yield from self._asked(lambda: store.read(self.source.key), None)))

    def _lease(self) -> Generator[Step, Any, int | None]:
        """Take the lease; 0 stands for none, where there is no store or it does not work."""
        store = self.store
        if store is None or (self.unreturned is not None and 0 <= self.now() - self.unreturned < LEASE):
            return 0
        fence: int | None = yield from self._asked(lambda: store.lease(self.source.key, LEASE), 0)
        return fence

    def _write(self, kept: Kept, fence: int) -> Generator[Step, Any, None]:
        store = self.store
        if store is not None and fence:
            taken = yield from self._asked(lambda: store.write(self.source.key, kept.to_bytes(), fence), _FAILED)
            self.unreturned = self.now() if taken is _FAILED else None

    @staticmethod
    def _asked(do: Callable[[], Any], instead: Any) -> Generator[Step, Any, Any]:
        """Ask the store; one that fails is logged, and we go on as if it had said `instead`."""
        try:
            return (yield Ask(do))
        except Exception as error:  # noqa: BLE001 - a caller's own store may raise anything
            log.warning("the token store failed; the token is fetched without it (%s: %s)", type(error).__name__, error)
            return instead


def spoiled(error: Exception) -> WxkfError:
    """Turn what a caller's own function raised into an error of ours, which the flow can handle."""
    if isinstance(error, WxkfError):
        return error
    return TransportError.of("token_source", "token_source", sent=False, detail=type(error).__name__)
