"""The callback address as an ASGI app: what it answers, what it hands on, and that bad input leaves no trace."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from kit.callbacks import V1, V2, V5, callback, envelope, receiver, seal, signed, url_check
from wxkf.client.asgi import ask
from wxkf.errors import StoreError
from wxkf.protocol.call import Response
from wxkf.protocol.callback import MAX_BODY, Notice
from wxkf.web import CallbackApp, answer

SENTENCE = b"this request is not a callback from WeChat Customer Service\n"
QUERY, BODY = V5.query, envelope(V5.encrypted)
GET_QUERY = url_check(V1.encrypted)


class Bell:
    """A callback address, and what was handed on."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.app = CallbackApp(receiver(), self.note)

    async def note(self, notice: Notice) -> None:
        self.notices.append(notice)

    async def ask(self, verb: str, query: str, body: bytes = b"") -> Response:
        return await ask(self.app, verb, "/callback", query, body)

    async def works(self) -> bool:
        """Ring properly."""
        before = len(self.notices)
        reply = await self.ask("POST", QUERY, BODY)
        return (reply.status, reply.body, len(self.notices) - before) == (200, b"success", 1)


@pytest.fixture
def bell() -> Bell:
    return Bell()


async def test_the_url_check_is_answered_with_the_bare_plaintext(bell: Bell) -> None:
    reply = await bell.ask("GET", GET_QUERY)
    assert (reply.status, reply.body) == (200, V1.message)
    assert bell.notices == []


async def test_a_plus_in_echostr_may_come_raw_or_escaped(bell: Bell) -> None:
    for echostr in (V1.encrypted, V1.encrypted.replace("+", "%2B")):
        assert (await bell.ask("GET", f"{V1.query}&echostr={echostr}")).body == V1.message


async def test_what_else_stands_in_the_query_does_not_matter(bell: Bell) -> None:
    assert (await bell.ask("GET", f"{GET_QUERY}&x=%ff\xff&debug")).body == V1.message


async def test_a_notice_is_handed_on_and_acknowledged(bell: Bell) -> None:
    assert await bell.works()
    (notice,) = bell.notices
    assert (notice.event, notice.open_kfid, notice.token) == ("kf_msg_or_event", "wkxxxxxxx", "ENCtoken")


async def test_a_notice_is_handed_on_before_it_is_acknowledged() -> None:
    sent = list[Any]()
    seen = list[int]()

    async def note(notice: Notice) -> None:
        seen.append(len(sent))

    await _serve(CallbackApp(receiver(), note), [{"type": "http.request", "body": BODY}], sent)
    assert seen == [0]
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


async def test_the_same_notice_twice_is_handed_on_twice(bell: Bell) -> None:
    assert await bell.works()
    assert await bell.works()


DTD = b"<!DOCTYPE xml [<!ENTITY a 'b'>]>"
FOREIGN = seal(V5.message, "wx0000000000000000")
SHORT = signed(V5.encrypted[:-4])
BAD: dict[str, tuple[str, str, bytes]] = {
    "a wrong signature": ("POST", V2.query, BODY),
    "no signature": ("POST", "", BODY),
    "a wrong receiver": ("POST", signed(FOREIGN), envelope(FOREIGN)),
    "truncated base64": ("POST", SHORT, envelope(V5.encrypted[:-4])),
    "base64 cut to 3 of 4": ("POST", signed(V5.encrypted[:-1]), envelope(V5.encrypted[:-1])),
    "a DTD": ("POST", QUERY, DTD + BODY),
    "a DTD in UTF-16": ("POST", QUERY, (DTD + BODY).decode().encode("utf-16")),
    "Encrypt twice": ("POST", QUERY, BODY.replace(b"</xml>", BODY[BODY.index(b"<Encrypt>") :])),
    "an empty body": ("POST", QUERY, b""),
    "no XML": ("POST", QUERY, b"hello"),
    "a sealed message that is no notice": ("POST", *callback(b"hello")),
    "an empty query": ("GET", "", b""),
    "a URL check without echostr": ("GET", V1.query, b""),
    "a URL check with a wrong signature": ("GET", f"{V2.query}&echostr={V1.encrypted}", b""),
    "a URL check with a wrong receiver": ("GET", url_check(FOREIGN), b""),
}


@pytest.mark.parametrize(("verb", "query", "body"), BAD.values(), ids=BAD)
async def test_bad_input_gets_one_sentence_leaves_nothing_and_harms_nobody(
    bell: Bell, verb: str, query: str, body: bytes
) -> None:
    reply = await bell.ask(verb, query, body)
    assert (reply.status, reply.body) == (400, SENTENCE)
    assert bell.notices == []
    assert await bell.works()


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW", "get", ""])
async def test_a_verb_nobody_agreed_on_is_405(bell: Bell, verb: str) -> None:
    reply = await bell.ask(verb, QUERY, BODY)
    assert (reply.status, reply.body) == (405, SENTENCE)
    assert bell.notices == []
    assert await bell.works()


@pytest.mark.parametrize("verb", ["POST", "GET", "PUT"])
async def test_two_megabytes_are_413(bell: Bell, verb: str) -> None:
    reply = await bell.ask(verb, QUERY, b"x" * 2_000_000)
    assert (reply.status, reply.body) == (413, SENTENCE)
    assert bell.notices == []
    assert await bell.works()


async def test_a_body_in_pieces_is_put_together(bell: Bell) -> None:
    sent = list[Any]()
    pieces = [{"type": "http.request", "body": BODY[at : at + 7], "more_body": True} for at in range(0, len(BODY), 7)]
    await _serve(bell.app, [*pieces, {"type": "http.request"}], sent)
    assert sent[0]["status"] == 200
    assert len(bell.notices) == 1


async def test_an_endless_body_is_refused_as_soon_as_it_is_too_long(bell: Bell) -> None:
    sent, read = list[Any](), 0

    async def endless() -> AsyncIterator[dict[str, Any]]:
        nonlocal read
        while True:
            read += 65536
            yield {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    await bell.app(_scope(), endless().__anext__, _into(sent))
    assert sent[0]["status"] == 413
    assert read <= MAX_BODY + 65536


async def test_who_hangs_up_in_the_middle_leaves_nothing(bell: Bell) -> None:
    await _serve(bell.app, [{"type": "http.request", "body": BODY, "more_body": True}, {"type": "http.disconnect"}], [])
    assert bell.notices == []
    assert await bell.works()


async def test_an_answer_is_plain_text_with_its_length(bell: Bell) -> None:
    sent = list[Any]()
    await _serve(bell.app, [{"type": "http.request", "body": BODY}], sent)
    headers = dict(sent[0]["headers"])
    assert headers[b"content-length"] == b"7"
    assert headers[b"content-type"].startswith(b"text/plain")


async def test_the_lifespan_protocol_is_followed_to_its_end(bell: Bell) -> None:
    sent, incoming = list[Any](), iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> dict[str, Any]:
        return next(incoming)

    await bell.app({"type": "lifespan"}, receive, _into(sent))
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_the_pure_function_gives_answer_and_notice_at_once() -> None:
    reply = answer(receiver(), "POST", QUERY, BODY)
    assert (reply.status, reply.body) == (200, b"success")
    assert reply.notice is not None
    assert answer(receiver(), "GET", GET_QUERY, b"") == (200, V1.message, None)
    assert answer(receiver(), "GET", "", b"") == (400, SENTENCE, None)


def _scope(query: str = QUERY) -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": "/", "query_string": query.encode(), "headers": []}


def _into(sent: list[Any]) -> Any:
    async def send(message: Any) -> None:
        sent.append(message)

    return send


async def _serve(app: CallbackApp, incoming: list[dict[str, Any]], sent: list[Any]) -> None:
    messages = iter(incoming)

    async def receive() -> dict[str, Any]:
        return next(messages)

    await app(_scope(), receive, _into(sent))


async def test_a_notice_that_cannot_be_taken_now_is_to_be_rung_again() -> None:
    async def full(_: Notice) -> None:
        raise StoreError("the disk is full")

    reply = await ask(CallbackApp(receiver(), full), "POST", "/callback", QUERY, BODY)
    assert (reply.status, b"disk" in reply.body) == (503, False)
