"""What the page asks of the simulator under /_sim/: the state as JSON, a person's actions, live events, pictures.

Refusals are 4xx with one sentence. Nothing secret is in the state, and journal entries are masked already.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from wxkf.sim.web.asgi import Headers, Receive, Scope, Send, TooLarge, query_of, read_body, respond, respond_json
from wxkf.sim.web.events import Streams
from wxkf.sim.platform import Platform
from wxkf.sim.values import Json
from wxkf.sim.web.view import state_of

_BODY_MAX = 12 * 1024 * 1024
_PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Enter:
    """Enter the chat through the link."""

    open_kfid: str
    external_userid: str
    scene: str = ""
    scene_param: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Write a text or tap a menu item."""

    open_kfid: str
    external_userid: str
    text: str
    menu_id: str = ""


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """Let a person appear."""

    nickname: str


@dataclass(frozen=True, slots=True)
class Forward:
    """Move the clock."""

    seconds: float


class Control:
    """Serve /_sim/ for one platform."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._streams = Streams(platform)
        self._actions: dict[str, tuple[type[Any], Callable[[Any], Json]]] = {
            "enter": (Enter, self._enter),
            "say": (Say, self._say),
            "customer": (NewCustomer, self._customer),
            "clock": (Forward, self._forward),
        }

    def close(self) -> None:
        """End the event streams."""
        self._streams.close()

    async def serve(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Answer one request."""
        verb, name = scope["method"], scope["path"].removeprefix("/_sim/")
        if (verb, name) == ("GET", "state"):
            await respond_json(send, 200, state_of(self._platform), headers)
        elif (verb, name) == ("GET", "events"):
            await self._streams.serve(receive, send, headers)
        elif (verb, name) == ("GET", "session"):
            await self._session(query_of(scope), send, headers)
        elif (verb, name) == ("GET", "media"):
            await self._media(query_of(scope), send, headers)
        elif verb == "POST" and (name == "image" or name in self._actions):
            await self._act(name, scope, receive, send, headers)
        else:
            await respond(send, 404, b"There is no such control.", _PLAIN, headers)

    async def _act(self, name: str, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        try:
            body = await read_body(receive, _BODY_MAX)
            done = self._image(scope, body) if name == "image" else self._run(name, body)
        except TooLarge:
            await respond(send, 413, b"That is too large.", _PLAIN, headers)
        except (ValueError, msgspec.MsgspecError) as refusal:
            await respond(send, 400, str(refusal).encode(errors="replace"), _PLAIN, headers)
        else:
            await respond_json(send, 200, done, headers)

    def _run(self, name: str, body: bytes) -> Json:
        shape, action = self._actions[name]
        return action(msgspec.json.decode(body, type=shape))

    def _enter(self, it: Enter) -> Json:
        self._platform.enter(it.open_kfid, it.external_userid, scene=it.scene, scene_param=it.scene_param)
        return {}

    def _say(self, it: Say) -> Json:
        return {"msgid": self._platform.say(it.open_kfid, it.external_userid, it.text, menu_id=it.menu_id)}

    def _customer(self, it: NewCustomer) -> Json:
        return {"external_userid": self._platform.add_customer(it.nickname)}

    def _forward(self, it: Forward) -> Json:
        self._platform.world.clock.forward(it.seconds)
        return {"now": self._platform.world.now()}

    def _image(self, scope: Scope, body: bytes) -> Json:
        query = query_of(scope)
        kind = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"content-type"), "")
        open_kfid, external_userid = query.get("open_kfid", ""), query.get("external_userid", "")
        return {"msgid": self._platform.send_image(open_kfid, external_userid, body, kind)}

    async def _session(self, query: dict[str, str], send: Send, headers: Headers) -> None:
        try:
            session = self._platform.session(query.get("open_kfid", ""), query.get("external_userid", ""))
        except ValueError as refusal:
            await respond(send, 404, str(refusal).encode(), _PLAIN, headers)
        else:
            await respond_json(send, 200, session, headers)

    async def _media(self, query: dict[str, str], send: Send, headers: Headers) -> None:
        media = self._platform.world.media.get(query.get("media_id", ""))
        if media is None:
            await respond(send, 404, b"There is no such picture.", _PLAIN, headers)
        else:
            await respond(send, 200, media.data, media.content_type, headers)
