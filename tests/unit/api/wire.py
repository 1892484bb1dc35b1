"""A wire that answers as told and keeps what was sent, and both clients on it behind one way to call them."""

import inspect
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal

import pytest

from wxkf import AsyncClient, Client
from wxkf.protocol.body import whole
from wxkf.protocol.call import Request, Response
from wxkf.protocol.flow import RetryPolicy

Json = dict[str, Any]
Mode = Literal["sync", "async"]
Answer = Callable[[Request], "Json | Response"]
MODES: tuple[Mode, Mode] = ("sync", "async")
both = pytest.mark.parametrize("mode", MODES)


class Wire:
    """Answers every call by a function, or with success; a call for a token gets one."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.requests: list[Request] = []
        self.tokens = 0
        self._answer = answer or (lambda _request: {})

    def take(self, request: Request) -> Response:
        """Answer one request."""
        if request.path == "gettoken":
            self.tokens += 1
            return reply(access_token=f"T{self.tokens}", expires_in=7200)
        self.requests.append(request)
        answer = self._answer(request)
        return answer if isinstance(answer, Response) else reply(**answer)

    @property
    def bodies(self) -> list[Json]:
        """What was sent, read."""
        return [body_of(request) for request in self.requests]

    def client(self, mode: Mode, **options: Any) -> Any:
        """Make a client of either mode on this wire, with options as for `with_options`."""
        once = RetryPolicy(tries=1)
        if mode == "sync":
            return Client("ww1", "secret", transport=_Sync(self), retry=once).with_options(**options)
        return AsyncClient("ww1", "secret", transport=_Async(self), retry=once).with_options(**options)


class _Sync:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def send(self, request: Request) -> Response:
        """Answer."""
        return self._wire.take(request)

    def close(self) -> None:
        """Hold nothing."""


class _Async:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def send(self, request: Request) -> Response:
        """Answer."""
        return self._wire.take(request)

    async def aclose(self) -> None:
        """Hold nothing."""


def reply(**fields: Any) -> Response:
    """Make an answer as the platform gives it."""
    return Response(200, json.dumps({"errcode": 0, "errmsg": "ok", **fields}).encode())


def body_of(request: Request) -> Json:
    """Read what was sent."""
    body: Json = json.loads(whole(request.body) or b"{}")
    return body


async def done(result: Any) -> Any:
    """Wait for what has to be waited for."""
    return await result if inspect.isawaitable(result) else result


async def listed(items: Iterator[Any] | AsyncIterator[Any]) -> list[Any]:
    """Take all that an iterator of either kind hands out."""
    if isinstance(items, Iterator):
        return list(items)
    return [item async for item in items]
