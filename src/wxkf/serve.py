"""Serve an ASGI app with uvicorn, several in one event loop, without touching signals; its log says warnings only."""

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from wxkf.errors import ConfigError

if TYPE_CHECKING:
    import uvicorn


class Server:
    """Use it as `async with Server(app) as server`; `port=0` takes a free one. Ready to serve once entered."""

    def __init__(self, app: Any, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app, self._host, self._port = app, host, port
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The address to reach it by on this machine."""
        host = "127.0.0.1" if self._host in ("0.0.0.0", "") else self._host  # noqa: S104 - a comparison
        return f"http://{host}:{self._port}"

    async def __aenter__(self) -> Self:
        """Bind and start. Raises `ConfigError` when the port is taken."""
        import uvicorn

        listening = _bind(self._host, self._port)
        self._port = listening.getsockname()[1]
        config = uvicorn.Config(
            self._app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1,
            server_header=False,
        )  # fmt: skip
        self._server = _quiet_server(config)
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]))
        while not self._server.started:
            if self._task.done():
                await self._task
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finish open requests, for a second at most, and stop."""
        if self._server and self._task:
            self._server.should_exit = True
            await self._task


def _bind(host: str, port: int) -> socket.socket:
    listening = socket.socket(proto=socket.IPPROTO_TCP)  # else asyncio leaves Nagle on: 40 ms now and then
    if sys.platform == "win32":  # there SO_REUSEADDR would let two processes have one port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror}") from None
    return listening


def _quiet_server(config: "uvicorn.Config") -> "uvicorn.Server":
    """Make a server that leaves Ctrl-C to whoever runs the loop."""
    import uvicorn

    class Quiet(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    return Quiet(config)
