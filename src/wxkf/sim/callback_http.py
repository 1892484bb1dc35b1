"""The callback's way over real HTTP. aiohttp is imported on first use, so the in-process simulator never loads it."""

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from wxkf.sim.notice import UrlCheck

if TYPE_CHECKING:
    import aiohttp

_OK = 200
_VERIFY_SECONDS = 1.0  # page 90930
_ANSWER_MAX = 64 * 1024


def ask_now(url: str, query: dict[str, str]) -> bytes:
    """GET a URL within a second and give what it answers with HTTP 200, while the thread waits. Raises `OSError`."""
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    target = f"{parts.path or '/'}?{parts.query}{'&' * bool(parts.query)}{urlencode(query)}"
    try:
        with closing(kind(parts.netloc, timeout=_VERIFY_SECONDS)) as connection:
            connection.request("GET", target)
            answer = connection.getresponse()
            if answer.status != _OK:
                raise ConnectionError(f"HTTP {answer.status}")
            return answer.read(_ANSWER_MAX)
    except HTTPException as error:
        raise ConnectionError(type(error).__name__) from None


class CallbackUrl:
    """One callback URL. Opens its session on first use; `aclose` ends it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def post(self, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """POST a notice. Raises `OSError` when the connection fails."""
        return await self._ask("POST", query, body)

    async def verify(self, check: UrlCheck) -> bool:
        """Ask the URL its question: true for HTTP 200 and exactly the plain text, within one second."""
        try:
            async with asyncio.timeout(_VERIFY_SECONDS):
                return await self._ask("GET", check.query, None) == (200, check.expected)
        except OSError:  # a timeout is one too
            return False

    async def aclose(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def _ask(self, verb: str, query: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
        import aiohttp

        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        headers = {} if body is None else {"content-type": "text/xml"}
        asked = self._session.request(verb, self._url, params=query, data=body, headers=headers, allow_redirects=False)
        try:
            async with asked as answer:
                return answer.status, await answer.content.read(_ANSWER_MAX)
        except aiohttp.ClientError as error:
            raise ConnectionError(str(error)) from error
