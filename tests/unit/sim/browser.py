"""One request through the simulator's ASGI app, as a server would hand it over."""

import asyncio
import json
from typing import Any


class Browser:
    """One request through the app, as a server would hand it over."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.grew = asyncio.Event()

    async def until(self, text: bytes) -> None:
        """Wait for a text in what was streamed so far."""
        while text not in self.body:
            self.grew.clear()
            await self.grew.wait()

    async def ask(self, verb: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> "Browser":
        path, _, query = target.partition("?")
        raw = [(key.encode(), value.encode()) for key, value in headers]
        scope = {"type": "http", "method": verb, "path": path, "query_string": query.encode(), "headers": raw}
        await self.app(scope | {"client": ("10.0.0.9", 1)}, self._receive(body), self._send)
        return self

    def _receive(self, body: bytes) -> Any:
        messages = [{"type": "http.request", "body": body}]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await asyncio.Event().wait()
            raise AssertionError

        return receive

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        else:
            self.body += message["body"]
            self.grew.set()

    def json(self) -> Any:
        return json.loads(self.body)
