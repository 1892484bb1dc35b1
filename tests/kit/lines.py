"""A scripted line to the platform: a transport that writes down every request and answers from a script."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from wxkf.client.aio import AsyncClient
from wxkf.clock import Clock
from wxkf.errors import TransportError
from wxkf.protocol.body import whole
from wxkf.protocol.call import Request, Response

Json = dict[str, Any]
Play = Callable[[Json], Awaitable[Json]]
Scripted = int | bytes | Json | TransportError | Play
"""An errcode, a body, an answer's fields, a broken line, or a coroutine function from the request's to the answer's."""

NEVER_LEFT = TransportError("no connection", sent=False)
NO_ANSWER = TransportError("no answer", sent=True)
SEND, ON_EVENT, SYNC, TOKEN = "kf/send_msg", "kf/send_msg_on_event", "kf/sync_msg", "gettoken"


class Line:
    """Answers each path from its own script, and with success where the script is over."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self._scripts: defaultdict[str, deque[Scripted]] = defaultdict(deque)
        self._called = asyncio.Condition()

    def then(self, path: str, *answers: Scripted) -> None:
        """Add to the script of a path."""
        self._scripts[path].extend(answers)

    def bodies(self, path: str) -> list[Json]:
        """List what was asked of a path so far."""
        return [body for called, body in self.calls if called == path]

    async def called(self, path: str, times: int) -> None:
        """Return once a path was called so often. Raises `TimeoutError` after a while."""
        async with asyncio.timeout(5), self._called:
            await self._called.wait_for(lambda: len(self.bodies(path)) >= times)

    def client(self, clock: Clock) -> AsyncClient:
        """Make a client that talks through this line."""
        return AsyncClient("ww1", "secret", transport=self, clock=clock)

    async def send(self, request: Request) -> Response:
        """Play the next answer."""
        if request.path != TOKEN:
            assert parse_qs(request.target.partition("?")[2])["access_token"] == ["T"]
        body: Json = json.loads(whole(request.body) or b"{}")
        self.calls.append((request.path, body))
        async with self._called:
            self._called.notify_all()
        script = self._scripts[request.path]
        token: Json = {"access_token": "T", "expires_in": 7200}
        success = token if request.path == TOKEN else {"msgid": body.get("msgid", "")}
        answer: Scripted = script.popleft() if script else success
        if isinstance(answer, TransportError):
            raise answer
        if isinstance(answer, bytes):
            return Response(200, answer)
        if isinstance(answer, int):
            return _response({"errcode": answer, "errmsg": "no"})
        return _response(answer if isinstance(answer, dict) else await answer(body))

    async def aclose(self) -> None:
        """Hold nothing."""


def _response(fields: Json) -> Response:
    return Response(200, json.dumps({"errcode": 0, "errmsg": "ok"} | fields).encode())


async def breathe() -> None:
    """Let every task that can go on without waiting do so; for tests that nothing happens."""
    for _ in range(100):
        await asyncio.sleep(0)
