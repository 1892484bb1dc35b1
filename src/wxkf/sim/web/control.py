"""The control API under /_sim/: the state as JSON, people's actions, live events, files.

Each action of `wxkf.sim.actions` is a POST: /_sim/customers/say takes what `customers.say` takes. Refusals are 4xx
with one sentence. Nothing secret is in the state, and journal entries are masked; a snapshot holds everything.
"""

from collections.abc import Callable
from difflib import get_close_matches

import msgspec

from wxkf.sim.actions.samples import samples
from wxkf.sim.platform import Platform
from wxkf.sim.values import Json
from wxkf.sim.web.asgi import (
    Headers,
    Receive,
    Scope,
    Send,
    TooLarge,
    header_of,
    query_of,
    read_body,
    respond,
    respond_json,
)
from wxkf.sim.web.events import Streams
from wxkf.sim.web.files import piece_of, shown_as
from wxkf.sim.web.openapi import READS, describe
from wxkf.sim.web.routes import routes_of
from wxkf.sim.web.view import BUBBLES_SHOWN, chat_of, faults_of, file_of, people_of, state_of

_BODY_MAX = 32 * 1024 * 1024
_SNAPSHOT_MAX = 1024 * 1024 * 1024
_PLAIN = "text/plain; charset=utf-8"
_KINDS = ("call", "callback", "action")


class Control:
    """Serve /_sim/ for one platform."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._streams = Streams(platform)
        self._routes = routes_of(platform)
        self._reads: dict[str, Callable[[dict[str, str]], object]] = {
            "state": lambda query: state_of(platform, _number(query, "bubbles", BUBBLES_SHOWN)),
            "people": lambda query: people_of(platform),
            "chat": self._chat,
            "file": lambda query: file_of(platform, query.get("media_id", "")),
            "session": lambda query: platform.session(query.get("open_kfid", ""), query.get("external_userid", "")),
            "journal": self._journal,
            "faults": lambda query: {"faults": faults_of(platform)},
            "samples": lambda query: {"samples": samples(platform.world.now())},
            "openapi.json": lambda query: describe(self._routes),
        }

    def close(self) -> None:
        """End the event streams."""
        self._streams.close()

    async def serve(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Answer one request."""
        verb, name = scope["method"], scope["path"].removeprefix("/_sim/")
        if name in self._routes and verb == "POST":
            await self._act(name, receive, send, headers)
        elif name in READS and verb == "GET":
            await self._read(name, scope, receive, send, headers)
        elif name in READS or name in self._routes:
            await respond(
                send, 405, f"/_sim/{name} takes {'GET' if verb == 'POST' else 'POST'}.".encode(), _PLAIN, headers
            )
        else:
            await respond(send, 404, self._unknown(name), _PLAIN, headers)

    async def _act(self, name: str, receive: Receive, send: Send, headers: Headers) -> None:
        try:
            body = await read_body(receive, _SNAPSHOT_MAX if name == "restore" else _BODY_MAX)
            done = self._routes[name].run(body)
        except TooLarge:
            await respond(send, 413, b"That is too large.", _PLAIN, headers)
        except (ValueError, RecursionError, msgspec.MsgspecError) as refusal:
            await respond(send, 400, str(refusal).encode(errors="replace"), _PLAIN, headers)
        else:
            await respond_json(send, 200, done, (*headers, self._streams.number))

    async def _read(self, name: str, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        query = query_of(scope)
        if name == "events":
            await self._streams.serve(receive, send, headers)
        elif name == "media":
            await self._media(query, header_of(scope, "range"), send, headers)
        else:
            try:
                found = self._reads[name](query)
            except ValueError as refusal:
                await respond(send, 404, str(refusal).encode(), _PLAIN, headers)
            else:
                await respond_json(send, 200, found, (*headers, self._streams.number))

    def _journal(self, query: dict[str, str]) -> Json:
        after, kind = _number(query, "after", 0), query.get("kind", "")
        if kind and kind not in _KINDS:
            raise ValueError(f"`kind` is one of {', '.join(_KINDS)}.")
        entries = [one for one in self._platform.journal if one.number > after]
        return {"entries": [one for one in entries if not kind or one.kind == kind]}

    def _chat(self, query: dict[str, str]) -> Json:
        open_kfid, external_userid = query.get("open_kfid", ""), query.get("external_userid", "")
        self._platform.session(open_kfid, external_userid)  # refuses strangers
        return chat_of(self._platform, open_kfid, external_userid)

    def _unknown(self, name: str) -> bytes:
        near = get_close_matches(name, [*self._routes, *READS], 3)
        said = f" Did you mean {' or '.join(near)}?" if near else ""
        return f"There is no control /_sim/{name[:64]}.{said} /_sim/openapi.json lists them all.".encode(
            errors="replace"
        )

    async def _media(self, query: dict[str, str], asked: str, send: Send, headers: Headers) -> None:
        media = self._platform.world.media.get(query.get("media_id", ""))
        if media is None:
            await respond(send, 404, b"There is no such file.", _PLAIN, headers)
        else:
            content_type, more = shown_as(media.content_type)
            status, piece, about = piece_of(media.data, asked)
            await respond(send, status, piece, content_type, headers + more + about)


def _number(query: dict[str, str], key: str, default: int) -> int:
    given = query.get(key, str(default))
    if not (given.isascii() and given.isdecimal()) or len(given) > 18:
        raise ValueError(f"`{key}` is a whole number.")
    return int(given)
