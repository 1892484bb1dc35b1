"""Entering a callback URL: it is asked first, over real HTTP, and entered only if it answers right."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from unit.sim.shop import Shop
from wxkf.protocol.crypto import Crypto


@contextmanager
def served(answer: Callable[[dict[str, list[str]]], tuple[int, bytes]]) -> Iterator[str]:
    """A URL that answers from a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answer(parse_qs(urlsplit(self.path).query))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/kf?shop=1"
        server.shutdown()
        thread.join()


def test_a_url_that_decrypts_its_check_is_entered(shop: Shop) -> None:
    def right(query: dict[str, list[str]]) -> tuple[int, bytes]:
        assert query["shop"] == ["1"]
        return 200, Crypto(shop.sim.aes_key, shop.sim.corp_id).decrypt(query["echostr"][0])

    with served(right) as url:
        shop.platform.console.set_callback(url)
        app = next(iter(shop.platform.world.apps.values()))
        assert app.callback_url == url
        shop.platform.console.set_callback("")
        assert app.callback_url == ""


@pytest.mark.parametrize(("status", "body", "reason"), [(200, b'"1"', "not the decrypted text"), (404, b"", "404")])
def test_a_url_that_answers_otherwise_is_refused(shop: Shop, status: int, body: bytes, reason: str) -> None:
    with served(lambda _: (status, body)) as url, pytest.raises(ValueError, match=reason):
        shop.platform.console.set_callback(url)
    assert next(iter(shop.platform.world.apps.values())).callback_url == ""


@pytest.mark.parametrize("url", ["kf", "ftp://a/b", "http://", "//host/x"])
def test_what_is_no_url_is_refused(shop: Shop, url: str) -> None:
    with pytest.raises(ValueError, match="begins with http"):
        shop.platform.console.set_callback(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://127.0.0.1:port/", "http://[::1/", "http://a\nb/"])
def test_where_nobody_listens_the_url_is_refused(shop: Shop, url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has a reason of its own
        shop.platform.console.set_callback(url)


def test_without_a_way_to_ask_the_url_is_believed(shop: Shop) -> None:
    shop.platform.world.asks = None
    shop.platform.console.set_callback("https://bot.example/kf")
    assert next(iter(shop.platform.world.apps.values())).callback_url == "https://bot.example/kf"
