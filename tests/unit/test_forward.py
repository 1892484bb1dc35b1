"""Callbacks handed on to an engine over real sockets: the same for the async kind and the sync one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest

from kit.callbacks import V1, V2, V5, envelope, receiver
from kit.ports import free_port
from kit.server import CUT, NOTHING, refusing
from kit.server import serve as scripted
from wxkf.client.asgi import ask
from wxkf.errors import CallbackError, ConfigError, StoreError
from wxkf.protocol.callback import MAX_BODY, Notice
from wxkf.serve import Server
from wxkf.web import CallbackApp, Message, Receive, Reply, Send, respond
from wxkf.web.forward import Forward, SyncForward

SENTENCE = f"{CallbackError()}\n".encode()
QUERY, BODY = V5.query, envelope(V5.encrypted)

Ask = Callable[..., Awaitable[Reply]]
Make = Callable[..., Ask]
"""From the arguments of a `Forward` to its `answer`, which may be awaited whichever kind it is."""


def _async(*args: Any, **options: Any) -> Ask:
    return Forward(*args, **options).answer


def _sync(*args: Any, **options: Any) -> Ask:
    forward = SyncForward(*args, **options)
    return lambda *request: asyncio.to_thread(forward.answer, *request)


@pytest.fixture(params=[_async, _sync], ids=["async", "sync"])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


class Engine:
    """An engine's callback address: what it was asked, letter by letter, and the notices it took."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.notices: list[Notice] = []
        self.trouble = ""
        self._app = CallbackApp(receiver(), self._note)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.targets.append(f"{scope['raw_path'].decode()}?{scope['query_string'].decode()}")
        await self._app(scope, receive, send)

    async def _note(self, notice: Notice) -> None:
        if self.trouble:
            raise StoreError(self.trouble)
        self.notices.append(notice)


@asynccontextmanager
async def engine(port: int = 0) -> AsyncIterator[tuple[Engine, str]]:
    at_work = Engine()
    async with Server(at_work, port=port) as server:
        yield at_work, server.url


async def test_a_notice_reaches_the_engine_and_the_engines_answer_comes_back(make: Make) -> None:
    async with engine() as (there, url):
        assert await make(url)("POST", QUERY, BODY) == Reply(200, b"success")
        assert await make(url)("POST", QUERY.encode(), BODY, "/shop") == Reply(200, b"success")
    assert [notice.token for notice in there.notices] == ["ENCtoken"] * 2
    assert there.targets == [f"/?{QUERY}", f"/shop?{QUERY}"]


async def test_the_url_check_is_the_engines_too_and_its_plus_survives(make: Make) -> None:
    async with engine() as (_, url):
        for echostr in (V1.encrypted, V1.encrypted.replace("+", "%2B").replace("=", "%3d")):
            assert await make(url)("GET", f"{V1.query}&echostr={echostr}", b"") == Reply(200, V1.message)


async def test_the_engine_says_what_is_wrong_and_what_cannot_be_taken(make: Make) -> None:
    async with engine() as (there, url):
        assert await make(url)("POST", V2.query, BODY) == Reply(400, SENTENCE)
        there.trouble = "the disk is full"
        reply = await make(url)("POST", QUERY, BODY)
        assert (reply.status, b"disk" in reply.body) == (503, False)


@pytest.mark.parametrize(
    ("verb", "query", "body", "status"),
    [
        ("PUT", QUERY, BODY, 405),
        ("POST", QUERY, b"x" * (MAX_BODY + 1), 413),
        ("GET", f"{QUERY}&x=\xff", b"", 400),
        ("GET", f"{QUERY} HTTP/1.1\r\nX: ", b"", 400),
    ],
)
async def test_what_no_engine_takes_is_refused_without_asking_it(
    make: Make, verb: str, query: str, body: bytes, status: int
) -> None:
    async with engine() as (there, url):
        assert await make(url)(verb, query, body) == Reply(status, SENTENCE)
    assert there.targets == []


async def test_an_engine_that_is_not_there_is_a_503_and_a_line_in_the_log(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    with refusing() as url:
        reply = await make(url)("POST", QUERY, BODY)
    assert (reply.status, reply.body) == (503, b"this callback could not be taken now\n")
    (record,) = (record for record in caplog.records if record.name == "wxkf.forward")
    assert url in record.getMessage()
    assert "the connection was refused" in record.getMessage()
    assert V5.signature not in caplog.text


@pytest.mark.parametrize("said", [NOTHING, CUT])
async def test_an_engine_that_does_not_answer_is_a_503(make: Make, said: Any) -> None:
    with scripted() as script:
        script.tell("callback", said)
        async with asyncio.timeout(20):
            assert (await make(script.url, timeout=0.2)("POST", QUERY, BODY, "/cgi-bin/callback")).status == 503


async def test_an_engine_that_was_started_again_gets_the_next_one(make: Make) -> None:
    async with engine() as (_, url):
        forward = make(url)
        assert (await forward("POST", QUERY, BODY)).status == 200
    assert (await forward("POST", QUERY, BODY)).status == 503
    async with engine(int(url.rpartition(":")[2])) as (there, _):
        assert (await forward("POST", QUERY, BODY)).status == 200
    assert len(there.notices) == 1


async def test_an_address_with_a_path_is_where_all_go(make: Make) -> None:
    async with engine() as (there, url):
        await make(f"{url}/repair/")("POST", QUERY, BODY, "/callback")
        await make(f"{url}/")("POST", QUERY, BODY, "//@evil.example:1/客服?")
    assert [target.partition("?")[0] for target in there.targets] == [
        "/repair",
        "/%40evil.example%3A1/%E5%AE%A2%E6%9C%8D%3F",
    ]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "127.0.0.1:8001",
        "ftp://x",
        "http://",
        "http://x:y",
        "http://x:0",
        "http://[x",
        "http://x?a",
        "http://me:pw@x",
    ],
)
def test_an_address_that_is_none_is_refused_in_words(make: Make, address: str) -> None:
    with pytest.raises(
        ConfigError, match=r"^the engine's address must be like http://127\.0\.0\.1:8001, not "
    ) as error:
        make(address)
    assert "pw" not in str(error.value)


def test_one_forward_serves_several_event_loops() -> None:
    """As it must where each request has a loop of its own: an async view of Django under WSGI."""
    port = free_port()
    forward = Forward(f"http://127.0.0.1:{port}")

    async def ring() -> int:
        async with engine(port):
            return (await forward.answer("POST", QUERY, BODY)).status

    assert [asyncio.run(ring()) for _ in range(2)] == [200, 200]


async def test_as_an_app_it_passes_on_the_path_below_where_it_is_mounted() -> None:
    async with engine() as (there, url):

        async def mounted(scope: Message, receive: Receive, send: Send) -> None:
            await Forward(url)({**scope, "root_path": "/kf"}, receive, send)

        assert (await ask(mounted, "POST", "/kf/shop", QUERY, BODY)).body == b"success"
        await asyncio.to_thread(
            SyncForward(url), _environ(SCRIPT_NAME="/kf", PATH_INFO="/\xe5\xae\xa2"), lambda *_: None
        )
    assert there.targets == [f"/shop?{QUERY}", "/%E5%AE%A2?"]


async def test_whatever_status_an_engine_gives_is_one_that_wsgi_can_say() -> None:
    async def odd(scope: Message, receive: Receive, send: Send) -> None:
        await respond(send, Reply(599, b""))

    said = list[str]()
    async with Server(odd) as server:
        await asyncio.to_thread(SyncForward(server.url), _environ(), lambda status, _: said.append(status))
    assert said == ["599 "]


def _environ(**more: str) -> dict[str, Any]:
    return {"REQUEST_METHOD": "GET", "QUERY_STRING": "", "PATH_INFO": "/", "wsgi.input": BytesIO(), **more}
