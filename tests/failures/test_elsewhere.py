"""Somebody else answers: no TLS where it is due, the wrong certificate, a proxy in trouble, a redirect, a page."""

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from failures.scenes import CALL, FINE, POST, SECRET, WITHIN, Mode, answer, ask, both, fails, send
from kit.certificates import presenting, trusting
from kit.server import refusing
from kit.toxic import Line, Play, serving
from wxkf.errors import TransportError
from wxkf.protocol.call import Request

PAGE = b"<html><body>Please log in. CANARY</body></html>"


def saying(*said: bytes) -> Play:
    """Answer every request so."""

    def play(line: Line) -> None:
        while line.request():
            line.say(*said)

    return play


# TLS


@both
def test_a_good_certificate_is_accepted(mode: Mode, tmp_path: Path) -> None:
    with serving(saying(FINE), presenting(tmp_path)) as toxic:
        answers = ask(mode, toxic.url, CALL, CALL, context=trusting())
    assert [one.suite_access_token for one in answers] == ["T", "T"]
    assert toxic.came == 1


FAULTS = {
    "expired": ("tls_expired", "certificate has expired"),
    "not yet": ("tls_expired", "certificate is not yet valid"),
    "other name": ("tls_name", "not valid for '127.0.0.1'"),
    "self-signed": ("tls_untrusted", "self-signed certificate"),
    "unknown authority": ("tls_untrusted", "unable to get local issuer certificate"),
}


@both
@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_certificate_is_told_and_nothing_has_left(mode: Mode, fault: str, tmp_path: Path) -> None:
    heard = list[bytes]()
    kind, words = FAULTS[fault]
    with serving(lambda line: heard.append(line.request()), presenting(tmp_path, fault)) as toxic:
        error = fails(mode, toxic.url, context=trusting())
    assert (error.kind, error.sent, heard) == (kind, False, [])
    assert words in str(error)


@both
def test_by_default_only_the_systems_authorities_are_trusted(mode: Mode, tmp_path: Path) -> None:
    with serving(saying(FINE), presenting(tmp_path)) as toxic:
        error = fails(mode, toxic.url)
    assert (error.kind, error.sent) == ("tls_untrusted", False)


@both
@pytest.mark.parametrize(
    "play",
    [lambda line: (line.take(), line.say(FINE)), lambda line: line.say(b"220 mail ready\r\n"), Line.take],
    ids=["HTTP", "mail", "hangs up"],
)
def test_a_server_without_tls_is_told_and_nothing_has_left(mode: Mode, play: Play) -> None:
    with serving(play) as toxic:
        error = fails(mode, toxic.url.replace("http:", "https:"), timeout=2.0, context=trusting())
    assert error.kind in ("tls", "refused")
    assert not error.sent


@both
def test_a_handshake_that_drips_ends_in_time(mode: Mode) -> None:
    with serving(lambda line: line.drip(b"\x16\x03\x03\x40\x00" + b"\0" * 5000)) as toxic:
        error = fails(mode, toxic.url.replace("http:", "https:"), timeout=WITHIN, context=trusting())
    assert error.kind in ("connect_timeout", "tls")
    assert not error.sent


@both
def test_a_server_with_tls_where_none_is_due_is_an_error(mode: Mode, tmp_path: Path) -> None:
    with serving(saying(FINE), presenting(tmp_path)) as toxic:
        error = fails(mode, toxic.url.replace("https:", "http:"))
    assert (error.kind in ("not_http", "broken"), error.sent) == (True, True)


@both
def test_a_connection_cut_within_tls_may_have_carried_the_request(mode: Mode, tmp_path: Path) -> None:
    def play(line: Line) -> None:
        line.request()
        line.say(FINE[:-9])
        line.cut()

    with serving(play, presenting(tmp_path)) as toxic:
        error = fails(mode, toxic.url, context=trusting())
    assert (error.kind in ("incomplete", "broken"), error.sent) == (True, True)


@both
def test_a_drip_within_tls_ends_in_time_and_its_connection_with_it(mode: Mode, tmp_path: Path) -> None:
    """A farewell as TLS has it would wait for a server that has other plans."""

    def play(line: Line) -> None:
        line.request()
        line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        line.drip(b" " * 1000)

    errors, request = list[TransportError](), Request("POST", "kf/send_msg", POST.query, b"{}", timeout=WITHIN)
    with serving(play, presenting(tmp_path)) as toxic:
        send(mode, toxic.url, request, failed=errors.append, between=toxic.idle, context=trusting())
        assert not any(line.is_alive() for line in toxic.lines)
    assert [(error.kind, error.sent) for error in errors] == [("timeout", True)]


# The proxy


@both
@pytest.mark.parametrize("url", ["http://platform.invalid", "https://platform.invalid"])
def test_a_proxy_that_is_down_is_told_from_a_platform_that_is(mode: Mode, url: str) -> None:
    with refusing() as nowhere:
        error = fails(mode, url, proxy=nowhere.replace("http://", "http://user:CANARY@"))
        assert (error.kind, error.sent) == ("proxy", False)
        assert "platform.invalid through the proxy 127.0.0.1" in str(error)
        assert fails(mode, nowhere).kind == "refused"


PROXIES = {
    "wants a password": (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "proxy_auth"),
    "cannot reach it": (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "proxy_refused"),
    "forbids it": (answer(PAGE, status=b"403 Forbidden"), "proxy_refused"),
}


@both
@pytest.mark.parametrize("said", PROXIES)
def test_a_proxy_that_makes_no_tunnel_says_why_and_nothing_has_left(mode: Mode, said: str) -> None:
    heard = list[bytes]()
    text, kind = PROXIES[said]

    def play(line: Line) -> None:
        heard.append(line.request())
        line.say(text)

    with serving(play) as proxy:
        error = fails(mode, "https://platform.invalid", proxy=proxy.url)
    assert (error.kind, error.sent) == (kind, False)
    assert [one.split(b" ")[:2] for one in heard] == [[b"CONNECT", b"platform.invalid:443"]]


@both
@pytest.mark.parametrize(
    "play",
    [
        lambda line: line.say(b"nonsense\r\n\r\n"),
        Line.take,
        lambda line: (line.request(), line.say(b"HTTP/1.1 200 OK\r\n\r\n"), line.take(), line.say(FINE)),
    ],
    ids=["nonsense", "hangs up", "no TLS behind"],
)
def test_a_proxy_that_does_something_else_is_an_error_and_nothing_has_left(mode: Mode, play: Play) -> None:
    with serving(play) as proxy:
        error = fails(mode, "https://platform.invalid", proxy=proxy.url, timeout=2.0)
    assert not error.sent


@both
@pytest.mark.parametrize(
    "play", [Line.hang, lambda line: line.drip(b"HTTP/1.1 200 " + b"O" * 5000)], ids=["silence", "drip"]
)
def test_a_proxy_that_never_answers_ends_in_time(mode: Mode, play: Play) -> None:
    with serving(play) as proxy:
        error = fails(mode, "https://platform.invalid", proxy=proxy.url, timeout=WITHIN)
    assert (error.kind, error.sent) == ("connect_timeout", False)


@both
@pytest.mark.parametrize(("status", "kind"), [(b"407 No", "proxy_auth"), (b"502 No", "server"), (b"403 No", "status")])
def test_a_proxy_of_plain_http_has_had_the_request(mode: Mode, status: bytes, kind: str) -> None:
    with serving(saying(answer(PAGE, status=status))) as proxy:
        error = fails(mode, "http://platform.invalid", proxy=proxy.url)
    assert (error.kind, error.sent) == (kind, True)


# Another server


@both
@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"307 Temporary", b"308 Permanent"])
def test_a_redirect_is_named_by_its_host_and_not_followed(mode: Mode, status: bytes) -> None:
    with serving(saying(FINE)) as elsewhere:
        to = f"Location: http://CANARY:CANARY@localhost:{elsewhere.port}/CANARY?access_token={SECRET}#CANARY".encode()
        with serving(saying(answer(b"", to, status=status))) as toxic:
            error = fails(mode, toxic.url)
    assert (error.kind, error.sent, elsewhere.came) == ("redirect", True, 0)
    assert f"HTTP {status[:3].decode()} to localhost)" in str(error)


@both
@pytest.mark.parametrize(
    ("location", "words"),
    [
        (b"/login", "to another path"),
        (b"//evil.example/x", "to evil.example"),
        (b"http://[bad", "to no address"),
        (b"", "to nowhere"),
    ],
)
def test_wherever_a_redirect_leads_it_is_told_and_not_followed(mode: Mode, location: bytes, words: str) -> None:
    with serving(saying(answer(b"", b"Location: " + location, status=b"302 Found"))) as toxic:
        error = fails(mode, toxic.url)
    assert (error.kind, toxic.came) == ("redirect", 1)
    assert words in str(error)


ANSWERS = {
    "a page": (answer(PAGE, b"Content-Type: text/html; charset=CANARY"), "not_json", "47 bytes of text/html"),
    "nothing": (answer(b""), "not_json", "HTTP 200, 0 bytes"),
    "a gateway": (answer(PAGE, status=b"504 Gateway Timeout"), "server", "HTTP 504"),
    "a page not found": (answer(PAGE, status=b"404 Not Found"), "status", "HTTP 404"),
    "another's JSON": (answer(b'{"detail":"CANARY"}', status=b"404 Not Found"), "status", "HTTP 404"),
    "another shape": (answer(b'{"suite_access_token":["CANARY"]}'), "shape", "Expected `str`"),
}


@both
@pytest.mark.parametrize("said", ANSWERS)
def test_what_is_not_the_platforms_answer_says_what_it_is(mode: Mode, said: str) -> None:
    text, kind, words = ANSWERS[said]
    with serving(saying(text)) as toxic:
        error = fails(mode, toxic.url)
    assert (error.kind, error.sent) == (kind, True)
    assert words in str(error)


GARBAGE = {
    "a banner": b"SSH-2.0-OpenSSH_9.2 CANARY\r\n",
    "zeros": b"\0" * 4096 + b"\r\n\r\n",
    "a bad status": b"HTTP/1.1 CANARY OK\r\n\r\n",
    "a bad version": b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "a bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nCANARY\r\n{}\r\n0\r\n\r\n",
    "a line that is no header": b"HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 2\r\n\r\n{}",
    "JSON alone": b'{"errcode":0}\r\n\r\n',
}


@both
@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_is_not_an_answer(mode: Mode, garbage: str) -> None:
    with serving(saying(GARBAGE[garbage])) as toxic:
        error = fails(mode, toxic.url, timeout=2.0)
    assert (error.kind in ("not_http", "incomplete", "not_json", "shape"), error.sent) == (True, True)


@both
def test_a_name_that_does_not_resolve_is_told(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    error = fails(mode, "http://nowhere.invalid")
    assert (error.kind, error.sent) == ("dns", False)


@both
def test_one_context_serves_every_connection_of_a_client(
    mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making one costs 18 ms."""
    context, made = trusting(), list[int]()

    def counting(*_args: object, **_named: object) -> ssl.SSLContext:
        made.append(1)
        return context

    monkeypatch.setattr(ssl, "create_default_context", counting)

    def play(line: Line) -> None:
        line.request()
        line.say(FINE)

    with serving(play, presenting(tmp_path)) as toxic:
        given: dict[str, Any] = {} if mode == "sync" else {"context": context}  # aiohttp has one from its import on
        send(mode, toxic.url, POST, POST, POST, between=toxic.idle, **given)
    assert toxic.came == 3
    assert len(made) == (mode == "sync")
