"""A client that knows nothing of us, wechatpy, works with the simulator over HTTP, unchanged but for the address.

It has that address in three places, two of them inside functions, so what stands in for another base address is one
rewrite under it, where `requests` opens its connections. Its own methods are called where they say what the platform's
pages say today, its generic `post` and `get` where they lag; that they lag is tested too. Skipped where wechatpy is
not installed (the group `bench`).
"""

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import pytest

from wxkf.serve import Server
from wxkf.sim import SimClock, Simulator
from wxkf.sim.tally import day_of, midnight

REAL = "https://qyapi.weixin.qq.com"
DAY = 86_400
PICTURE = b"\x89PNG\r\n\x1a\n" + b"pixels"
MENU = [
    {"type": "click", "click": {"id": "human", "content": "转人工"}},
    {"type": "view", "view": {"url": "https://example.com/help", "content": "帮助"}},
]
do = asyncio.to_thread  # wechatpy waits; the simulator is served by this thread


def theirs(module: str) -> Any:
    """Import a module of wechatpy, or skip."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("wechatpy", reason="wechatpy is in the group bench")
        return import_module(f"wechatpy.{module}")


@contextmanager
def refused(errcode: int) -> Iterator[None]:
    """Expect wechatpy's exception with this errcode."""
    with pytest.raises(theirs("exceptions").WeChatClientException) as caught:
        yield
    assert caught.value.errcode == errcode


@pytest.fixture
def sim() -> Simulator:
    """Make a platform."""
    return Simulator(clock=SimClock.frozen(), seed=7)


@pytest.fixture
def kfid(sim: Simulator) -> str:
    """Name the account."""
    return sim.open_kfid


@pytest.fixture
def customer(sim: Simulator) -> str:
    """Let somebody write, so that the window is open."""
    customer = sim.customers.add("小明")
    sim.customers.say(sim.open_kfid, customer, "在吗")
    return customer


@pytest.fixture
async def client(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """Give wechatpy's client, as anybody makes it."""
    work, adapter = theirs("work"), import_module("requests.adapters").HTTPAdapter
    through: Callable[..., Any] = adapter.send

    async with Server(sim.app) as server:

        def send(self: Any, request: Any, **how: Any) -> Any:
            request.url = request.url.replace(REAL, server.url, 1)
            return through(self, request, **how | {"proxies": {}})

        monkeypatch.setattr(adapter, "send", send)
        made = work.WeChatClient(sim.corp_id, sim.secret)
        yield made
        made._http.close()


async def test_the_token_is_fetched_kept_and_renewed(sim: Simulator, client: Any, kfid: str) -> None:
    token = await do(lambda: client.access_token)
    assert (await do(client.fetch_access_token))["access_token"] == token  # the same while it lives
    sim.clock.forward(7200)  # the client's own clock has not moved, so it learns by 42001
    assert (await do(client.kf.get_servicer_list, kfid))["errcode"] == 0
    assert client.session.get(client.access_token_key) != token
    sim.trouble.revoke_token()  # and here by 40014
    assert (await do(client.misc.get_wechat_ips)) == ["127.0.0.1"]
    assert [entry.errcode for entry in sim.platform.journal if entry.errcode] == [42001, 40014]


async def test_a_wrong_secret_is_told(sim: Simulator, client: Any) -> None:
    wrong = type(client)(sim.corp_id, "wrong")
    with refused(40001):
        await do(wrong.fetch_access_token)


async def test_too_often_is_its_own_exception(sim: Simulator, client: Any, kfid: str) -> None:
    sim.trouble.refuse("kf/servicer/list", 45009, times=1)
    with pytest.raises(theirs("exceptions").APILimitedException):
        await do(client.kf.get_servicer_list, kfid)


async def test_accounts_are_listed(client: Any, kfid: str) -> None:
    with refused(40058):  # a GET, as the page once said
        await do(client.kf.get_account_list)
    (account,) = (await do(client.post, "kf/account/list", data={"offset": 0, "limit": 100}))["account_list"]
    assert (account["open_kfid"], account["manage_privilege"]) == (kfid, True)
    assert "enc_scene=" in (await do(client.kf.add_contact_way, kfid, "home"))["url"]


async def test_servicers_come_and_go(sim: Simulator, client: Any, kfid: str) -> None:
    sim.console.add_member("li")
    added = await do(client.kf.add_servicer, kfid, ["li", "nobody"])
    assert [(row["userid"], row["errcode"]) for row in added["result_list"]] == [("li", 0), ("nobody", 60111)]
    (row,) = (await do(client.kf.get_servicer_list, kfid))["servicer_list"]
    assert (row["userid"], row["status"]) == ("li", 0)
    (gone,) = (await do(client.kf.del_servicer, kfid, "li"))["result_list"]
    assert gone["errcode"] == 0
    assert (await do(client.kf.get_servicer_list, kfid))["servicer_list"] == []


async def test_a_state_is_told(client: Any, kfid: str, customer: str) -> None:
    assert (await do(client.kf.get_service_state, kfid, customer))["service_state"] == 0
    await do(client.kf_message.send_text, customer, kfid, "在的")
    assert (await do(client.kf.get_service_state, kfid, customer))["service_state"] == 1
    with refused(95004):
        await do(client.kf.get_service_state, "wkunknown", customer)


async def test_what_it_sends_is_on_the_phone(sim: Simulator, client: Any, kfid: str, customer: str) -> None:
    media_id = sim.platform.world.add_media(sim.corp_id, PICTURE, "image/png")
    sends = client.kf_message
    assert (await do(sends.send_text, customer, kfid, "您好", "order-1"))["msgid"] == "order-1"
    assert (await do(sends.send_image, customer, kfid, media_id))["errcode"] == 0
    assert (await do(sends.send_msgmenu, customer, kfid, "请选", MENU, "谢谢"))["errcode"] == 0
    bubbles = [one for one in sim.platform.phone(kfid, customer) if one.who == "account"]
    assert [one.msgtype for one in bubbles] == ["text", "image", "msgmenu"]
    assert bubbles[0].body == {"content": "您好"}
    assert bubbles[1].body == {"media_id": media_id}
    assert bubbles[2].body == {"head_content": "请选", "list": MENU, "tail_content": "谢谢"}
    with refused(95033):
        await do(sends.send_text, customer, kfid, "又", "order-1")


async def test_the_stream_is_read_page_by_page(sim: Simulator, client: Any, kfid: str, customer: str) -> None:
    with refused(60251):  # its own method knows no open_kfid
        await do(client.kf.sync_msg, "")
    sim.customers.say(kfid, customer, "有人吗")
    texts, cursor, more = [], "", 1
    while more:
        asked = {"open_kfid": kfid, "cursor": cursor, "limit": 1}
        page = await do(client.post, "kf/sync_msg", data=asked)
        texts += [item["text"]["content"] for item in page["msg_list"]]
        cursor, more = page["next_cursor"], page["has_more"]
    assert texts == ["在吗", "有人吗"]


async def test_a_welcome_goes_out_by_its_code(sim: Simulator, client: Any, kfid: str) -> None:
    customer = sim.customers.add("小红")
    sim.customers.enter(kfid, customer, scene="home")
    (item,) = (await do(client.post, "kf/sync_msg", data={"open_kfid": kfid}))["msg_list"]
    await do(client.kf.send_msg_on_event, item["event"]["welcome_code"], "text", {"text": {"content": "欢迎"}})
    assert sim.platform.phone(kfid, customer)[-1].body == {"content": "欢迎"}
    with refused(41050):
        await do(client.kf.send_msg_on_event, item["event"]["welcome_code"], "text", {"text": {"content": "又"}})


async def test_a_file_is_downloaded(sim: Simulator, client: Any) -> None:
    media_id = sim.platform.world.add_media(sim.corp_id, PICTURE, "image/png", "image.png")
    answer = await do(client.media.download, media_id)
    assert answer.content == PICTURE
    assert "image.png" in answer.headers["content-disposition"]
    assert (await do(client.media.download, "unknown")).json()["errcode"] == 40007


async def test_yesterday_is_told(sim: Simulator, client: Any, kfid: str, customer: str) -> None:
    await do(client.kf_message.send_text, customer, kfid, "在的")
    day = midnight(day_of(sim.clock.now()))
    asked = {"open_kfid": kfid, "start_time": day, "end_time": day}
    with refused(40058):
        await do(client.post, "kf/get_corp_statistic", data=asked)
    sim.clock.forward(DAY)
    (row,) = (await do(client.post, "kf/get_corp_statistic", data=asked))["statistic_list"]
    assert row["stat_time"] == day
    found = row["statistic"]
    assert (found["session_cnt"], found["customer_msg_cnt"], found["ai_session_reply_cnt"]) == (1, 1, 1)
    (row,) = (await do(client.post, "kf/get_servicer_statistic", data=asked))["statistic_list"]
    assert row["statistic"]["customer_cnt"] == 1


async def test_knowledge_is_taught_and_read_back(client: Any) -> None:
    def post(call: str, **body: Any) -> Any:
        return client.post(f"kf/knowledge/{call}", data=body)

    group_id = (await do(post, "add_group", name="售后"))["group_id"]
    old, new = ([{"text": {"content": answer}}] for answer in ("这样退", "那样退"))
    question = {"text": {"content": "怎么退货"}}
    made = await do(post, "add_intent", group_id=group_id, question=question, answers=old)
    with refused(511020):
        await do(post, "add_intent", group_id=group_id, question=question, answers=old)
    await do(post, "mod_intent", intent_id=made["intent_id"], answers=new)
    (intent,) = (await do(post, "list_intent", group_id=group_id))["intent_list"]
    assert (intent["question"], intent["answers"]) == (question, new)
    await do(post, "del_group", group_id=group_id)
    assert [row["is_default"] for row in (await do(post, "list_group"))["group_list"]] == [1]


class Receiver:
    """An ASGI app that answers callbacks with wechatpy's crypto class, and keeps what its parser made of them."""

    def __init__(self, sim: Simulator) -> None:
        self._crypto = theirs("work.crypto").WeChatCrypto(sim.token, sim.aes_key, sim.corp_id)
        self.messages: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        query = dict(parse_qsl(scope["query_string"].decode()))
        seal = (query["msg_signature"], query["timestamp"], query["nonce"])
        said = b""
        if scope["method"] == "GET":
            said = self._crypto.check_signature(*seal, query["echostr"]).encode()
        else:
            body = (await receive())["body"]
            self.messages.append(theirs("work").parse_message(self._crypto.decrypt_message(body, *seal)))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said})


async def test_its_crypto_opens_our_callbacks(sim: Simulator, client: Any, kfid: str) -> None:
    receiver = Receiver(sim)
    async with Server(receiver) as server:
        sim.deliver_to_url(server.url)
        assert await sim.verify_url()
        sim.customers.say(kfid, sim.customers.add("小刚"), "有货吗")
        await sim.quiet()
        await sim.aclose()
    (message,) = receiver.messages
    assert message.event == "kf_msg_or_event"
    asked = {"open_kfid": message._data["OpenKfId"], "token": message.token}
    (item,) = (await do(client.post, "kf/sync_msg", data=asked))["msg_list"]
    assert item["text"]["content"] == "有货吗"
