"""The console's URL check, made by ourselves: a signed, sealed echostr by GET (platform.md 5.2).

What a library says of a failure may hold the URL; only its kind is kept, and of TLS OpenSSL's own words.
"""

import socket
import ssl
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from wxkf.cli.doctor.found import Knock, Question, Trouble
from wxkf.client.settings import App
from wxkf.errors import ConfigError
from wxkf.protocol.crypto import Crypto, signature

Draw = Callable[[int], bytes]
"""Give so many random bytes."""

PATIENCE = 10.0
_BODY_MAX = 64 * 1024


def question(app: App, now: float, draw: Draw, *, plus: bool = True) -> Question:
    """Make the question; its echostr holds a + or, on request, none: some programs lose it."""
    plain = str(10**18 + int.from_bytes(draw(8)) % 10**18).encode()
    crypto = Crypto(app.aes_key, app.corp_id)
    echostr = crypto.encrypt(plain, draw(16))
    while ("+" in echostr) is not plus:
        echostr = crypto.encrypt(plain, draw(16))
    timestamp, nonce = str(int(now)), str(int.from_bytes(draw(4)))
    signed = signature(app.token, timestamp, nonce, echostr)
    query = f"msg_signature={signed}&timestamp={timestamp}&nonce={nonce}&echostr={quote(echostr, safe='')}"
    return Question(query, signed, echostr, plain)


def check_url(url: str) -> str:
    """Return a callback URL as it is, or raise `ConfigError` for what is none."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or not url.isascii() or any(sign.isspace() for sign in url):
        raise ConfigError(
            "the callback URL must begin with https:// and name a host, e.g. https://bot.example.com/callback"
        )
    return url


async def knock(url: str, asked: Question, *, ticks: Callable[[], float], patience: float = PATIENCE) -> Knock:
    """Ask a callback address once. Never raises; `ticks` is a clock in seconds, `patience` how long to wait."""
    import aiohttp
    from yarl import URL

    bare = url.partition("#")[0]
    target = URL(f"{bare}{'&' if '?' in bare else '?'}{asked.query}", encoded=True)
    started = ticks()
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=patience)) as session,
            session.get(target, allow_redirects=False) as answer,
        ):
            body = await answer.content.read(_BODY_MAX)
            return Knock(ticks() - started, answer.status, body)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        trouble, detail = _trouble(error)
        return Knock(ticks() - started, trouble=trouble, detail=detail)


def _trouble(error: Exception) -> tuple[Trouble, str]:
    import aiohttp

    behind = getattr(error, "os_error", None) or getattr(error, "certificate_error", None) or error
    if isinstance(behind, ssl.SSLError):
        return "tls", getattr(behind, "verify_message", "") or behind.reason or "handshake failed"
    if isinstance(behind, socket.gaierror) or isinstance(error, aiohttp.ClientConnectorDNSError):
        return "dns", ""
    if isinstance(error, TimeoutError):
        return "timeout", ""
    connecting = isinstance(error, aiohttp.ClientConnectorError)
    return "connect" if connecting else "broken", type(error).__name__
