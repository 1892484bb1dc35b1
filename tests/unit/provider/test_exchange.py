"""AuthCodes against a real local server: exchanged once, in time, and every other ending said with its remedy."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from kit.server import CUT, Script, refusing, says, serve
from kit.suites import (
    CODE,
    CORP,
    EXCHANGE,
    NOW,
    PERMANENT,
    SECRETS,
    SUITE,
    SUITE_TOKEN,
    create_auth,
    permanent,
    read,
    reset_code,
    suite,
    tell_suite_tokens,
    ticket,
)  # fmt: skip
from wxkf.bot.member import WatchedClient
from wxkf.bot.suite_names import SuiteNames
from wxkf.client.renewal import TokenSource
from wxkf.errors import NotAuthorised
from wxkf.provider.events import Event, EventState
from wxkf.provider.exchange import PATIENCE, Exchange
from wxkf.provider.store import ProviderStore
from wxkf.testing.clock import MovableClock


class Desk:
    """The exchange, the file, and the platform it asks."""

    def __init__(self, store: ProviderStore, clock: MovableClock, script: Script, url: str) -> None:
        self.store, self.clock, self.script = store, clock, script
        self.names = SuiteNames([suite(url)], store, self._client)
        self.exchange = Exchange(store, self.names.client, self.names.token, clock)

    def _client(self, name: str, base_url: str, source: TokenSource) -> WatchedClient:
        return WatchedClient(name, base_url=base_url, token_source=source, clock=self.clock, timeout=5.0)

    async def work(self, *, after: float = 0.0) -> Event:
        """Let so many seconds pass, work, and give the newest row."""
        self.clock.forward(seconds=after)
        await self.exchange.work()
        return self.store.events()[0]

    @property
    def sent(self) -> int:
        """How many exchanges arrived."""
        return len(self.script.asked_for(EXCHANGE))


@pytest.fixture
def script() -> Iterator[Script]:
    """A platform that gives suite tokens."""
    with serve() as script:
        tell_suite_tokens(script)
        yield script


@pytest.fixture
async def desk(store: ProviderStore, clock: MovableClock, script: Script) -> AsyncIterator[Desk]:
    """An exchange with a ticket and a code to exchange."""
    store.journal(SUITE, read(ticket()))
    store.journal(SUITE, read(create_auth()))
    desk = Desk(store, clock, script, script.url)
    yield desk
    await desk.names.aclose()


async def test_a_code_becomes_a_permanent_code(desk: Desk) -> None:
    desk.script.tell(EXCHANGE, permanent())
    event = await desk.work()
    assert (event.state, event.corp, event.code) == (EventState.DONE, CORP, "")
    assert desk.store.permanent_code(SUITE, CORP) == PERMANENT
    (asked,) = desk.script.asked_for(EXCHANGE)
    assert (asked.query, asked.json) == ({"suite_access_token": "SUITE-1"}, {"auth_code": CODE})
    await desk.work(after=3600)
    assert desk.sent == 1


async def test_a_reset_code_takes_the_place_of_the_old_one(desk: Desk) -> None:
    desk.script.tell(EXCHANGE, permanent(), permanent("NEW"))
    await desk.work()
    desk.store.journal(SUITE, read(reset_code(NOW + 1)))
    assert (await desk.work(after=1)).state is EventState.DONE
    assert desk.store.permanent_code(SUITE, CORP) == "NEW"


async def test_a_code_waits_for_the_ticket(store: ProviderStore, clock: MovableClock, script: Script) -> None:
    script.tell(EXCHANGE, permanent())
    desk = Desk(store, clock, script, script.url)
    store.journal(SUITE, read(create_auth()))
    event = await desk.work()
    assert (event.state, desk.sent) == (EventState.RECEIVED, 0)
    assert "no suite_ticket yet" in event.why
    store.journal(SUITE, read(ticket()))
    assert (await desk.work(after=6)).state is EventState.DONE
    await desk.names.aclose()


async def test_a_code_that_waits_too_long_expires_and_says_what_to_do(
    store: ProviderStore, clock: MovableClock, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(store, clock, script, script.url)
    store.journal(SUITE, read(create_auth()))
    await desk.work()
    event = await desk.work(after=600)
    assert event.state is EventState.EXPIRED
    assert "ask the corp to authorise again; last: " in event.why
    assert "is expired" in caplog.text
    assert desk.sent == 0
    await desk.names.aclose()


async def test_a_lost_answer_is_unknown_and_never_asked_for_again(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.script.tell(EXCHANGE, CUT, permanent())
    event = await desk.work()
    assert event.state is EventState.UNKNOWN
    assert "ask the corp to authorise again" in event.why
    assert [record.levelno for record in caplog.records if "is unknown" in record.message] == [logging.ERROR]
    await desk.work(after=300)
    assert desk.sent == 1
    with pytest.raises(NotAuthorised):
        desk.store.permanent_code(SUITE, CORP)


async def test_a_lost_reset_says_what_helps_there(desk: Desk) -> None:
    desk.script.tell(EXCHANGE, permanent(), CUT)
    await desk.work()
    desk.store.journal(SUITE, read(reset_code()))
    assert "reset the app's secret once more" in (await desk.work()).why


async def test_a_call_that_never_left_is_tried_again(store: ProviderStore, clock: MovableClock, script: Script) -> None:
    store.journal(SUITE, read(ticket()))
    store.journal(SUITE, read(create_auth()))
    with refusing() as nowhere:
        desk = Desk(store, clock, script, nowhere)
        desk.exchange = Exchange(store, desk.names.client, _fixed, clock)
        assert (await desk.work()).state is EventState.RECEIVED
    desk.names.suites[SUITE] = suite(script.url)
    script.tell(EXCHANGE, permanent())
    assert (await desk.work(after=6)).state is EventState.DONE
    await desk.names.aclose()


async def _fixed(*_: object) -> str:
    return "SUITE-0"


@pytest.mark.parametrize("errcode", [42009, 40082])
async def test_a_suite_token_that_is_refused_is_replaced(desk: Desk, errcode: int) -> None:
    desk.script.tell(EXCHANGE, says(errcode=errcode, errmsg="suite_access_token expired"), permanent())
    assert (await desk.work()).state is EventState.RECEIVED
    assert (await desk.work(after=6)).state is EventState.DONE
    assert [asked.query["suite_access_token"] for asked in desk.script.asked_for(EXCHANGE)] == ["SUITE-1", "SUITE-2"]


async def test_whoever_gives_suite_tokens_is_told_which_was_refused(desk: Desk) -> None:
    asked = list[str | None]()

    async def token(_: str, stale: str | None) -> str:
        asked.append(stale)
        return f"SUITE-{len(asked)}"

    desk.exchange = Exchange(desk.store, desk.names.client, token, desk.clock)
    desk.script.tell(EXCHANGE, says(errcode=42009, errmsg="suite_access_token expired"), permanent())
    await desk.work()
    await desk.work(after=6)
    assert asked == [None, "SUITE-1"]


async def test_a_code_the_platform_refuses_has_failed(desk: Desk) -> None:
    desk.script.tell(EXCHANGE, says(errcode=40078, errmsg="invalid auth code"))
    event = await desk.work()
    assert event.state is EventState.FAILED
    assert "40078" in event.why
    assert "ask the corp to authorise again" in event.why


async def test_a_busy_platform_is_asked_again_and_doubted(desk: Desk) -> None:
    """Whether a call that was answered -1 was carried out, nobody says: a spent code then means that it was."""
    desk.script.tell(EXCHANGE, says(errcode=-1, errmsg="system busy"), says(errcode=40078, errmsg="invalid auth code"))
    assert (await desk.work()).state is EventState.RECEIVED
    event = await desk.work(after=6)
    assert event.state is EventState.UNKNOWN
    assert "an earlier try had taken the code" in event.why


async def test_an_answer_without_a_code_is_no_success(desk: Desk) -> None:
    desk.script.tell(EXCHANGE, says(auth_corp_info={"corpid": CORP}))
    assert (await desk.work()).state is EventState.UNKNOWN


async def test_a_wrong_suite_secret_is_said_and_waits_for_better_settings(desk: Desk, script: Script) -> None:
    desk.script._lines[f"/cgi-bin/{SUITE_TOKEN}"].clear()
    desk.script.tell(SUITE_TOKEN, says(errcode=40080, errmsg="invalid suite secret"))
    event = await desk.work()
    assert event.state is EventState.RECEIVED
    assert "40080" in event.why


async def test_an_exchange_that_nobody_concludes_is_unknown(desk: Desk) -> None:
    (event,) = desk.store.open_events()
    desk.store.move(event, EventState.EXCHANGING, wait=PATIENCE, tried=True)
    assert (await desk.work(after=PATIENCE - 1)).state is EventState.EXCHANGING
    assert (await desk.work(after=2)).state is EventState.UNKNOWN
    assert desk.sent == 0


@pytest.mark.parametrize("times", [3, 1100], ids=["a moment", "hours"])
async def test_a_code_that_cannot_be_kept_is_kept_as_soon_as_the_file_allows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """The file is full for a while after the platform has answered: the only copy of the code is in our hands."""
    desk.script.tell(EXCHANGE, permanent())
    (event,) = desk.store.open_events()
    with desk.store._connection() as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON authorisation BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    slept = list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == times:
            with desk.store._connection() as db:
                db.execute("DROP TRIGGER full")
        await asyncio.sleep(0)

    monkeypatch.setattr(desk.clock, "sleep", sleep)
    assert (await desk.work()).state is EventState.DONE
    assert len(slept) == times
    assert desk.store.permanent_code(SUITE, CORP) == PERMANENT
    assert event.state is EventState.RECEIVED


async def test_of_two_workers_one_exchanges(desk: Desk) -> None:
    desk.script.tell(EXCHANGE, permanent(), says(errcode=40078))
    other = Exchange(desk.store, desk.names.client, desk.names.token, desk.clock)
    await asyncio.gather(desk.exchange.work(), other.work())
    assert desk.sent == 1
    assert desk.store.permanent_code(SUITE, CORP) == PERMANENT


async def test_no_secret_reaches_log_or_journal(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.script.tell(EXCHANGE, says(errcode=-1), CUT)
    await desk.work()
    await desk.work(after=6)
    shown = caplog.text + repr(desk.store.events())
    assert not any(secret in shown for secret in (*SECRETS, "SUITE-1", "SUITE-2"))
