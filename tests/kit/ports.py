"""Ports for servers that must be told theirs before they start, or come back on the same one."""

import os
import socket
from itertools import count

_FIRST, _EACH = 20_000, 400  # below what systems give to connections on their way out, so that none of those has it
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 20
_next = count()


def free_port() -> int:
    """Give a port that nobody listens on; tests that run side by side draw from ranges of their own."""
    for _ in range(_EACH):
        port = _FIRST + _WORKER * _EACH + next(_next) % _EACH
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise RuntimeError("no free port")
