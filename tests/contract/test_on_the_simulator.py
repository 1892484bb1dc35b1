"""Every call the simulator knows, made by both clients: two readings of the platform's page that must agree.

The sync client comes over real HTTP, the async one in process.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from typing import Any

import pytest

from kit.tables import operations
from wxkf import AsyncClient, Client, EnterSession, Image, Text
from wxkf.client.asgi import AsgiTransport
from wxkf.serve import Server
from wxkf.sim import SimClock, Simulator
from wxkf.sim.endpoints import TABLE
from wxkf.sim.tally import day_of, midnight

ELSEWHERE = {
    "media/get/jssdk",  # customer service has no such voice
    "service/get_corp_token",
    "service/get_permanent_code",
    "service/get_pre_auth_code",
    "service/get_suite_token",
    "service/v2/get_permanent_code",
}
"""What is called in test_provider_on_the_simulator.py, or can only be refused."""
PICTURE = b"\x89PNG\r\n\x1a\n" + b"pixels"
Ask = Callable[[Callable[[Any], Any]], Any]


@pytest.fixture
def sim() -> Simulator:
    """Make a platform."""
    return Simulator(clock=SimClock.frozen(), seed=7)


@pytest.fixture(params=["sync over HTTP", "async in process"])
async def ask(sim: Simulator, request: pytest.FixtureRequest) -> AsyncIterator[Ask]:
    """Give a way to call: a function of a client is run with one of the two."""
    if request.param.startswith("async"):
        async with AsyncClient(sim.corp_id, sim.secret, transport=AsgiTransport(sim.app)) as aclient:
            yield lambda call: call(aclient)
        return
    async with Server(sim.app) as server:
        with Client(sim.corp_id, sim.secret, base_url=server.url) as client:
            yield lambda call: asyncio.to_thread(call, client)


async def test_every_call_the_simulator_knows_is_understood_by_both_clients(sim: Simulator, ask: Ask) -> None:
    platform, kfid = sim.platform, sim.open_kfid
    customer = platform.customers.add("小王")
    platform.customers.enter(kfid, customer, scene="home")

    token = await ask(lambda c: c.gettoken(corpid=sim.corp_id, corpsecret=sim.secret))
    assert 0 < token.expires_in <= 7200
    (account,) = (await ask(lambda c: c.account.list(limit=10))).account_list
    assert (account.open_kfid, account.manage_privilege) == (kfid, True)

    entered = await ask(lambda c: c.sync_msg(open_kfid=kfid))
    (event,) = entered.msg_list
    assert isinstance(event, EnterSession)
    assert event.scene == "home"
    welcome = await ask(lambda c: c.send_msg_on_event(code=event.welcome_code, message="您好", msgid="w-1"))
    assert welcome.msgid == "w-1"
    assert (await state(ask, kfid, customer)) == 4

    platform.customers.say(kfid, customer, "在吗")
    platform.customers.send_file(kfid, customer, "image", PICTURE, content_type="image/png")
    page = await ask(lambda c: c.sync_msg(open_kfid=kfid, cursor=entered.next_cursor, limit=10))
    text, image = page.msg_list
    assert isinstance(text, Text)
    assert isinstance(image, Image)
    assert text.text.content == "在吗"
    assert (await ask(lambda c: c.media.get(media_id=image.image.media_id))).content == PICTURE
    file = BytesIO()
    saved = await ask(lambda c: c.media.download(media_id=image.image.media_id, to=file))
    assert (file.getvalue(), saved.size) == (PICTURE, len(PICTURE))
    assert (await state(ask, kfid, customer)) == 0

    sent = await ask(lambda c: c.send_msg(touser=customer, open_kfid=kfid, message="在的", msgid="m-1"))
    assert sent.msgid == "m-1"
    assert (await state(ask, kfid, customer)) == 1
    said = [bubble.body["content"] for bubble in platform.phone(kfid, customer) if bubble.who == "account"]
    assert said == ["您好", "在的"]

    await people(sim, ask)
    await knowledge(ask)
    assert (await ask(lambda c: c.getcallbackip())).ip_list
    link = await ask(lambda c: c.add_contact_way(open_kfid=kfid, scene="home"))
    assert link.with_param("a b").endswith("&scene_param=a%20b")

    await accounts(ask, kfid)
    await files(ask)
    await hand_over(sim, ask, customer)
    await customers(sim, ask, customer)
    await ids(sim, ask, customer)
    await addresses(ask)
    assert {entry.errcode for entry in platform.journal if entry.kind == "call"} == {0}
    await statistics(sim, ask)
    await provider(sim, ask)
    called = {entry.title for entry in platform.journal if entry.kind == "call" and not entry.errcode}
    assert set(TABLE) - called == ELSEWHERE


def test_the_simulator_has_every_documented_call() -> None:
    assert {operation.path for operation in operations()} <= set(TABLE)


async def accounts(ask: Ask, kfid: str) -> None:
    """Open an account, change it, close it."""
    uploaded = await ask(lambda c: c.media.upload(type="image", media=PICTURE, filename="logo.png"))
    added = await ask(lambda c: c.account.add(name="分店", media_id=uploaded.media_id))
    await ask(lambda c: c.account.update(open_kfid=added.open_kfid, name="旗舰店"))
    rows = (await ask(lambda c: c.account.list())).account_list
    assert [(row.open_kfid, row.name) for row in rows] == [(kfid, "演示小店"), (added.open_kfid, "旗舰店")]
    await ask(lambda c: c.account.del_(open_kfid=added.open_kfid))


async def files(ask: Ask) -> None:
    """Send a file up in each way there is, and down in pieces."""
    content = bytes(range(256)) * 64
    uploaded = await ask(lambda c: c.media.upload(type="file", media=content, filename="合同.pdf"))
    assert uploaded.created_at > 0
    piece = await ask(lambda c: c.media.get(media_id=uploaded.media_id, start=16, end=31))
    assert piece.content == content[16:32]
    whole = BytesIO()
    saved = await ask(lambda c: c.media.download(media_id=uploaded.media_id, to=whole))
    assert (whole.getvalue(), saved.filename) == (content, "合同.pdf")
    assert (await ask(lambda c: c.media.uploadimg(media=PICTURE))).url.startswith("https://")
    asked = {"scene": 1, "type": "file", "filename": "a.pdf", "url": "https://example.com/a.pdf", "md5": "0" * 32}
    job = await ask(lambda c: c.media.upload_by_url(**asked))
    assert (await ask(lambda c: c.media.get_upload_by_url_result(jobid=job.jobid))).status == 1


async def hand_over(sim: Simulator, ask: Ask, customer: str) -> None:
    """Give a session to a person, say so by the code, take a message back, end."""
    kfid = sim.open_kfid
    sim.console.add_servicer(kfid, "li")
    sent = await ask(lambda c: c.send_msg(touser=customer, open_kfid=kfid, message="错了"))
    sim.console.switch("mode", "standalone")  # where recall_msg is documented
    sim.console.switch("secret_of", "standalone")
    await ask(lambda c: c.recall_msg(msgid=sent.msgid, open_kfid=kfid))
    sim.console.switch("mode", "wecom")
    sim.console.switch("secret_of", "wecom")
    who = {"open_kfid": kfid, "external_userid": customer}
    moved = await ask(lambda c: c.service_state.trans(**who, service_state=3, servicer_userid="li"))
    assert (await ask(lambda c: c.service_state.get(**who))).servicer_userid == "li"
    await ask(lambda c: c.send_msg_on_event(code=moved.msg_code, message="李四为您服务"))
    await ask(lambda c: c.service_state.trans(**who, service_state=4))


async def customers(sim: Simulator, ask: Ask, customer: str) -> None:
    """Learn who somebody is, lead them on, take that back."""
    kfid = sim.open_kfid
    told = await ask(
        lambda c: c.customer.batchget(external_userid_list=[customer, "wm1"], need_enter_session_context=1)
    )
    (row,) = told.customer_list
    assert (row.nickname, row.enter_session_context.scene) == ("小王", "home")
    assert told.invalid_external_userid == ("wm1",)
    sim.console.configure_upgrade(["li"], chat_id_list=["wr1"])
    config = await ask(lambda c: c.customer.get_upgrade_service_config())
    assert config.member_range.userid_list == ("li",)
    who = {"open_kfid": kfid, "external_userid": customer}
    await ask(lambda c: c.customer.upgrade_service(**who, type=1, member={"userid": "li"}))
    await ask(lambda c: c.customer.cancel_upgrade_service(**who))


async def ids(sim: Simulator, ask: Ask, customer: str) -> None:
    """Convert ids to a provider's and back."""
    opened = await ask(lambda c: c.batch.userid_to_openuserid(userid_list=["li"]))
    (member,) = opened.open_userid_list
    back = await ask(lambda c: c.batch.openuserid_to_userid(open_userid_list=[member.open_userid]))
    assert back.userid_list[0].userid == "li"
    new = (await ask(lambda c: c.idconvert.open_kfid(open_kfid_list=[sim.open_kfid]))).items[0].new_open_kfid
    assert new.startswith("wk")
    (theirs,) = (await ask(lambda c: c.externalcontact.get_new_external_userid(external_userid_list=[customer]))).items
    asked = {"external_userid": theirs.new_external_userid}
    own = await ask(lambda c: c.externalcontact.from_service_external_userid(**asked))
    assert own.external_userid == customer
    asked = {"unionid": "o1", "openid": "x"}
    assert (await ask(lambda c: c.idconvert.unionid_to_external_userid(**asked))).pending_id
    await ask(lambda c: c.idconvert.batch.external_userid_to_pending_id(external_userid=[customer]))
    await ask(lambda c: c.idconvert.convert_tmp_external_userid(tmp_external_userid_list=["tm1"]))


async def addresses(ask: Ask) -> None:
    """Ask for the platform's addresses and what the corp is."""
    assert (await ask(lambda c: c.getcallbackip())).ip_list
    assert (await ask(lambda c: c.get_api_domain_ip())).ip_list
    assert (await ask(lambda c: c.get_corp_qualification())).wechat_channels_binding is False
    await ask(lambda c: c.corp.get_openid_migration())


async def provider(sim: Simulator, ask: Ask) -> None:
    """Encrypt a corp's id as its provider; the suites' calls are made in test_provider_on_the_simulator.py."""
    made = sim.provider.add_suite("小店助手")
    keys = {"corpid": made["provider_corp_id"], "provider_secret": made["provider_secret"]}
    token = (await ask(lambda c: c.service.get_provider_token(**keys))).provider_access_token
    asked = {"provider_access_token": token, "corpid": sim.corp_id}
    assert (await ask(lambda c: c.service.corpid_to_opencorpid(**asked))).open_corpid.startswith("wp")
    await ask(lambda c: c.service.finish_openid_migration(**asked))


async def people(sim: Simulator, ask: Ask) -> None:
    """Let somebody serve, look, and let them go."""
    sim.console.add_member("li")
    sim.console.add_member("wu", visible=False)
    added = await ask(lambda c: c.servicer.add(open_kfid=sim.open_kfid, userid_list=["li", "wu"]))
    assert [(row.userid, row.errcode) for row in added.result_list] == [("li", 0), ("wu", 60030)]
    (row,) = (await ask(lambda c: c.servicer.list(open_kfid=sim.open_kfid))).servicer_list
    assert (row.userid, row.status, row.stop_type) == ("li", 0, 0)
    gone = await ask(lambda c: c.servicer.del_(open_kfid=sim.open_kfid, userid_list=["li"]))
    assert [row.errcode for row in gone.result_list] == [0]


async def knowledge(ask: Ask) -> None:
    """Teach, look, change, forget."""
    group_id = (await ask(lambda c: c.knowledge.add_group(name="售后"))).group_id
    await ask(lambda c: c.knowledge.mod_group(group_id=group_id, name="退换货"))
    groups = await ask(lambda c: c.knowledge.list_group(limit=1000))
    assert [(row.name, row.is_default) for row in groups.group_list] == [("默认分组", True), ("退换货", False)]
    taught = {"group_id": group_id, "question": "怎么退货", "similar_questions": ["退货"], "answers": "这样退"}
    intent_id = (await ask(lambda c: c.knowledge.add_intent(**taught))).intent_id
    await ask(lambda c: c.knowledge.mod_intent(intent_id=intent_id, answers="那样退"))
    (row,) = (await ask(lambda c: c.knowledge.list_intent(intent_id=intent_id))).intent_list
    assert (row.group_id, row.question.text.content, row.answers[0].text.content) == (group_id, "怎么退货", "那样退")
    assert [one.text.content for one in row.similar_questions.items] == ["退货"]
    await ask(lambda c: c.knowledge.del_intent(intent_id=intent_id))
    await ask(lambda c: c.knowledge.del_group(group_id=group_id))


async def statistics(sim: Simulator, ask: Ask) -> None:
    """Ask the next day what was done."""
    day = midnight(day_of(sim.clock.now()))
    sim.clock.forward(30 * 3600)
    days = {"open_kfid": sim.open_kfid, "start_time": day, "end_time": day}
    (corp,) = (await ask(lambda c: c.get_corp_statistic(**days))).statistic_list
    found = corp.statistic
    assert (corp.stat_time, found.session_cnt, found.customer_msg_cnt, found.ai_session_reply_cnt) == (day, 1, 2, 1)
    assert found.ai_knowledge_hit_rate is None
    (servicer,) = (await ask(lambda c: c.get_servicer_statistic(**days, servicer_userid="li"))).statistic_list
    assert servicer.statistic.session_cnt == 1
    sim.console.switch("app_kind", "component")
    (every,) = (await ask(lambda c: c.get_statistic(start_time=day, end_time=day))).statistic_list
    assert (every.statistic.customer_cnt, every.statistic.servicer_session_cnt) == (1, 1)
    sim.console.switch("app_kind", "self_built")


async def state(ask: Ask, kfid: str, customer: str) -> int:
    """Ask for the session's state."""
    answer = await ask(lambda c: c.service_state.get(open_kfid=kfid, external_userid=customer))
    found: int = answer.service_state
    return found
