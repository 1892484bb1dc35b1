"""What the page asks of the simulator under /_sim/: the state as JSON, people's actions, live events, pictures.

Each action of `wxkf.sim.actions` is a POST: /_sim/customers/say takes what `customers.say` takes. Refusals are 4xx
with one sentence. Nothing secret is in the state, and journal entries are masked already.
"""

from inspect import Parameter, signature
from typing import Any, get_type_hints

import msgspec

from wxkf.sim.actions.action import named
from wxkf.sim.platform import Platform
from wxkf.sim.values import Json
from wxkf.sim.web.asgi import Headers, Receive, Scope, Send, TooLarge, query_of, read_body, respond, respond_json
from wxkf.sim.web.events import Streams
from wxkf.sim.web.view import faults_of, state_of

_BODY_MAX = 32 * 1024 * 1024
_PLAIN = "text/plain; charset=utf-8"


class _Action:
    """One method as a control: its arguments as a struct, its result as an object."""

    def __init__(self, path: str, method: Any) -> None:
        self._method, self._returns = method, method.__action__
        hints = get_type_hints(method)
        fields = [
            (name, hints[name]) if one.default is Parameter.empty else (name, hints[name], one.default)
            for name, one in signature(method).parameters.items()
        ]
        self.shape = msgspec.defstruct(path.replace("/", "_"), fields, forbid_unknown_fields=True)

    def run(self, body: bytes) -> Json:
        """Decode the arguments and act. Raises `ValueError` and msgspec's errors."""
        given = msgspec.json.decode(body or b"{}", type=self.shape)
        return named(self._returns, self._method(**msgspec.structs.asdict(given)))


def actions_of(platform: Platform) -> dict[str, _Action]:
    """List the actions by their paths under /_sim/."""
    found = dict[str, _Action]()
    for group in platform.groups:
        for name in dir(type(group)):
            if hasattr(getattr(type(group), name), "__action__"):
                path = f"{group.group}/{name}"
                found[path] = _Action(path, getattr(group, name))
    return found


class Control:
    """Serve /_sim/ for one platform."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._streams = Streams(platform)
        self._actions = actions_of(platform)

    def close(self) -> None:
        """End the event streams."""
        self._streams.close()

    async def serve(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Answer one request."""
        verb, name = scope["method"], scope["path"].removeprefix("/_sim/")
        if (verb, name) == ("GET", "state"):
            await respond_json(send, 200, state_of(self._platform), headers)
        elif (verb, name) == ("GET", "faults"):
            await respond_json(send, 200, {"faults": faults_of(self._platform)}, headers)
        elif (verb, name) == ("GET", "events"):
            await self._streams.serve(receive, send, headers)
        elif (verb, name) == ("GET", "session"):
            await self._session(query_of(scope), send, headers)
        elif (verb, name) == ("GET", "media"):
            await self._media(query_of(scope), send, headers)
        elif verb == "POST" and (name == "clock" or name in self._actions):
            await self._act(name, receive, send, headers)
        else:
            await respond(send, 404, b"There is no such control.", _PLAIN, headers)

    async def _act(self, name: str, receive: Receive, send: Send, headers: Headers) -> None:
        try:
            body = await read_body(receive, _BODY_MAX)
            done = self._forward(body) if name == "clock" else self._actions[name].run(body)
        except TooLarge:
            await respond(send, 413, b"That is too large.", _PLAIN, headers)
        except (ValueError, msgspec.MsgspecError) as refusal:
            await respond(send, 400, str(refusal).encode(errors="replace"), _PLAIN, headers)
        else:
            await respond_json(send, 200, done, headers)

    def _forward(self, body: bytes) -> Json:
        self._platform.world.clock.forward(msgspec.json.decode(body, type=dict[str, float]).get("seconds", 0.0))
        return {"now": self._platform.world.now()}

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
