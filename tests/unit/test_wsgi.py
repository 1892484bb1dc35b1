"""The callback address as a WSGI app, under the standard library's checks of what a WSGI app may do."""

import io
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from kit.callbacks import V1, V2, V5, envelope, receiver, url_check
from wxkf.errors import CallbackError, StoreError
from wxkf.protocol.callback import MAX_BODY, Notice
from wxkf.web.wsgi import SyncCallbackApp

SENTENCE = f"{CallbackError()}\n".encode()
QUERY, BODY = V5.query, envelope(V5.encrypted)


class Bell:
    """A callback address, and what was handed on."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.app = SyncCallbackApp(receiver(), self.notices.append)


@pytest.fixture
def bell() -> Bell:
    return Bell()


def ask(app: SyncCallbackApp, verb: str, query: str, body: bytes = b"", **more: str) -> tuple[str, bytes]:
    """Put one request to the app, as a server that keeps to PEP 3333 does."""
    said = list[str]()
    environ: dict[str, Any] = {"REQUEST_METHOD": verb, "QUERY_STRING": query, "SCRIPT_NAME": "", "PATH_INFO": "/"}
    setup_testing_defaults(environ)
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), **more}
    parts: Any = validator(app)(environ, _start(said))
    answer = b"".join(parts)
    parts.close()  # the validator insists on it
    return said[0], answer


def _start(said: list[str]) -> Any:
    def start(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Any:
        said.extend([status, dict(headers)["Content-Type"], dict(headers)["Content-Length"]])
        return said.append

    return start


def test_the_url_check_is_answered_with_the_bare_plaintext(bell: Bell) -> None:
    for echostr in (V1.encrypted, V1.encrypted.replace("+", "%2B")):
        assert ask(bell.app, "GET", f"{V1.query}&echostr={echostr}") == ("200 OK", V1.message)
    assert bell.notices == []


def test_a_notice_is_handed_on_and_acknowledged(bell: Bell) -> None:
    assert ask(bell.app, "POST", QUERY, BODY) == ("200 OK", b"success")
    assert [notice.token for notice in bell.notices] == ["ENCtoken"]


@pytest.mark.parametrize(
    ("verb", "query", "body", "status"),
    [
        ("POST", V2.query, BODY, "400 Bad Request"),
        ("POST", "", b"", "400 Bad Request"),
        ("GET", "\xff", b"", "400 Bad Request"),
        ("PUT", QUERY, BODY, "405 Method Not Allowed"),
        ("POST", QUERY, b"x" * (MAX_BODY + 1), "413 "),
    ],
)
def test_what_is_no_callback_gets_one_sentence(bell: Bell, verb: str, query: str, body: bytes, status: str) -> None:
    said, answer = ask(bell.app, verb, query, body)
    assert (said.startswith(status), answer) == (True, SENTENCE)
    assert bell.notices == []


@pytest.mark.parametrize("size", ["", "x", "-1", "²", "9" * 5000])
def test_a_length_that_is_none_harms_nobody(bell: Bell, size: str) -> None:
    said = list[str]()
    environ = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": size, "wsgi.input": io.BytesIO(BODY)}
    assert list(bell.app(environ, _start(said))) == [SENTENCE]
    assert said[0][:3] in ("400", "413")


def test_a_notice_that_cannot_be_taken_now_is_to_be_rung_again(caplog: pytest.LogCaptureFixture) -> None:
    def full(_: Notice) -> None:
        raise StoreError("the disk is full")

    status, said = ask(SyncCallbackApp(receiver(), full), "POST", QUERY, BODY)
    assert (status, b"disk" in said) == ("503 Service Unavailable", False)
    assert "the disk is full" in caplog.text


def test_a_view_may_hand_over_the_query_as_bytes(bell: Bell) -> None:
    reply = bell.app.answer("GET", url_check(V1.encrypted).encode(), b"")
    assert (reply.status, reply.body, reply.headers) == (200, V1.message, {"Content-Type": "text/plain; charset=utf-8"})
