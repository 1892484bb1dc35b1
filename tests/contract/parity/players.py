"""Calling ours in place of theirs: the tables, both clients, and whom to call: documented samples or the simulator."""

import inspect
import json
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl

from kit import tables
from kit.tables import Json
from wxkf import AsyncClient, Client, out
from wxkf.client.asgi import AsgiTransport
from wxkf.protocol.body import whole
from wxkf.protocol.call import Request, Response
from wxkf.sim import Simulator
from wxkf.sim.endpoints import TABLE
from wxkf.sim.values import Request as SimRequest

Mode = Literal["sync", "async"]
MODES: tuple[Mode, Mode] = ("sync", "async")
SIMULATED = frozenset(TABLE)
"""The paths the simulator answers."""


@cache
def table(name: str) -> Json:
    """Load go.toml or wechatpy.toml."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


class Samples:
    """Answers each path with the answer that is documented for it, whole, and writes down what was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        self.requests.append(request)
        return Response(200, tables.dumps(tables.response_sample(operation(request.path))))

    @property
    def sent(self) -> Json:
        """What the last request carried: its body, or without one its query, but for the token."""
        last = self.requests[-1]
        if last.body is None:
            return {name: value for name, value in last.query.items() if name != "access_token"}
        body: Json = json.loads(whole(last.body))
        return body


class SyncVia:
    """A sync transport into a function."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer

    def send(self, request: Request) -> Response:
        """Answer."""
        return self._answer(request)

    def close(self) -> None:
        """Hold nothing."""


class AsyncVia:
    """The same for the async client."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer

    async def send(self, request: Request) -> Response:
        """Answer."""
        return self._answer(request)

    async def aclose(self) -> None:
        """Hold nothing."""


def into(sim: Simulator, mode: Mode) -> Any:
    """Make the transport into a simulator."""
    if mode == "async":
        return AsgiTransport(sim.app)

    def answer(request: Request) -> Response:
        path, _, query = request.target.partition("?")
        got = sim.platform.call(SimRequest(request.verb, path, dict(parse_qsl(query)), whole(request.body)))
        assert got is not None, f"the simulator has no {path}"
        content = json.dumps(got.envelope).encode() if got.content is None else got.content
        return Response(200, content, {"content-type": got.content_type, **{k.lower(): v for k, v in got.headers}})

    return SyncVia(answer)


def client(mode: Mode, transport: Any, corp_id: str = "ww1", secret: str = "secret", **options: Any) -> Any:
    """Make a client of either mode."""
    kind = Client if mode == "sync" else AsyncClient
    return kind(corp_id, secret, transport=transport, **options)


async def done(result: Any) -> Any:
    """Wait for what has to be waited for."""
    return await result if inspect.isawaitable(result) else result


async def call(mode: Mode, transport: Any, ours: str, arguments: Mapping[str, Any]) -> Any:
    """Call a method by the name the tables give it."""
    return await done(method(client(mode, transport), ours)(**arguments))


def via(samples: Callable[[Request], Response], mode: Mode) -> Any:
    """Make the transport to documented samples."""
    return SyncVia(samples) if mode == "sync" else AsyncVia(samples)


def method(client: Any, ours: str) -> Any:
    """Find `client.account.add`."""
    for name in ours.split(".")[1:]:
        client = getattr(client, name)
    return client


def resolve(name: str) -> Any:
    """Import `wxkf.api.account.AccountAdded`."""
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


def operation(path: str) -> tables.Operation:
    """Find the documentation of a path."""
    return next(one for one in tables.operations() if one.path == path)


def message_of(wire: Json) -> out.Outbound:
    """Make our value of a message as the tables write it: `{kind: fields}`."""
    ((kind, fields),) = wire.items()
    if kind == "msgmenu":
        items = [_ITEMS[item["type"]](**item[item["type"]]) for item in fields["list"]]
        return out.Menu(fields["head_content"], *items, tail=fields["tail_content"])
    message: out.Outbound = _KINDS[kind](**fields)
    return message


def _by(attribute: str, base: type) -> dict[str, Any]:
    kinds = [kind for kind in vars(out).values() if isinstance(kind, type) and issubclass(kind, base)]
    return {getattr(kind, attribute): kind for kind in kinds if kind is not base}


_KINDS, _ITEMS = _by("msgtype", out.Outbound), _by("type", out.MenuItem)
