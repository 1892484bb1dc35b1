"""The server for the callback address."""

import socket
from typing import Any

from wxkf.serve import Server


async def _nothing(_scope: Any, _receive: Any, _send: Any) -> None:
    return None


async def test_answers_are_not_held_back_for_the_clients_acknowledgement() -> None:
    """An accepted socket is what the listening one says it is, and asyncio sets TCP_NODELAY for TCP by name alone."""
    async with Server(_nothing) as server:
        assert server._server is not None
        (listening,) = [one for its in server._server.servers for one in its.sockets]
        assert listening.proto == socket.IPPROTO_TCP
