"""Callbacks (platform.md 5): what is in them, coalescing, the three attempts, and that nobody waits for them."""

import asyncio
from collections.abc import Callable

import pytest

from unit.sim.receiver import Receiver, opened
from unit.sim.shop import Make, Shop
from wxkf.protocol.crypto import Crypto


async def test_a_message_rings_with_an_encrypted_notice(shop: Shop) -> None:
    receiver = Receiver()
    shop.sim.deliver_to(receiver)
    shop.say()
    await shop.sim.quiet()
    notice = opened(shop, receiver.sent[0])
    token = notice.pop("Token")
    assert notice == {
        "ToUserName": shop.sim.corp_id,
        "CreateTime": str(int(shop.clock.now())),
        "MsgType": "event",
        "Event": "kf_msg_or_event",
        "OpenKfId": shop.kf,
    }
    assert shop.sync(token=token)["msg_list"][0]["text"]["content"] == "在吗"


async def test_what_the_app_sends_rings_nobody(shop: Shop) -> None:
    shop.say()
    receiver = Receiver()
    shop.sim.deliver_to(receiver)
    shop.send()
    await shop.sim.quiet()
    assert receiver.sent == []


async def test_news_of_one_account_while_a_callback_is_under_way_shares_the_next(shop: Shop) -> None:
    gate, left, calls = asyncio.Event(), asyncio.Event(), list[dict[str, str]]()

    async def slow(query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
        calls.append(query)
        left.set()
        await gate.wait()
        return 200, b""

    shop.sim.deliver_to(slow)
    shop.say("1")
    await left.wait()
    for text in "2345":
        shop.say(text)
    gate.set()
    await shop.sim.quiet()
    assert len(calls) == 2


async def test_accounts_do_not_wait_for_each_other(shop: Shop) -> None:
    other, gate, calls = shop.platform.console.add_account("第二家"), asyncio.Event(), list[bytes]()

    async def slow(_query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        calls.append(body)
        await gate.wait()
        return 200, b""

    shop.sim.deliver_to(slow)
    shop.say()
    shop.platform.customers.say(other, shop.customer, "hi")
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(calls) == 2
    gate.set()
    await shop.sim.quiet()


@pytest.mark.parametrize("failure", [ConnectionRefusedError(), TimeoutError()])
async def test_a_broken_line_is_tried_three_times_with_the_same_notice(shop: Shop, failure: OSError) -> None:
    receiver = Receiver(failure)
    shop.sim.deliver_to(receiver)
    msgid = shop.say()
    await shop.sim.quiet()
    assert len(receiver.sent) == 3
    assert receiver.sent[0] == receiver.sent[1] == receiver.sent[2]
    assert [entry.errcode for entry in shop.platform.journal if entry.kind == "callback"] == [-1, -1, -1]
    assert "not pulled" in shop.platform.where_seen(msgid)


async def test_the_second_attempt_may_succeed(shop: Shop) -> None:
    receiver = Receiver(ConnectionResetError(), 200)
    shop.sim.deliver_to(receiver)
    shop.say()
    await shop.sim.quiet()
    assert len(receiver.sent) == 2


async def test_an_answer_that_takes_too_long_counts_as_none(make: Make) -> None:
    shop, attempts = make(callback_timeout=0.001), list[bytes]()

    async def never(_query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        attempts.append(body)
        await asyncio.Event().wait()
        raise AssertionError

    shop.sim.deliver_to(never)
    shop.say()
    await shop.sim.quiet()
    assert len(attempts) == 3


@pytest.mark.parametrize(("resend", "attempts"), [(False, 1), (True, 3)])
async def test_whether_a_bad_status_is_a_failure_is_a_setting(make: Make, resend: bool, attempts: int) -> None:
    shop, receiver = make(resend_on_bad_status=resend), Receiver(500)
    shop.sim.deliver_to(receiver)
    shop.say()
    await shop.sim.quiet()
    assert len(receiver.sent) == attempts


async def test_where_seen_follows_a_message(shop: Shop) -> None:
    first = shop.say()
    assert shop.platform.where_seen(first) == "in the log, no callback sent"
    shop.sim.deliver_to(Receiver())
    second = shop.say()
    await shop.sim.quiet()
    assert shop.platform.where_seen(second) == "callback sent (200), not pulled"
    shop.sync()
    assert shop.platform.where_seen(second) == "pulled by sync_msg"
    assert shop.platform.where_seen("nothing") == "not in any log"


async def test_actions_from_another_thread_ring_too(shop: Shop) -> None:
    receiver = Receiver()
    shop.sim.deliver_to(receiver)
    await shop.sim.quiet()
    await asyncio.to_thread(shop.say)
    await asyncio.sleep(0)
    await shop.sim.quiet()
    assert len(receiver.sent) == 1


def test_actions_without_a_loop_wait_for_one(shop: Shop) -> None:
    receiver = Receiver()
    shop.sim.deliver_to(receiver)
    shop.say()
    asyncio.run(shop.sim.quiet())
    assert len(receiver.sent) == 1


async def test_closing_ends_a_callback_under_way(shop: Shop) -> None:
    started = asyncio.Event()

    async def hang(_query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    shop.sim.deliver_to(hang)
    shop.say()
    await started.wait()
    await shop.sim.aclose()
    await shop.sim.quiet()


async def test_a_fault_in_the_receiver_is_shown_to_who_waits(shop: Shop) -> None:
    async def broken(_query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
        raise LookupError("bug")

    shop.sim.deliver_to(broken)
    shop.say()
    with pytest.raises(LookupError, match="bug"):
        await shop.sim.quiet()


async def serve(answer: Callable[[str, bytes], bytes]) -> tuple[asyncio.Server, str, list[str]]:
    """A small HTTP server: the address and the request lines it saw."""
    seen = list[str]()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((int(x.split(":")[1]) for x in head.split("\r\n") if x.lower().startswith("content-length")), 0)
        body = answer(head.split(" ")[1], await reader.readexactly(length))
        seen.append(head.split("\r\n")[0])
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/callback", seen


async def test_over_http_a_url_is_verified_and_rung(shop: Shop) -> None:
    from urllib.parse import parse_qs, urlsplit

    def answer(target: str, _body: bytes) -> bytes:
        echo = parse_qs(urlsplit(target).query).get("echostr")
        return Crypto(shop.sim.aes_key, shop.sim.corp_id).decrypt(echo[0]) if echo else b"success"

    server, url, seen = await serve(answer)
    async with server:
        shop.sim.deliver_to_url(url)
        assert await shop.sim.verify_url()
        shop.say()
        await shop.sim.quiet()
        await shop.sim.aclose()
    assert [line.split(" ")[0] for line in seen] == ["GET", "POST"]
    assert [entry.response for entry in shop.platform.journal if entry.kind == "callback"] == [
        {"status": 200, "body": "success"}
    ]


async def test_a_url_that_answers_otherwise_is_not_verified(shop: Shop) -> None:
    server, url, _ = await serve(lambda *_: b'"quoted"')
    async with server:
        shop.sim.deliver_to_url(url)
        assert not await shop.sim.verify_url()
    assert not await shop.sim.verify_url()  # nobody listens there now
    await shop.sim.aclose()


async def test_verifying_needs_a_url(shop: Shop) -> None:
    with pytest.raises(RuntimeError, match="deliver_to_url"):
        await shop.sim.verify_url()
