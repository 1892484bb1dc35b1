"""The simulator as one bare ASGI app: /cgi-bin/ for any client, / and /_sim/ for a person's browser.

The page's side answers to loopback names only, so that no other web site can read or post to it, whatever a name
server says (DNS rebinding); a POST must besides come from the page itself. The API's side is open to all clients.
"""

import asyncio
from collections.abc import Awaitable, Callable
from importlib.resources import files

import msgspec

from wxkf.sim.endpoints import TABLE
from wxkf.sim.endpoints.table import PREFIX
from wxkf.sim.platform import BODY_MAX, FORM_MAX, Platform
from wxkf.sim.values import Request
from wxkf.sim.web.asgi import (
    Headers,
    Receive,
    Scope,
    Send,
    TooLarge,
    answer_json,
    header_of,
    query_of,
    read_body,
    respond,
)
from wxkf.sim.web.control import Control
from wxkf.sim.web.cut import Cut, promise
from wxkf.sim.web.guard import is_loopback, is_near, is_own_origin

Sleep = Callable[[float], Awaitable[object]]
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_PAGE = files("wxkf.sim").joinpath("page")
_FOUND = {f"/{one.name}": one for one in _PAGE.iterdir() if one.name.rpartition(".")[2] in _TYPES}
PAGES = {"/": _FOUND["/index.html"], **_FOUND}
"""Every file of the page's folder, by its path; nothing is built."""
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
GUARDED: Headers = (
    ("content-security-policy", _CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
)
_PLAIN = "text/plain; charset=utf-8"


_encode = msgspec.json.Encoder().encode


class App:
    """An ASGI app over a platform. `close()` ends the event streams. Slow answers wait with `sleep`.

    `opened` lets other machines use the page and the control API by address or by a name without a dot.
    """

    def __init__(self, platform: Platform, sleep: Sleep = asyncio.sleep) -> None:
        self.opened = False
        self._sleep = sleep
        self._platform = platform
        self._control = Control(platform)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] != "http":
            raise RuntimeError("the simulator speaks HTTP only")
        elif scope["path"].startswith(PREFIX):
            await self._api(scope, receive, send)
        else:
            await self._browser(scope, receive, send)

    def close(self) -> None:
        """End the event streams."""
        self._control.close()

    async def _api(self, scope: Scope, receive: Receive, send: Send) -> None:
        row = TABLE.get(scope["path"].removeprefix(PREFIX))
        limit = FORM_MAX if row is not None and row.body == "form" else BODY_MAX
        try:
            body = await read_body(receive, limit + 1)
        except TooLarge:
            body = bytes(limit + 1)  # the rules refuse it by its size
        ip = (scope.get("client") or ("127.0.0.1", 0))[0]
        request = Request(scope["method"], scope["path"], query_of(scope), body, ip, scope["headers"])
        try:
            answer = self._platform.call(request)
            if answer is not None and answer.delay:
                await self._sleep(answer.delay)
            if answer is not None and answer.cut:
                raise Cut("a fault cut the line")
        except Exception:  # a fault or a hook cut the line
            await promise(send)
            raise
        if answer is None:
            await respond(send, 404, b"404 page not found", _PLAIN)
        elif answer.content is None:
            await answer_json(send, _encode(answer.envelope))
        else:
            await respond(send, answer.status, answer.content, answer.content_type, answer.headers)

    async def _browser(self, scope: Scope, receive: Receive, send: Send) -> None:
        host, path, verb = header_of(scope, "host"), scope["path"], scope["method"]
        if not (is_loopback(host) or (self.opened and is_near(host))):
            await respond(send, 403, b"This page answers to localhost only.", _PLAIN, GUARDED)
        elif verb == "POST" and not is_own_origin(header_of(scope, "origin"), host):
            await respond(send, 403, b"Another site may not post here.", _PLAIN, GUARDED)
        elif path in PAGES and verb in {"GET", "HEAD"}:
            content_type = _TYPES[PAGES[path].name.rpartition(".")[2]]
            content = b"" if verb == "HEAD" else PAGES[path].read_bytes()
            await respond(send, 200, content, content_type, GUARDED)
        elif path.startswith("/_sim/"):
            await self._control.serve(scope, receive, send, GUARDED)
        else:
            await respond(send, 404, b"There is nothing here.", _PLAIN, GUARDED)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
