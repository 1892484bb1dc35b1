"""A real Redis for a test: Debian's server on a socket file of its own, nothing written to disk."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Redis:
    """The server, and the address to reach it by."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self.url = f"unix://{self._socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(self._socket), "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        import redis

        with redis.Redis.from_url(self.url) as client:
            for _ in range(1000):
                try:
                    client.ping()
                except redis.ConnectionError:
                    time.sleep(0.01)  # a process that starts; there is nothing to wait on
                else:
                    return
        raise RuntimeError("redis-server does not answer")

    def stop(self) -> None:
        """Kill it, as a machine that is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._socket.unlink(missing_ok=True)


@contextmanager
def serve(folder: Path) -> Iterator[Redis]:
    """Serve until the block ends; without the server the test is skipped, but not in CI."""
    if shutil.which("redis-server") is None:
        if os.environ.get("CI"):
            raise RuntimeError("redis-server is missing; .ci/run installs it")
        pytest.skip("needs redis-server (Debian: apt install redis-server)")
    server = Redis(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
