"""A healthy set-up to make ill: the simulated platform and a bot's callback address, both over real HTTP."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from wxkf.cli.doctor.examine import Around, examine
from wxkf.cli.doctor.line import Line
from wxkf.protocol.callback import Notice, Receiver
from wxkf.serve import Server
from wxkf.sim import Settings, Simulator
from wxkf.web import CallbackApp, answer

Answer = Callable[[str, str], tuple[int, bytes]]
"""From verb and query to status and body."""


class Clinic:
    """Settings that are right until a test changes them, and what the doctor says of them."""

    def __init__(self, sim: Simulator, url: str, callback: str) -> None:
        self.sim, self.platform, self.kf = sim, sim.platform, sim.open_kfid
        self.url, self.around = callback, Around()
        self.env = {
            "WXKF_BASE_URL": url,
            "WXKF_CORP_ID": sim.corp_id,
            "WXKF_SECRET": sim.secret,
            "WXKF_TOKEN": sim.token,
            "WXKF_AES_KEY": sim.aes_key,
        }

    async def lines(self, **options: Any) -> list[Line]:
        """Examine."""
        return await examine(self.env, url=self.url, around=self.around, **options)

    async def line(self, check: str, **options: Any) -> Line:
        """Examine, and give the one line of a check."""
        (line,) = [line for line in await self.lines(**options) if line.check == check]
        return line

    def calls(self, path: str) -> int:
        """Count the calls of a path that the platform saw."""
        return sum(entry.kind == "call" and entry.title == path for entry in self.platform.journal)


@asynccontextmanager
async def clinic(**settings: Any) -> AsyncIterator[Clinic]:
    """Serve a platform with one account and two servicers, and the bot's callback."""
    sim = Simulator(seed=7, settings=Settings(**settings))
    for userid in ("zhangsan", "lisi"):
        sim.console.add_servicer(sim.open_kfid, userid)
    receiver = Receiver(sim.token, sim.aes_key, sim.corp_id)
    async with Server(side_by_side(sim.app, CallbackApp(receiver, ignore))) as server:
        try:
            yield Clinic(sim, server.url, f"{server.url}/callback")
        finally:
            await sim.aclose()


def side_by_side(platform: Any, bot: Any) -> Callable[..., Awaitable[None]]:
    """Serve the bot under /callback and the platform elsewhere: one server stops in half the time of two."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (bot if scope.get("path") == "/callback" else platform)(scope, receive, send)

    return app


async def ignore(notice: Notice) -> None:
    """Take a notice for nothing."""


def program(answers: Answer) -> Callable[..., Awaitable[None]]:
    """Make an ASGI app that answers GET as it is told, redirects included."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        status, body = answers(scope["method"], scope["query_string"].decode())
        headers = [(b"content-length", str(len(body)).encode()), (b"location", b"https://elsewhere.invalid/")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def right(sim: Simulator, verb: str, query: str) -> bytes:
    """Give the plaintext of a question."""
    reply = answer(Receiver(sim.token, sim.aes_key, sim.corp_id), verb, query, b"")
    assert reply.status == 200
    return reply.body


def losing_plus(sim: Simulator) -> Answer:
    """Answer like a program that decodes its query twice."""

    def answers(verb: str, query: str) -> tuple[int, bytes]:
        twice = "&".join(unquote_plus(unquote_plus(pair)) for pair in query.split("&"))
        return answer(Receiver(sim.token, sim.aes_key, sim.corp_id), verb, twice, b"")[:2]

    return answers


@asynccontextmanager
async def self_signed(folder: Path) -> AsyncIterator[str]:
    """Serve a certificate that nobody vouches for."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = folder / "self-signed.pem"
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + certificate.public_bytes(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}/callback"
