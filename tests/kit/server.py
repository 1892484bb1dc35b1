"""A real HTTP server on a loopback port that answers as a test scripts it, and writes down what it was asked."""

import json
import socket
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

LIFE = 7200


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    verb: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Said:
    """One answer; `instead` cuts the connection, or says nothing until the server stops."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    instead: Literal["", "cut", "nothing"] = ""


CUT, NOTHING = Said(instead="cut"), Said(instead="nothing")


def says(**fields: Any) -> Said:
    """Make a JSON answer as the platform gives it; success unless `errcode` is among the fields."""
    return Said(json.dumps({"errcode": 0, "errmsg": "ok", **fields}).encode(), headers={"Content-Type": "text/json"})


class Script:
    """What to answer, by path. `gettoken` gives TOKEN-1, TOKEN-2 ...; a path without (more) lines is a success.

    A call that bears one of the `stale` tokens is refused with 42001 whatever its lines.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.url = ""
        self.stale: set[str] = set()
        self.arrived = threading.Event()
        self.otherwise: dict[str, Callable[[Asked], Said]] = {}  # how to answer a path when its lines are used up
        self._lines: dict[str, deque[Said]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._tokens = 0

    def tell(self, path: str, *lines: Said) -> None:
        """Answer the next requests for `/cgi-bin/<path>` with these lines."""
        self._lines[f"/cgi-bin/{path}"].extend(lines)

    def asked_for(self, path: str) -> list[Asked]:
        """List the requests for `/cgi-bin/<path>`."""
        return [asked for asked in self.asked if asked.path == f"/cgi-bin/{path}"]

    def answer(self, asked: Asked) -> Said:
        """Write it down and answer."""
        with self._lock:
            self.asked.append(asked)
            self.arrived.set()
            if asked.query.get("access_token") in self.stale:
                return says(errcode=42001, errmsg="access_token expired")
            if lines := self._lines[asked.path]:
                return lines.popleft()
            if made := self.otherwise.get(asked.path.removeprefix("/cgi-bin/")):
                return made(asked)
            if not asked.path.endswith("/gettoken"):
                return says()
            self._tokens += 1
            return says(access_token=f"TOKEN-{self._tokens}", expires_in=LIFE)


@contextmanager
def serve() -> Iterator[Script]:
    """Serve a script until the block ends."""
    script, over = Script(), threading.Event()

    class Handler(_Handler):
        script_, over_ = script, over

    with _Server(("127.0.0.1", 0), Handler) as server:
        script.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield script
        finally:
            over.set()
            server.shutdown()
            thread.join()


@contextmanager
def refusing() -> Iterator[str]:
    """Give the address of a port that is taken, so that nobody else gets it, and refuses every connection."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # of connections that wait; more than any test makes at once


class _Handler(BaseHTTPRequestHandler):
    script_: Script
    over_: threading.Event
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or every answer after the first comes 40 ms late

    def do_GET(self) -> None:
        path, query = urlsplit(self.path)[2:4]
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        if len(body) < size:  # cut off: no request has arrived
            self.close_connection = True
            return
        asked = Asked(self.command, path, dict(parse_qsl(query)), dict(self.headers), body)
        self._say(self.script_.answer(asked))

    def do_POST(self) -> None:
        self.do_GET()

    def _say(self, said: Said) -> None:
        if said.instead:
            if said.instead == "nothing":
                self.over_.wait()
            self.close_connection = True
            return
        self.send_response(said.status)
        for name, value in {**said.headers, "Content-Length": str(len(said.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""
