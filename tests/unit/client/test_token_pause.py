"""A fetch that is refused, a token that comes back unchanged, a store that fails: nobody asks more than need be."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from unit.client.callers import Hand
from wxkf.api.corp import AccessToken, gettoken
from wxkf.client.renewal import Fetch, Renewal, Run
from wxkf.client.stores import MemoryTokenStore
from wxkf.client.token import Kept, Token
from wxkf.client.tokens import AsyncTokens, SyncTokens
from wxkf.errors import ApiError, TransportError, WxkfError
from wxkf.protocol.call import Call

MANY = 100
CALL = gettoken("ww1", "secret")
Get = Callable[..., str]


class Source:
    """A platform that gives A, B, C ... unless its script says otherwise, and counts."""

    key = "app"

    def __init__(self) -> None:
        self.script: deque[str | WxkfError] = deque()
        self.calls = 0

    def fetch(self, stale: str | None) -> Fetch:
        """Make one call."""
        answer: AccessToken = yield Run(CALL)
        return answer

    def run(self, call: Call[Any], within: float | None = None) -> AccessToken:
        """Give a token."""
        self.calls += 1
        answer = self.script.popleft() if self.script else chr(ord("A") + self.calls - 1)
        if isinstance(answer, WxkfError):
            raise answer
        return AccessToken(access_token=answer, expires_in=7200)

    async def arun(self, call: Call[Any]) -> AccessToken:
        """Give a token, async."""
        await asyncio.sleep(0)
        return self.run(call)


class Store(MemoryTokenStore):
    """A store; one that is broken raises."""

    def __init__(self, *broken: str) -> None:
        super().__init__()
        self._broken = broken

    def read(self, key: str) -> bytes | None:
        """Read."""
        return super().read(self._sound("read", key))

    def lease(self, key: str, seconds: float) -> int | None:
        """Lease."""
        return super().lease(self._sound("lease", key), seconds)

    def write(self, key: str, value: bytes, fence: int) -> bool:
        """Write."""
        return super().write(self._sound("write", key), value, fence)

    def _sound(self, verb: str, key: str) -> str:
        if verb in self._broken:
            raise ConnectionError("no store")
        return key

    def put(self, token: Token) -> None:
        """Keep what another process fetched."""
        fence = self.lease("app", 1)
        assert fence
        self.write("app", Kept(token).to_bytes(), fence)


class AsyncStore:
    """The same, async."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, key: str) -> bytes | None:
        """Read."""
        return self._store.read(key)

    async def lease(self, key: str, seconds: float) -> int | None:
        """Lease."""
        return self._store.lease(key, seconds)

    async def write(self, key: str, value: bytes, fence: int) -> bool:
        """Write."""
        return self._store.write(key, value, fence)


def in_sync(source: Source, hand: Hand, store: Store | None = None) -> Get:
    """Ask `SyncTokens`."""
    return SyncTokens(Renewal(source, hand.now, store), source.run, hand.pause).get


def in_async(source: Source, hand: Hand, store: Store | None = None) -> Get:
    """Ask `AsyncTokens`."""
    tokens = AsyncTokens(Renewal(source, hand.now, AsyncStore(store) if store else None), source.arun, hand.sleep)
    return lambda stale=None: asyncio.run(tokens.get(stale))


Tokens = Callable[..., Get]
both = pytest.mark.parametrize("tokens", [in_sync, in_async])


@pytest.fixture
def source() -> Source:
    """A platform."""
    return Source()


@pytest.fixture
def hand() -> Hand:
    """Its time."""
    return Hand()


def token(value: str, hand: Hand) -> Token:
    """Make a token with a little life left."""
    return Token(value, hand.time, hand.time + 100, hand.time + 110)


def refusal(code: int = 40001, path: str = "gettoken") -> ApiError:
    """Make a refusal."""
    return ApiError.of(code, "no", path)


def refused(get: Get, stale: str | None = None) -> int:
    """Ask, and give the code of the refusal."""
    with pytest.raises(ApiError) as caught:
        get(stale)
    assert caught.value.path == "gettoken"
    return caught.value.errcode


@both
def test_a_refused_fetch_is_repeated_after_pauses_that_double_up_to_five_minutes(
    source: Source, hand: Hand, tokens: Tokens
) -> None:
    get = tokens(source, hand)
    source.script.extend(refusal() for _ in range(9))
    for tries, pause in enumerate((5, 10, 20, 40, 80, 160, 300, 300), 1):
        assert refused(get) == 40001
        hand.time += pause - 0.5
        assert refused(get) == 40001
        assert source.calls == tries
        hand.time += 0.5
    assert refused(get) == 40001
    assert source.calls == 9


@both
def test_a_secret_that_stays_wrong_for_weeks_is_still_asked_about_every_five_minutes(
    source: Source, hand: Hand, tokens: Tokens
) -> None:
    store = Store()
    get = tokens(source, hand, store)
    source.script.extend(refusal() for _ in range(1200))
    for tries in range(1, 1201):
        assert refused(get) == 40001
        assert source.calls == tries
        hand.time += 300


@both
def test_a_success_forgets_the_refusals(source: Source, hand: Hand, tokens: Tokens) -> None:
    get = tokens(source, hand)
    source.script.extend([refusal(), refusal(), "A", refusal(40013)])
    for pause in (5, 10):
        refused(get)
        hand.time += pause
    assert get() == "A"
    assert refused(get, "A") == 40013
    hand.time += 5
    assert get("A") == "E"


@both
@pytest.mark.parametrize(
    "error", [TransportError("no answer", sent=True), refusal(-1), refusal(45033)], ids=["network", "busy", "crowded"]
)
def test_passing_trouble_makes_no_pause(source: Source, hand: Hand, tokens: Tokens, error: WxkfError) -> None:
    get = tokens(source, hand)
    source.script.append(error)
    with pytest.raises(type(error)):
        get()
    assert get() == "B"


@both
@pytest.mark.parametrize(
    ("said", "seconds"), [("api freq out of limit", 60), ("api minute freq out of limit", 60), ("api hour freq", 300)]
)
def test_a_fetch_too_often_is_not_repeated_while_it_is_blocked(
    source: Source, hand: Hand, tokens: Tokens, said: str, seconds: float
) -> None:
    get = tokens(source, hand)
    source.script.append(ApiError.of(45009, said, "gettoken"))
    assert refused(get) == 45009
    hand.time += seconds - 0.5
    assert refused(get) == 45009
    assert source.calls == 1
    hand.time += 0.5
    assert get() == "B"


async def test_a_hundred_tasks_get_one_refusal_from_one_call(source: Source, hand: Hand) -> None:
    tokens = AsyncTokens(Renewal(source, hand.now), source.arun)
    source.script.append(refusal(40013))
    told = await asyncio.gather(*(tokens.get() for _ in range(MANY)), return_exceptions=True)
    assert {(error.errcode, error.path) for error in told if isinstance(error, ApiError)} == {(40013, "gettoken")}
    assert len([error for error in told if isinstance(error, ApiError)]) == MANY
    assert source.calls == 1


def test_a_hundred_threads_get_one_refusal_from_one_call(source: Source, hand: Hand) -> None:
    tokens, start = SyncTokens(Renewal(source, hand.now), source.run), threading.Barrier(MANY)
    source.script.append(refusal(40013))

    def ask(_: int) -> int:
        start.wait(10)
        return refused(tokens.get)

    with ThreadPoolExecutor(MANY) as threads:
        assert list(threads.map(ask, range(MANY))) == [40013] * MANY
    assert source.calls == 1


@both
def test_a_refused_token_that_comes_back_is_used_for_a_minute_before_it_is_asked_for_again(
    source: Source, hand: Hand, tokens: Tokens
) -> None:
    get = tokens(source, hand)
    source.script.extend(["A", "A", "A"])
    assert get() == "A"
    for seconds in (0, 30, 29.5):
        hand.time += seconds
        assert get("A") == "A"
    assert source.calls == 2
    hand.time += 0.5
    assert get("A") == "A"
    assert source.calls == 3


@both
def test_what_the_platform_insisted_on_is_replaced_once_it_gives_another(
    source: Source, hand: Hand, tokens: Tokens
) -> None:
    get = tokens(source, hand)
    source.script.extend(["A", "A", "B"])
    get()
    get("A")
    hand.time += 60
    assert get("A") == "B"
    assert get() == "B"


@both
@pytest.mark.parametrize("broken", [["read"], ["lease"], ["write"], ["read", "lease", "write"]])
def test_a_store_that_fails_costs_a_line_in_the_log(
    source: Source, hand: Hand, tokens: Tokens, caplog: pytest.LogCaptureFixture, broken: list[str]
) -> None:
    get = tokens(source, hand, Store(*broken))
    assert [get(), get(), get("A")] == ["A", "A", "B"]
    assert source.calls == 2
    assert "the token store failed" in caplog.text


@both
def test_a_token_that_is_kept_is_not_fetched_and_one_that_was_refused_is(
    source: Source, hand: Hand, tokens: Tokens
) -> None:
    store = Store()
    store.put(token("K", hand))
    get = tokens(source, hand, store)
    assert (get(), source.calls) == ("K", 0)
    assert get("K") == "A"
    assert Kept.of(store.read("app")).token == Token.fetched(AccessToken(access_token="A", expires_in=7200), hand.time)


@both
@pytest.mark.parametrize("error", [refusal(), refusal(45009), TransportError("no answer", sent=True)])
def test_a_token_that_is_kept_serves_to_its_end_though_the_next_cannot_be_fetched(
    source: Source, hand: Hand, tokens: Tokens, error: WxkfError
) -> None:
    """A process that starts late in a token's life has none in hand."""
    store = Store()
    store.put(Token("K", hand.time - 100, hand.time - 1, hand.time + 100))
    source.script.extend([error] * 9)
    get = tokens(source, hand, store)
    assert [get(), get(), tokens(source, hand, store)()] == ["K"] * 3
    assert source.calls <= 2
    hand.time += 100
    with pytest.raises(type(error)):
        get()


@both
def test_a_token_that_is_kept_serves_while_another_process_fetches_the_next(
    source: Source, hand: Hand, tokens: Tokens
) -> None:
    store = Store()
    store.put(Token("K", hand.time - 100, hand.time - 1, hand.time + 100))
    assert store.lease("app", 15)
    assert (tokens(source, hand, store)(), hand.slept, source.calls) == ("K", [], 0)


@both
def test_a_token_another_process_fetched_ends_the_pause(source: Source, hand: Hand, tokens: Tokens) -> None:
    store = Store()
    get = tokens(source, hand, store)
    source.script.append(refusal())
    refused(get)
    store.put(token("K", hand))
    assert get() == "K"
