"""Secrets planted everywhere, and a search through all that is shown: logs, reprs, tracebacks, error texts.

Every secret here holds the word CANARY. Both clients talk over a real socket, every logger is at DEBUG and asyncio in
its debug mode; then whatever can be printed is printed and searched. Codes and tickets are secrets as tokens are.
"""

import asyncio
import gc
import json
import logging
import pprint
import re
import subprocess
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from kit.callbacks import CORP, callback, receiver, signed
from kit.server import CUT, NOTHING, Said, Script, refusing, says
from unit.client.callers import Caller, Hand
from wxkf import App, CallbackError
from wxkf.api.account import AccountResource
from wxkf.api.corp import CorpRootResource
from wxkf.api.message import AnyResource, MessageResource
from wxkf.api.provider import ServiceResource, ServiceV2Resource
from wxkf.api.resource import Async
from wxkf.api.service_state import ServiceStateResource
from wxkf.client.aio import AsyncClient
from wxkf.client.over_aiohttp import AiohttpTransport
from wxkf.client.over_urllib3 import Urllib3Transport
from wxkf.client.sync import Client
from wxkf.client.token import Token
from wxkf.errors import WxkfError
from wxkf.protocol.call import Call
from wxkf.protocol.flow import RetryPolicy

SECRET, ACCESS, TOKEN, TICKET = "CANARY-corp-secret", "CANARY-access/+=é", "CANARYcallbacktoken", "CANARY-suite-ticket"
AES_KEY = "CANARY" + "a" * 37
PERMANENT, AUTH, PRE_AUTH, SUITE = "CANARY-permanent", "CANARY-auth-code" * 5, "CANARY-pre-auth", "CANARY-suite-token"
WELCOME, MSG_CODE, SYNC, PROVIDER = "CANARY-welcome", "CANARY-msg-code", "CANARY-sync-token", "CANARY-provider-token"

ENTERED = {
    "msgid": "1", "send_time": 1, "origin": 4, "msgtype": "event",
    "event": {"event_type": "enter_session", "open_kfid": "wk1", "external_userid": "wmA", "welcome_code": WELCOME},
}  # fmt: skip
MOVED = ENTERED | {"event": {"event_type": "session_status_change", "change_type": 3, "msg_code": MSG_CODE}}
NEW_EVENT = ENTERED | {"event": {"event_type": "brand_new", "welcome_code": WELCOME}}

CALLS: dict[str, tuple[Call[Any], dict[str, Any]]] = {
    "list": (AccountResource[Async].list(None), {}),
    "token": (
        CorpRootResource[Async].gettoken(None, corpid="ww1", corpsecret=SECRET),
        {"access_token": ACCESS, "expires_in": 7200},
    ),
    "sync": (
        MessageResource[Async].sync_msg(None, open_kfid="wk1", token=SYNC),
        {"msg_list": [ENTERED, MOVED, NEW_EVENT], "next_cursor": "c"},
    ),
    "on event": (MessageResource[Async].send_msg_on_event(None, code=WELCOME, message="您好"), {"msgid": "m"}),
    "trans": (
        ServiceStateResource[Async].trans(None, open_kfid="wk1", external_userid="wmA", service_state=4),
        {"msg_code": MSG_CODE},
    ),
    "suite": (
        ServiceResource[Async].get_suite_token(None, suite_id="ww2", suite_secret=SECRET, suite_ticket=TICKET),
        {"suite_access_token": SUITE, "expires_in": 7200},
    ),
    "provider": (
        ServiceResource[Async].get_provider_token(None, corpid="ww1", provider_secret=SECRET),
        {"provider_access_token": PROVIDER, "expires_in": 7200},
    ),
    "pre-auth": (
        ServiceResource[Async].get_pre_auth_code(None, suite_access_token=SUITE),
        {"pre_auth_code": PRE_AUTH, "expires_in": 1200},
    ),
    "permanent": (
        ServiceV2Resource[Async].get_permanent_code(None, suite_access_token=SUITE, auth_code=AUTH),
        {"permanent_code": PERMANENT, "access_token": ACCESS, "auth_corp_info": {"corpid": "ww3"}},
    ),
    "corp token": (
        ServiceResource[Async].get_corp_token(
            None, suite_access_token=SUITE, auth_corpid="ww3", permanent_code=PERMANENT
        ),
        {"access_token": ACCESS, "expires_in": 7200},
    ),
    "open corp id": (
        ServiceResource[Async].corpid_to_opencorpid(None, provider_access_token=PROVIDER, corpid="ww1"),
        {"open_corpid": "op"},
    ),
    "any": (AnyResource[Async].call(None, "kf/new", {"code": WELCOME, "permanent_code": PERMANENT}), {"msg_code": "x"}),
}
WHOLE = json.dumps({"errcode": 0, "access_token": ACCESS, "suite_ticket": TICKET}).encode()
TROUBLE: dict[str, Said] = {
    "refused": says(errcode=95018, errmsg="send msg session status invalid, hint: [17], from ip: 1.2.3.4"),
    "refused token": says(errcode=40014, errmsg="invalid access_token"),
    "busy": says(errcode=-1, errmsg="system busy"),
    "cut": CUT,
    "late": NOTHING,
    "page": Said(b"<html>Log in</html>", headers={"Content-Type": "text/html"}),
    "bad gateway": Said(b"<html>", 502),
    "moved": Said(b"", 302, {"Location": "/elsewhere"}),
    "half": Said(WHOLE[:-5]),
    "not UTF-8": Said(WHOLE + b"\xff"),
    "wrong types": Said(json.dumps({"access_token": [ACCESS, ACCESS], "msg_code": {"x": MSG_CODE}}).encode()),
    "another's JSON": Said(WHOLE, 404),
    "does not unpack": Said(WHOLE, headers={"Content-Encoding": "gzip"}),
    "long": Said(b'{"errcode":0,"x":"' + b"a" * 1950 + b'","access_token":"' + ACCESS.encode() * 9 + b'"}'),
    "a list": Said(b"[1]"),
    "a line that is no header": Said(WHOLE, headers={"no colon\r\nX": ACCESS[:6]}),
    "moved far away": Said(b"", 302, {"Location": "http://CANARY:x@127.0.0.1:1/CANARY?access_token=CANARY"}),
}  # fmt: skip


def in_sync(url: str, call: Call[Any], **options: Any) -> list[Any]:
    """Call through `Client`."""
    hand = Hand()
    with Client("ww1", SECRET, base_url=url, now=hand.now, sleep=hand.pause, **options) as client:
        return [client.run(call), client]


def in_async(url: str, call: Call[Any], **options: Any) -> list[Any]:
    """Call through `AsyncClient`."""

    async def main() -> list[Any]:
        async with AsyncClient("ww1", SECRET, base_url=url, clock=Hand(), **options) as client:
            return [await client.run(call), client]

    return asyncio.run(main())


CALLERS: list[Caller] = [in_sync, in_async]


@pytest.fixture(params=CALLERS, ids=lambda caller: caller.__name__)
def caller(request: pytest.FixtureRequest) -> Caller:
    """Call through each of the clients, which know the planted secret."""
    found: Caller = request.param
    return found


class Everything(logging.Handler):
    """Keeps every record of every logger as a handler would print it, with its arguments and its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.lines.append(f"{record.name}: {self.format(record)} {record.args!r} {record.msg!r}")


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Everything]:
    """Listen to everything at DEBUG."""
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    root, everything = logging.getLogger(), Everything()
    named = [one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    before = [(one, one.level) for one in (root, *named)]
    for one, _ in before:
        one.setLevel(logging.DEBUG)
    root.addHandler(everything)
    yield everything
    root.removeHandler(everything)
    for one, level in before:
        one.setLevel(level)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Go through an error and all that stands behind it, hidden or not."""
    while error is not None:
        yield error
        if error.__cause__ is not None:
            yield from chain(error.__cause__)
        error = error.__context__


def shown(value: object) -> str:
    """Print a value in every way there is."""
    parts = [repr(value), str(value), f"{value}", pprint.pformat(value), repr(getattr(value, "__rich_repr__", list)())]
    if isinstance(value, BaseException):
        for one in chain(value):
            parts += [repr(one), str(one), repr(one.args), "".join(traceback.format_exception(one, chain=True))]
    return "\n".join(parts)


def search(*texts: str) -> list[str]:
    """Find canaries, with a little of what stands around them."""
    return [found for text in texts for found in re.findall(r".{0,40}CANAR.{0,20}", text)]


def plant(platform: Script, caller: Caller, call: Call[Any], *said: Said, **options: Any) -> tuple[Any, ...]:
    """Make a call on which the platform answers so; give everything that came of it."""
    if call.path != "gettoken":
        platform.tell("gettoken", *[says(access_token=ACCESS, expires_in=7200)] * 3)
    platform.tell(call.path, *said)
    try:
        return call, *caller(platform.url, call, **{"timeout": 5.0, "retry": RetryPolicy(tries=2), **options})
    except WxkfError as error:
        return call, error


@pytest.mark.parametrize("name", CALLS)
def test_success_shows_no_secret(caller: Caller, platform: Script, logs: Everything, name: str) -> None:
    call, answer = CALLS[name]
    made = plant(platform, caller, call, says(**answer))
    assert not isinstance(made[1], WxkfError)
    assert search(*logs.lines, *(shown(one) for one in made if not isinstance(one, dict))) == []
    assert any(call.path in line and line.startswith("wxkf.client") for line in logs.lines)
    assert any("CANARY" in f"{asked.query}{asked.body!r}" for asked in platform.asked), "nothing was planted"


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("name", ["list", "token", "sync", "on event", "suite", "permanent", "corp token"])
def test_trouble_shows_no_secret(caller: Caller, platform: Script, logs: Everything, name: str, trouble: str) -> None:
    made = plant(platform, caller, CALLS[name][0], *[TROUBLE[trouble]] * 4, timeout=0.1)
    assert search(*logs.lines, *map(shown, made)) == []


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_while_the_token_is_fetched_shows_no_secret(
    caller: Caller, platform: Script, logs: Everything, trouble: str
) -> None:
    platform.tell("gettoken", *[TROUBLE[trouble]] * 4)
    made = plant(platform, caller, CALLS["list"][0], timeout=0.1)
    assert search(*logs.lines, *map(shown, made)) == []


@pytest.mark.parametrize("name", CALLS)
def test_no_connection_shows_no_secret(caller: Caller, logs: Everything, name: str) -> None:
    with refusing() as url, pytest.raises(WxkfError) as caught:
        caller(url, CALLS[name][0], retry=RetryPolicy(tries=2))
    assert search(*logs.lines, shown(caught.value)) == []


LIMITS: list[Call[Any]] = [
    MessageResource[Async].sync_msg(None, open_kfid="wk1", token=SYNC * 20),
    MessageResource[Async].send_msg_on_event(None, code=WELCOME, message="", msgid="not an id"),
    ServiceResource[Async].get_permanent_code(None, suite_access_token=SUITE, auth_code=AUTH * 20),
    ServiceV2Resource[Async].get_permanent_code(None, suite_access_token=SUITE, auth_code="CANARY"),
]


@pytest.mark.parametrize("call", LIMITS, ids=lambda call: call.path)
def test_a_limit_shows_no_secret(caller: Caller, platform: Script, logs: Everything, call: Call[Any]) -> None:
    _, error = plant(platform, caller, call)
    assert "was not sent" in str(error)
    assert search(*logs.lines, shown(error)) == []


def test_an_error_that_nobody_fetched_shows_no_secret(platform: Script, logs: Everything) -> None:
    """What asyncio says of a task whose error is lost, and of what was left open."""
    platform.tell("gettoken", CUT, CUT)

    async def main() -> None:
        client = AsyncClient("ww1", SECRET, base_url=platform.url, retry=RetryPolicy(tries=1))
        task = asyncio.create_task(client.account.list())
        await asyncio.wait([task])
        del task
        gc.collect()
        await asyncio.sleep(0)
        await client.aclose()

    asyncio.run(main())
    assert any("never retrieved" in line for line in logs.lines)
    assert search(*logs.lines) == []


SETTINGS = App("ww1", SECRET, TOKEN, AES_KEY)
OBJECTS: list[object] = [
    SETTINGS, SETTINGS.receiver(), SETTINGS.receiver()._crypto, Token(ACCESS, 1.0, 2.0, 3.0), Client.of(SETTINGS),
    AsyncClient.of(SETTINGS), Client.of(SETTINGS).account, Client.of(SETTINGS).send_msg, Client.of(SETTINGS)._tokens,
    Client.of(SETTINGS).with_options(extra={"code": WELCOME}), AsyncClient.of(SETTINGS)._tokens, AiohttpTransport(),
    Urllib3Transport(), Client.of(SETTINGS).gettoken, vars(Client.of(SETTINGS))["_transport"],
]  # fmt: skip


@pytest.mark.parametrize("value", OBJECTS, ids=lambda value: type(value).__name__)
def test_no_object_shows_a_secret(value: object) -> None:
    assert search(shown(value)) == []


def test_options_show_no_extra_fields() -> None:
    client = Client.of(SETTINGS).with_options(extra={"code": WELCOME})
    assert search(shown(client._terms)) == []


def test_a_callback_shows_neither_its_token_nor_its_ticket(logs: Everything) -> None:
    parts = f"<Token>{SYNC}</Token><SuiteTicket>{TICKET}</SuiteTicket><AuthCode>{AUTH}</AuthCode>"
    notice = receiver().read(*callback(f"<xml>{parts}</xml>".encode()))
    assert notice.token == SYNC
    assert search(shown(notice), *logs.lines) == []
    query = signed(SECRET)
    with pytest.raises(CallbackError) as caught:
        SETTINGS.receiver().read(query, f"<xml><ToUserName>{CORP}</ToUserName></xml>".encode())
    assert search(shown(caught.value)) == []


def test_the_search_finds_what_it_should(logs: Everything) -> None:
    """A log line, an argument, a hidden context: all are seen."""
    logging.getLogger("somebody.else").debug("their %s", "CANARY")
    assert search(*logs.lines)
    hidden = KeyError("mine")
    hidden.__context__ = ValueError("CANARY")
    hidden.__suppress_context__ = True
    assert search(shown(hidden))


PROGRAM = """
import asyncio, sys, warnings
from wxkf import AsyncClient, Client
from wxkf.errors import WxkfError

url, secret, code = sys.argv[1:]

def use():
    with Client("ww1", secret, base_url=url) as client:
        client.send_msg_on_event(code=code, message="hello from sync")
        try:
            client.account.list()
        except WxkfError as error:
            print(type(error).__name__)

async def ause():
    async with AsyncClient("ww1", secret, base_url=url) as client:
        await client.send_msg_on_event(code=code, message="hello from async")
        await client.account.list()

use()
asyncio.run(ause(), debug=True)
"""


@pytest.mark.parametrize(("level", "told"), [("debug", 6), ("DEBUG", 6), ("info", 0), ("", 0), ("nonsense", 0)])
def test_wxkf_log_tells_every_call_and_masks_its_secrets(platform: Script, level: str, told: int) -> None:
    platform.tell("gettoken", *[says(access_token=ACCESS, expires_in=7200)] * 2)
    platform.tell("kf/account/list", says(errcode=48002, errmsg="no"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, platform.url, SECRET, WELCOME],
        env={"WXKF_LOG": level, "PYTHONPATH": ":".join(sys.path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    lines = [line for line in done.stderr.splitlines() if " wxkf.client: " in line]
    assert len(lines) == told
    assert search(done.stderr, done.stdout) == []
    assert done.stdout == "PermissionDenied\n"
    if told:
        paths = [asked.path for asked in platform.asked]
        assert [path in line for path, line in zip(paths, lines, strict=True)] == [True] * told
        assert "GET /cgi-bin/gettoken?corpid=ww1&corpsecret=***" in lines[0]
        assert '"code":"***"' in lines[1]
        assert "hello from sync" in lines[1]
        assert "→ 200 in" in lines[2]
        assert '"errcode": 48002' in lines[2]
