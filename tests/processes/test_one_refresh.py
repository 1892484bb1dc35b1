"""Eight processes share one token through a store: a thousand times it dies, and each time it is fetched once."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kit.redis import serve as serve_redis
from wxkf.client.stores import RedisTokenStore, SqliteTokenStore, TokenStore
from wxkf.client.sync import Client

pytestmark = pytest.mark.proof
PROCESSES, EXPIRIES = 8, 1000
Place = tuple[str, str]


class Counter(ThreadingHTTPServer):
    """A platform that gives T1, T2, T3 ..., a new one for every gettoken, and counts."""

    daemon_threads = True
    fetched = 0
    lock = threading.Lock()


class Answer(BaseHTTPRequestHandler):
    """Answers gettoken."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        counter = self.server
        assert isinstance(counter, Counter)
        with counter.lock:
            counter.fetched += 1
            body = b'{"errcode":0,"access_token":"T%d","expires_in":7200}' % counter.fetched
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def platform() -> Iterator[Counter]:
    """Serve it."""
    with Counter(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(params=["sqlite", "redis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A store that processes can share."""
    if request.param == "sqlite":
        yield "sqlite", str(tmp_path / "inbox.db")
    else:
        with serve_redis(tmp_path) as server:
            yield "redis", server.url


STORES: dict[str, Callable[[str], TokenStore]] = {"sqlite": SqliteTokenStore, "redis": RedisTokenStore}


def work(url: str, place: Place, together: Any, told: Any) -> None:
    """Find the token dead, again and again, at the same moment as everybody else."""
    kind, where = place
    with Client("ww1", "secret", base_url=url, token_store=STORES[kind](where)) as client:
        token, seen = client.access_token(), list[str]()
        for _ in range(EXPIRIES):
            together.wait(60)
            token = client.access_token(stale=token)
            seen.append(token)
    told.put(seen)


def test_a_thousand_expiries_in_eight_processes_lead_to_one_refresh_each(platform: Counter, place: Place) -> None:
    context = multiprocessing.get_context("spawn")
    together, told = context.Barrier(PROCESSES), context.Queue()
    url = f"http://127.0.0.1:{platform.server_address[1]}"
    workers = [context.Process(target=work, args=(url, place, together, told)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    seen = [told.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join(30)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert platform.fetched == EXPIRIES + 1
    assert seen == [[f"T{number}" for number in range(2, EXPIRIES + 2)]] * PROCESSES
