"""The callback address while the set-up runs: answers as the bot will, and tells when somebody has proven the keys."""

from collections.abc import Callable, Container

from wxkf.errors import CallbackError
from wxkf.protocol.callback import Notice, Receiver, parse_query
from wxkf.web import CallbackApp, Message, Receive, Send


class Door:
    """An ASGI app. `opened` is called after a URL check or a notice that was signed and sealed with our keys.

    A notice that comes now is no loss: it is a doorbell only, and a bot looks by itself when it starts. A check of our
    own looks like the console's; their signatures are in `ours` and do not count.
    """

    def __init__(self, receiver: Receiver, opened: Callable[[], None], ours: Container[str]) -> None:
        self._opened, self._ours = opened, ours
        self._app = CallbackApp(receiver, self._noticed)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        heard = _Heard(send)
        await self._app(scope, receive, heard)
        if heard.status == 200 and scope["method"] == "GET" and _signature(scope) not in self._ours:
            self._opened()

    async def _noticed(self, notice: Notice) -> None:
        self._opened()


class _Heard:
    """Passes an answer on and remembers its status."""

    def __init__(self, send: Send) -> None:
        self._send, self.status = send, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def _signature(scope: Message) -> str:
    try:
        return parse_query(scope["query_string"].decode("latin-1")).get("msg_signature", "")
    except CallbackError:  # of a request that was refused for it
        return ""
