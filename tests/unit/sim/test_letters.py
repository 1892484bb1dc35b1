"""Callbacks besides the doorbell: accounts granted and taken (kf_account_auth_change), media jobs that are over."""

from unit.sim.receiver import Receiver, nodes, opened
from unit.sim.shop import Shop
from wxkf.sim.letters import job_finished


async def test_a_withdrawn_account_is_told_to_the_app(shop: Shop) -> None:
    receiver = Receiver()
    shop.sim.deliver_to(receiver)

    shop.platform.console.manage(shop.kf, False)
    await shop.sim.quiet()

    assert opened(shop, receiver.sent[0]) == {
        "ToUserName": shop.sim.corp_id,
        "FromUserName": "sys",
        "CreateTime": str(int(shop.clock.now())),
        "MsgType": "event",
        "Event": "kf_account_auth_change",
        "AuthDelOpenKfId": shop.kf,
    }


async def test_grants_that_wait_for_each_other_are_one_notice_with_repeated_nodes(shop: Shop) -> None:
    console, receiver = shop.platform.console, Receiver()
    other = console.add_app("第二个应用")
    two, three = console.add_account("第二家"), console.add_account("第三家")
    shop.sim.deliver_to(receiver, agent_id=other["agent_id"])

    for open_kfid in (shop.kf, two, three):
        console.manage(open_kfid, agent_id=other["agent_id"])
    console.manage(two, False, agent_id=other["agent_id"])
    await shop.sim.quiet()

    found = nodes(receiver.sent[0], other["token"], other["aes_key"], other["corp_id"])
    assert [node for node in found if node[0].startswith("Auth")] == [
        ("AuthAddOpenKfId", shop.kf),
        ("AuthAddOpenKfId", three),
    ]
    assert len(receiver.sent) == 1


async def test_a_grant_taken_back_before_it_was_told_is_not_told(shop: Shop) -> None:
    receiver = Receiver()
    shop.sim.deliver_to(receiver)
    shop.platform.console.manage(shop.kf, False)
    shop.platform.console.manage(shop.kf, True)
    await shop.sim.quiet()
    assert receiver.sent == []


async def test_what_changes_nothing_tells_nobody(shop: Shop) -> None:
    receiver = Receiver()
    shop.sim.deliver_to(receiver)
    shop.platform.console.manage(shop.kf, True)
    await shop.sim.quiet()
    assert receiver.sent == []


async def test_each_app_hears_of_its_own_accounts_with_its_own_keys(shop: Shop) -> None:
    console, first, second = shop.platform.console, Receiver(), Receiver()
    other = console.add_corp("第二家公司")
    theirs = console.add_account("别家", agent_id=other["agent_id"])
    shop.sim.deliver_to(first)
    shop.sim.deliver_to(second, agent_id=other["agent_id"])

    shop.say()
    shop.platform.customers.say(theirs, shop.platform.customers.add("小红", corp_id=other["corp_id"]), "在吗")
    await shop.sim.quiet()

    assert [opened(shop, sent)["OpenKfId"] for sent in first.sent] == [shop.kf]
    found = [dict(nodes(sent, other["token"], other["aes_key"], other["corp_id"])) for sent in second.sent]
    assert [one["OpenKfId"] for one in found] == [theirs]


async def test_a_media_job_that_is_over_is_told(shop: Shop) -> None:
    receiver = Receiver()
    shop.sim.deliver_to(receiver)
    shop.platform.world.write(job_finished(next(iter(shop.platform.world.apps)), "job-1"))
    await shop.sim.quiet()
    found = opened(shop, receiver.sent[0])
    assert (found["Event"], found["JobId"], found["FromUserName"]) == ("upload_media_job_finish", "job-1", "sys")
