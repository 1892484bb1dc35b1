"""The ASGI app: JSON over HTTP, the page's guard, control actions, live events."""

import asyncio
import json
from base64 import b64encode
from typing import Any

import pytest

from unit.sim.browser import Browser
from unit.sim.shop import Shop

HOST = ("host", "127.0.0.1:8000")
OWN = ("origin", "http://127.0.0.1:8000")


@pytest.fixture
def browser(shop: Shop) -> Browser:
    return Browser(shop.sim.app)


async def test_a_call_over_http(shop: Shop, browser: Browser) -> None:
    await browser.ask("GET", f"/cgi-bin/gettoken?corpid={shop.sim.corp_id}&corpsecret={shop.sim.secret}")
    assert browser.status == 200
    assert browser.headers["content-type"].startswith("application/json")
    assert browser.json()["expires_in"] == 7200


async def test_a_refusal_is_http_200_and_names_the_caller(browser: Browser) -> None:
    await browser.ask("POST", "/cgi-bin/kf/sync_msg", body=b"{}")
    assert browser.status == 200
    assert browser.json()["errcode"] == 41001
    assert "from ip: 10.0.0.9" in browser.json()["errmsg"]


async def test_a_huge_body_is_refused_and_not_kept(shop: Shop, browser: Browser) -> None:
    token = shop.gettoken()["access_token"]
    await browser.ask("POST", f"/cgi-bin/kf/sync_msg?access_token={token}", body=bytes(3_000_000))
    assert browser.json()["errcode"] == 40206


async def test_an_unknown_path_is_404(browser: Browser) -> None:
    assert (await browser.ask("POST", "/cgi-bin/nothing")).status == 404
    assert (await browser.ask("GET", "/nothing")).status == 404
    assert (await browser.ask("GET", "/_sim/nothing")).status == 404


async def test_a_hook_that_raises_cuts_the_line(shop: Shop, browser: Browser) -> None:
    def cut(*_: object) -> None:
        raise ConnectionResetError

    shop.platform.before_answer.append(cut)
    with pytest.raises(ConnectionResetError):
        await browser.ask("POST", "/cgi-bin/kf/sync_msg", body=b"{}")
    assert browser.headers["content-length"] == "1"
    assert browser.body == b""


@pytest.mark.parametrize("path", ["/", "/page.css", "/page.js"])
async def test_the_page_comes_with_a_strict_policy(browser: Browser, path: str) -> None:
    await browser.ask("GET", path, HOST)
    assert browser.status == 200
    assert len(browser.body) > 300
    assert "default-src 'none'" in browser.headers["content-security-policy"]
    assert "unsafe" not in browser.headers["content-security-policy"]
    assert browser.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "192.168.0.7", "[::1", ""])
async def test_the_page_answers_to_loopback_names_only(browser: Browser, host: str) -> None:
    await browser.ask("GET", "/_sim/state", ("host", host))
    assert browser.status == (403 if host else 200)


@pytest.mark.parametrize("host", ["localhost", "localhost:81", "[::1]:80", "127.0.0.1"])
async def test_loopback_names(browser: Browser, host: str) -> None:
    assert (await browser.ask("GET", "/_sim/state", ("host", host))).status == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://127.0.0.1:8000", 200), ("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:9000", 403)],
)
async def test_another_site_cannot_post(shop: Shop, browser: Browser, origin: str, status: int) -> None:
    body = json.dumps({"nickname": "x"}).encode()
    await browser.ask("POST", "/_sim/customers/add", HOST, ("origin", origin), body=body)
    assert browser.status == status
    assert len(shop.platform.world.customers) == (2 if status == 200 else 1)


async def act(shop: Shop, name: str, **body: object) -> Browser:
    return await Browser(shop.sim.app).ask("POST", f"/_sim/{name}", HOST, OWN, body=json.dumps(body).encode())


async def test_a_persons_actions(shop: Shop) -> None:
    made = await act(shop, "customers/add", nickname="小红")
    who = {"open_kfid": shop.kf, "external_userid": made.json()["external_userid"]}
    assert (await act(shop, "customers/enter", **who, scene="home")).status == 200
    assert (await act(shop, "customers/say", **who, text="你好")).json()["msgid"]
    before = shop.clock.now()
    assert (await act(shop, "clock", seconds=60)).json() == {"now": before + 60}
    state = (await Browser(shop.sim.app).ask("GET", "/_sim/state", HOST)).json()
    assert state["customers"][-1]["nickname"] == "小红"
    chat = state["chats"][0]
    assert [bubble["msgtype"] for bubble in chat["bubbles"]] == ["event", "text"]
    assert chat["session"]["state"] == 0
    assert shop.sim.secret not in json.dumps(state)


async def test_a_picture_goes_up_and_comes_back(shop: Shop) -> None:
    who = {"open_kfid": shop.kf, "external_userid": shop.customer, "data": b64encode(b"\x89PNG").decode()}
    sent = await act(shop, "customers/send_file", **who, kind="image", content_type="image/png")
    assert sent.status == 200
    media_id = shop.platform.phone(shop.kf, shop.customer)[-1].body["media_id"]
    drawn = await Browser(shop.sim.app).ask("GET", f"/_sim/media?media_id={media_id}", HOST)
    assert (drawn.body, drawn.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert (await Browser(shop.sim.app).ask("GET", "/_sim/media?media_id=x", HOST)).status == 404
    for asked, status, part, where in (
        ("bytes=0-1", 206, b"\x89P", "bytes 0-1/4"),
        ("bytes=2-", 206, b"NG", "bytes 2-3/4"),
        ("bytes=3-99", 206, b"G", "bytes 3-3/4"),
        ("bytes=9-", 200, b"\x89PNG", None),
        ("bytes=2-1", 200, b"\x89PNG", None),
        ("lines=1-2", 200, b"\x89PNG", None),
    ):
        found = await Browser(shop.sim.app).ask("GET", f"/_sim/media?media_id={media_id}", HOST, ("range", asked))
        assert (found.status, found.body, found.headers.get("content-range")) == (status, part, where)
    page = await act(shop, "customers/send_file", **who, kind="image", content_type="text/html")
    assert page.status == 400


async def test_a_document_of_a_customer_is_saved_and_never_shown(shop: Shop) -> None:
    who = {"open_kfid": shop.kf, "external_userid": shop.customer, "data": b64encode(b"<script>").decode()}
    await act(shop, "customers/send_file", **who, kind="file", content_type="text/html")
    media_id = shop.platform.phone(shop.kf, shop.customer)[-1].body["media_id"]
    found = await Browser(shop.sim.app).ask("GET", f"/_sim/media?media_id={media_id}", HOST)
    assert found.headers["content-type"] == "application/octet-stream"
    assert found.headers["content-disposition"] == "attachment"


async def test_the_desk_and_the_phone_over_http(shop: Shop) -> None:
    who = {"open_kfid": shop.kf, "external_userid": shop.customer}
    body = {"latitude": 23.1, "longitude": 113.3}
    assert (await act(shop, "customers/send", **who, msgtype="location", body=body)).status == 200
    shop.trans(2)
    assert (await act(shop, "staff/accept", **who, servicer_userid=shop.serve())).status == 200
    msgid = (await act(shop, "staff/say", **who, servicer_userid="li", text="您好")).json()["msgid"]
    assert (await act(shop, "staff/recall", **who, msgid=msgid)).status == 200
    assert (await act(shop, "staff/reject", **who)).status == 200
    chat = (await Browser(shop.sim.app).ask("GET", "/_sim/state", HOST)).json()["chats"][0]
    assert (chat["session"]["servicer_userid"], chat["session"]["rejected"]) == ("li", True)
    assert (chat["bubbles"][-1]["who"], chat["bubbles"][-1]["recalled"]) == ("staff", True)
    assert (await act(shop, "staff/accept", **who, servicer_userid="li")).status == 400


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("customers/say", {"text": "no ids"}),
        ("customers/say", {"open_kfid": "wk", "external_userid": "wm", "text": "x"}),
        ("clock", {"seconds": -1}),
        ("clock", {"seconds": "soon"}),
        ("clock", {"seconds": 1e300}),
        ("customers/add", {}),
    ],
)
async def test_bad_actions_are_400_with_a_sentence(shop: Shop, name: str, body: dict[str, object]) -> None:
    answer = await act(shop, name, **body)
    assert answer.status == 400
    assert answer.body


async def test_too_large_an_upload_is_413(shop: Shop, browser: Browser) -> None:
    await browser.ask("POST", "/_sim/customers/send_file", HOST, OWN, body=bytes(34_000_000))
    assert browser.status == 413


async def test_events_are_live_until_the_simulator_closes(shop: Shop, browser: Browser) -> None:
    stream = asyncio.create_task(browser.ask("GET", "/_sim/events", HOST))
    await browser.until(b"retry")
    await asyncio.to_thread(shop.clock.forward, 5)
    await browser.until(b'"title":"clock"')
    await shop.sim.aclose()
    await asyncio.wait_for(stream, 5)
    assert browser.headers["content-type"].startswith("text/event-stream")


async def test_an_event_carries_bubble_and_session(shop: Shop, browser: Browser) -> None:
    stream = asyncio.create_task(browser.ask("GET", "/_sim/events", HOST))
    await browser.until(b"retry")
    shop.say("你好")
    await browser.until(b"event: entry")
    lines = browser.body.decode().split("\n")
    data = json.loads(lines[lines.index("event: bubble") + 1].removeprefix("data: "))
    assert data["bubble"]["body"] == {"content": "你好"}
    assert data["session"]["sends_left"] == 5
    assert lines[lines.index("event: bubble") - 1] == "id: 1"
    looked = await Browser(shop.sim.app).ask("GET", "/_sim/state", HOST)
    assert looked.headers["x-wxkf-change"] == "2"  # the bubble and the action's entry
    await shop.sim.aclose()
    await stream


async def test_lifespan(shop: Shop) -> None:
    asked, told = ["lifespan.startup", "lifespan.shutdown"], list[str]()

    async def receive() -> dict[str, Any]:
        return {"type": asked.pop(0)}

    async def send(message: Any) -> None:
        told.append(message["type"])

    await shop.sim.app({"type": "lifespan"}, receive, send)
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
