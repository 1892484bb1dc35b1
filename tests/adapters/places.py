"""The examples at work, each in processes of its own beside a simulated platform, as a user starts them."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from kit.callbacks import KEY, TOKEN, envelope, seal, signed
from kit.commands import COMMAND, PATIENCE, environment
from kit.inboxes import Inbox
from kit.ports import free_port
from wxkf.serve import Server
from wxkf.sim import Simulator
from wxkf.web import Message, Receive, Reply, Send, respond

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples" / "adapters"

_UVICORN = (sys.executable, "-m", "uvicorn", "--port", "0")
_WSGI = (sys.executable, str(HERE / "threaded.py"))
_AIOHTTP = (sys.executable, "-m", "aiohttp.web", "-H", "127.0.0.1", "-P")
_ENGINE = (*COMMAND, "run", "hello:bot", "--role", "engine", "--port", "0")
_WEB = (*COMMAND, "run", "--role", "web", "--host", "127.0.0.1", "--port", "0")

ALONE = {
    "starlette_app": (*_UVICORN, "starlette_app:app"),
    "fastapi_app": (*_UVICORN, "fastapi_app:app"),
    "quart_app": (*_UVICORN, "quart_app:app"),
    "aiohttp_app": (*_AIOHTTP, str(free_port()), "aiohttp_app:make_app"),
}
"""Who has the bot in its own process, and how it is started."""

BEFORE_AN_ENGINE = {
    "django_async": (*_UVICORN, "django_async:application"),
    "django_sync": (*_WSGI, "django_sync:application"),
    "flask_app": (*_WSGI, "flask_app:app"),
    "wxkf run --role web": _WEB,
}
"""Who hands callbacks on."""


class Gate:
    """Where the bot's handler waits; a bare ASGI app."""

    def __init__(self) -> None:
        self.arrived, self.open = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.arrived.set()
        await self.open.wait()
        await respond(send, Reply(200, b""))


@dataclass
class Place:
    """One example at work. `url` is that of its callback, `gate` is where its bot waits."""

    sim: Simulator
    gate: Gate
    url: str
    inbox: Inbox

    async def ask(self, verb: str, query: str, body: bytes = b"") -> tuple[int, bytes]:
        """Put a request to the callback address, letter by letter."""
        return await asyncio.to_thread(_ask, self.url, verb, query, body)

    async def ring(self, open_kfid: str) -> tuple[int, bytes]:
        """Ring for an account as the platform does."""
        words = "<MsgType>event</MsgType><Event>kf_msg_or_event</Event><Token>ENC</Token>"
        return await self.ask("POST", *self.sealed(f"<xml>{words}<OpenKfId>{open_kfid}</OpenKfId></xml>".encode()))

    def sealed(self, message: bytes) -> tuple[str, bytes]:
        """Seal a message into query string and body of a POST."""
        encrypted = seal(message, self.sim.corp_id)
        return signed(encrypted), envelope(encrypted)

    def sees(self, what: Callable[[object], bool]) -> asyncio.Event:
        """Give an event that is set as soon as this happens on the platform."""
        seen = asyncio.Event()
        self.sim.platform.watch(lambda it: seen.set() if what(it) else None)
        return seen


@asynccontextmanager
async def place(name: str, folder: Path) -> AsyncIterator[Place]:
    """Start an example, its engine if it needs one, and the platform; in the end none is left running."""
    sim, gate = Simulator(), Gate()
    app = next(iter(sim.platform.world.apps.values()))
    app.token, app.aes_key = TOKEN, KEY
    async with AsyncExitStack() as stack:
        stack.push_async_callback(sim.aclose)
        platform = await stack.enter_async_context(Server(sim.app))
        held = await stack.enter_async_context(Server(gate))
        env = _env(WXKF_BASE_URL=platform.url, WXKF_CORP_ID=sim.corp_id, WXKF_SECRET=sim.secret, GATE=held.url)
        if name in ALONE:
            url = await stack.enter_async_context(_started(ALONE[name], folder, env))
        else:
            engine = await stack.enter_async_context(_started(_ENGINE, folder, env))
            bare = environment(PYTHONPATH=env["PYTHONPATH"], WXKF_ENGINE=engine)  # without keys: it needs none
            (web := folder / "web").mkdir()
            url = await stack.enter_async_context(_started(BEFORE_AN_ENGINE[name], web, bare))
        sim.deliver_to_url(f"{url}/callback")
        yield Place(sim, gate, f"{url}/callback", Inbox(folder / "wxkf.db"))
        gate.open.set()


def _env(**more: str) -> dict[str, str]:
    path = os.pathsep.join((str(HERE / "bots"), str(EXAMPLES)))
    return environment(PYTHONPATH=path, WXKF_TOKEN=TOKEN, WXKF_AES_KEY=KEY, **more)


@asynccontextmanager
async def _started(words: tuple[str, ...], folder: Path, env: Mapping[str, str]) -> AsyncIterator[str]:
    """Start a command and give the address that it says it listens on; whatever it said in the end holds no error."""
    process = await asyncio.create_subprocess_exec(*words, cwd=folder, env=env, stdout=PIPE, stderr=STDOUT)
    assert process.stdout
    said, found = "", None
    try:
        async with asyncio.timeout(PATIENCE):
            while not found:
                line = (await process.stdout.readline()).decode()
                assert line, said
                said, found = said + line, re.search(r"http://127\.0\.0\.1:\d+", line)
        yield found[0]
    finally:
        if process.returncode is None:
            process.terminate()
        rest, _ = await process.communicate()
        print(said, rest.decode())  # pytest shows it if something failed
    assert "Traceback" not in said + rest.decode()


def _ask(url: str, verb: str, query: str, body: bytes) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=PATIENCE)
    try:
        connection.request(verb, f"{parts.path}?{query}", body or None, {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
