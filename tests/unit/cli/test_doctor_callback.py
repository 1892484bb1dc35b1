"""The doctor at the callback's public address: every way to answer wrongly is told apart."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.server import CUT, NOTHING, refusing, serve
from unit.cli.clinic import Answer, clinic, ignore, losing_plus, program, right, self_signed
from wxkf.cli.doctor.callback import callback
from wxkf.cli.doctor.examine import Around, examine
from wxkf.cli.doctor.found import Knock, Question
from wxkf.errors import ConfigError
from wxkf.protocol.callback import Receiver
from wxkf.serve import Server
from wxkf.sim import Simulator
from wxkf.web import CallbackApp


def status(number: int) -> Callable[[Simulator], Answer]:
    return lambda sim: lambda verb, query: (number, b"<html>")


def body(change: Callable[[bytes], bytes]) -> Callable[[Simulator], Answer]:
    return lambda sim: lambda verb, query: (200, change(right(sim, verb, query)))


def echo(sim: Simulator) -> Answer:
    from wxkf.protocol.callback import parse_query

    return lambda verb, query: (200, parse_query(query)["echostr"].encode())


@pytest.mark.parametrize(
    ("answers", "found", "remedy"),
    [
        (status(301), "HTTP 301: it sends elsewhere", "the address it ends at"),
        (status(404), "HTTP 404: nothing at this path", "pass this path on"),
        (status(405), "HTTP 405: GET is not allowed", "take both"),
        (status(403), "HTTP 403: access denied", "getcallbackip"),
        (status(502), "HTTP 502: the proxy finds no bot", "compare its port"),
        (status(500), "HTTP 500: the server failed", "Read its log"),
        (status(400), "HTTP 400: the check was refused", "the same WXKF_TOKEN, WXKF_AES_KEY and WXKF_CORP_ID"),
        (losing_plus, "HTTP 400: a + in echostr does not survive", "Decode once"),
        (body(lambda plain: b'"' + plain + b'"'), "the plaintext is in quotes", "no JSON"),
        (body(lambda plain: plain + b"\n"), "the plaintext has something around it", "not one byte more"),
        (body(lambda plain: b"\xef\xbb\xbf" + plain), "the plaintext has something around it", "not one byte more"),
        (echo, "echostr came back as it was sent", "Decrypt echostr"),
        (body(lambda plain: b"success"), "another answer than the plaintext", "reach the bot"),
        (body(lambda plain: b""), "another answer than the plaintext", "reach the bot"),
    ],
)
async def test_a_wrong_answer_is_named(answers: Callable[[Simulator], Answer], found: str, remedy: str) -> None:
    async with clinic() as it, Server(program(answers(it.sim))) as other:
        it.url = f"{other.url}/callback?app=1"
        line = await it.line("callback")

    assert (line.ok, line.found.en) == (False, found)
    assert remedy in line.remedy.en
    assert line.remedy.zh


@pytest.mark.parametrize("change", ["token", "key", "corp"])
async def test_a_bot_with_other_settings_refuses(change: str) -> None:
    async with clinic() as it:
        values = {"token": it.sim.token, "key": it.sim.aes_key, "corp": it.sim.corp_id, change: "a" * 43}
        token, key, corp = (values[name][:43] if name != "token" else values[name][:32] for name in values)
        async with Server(CallbackApp(Receiver(token, key, corp), ignore)) as bot:
            it.url = bot.url
            line = await it.line("callback")

    assert line.ok is False
    assert "another Token, EncodingAESKey or corp id" in line.cause.en


@pytest.fixture
def nobody() -> Iterator[str]:
    with refusing() as url:
        yield url


async def test_no_connection_is_told_apart(nobody: str) -> None:
    async with clinic() as it:
        it.url = nobody
        line = await it.line("callback")

    assert (line.ok, line.found.en) == (False, "no connection")
    assert "firewall" in line.remedy.en


async def test_a_name_that_does_not_resolve_is_told_apart() -> None:
    async with clinic() as it:
        it.url = "https://no-such-host.invalid/callback"
        line = await it.line("callback")

    assert (line.ok, line.found.en) == (False, "the host name does not resolve")


async def test_tls_trouble_is_told_apart(tmp_path: Path) -> None:
    async with clinic() as it:
        it.url = it.url.replace("http:", "https:")
        plain = await it.line("callback")
        async with self_signed(tmp_path) as it.url:
            unknown = await it.line("callback")

    assert plain.found.en.startswith("TLS failed (")
    assert "self-signed" in unknown.found.en
    assert "certificate of a public authority" in unknown.remedy.en


async def test_silence_and_a_cut_line_are_told_apart() -> None:
    with serve() as script:
        async with clinic() as it:
            it.around, it.url = Around(patience=0.05), f"{script.url}/cgi-bin/x"
            script.tell("x", NOTHING, CUT, CUT)  # a GET whose line was cut is tried again by the library
            silent, cut = await it.line("callback"), await it.line("callback")

    assert "no answer" in silent.found.en
    assert cut.found.en.startswith("the connection broke")


async def test_a_right_answer_after_a_second_is_too_late() -> None:
    times = iter((0.0, 1.2))
    async with clinic() as it:
        it.around = Around(ticks=lambda: next(times))
        line = await it.line("callback")

    assert (line.ok, line.found.en) == (False, "right answer, but after 1200 ms")


async def test_without_an_address_it_is_skipped_and_says_how() -> None:
    async with clinic() as it:
        it.url = ""
        line = await it.line("callback")
        it.env["WXKF_CALLBACK_URL"] = "http://127.0.0.1:1/callback"
        from_env = await it.line("callback")

    assert line.ok is None
    assert "--url https://" in line.found.en
    assert from_env.ok is False


async def test_the_question_holds_a_plus_and_it_arrives() -> None:
    seen = list[str]()

    def answers(sim: Simulator) -> Answer:
        def one(verb: str, query: str) -> tuple[int, bytes]:
            seen.append(query)
            return 200, right(sim, verb, query)

        return one

    async with clinic() as it, Server(program(answers(it.sim))) as bot:
        it.url = bot.url
        assert (await it.line("callback")).ok

    assert ["%2B" in query for query in seen] == [True]


@pytest.mark.parametrize(
    "url", ["bot.example.com", "ftp://x", "https://", "https://a b", "https://h:99999", "https://h:0"]
)
async def test_an_address_that_is_none_is_a_mistake_of_the_caller(url: str) -> None:
    with pytest.raises(ConfigError, match="callback URL must begin with https://"):
        await examine({}, url=url)


def test_html_at_status_200_is_not_the_plaintext() -> None:
    asked = Question("", "", "AAAA", b"123")

    assert callback(asked, Knock(0.1, 200, b"<html>123</html>")).ok is False
    assert callback(asked, Knock(1.0, 200, b"123")).ok is True
