"""A fetch that is refused, a token that comes back unchanged, a store that fails: nobody asks more than need be."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from unit.client.callers import Hand
from wxkf.api.corp import AccessToken
from wxkf.client.tokens import AsyncTokens, SyncTokens, Token
from wxkf.errors import ApiError, TransportError, WxkfError

MANY = 100
Get = Callable[..., str]


class Source:
    """A platform that gives A, B, C ... unless its script says otherwise, and counts."""

    def __init__(self) -> None:
        self.script: deque[str | WxkfError] = deque()
        self.calls = 0

    def fetch(self) -> AccessToken:
        """Give a token."""
        self.calls += 1
        answer = self.script.popleft() if self.script else chr(ord("A") + self.calls - 1)
        if isinstance(answer, WxkfError):
            raise answer
        return AccessToken(access_token=answer, expires_in=7200)

    async def afetch(self) -> AccessToken:
        """Give a token, async."""
        await asyncio.sleep(0)
        return self.fetch()


class Kept:
    """A store; a broken one raises."""

    def __init__(self, *, reads: bool = True, writes: bool = True) -> None:
        self.token: Token | None = None
        self._reads, self._writes = reads, writes

    def get(self, key: str) -> Token | None:
        """Read."""
        if not self._reads:
            raise ConnectionError("no store")
        return self.token

    def set(self, key: str, token: Token) -> None:
        """Keep."""
        if not self._writes:
            raise ConnectionError("no store")
        self.token = token


class AsyncKept:
    """The same, async."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, key: str) -> Token | None:
        """Read."""
        return self._kept.get(key)

    async def set(self, key: str, token: Token) -> None:
        """Keep."""
        self._kept.set(key, token)


def in_sync(source: Source, hand: Hand, store: Kept | None = None) -> Get:
    """Ask `SyncTokens`."""
    return SyncTokens(source.fetch, hand.now, store=store).get


def in_async(source: Source, hand: Hand, store: Kept | None = None) -> Get:
    """Ask `AsyncTokens`."""
    tokens = AsyncTokens(source.afetch, hand.now, store=AsyncKept(store) if store else None)
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
    "error", [TransportError("no answer", sent=True), refusal(-1), refusal(45009)], ids=["network", "busy", "limited"]
)
def test_passing_trouble_makes_no_pause(source: Source, hand: Hand, tokens: Tokens, error: WxkfError) -> None:
    get = tokens(source, hand)
    source.script.append(error)
    with pytest.raises(type(error)):
        get()
    assert get() == "B"


async def test_a_hundred_tasks_get_one_refusal_from_one_call(source: Source, hand: Hand) -> None:
    tokens = AsyncTokens(source.afetch, hand.now)
    source.script.append(refusal(40013))
    told = await asyncio.gather(*(tokens.get() for _ in range(MANY)), return_exceptions=True)
    assert {(error.errcode, error.path) for error in told if isinstance(error, ApiError)} == {(40013, "gettoken")}
    assert len([error for error in told if isinstance(error, ApiError)]) == MANY
    assert source.calls == 1


def test_a_hundred_threads_get_one_refusal_from_one_call(source: Source, hand: Hand) -> None:
    tokens, start = SyncTokens(source.fetch, hand.now), threading.Barrier(MANY)
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
@pytest.mark.parametrize("broken", [{"reads": False}, {"writes": False}, {"reads": False, "writes": False}])
def test_a_store_that_fails_costs_a_line_in_the_log(
    source: Source, hand: Hand, tokens: Tokens, caplog: pytest.LogCaptureFixture, broken: dict[str, bool]
) -> None:
    get = tokens(source, hand, Kept(**broken))
    assert [get(), get(), get("A")] == ["A", "A", "B"]
    assert source.calls == 2
    assert "the token store failed" in caplog.text


@both
def test_a_token_that_is_kept_is_not_fetched_and_one_that_was_refused_is(
    source: Source, hand: Hand, tokens: Tokens
) -> None:
    store = Kept()
    store.token = Token("K", hand.time + 100)
    get = tokens(source, hand, store)
    assert (get(), source.calls) == ("K", 0)
    assert get("K") == "A"
    assert store.token.value == "A"


@both
def test_a_token_another_process_fetched_ends_the_pause(source: Source, hand: Hand, tokens: Tokens) -> None:
    store = Kept()
    get = tokens(source, hand, store)
    source.script.append(refusal())
    refused(get)
    store.token = Token("K", hand.time + 100)
    assert get() == "K"
