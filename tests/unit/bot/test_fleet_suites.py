"""A provider's suite in a fleet, over real HTTP: commands are kept before they are answered, corps come and go."""

import asyncio
import http.client
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.callbacks import KEY, TOKEN
from kit.fleets import echo, phases
from kit.inboxes import row
from kit.server import Script, says, serve
from kit.suites import (
    CODE,
    CORP,
    EXCHANGE,
    NOW,
    PERMANENT,
    SUITE,
    SUITE_TOKEN,
    cancel_auth,
    change_auth,
    create_auth,
    permanent,
    pushed,
    read,
    reset_code,
    suite,
    tell_suite_tokens,
    ticket,
)  # fmt: skip
from wxkf.bot.fleet import Fleet
from wxkf.bot.member import Phase
from wxkf.client.settings import App
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite import SqliteStore
from wxkf.errors import ConfigError, NotAuthorised, StoreError
from wxkf.provider.events import EventState
from wxkf.provider.store import ProviderStore
from wxkf.serve import Server
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock

AT_CORP = f"{SUITE}/{CORP}"
NOTICE = (
    f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><CreateTime>1348831860</CreateTime>"
    "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>"
    "<Token><![CDATA[ENCtoken]]></Token><OpenKfId><![CDATA[wk1]]></OpenKfId></xml>"
).encode()


class Shop:
    """A fleet with one suite, served over HTTP, and the platform it calls."""

    def __init__(self, folder: Path, script: Script, apps: tuple[App, ...] = (), **of_suite: Any) -> None:
        self.clock = MovableClock(SimClock.frozen(float(NOW)))
        self.script, self.folder = script, folder
        self.store = ProviderStore(folder / "provider.db", now=self.clock.now, patience=0.5)
        self.inbox = SqliteStore(folder / "inbox.db")
        self.fleet = Fleet(
            echo, apps, self.inbox,
            suites=[suite(script.url, **of_suite)], provider=self.store, clock=self.clock,
            settings=InboxSettings(grace=0.1),
        )  # fmt: skip

    async def push(self, message: bytes, receiver: str = SUITE, path: str = "/") -> tuple[int, bytes]:
        """Push as the platform does, over HTTP."""
        return await asyncio.to_thread(self._post, *pushed(message, receiver), path)

    def _post(self, query: str, body: bytes, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.server.url.removeprefix("http://"), timeout=10)
        connection.request("POST", f"{path}?{query}", body)
        answer = connection.getresponse()
        told = answer.status, answer.read()
        connection.close()
        return told

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; the loop turns, real sockets need a moment."""
        async with asyncio.timeout(10):
            while not holds():  # noqa: ASYNC110 - real sockets
                await asyncio.sleep(0.005)

    async def authorised(self) -> None:
        """Let the corp authorise and its app start."""
        self.script.tell(EXCHANGE, permanent())
        assert await self.push(ticket()) == (200, b"success")
        assert await self.push(create_auth()) == (200, b"success")
        await self.until(lambda: phases(self.fleet) == {AT_CORP: Phase.RUNNING})

    async def __aenter__(self) -> "Shop":
        await self.fleet.__aenter__()
        self.server = Server(self.fleet.callback)
        await self.server.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.__aexit__()
        await self.fleet.__aexit__()


@pytest.fixture
def script() -> Iterator[Script]:
    """A platform."""
    with serve() as script:
        tell_suite_tokens(script)
        yield script


@pytest.fixture
async def shop(tmp_path: Path, script: Script) -> AsyncIterator[Shop]:
    """The fleet at work."""
    async with Shop(tmp_path, script) as shop:
        yield shop


async def test_a_corp_that_authorises_is_served_with_its_own_secret(shop: Shop, script: Script) -> None:
    await shop.authorised()
    (asked,) = script.asked_for("gettoken")
    assert asked.query == {"corpid": CORP, "corpsecret": PERMANENT}


async def test_a_corp_of_a_third_party_app_is_served_with_the_suites_token(tmp_path: Path, script: Script) -> None:
    script.tell("service/get_corp_token", says(access_token="CORP-1", expires_in=7200))
    async with Shop(tmp_path, script, kind="third_party") as shop:
        await shop.authorised()
    (asked,) = script.asked_for("service/get_corp_token")
    assert asked.query == {"suite_access_token": "SUITE-1"}
    assert asked.json == {"auth_corpid": CORP, "permanent_code": PERMANENT}
    assert {asked.query["access_token"] for asked in script.asked_for("kf/account/list")} == {"CORP-1"}
    assert script.asked_for("gettoken") == []


async def test_its_callbacks_find_its_app_whether_sealed_for_the_suite_or_the_corp(shop: Shop, script: Script) -> None:
    await shop.authorised()
    for count, receiver in enumerate((CORP, SUITE), 1):
        assert await shop.push(NOTICE, receiver) == (200, b"success")
        await shop.until(lambda count=count: len(script.asked_for("kf/sync_msg")) == count)  # type: ignore[misc]  # a default binds the loop variable
    assert script.asked_for("kf/sync_msg")[0].json["token"] == "ENCtoken"


async def test_a_callback_for_a_corp_nobody_knows_is_let_pass(shop: Shop, script: Script) -> None:
    assert await shop.push(NOTICE) == (200, b"success")
    assert (await shop.push(NOTICE, CORP))[0] == 400
    assert script.asked_for("kf/sync_msg") == []


async def test_a_command_is_kept_before_it_is_answered(shop: Shop) -> None:
    """With the file locked nothing can be kept: then the platform must not hear `success`, and still gets an answer."""
    await shop.push(ticket())
    other = sqlite3.connect(shop.folder / "provider.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = asyncio.get_running_loop().time()
    status, body = await shop.push(create_auth())
    took = asyncio.get_running_loop().time() - started
    other.execute("ROLLBACK")
    other.close()
    assert (status, b"success" in body) == (503, False)
    assert took < 5
    assert shop.store.events() == []
    assert await shop.push(create_auth()) == (200, b"success")
    assert len(shop.store.events()) == 1


async def test_what_is_pushed_twice_is_exchanged_once(shop: Shop, script: Script) -> None:
    await shop.authorised()
    assert await shop.push(create_auth()) == (200, b"success")
    await shop.until(lambda: not shop.store.open_events())
    assert len(script.asked_for(EXCHANGE)) == 1


async def test_a_corp_that_withdraws_is_stopped_at_once_and_can_be_purged(shop: Shop) -> None:
    await shop.authorised()
    account = await shop.inbox.account(AT_CORP, "wk1", 0.0)
    other = await shop.inbox.account("another", "wk1", 0.0)
    await shop.inbox.commit_page(account, "c1", [row("m1"), row("m2")], NOW)
    await shop.inbox.commit_page(other, "c1", [row("m3")], NOW)
    with pytest.raises(StoreError, match="still authorises"):
        await shop.fleet.purge(SUITE, CORP)
    assert await shop.push(cancel_auth(NOW + 5)) == (200, b"success")
    await shop.until(lambda: phases(shop.fleet) == {})
    assert await shop.fleet.purge(SUITE, CORP) == 2
    assert shop.store.authorisations() == []
    assert await shop.inbox.trace("m1") is None
    assert await shop.inbox.trace("m3") is not None
    with pytest.raises(NotAuthorised, match="nothing is kept"):
        await shop.fleet.purge(SUITE, CORP)


async def test_changed_rights_make_it_look_for_accounts_again(shop: Shop, script: Script) -> None:
    await shop.authorised()
    await shop.until(lambda: len(script.asked_for("kf/account/list")) == 2)
    shop.clock.forward(seconds=2)
    await shop.push(change_auth(NOW + 2))
    await shop.until(lambda: len(script.asked_for("kf/account/list")) == 3)


async def test_a_reset_secret_starts_the_app_anew_with_the_new_one(shop: Shop, script: Script) -> None:
    await shop.authorised()
    script.tell(EXCHANGE, permanent("NEWCODE"))
    await shop.push(reset_code(NOW + 9))
    await shop.until(lambda: [asked.query["corpsecret"] for asked in script.asked_for("gettoken")][1:] == ["NEWCODE"])
    await shop.until(lambda: phases(shop.fleet) == {AT_CORP: Phase.RUNNING})


async def test_a_new_suite_secret_reaches_the_corps_that_are_served(tmp_path: Path, script: Script) -> None:
    script.tell("service/get_corp_token", *[says(access_token=f"CORP-{n}", expires_in=7200) for n in (1, 2)])
    async with Shop(tmp_path, script, kind="third_party") as shop:
        await shop.authorised()
        new = replace(suite(script.url, kind="third_party"), suite_secret="another-secret")
        assert await shop.fleet.apply([], [new]) == [f"~{AT_CORP}"]
        script.stale = {"CORP-1"}
        await shop.until(lambda: len(script.asked_for(SUITE_TOKEN)) > 1)
    assert script.asked_for(SUITE_TOKEN)[-1].json["suite_secret"] == "another-secret"


async def test_who_authorised_is_served_after_a_restart(tmp_path: Path, script: Script) -> None:
    async with Shop(tmp_path, script) as shop:
        await shop.authorised()
    async with Shop(tmp_path, script) as again:
        await again.until(lambda: phases(again.fleet) == {AT_CORP: Phase.RUNNING})


async def test_an_app_of_the_settings_waits_for_its_corp(tmp_path: Path, script: Script) -> None:
    own = App(CORP, token="own", aes_key="o" * 43, base_url=script.url, name="shop", suite=SUITE)
    async with Shop(tmp_path, script, (own,)) as shop:
        state = shop.fleet.states()["shop"]
        assert (state.phase, state.reason) == (Phase.WAITING, f"{CORP} has not authorised {SUITE}")
        assert "authorise" in state.remedy
        script.tell(EXCHANGE, permanent())
        await shop.push(ticket())
        await shop.push(create_auth())
        await shop.until(lambda: phases(shop.fleet) == {"shop": Phase.RUNNING})


async def test_a_command_to_an_apps_own_door_commands_nothing(tmp_path: Path, script: Script) -> None:
    """Whoever holds an app's Token and key must not be able to speak for the suite."""
    own = App(CORP, "secret", TOKEN, KEY, script.url, path="/app")
    async with Shop(tmp_path, script, (own,), token="suitetoken", path="/suite") as shop:
        await shop.push(cancel_auth(), CORP, "/app")
        assert (await shop.push(cancel_auth(), SUITE, "/app"))[0] == 400
        assert (await shop.push(cancel_auth(), SUITE, "/suite"))[0] == 400
        assert shop.store.events() == []


async def test_suites_need_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"provider=ProviderStore\(path\)"):
        Fleet(echo, [], SqliteStore(tmp_path / "inbox.db"), suites=[suite()])


async def test_another_process_may_take_the_callbacks(shop: Shop, script: Script) -> None:
    """What somebody else wrote into the file is worked off here, with the next look."""
    script.tell(EXCHANGE, permanent())
    elsewhere = ProviderStore(shop.folder / "provider.db", now=shop.clock.now)
    for message in (ticket(), create_auth()):
        elsewhere.journal(SUITE, read(message))
    shop.clock.forward(seconds=2)
    await shop.until(lambda: phases(shop.fleet) == {AT_CORP: Phase.RUNNING})
    assert shop.store.events()[0].state is EventState.DONE
    assert CODE not in repr(shop.store.events())
