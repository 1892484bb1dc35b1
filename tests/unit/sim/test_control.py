"""The control API: reset, snapshot, restore, the journal, and its description as OpenAPI."""

import json

import pytest

from unit.sim.browser import Browser
from unit.sim.shop import Shop
from wxkf.sim import SimClock, Simulator


async def get(shop: Shop, target: str) -> Browser:
    return await Browser(shop.sim.app).ask("GET", f"/_sim/{target}")


async def post(shop: Shop, name: str, body: object = None) -> Browser:
    raw = b"" if body is None else json.dumps(body).encode()
    return await Browser(shop.sim.app).ask("POST", f"/_sim/{name}", body=raw)


async def test_a_restored_world_goes_on_where_it_was(shop: Shop) -> None:
    shop.say("一")
    token, now = shop.gettoken()["access_token"], shop.clock.now()
    shop.send("答")
    kept = (await post(shop, "snapshot")).json()["snapshot"]
    shop.say("二")
    shop.clock.forward(3 * 86_400)
    assert (await post(shop, "restore", {"snapshot": kept})).status == 200

    assert shop.clock.now() == now
    assert shop.gettoken()["access_token"] == token
    assert [row["text"]["content"] for row in shop.sync()["msg_list"]] == ["一"]
    assert shop.heard() == ["答"]
    assert shop.state() == 1
    shop.send("再答")
    assert shop.platform.session(shop.kf, shop.customer).sends_left == 3


async def test_two_worlds_from_one_snapshot_go_on_alike(shop: Shop) -> None:
    kept = (await post(shop, "snapshot")).json()["snapshot"]
    first = shop.say()
    await post(shop, "restore", {"snapshot": kept})
    assert shop.say() == first


async def test_reset_gives_the_world_of_a_seed(shop: Shop) -> None:
    other = Simulator(clock=SimClock.frozen(), seed=99)
    assert shop.sim.secret != other.secret
    assert (await post(shop, "reset", {"seed": 99})).status == 200
    assert (shop.sim.corp_id, shop.sim.secret, shop.sim.open_kfid) == (other.corp_id, other.secret, other.open_kfid)
    assert shop.platform.world.customers == {}
    assert [entry.title for entry in shop.platform.journal] == ["reset"]


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [({}, "no world"), ({"version": 99}, "newer"), ({"version": 1, "now": 1.0, "offset": 0.0}, "whole world")],
)
async def test_what_is_no_world_is_refused_with_a_sentence(shop: Shop, snapshot: object, words: str) -> None:
    answer = await post(shop, "restore", {"snapshot": snapshot})
    assert (answer.status, words in answer.body.decode()) == (400, True)
    assert shop.say()


async def test_the_journal_is_read_from_a_number_and_by_kind(shop: Shop) -> None:
    shop.say()
    shop.sync()
    entries = (await get(shop, "journal?after=1&kind=call")).json()["entries"]
    assert [entry["title"] for entry in entries] == ["gettoken", "kf/sync_msg"]
    assert shop.sim.secret not in json.dumps(entries)
    assert (await get(shop, "journal?after=x")).status == 404
    assert (await get(shop, "journal?kind=x")).status == 404


async def test_wrong_names_and_verbs_are_told(shop: Shop) -> None:
    lost = await get(shop, "jurnal")
    assert (lost.status, b"Did you mean journal" in lost.body) == (404, True)
    assert (await post(shop, "state")).status == 405
    assert (await get(shop, "customers/say")).status == 405
    wrong = await post(shop, "customers/say", {"txet": "?"})
    assert (wrong.status, b"txet" in wrong.body) == (400, True)


async def test_the_description_names_every_action_and_resolves(shop: Shop) -> None:
    said = (await get(shop, "openapi.json")).json()
    assert said["openapi"].startswith("3.1")
    groups = shop.platform.groups
    actions = {
        f"/_sim/{group.group}/{name}".replace("//", "/")
        for group in groups
        for name in dir(type(group))
        if hasattr(getattr(type(group), name), "__action__")
    }
    assert actions == {path for path, item in said["paths"].items() if "post" in item}
    for path, item in said["paths"].items():
        (operation,) = item.values()
        assert operation["summary"], path
        assert operation["operationId"]
    for ref in refs(said):
        assert ref.removeprefix("#/components/schemas/") in said["components"]["schemas"]
    say = said["components"]["schemas"]["CustomersSay"]
    assert say["required"] == ["open_kfid", "external_userid", "text"]
    assert say["properties"]["menu_id"] == {"type": "string", "default": ""}


def refs(value: object) -> list[str]:
    """List every reference in a document."""
    if isinstance(value, dict):
        return [one for key, item in value.items() for one in ([item] if key == "$ref" else refs(item))]
    return [one for item in value for one in refs(item)] if isinstance(value, list) else []


async def test_people_chats_and_files_are_read_one_by_one(shop: Shop) -> None:
    shop.sim.console.add_servicer(shop.sim.open_kfid, "zhangsan", status=1)
    for text in ("one", "two", "three"):
        shop.say(text)
    people = (await get(shop, "people")).json()
    assert people["accounts"][0]["servicers"] == [{"userid": "zhangsan", "status": 1, "stop_type": 0}]
    assert [one["external_userid"] for one in people["customers"]] == [shop.customer]
    assert shop.sim.secret not in json.dumps(people)

    who = f"open_kfid={shop.sim.open_kfid}&external_userid={shop.customer}"
    assert [one["body"]["content"] for one in (await get(shop, f"chat?{who}")).json()["bubbles"]] == [
        "one",
        "two",
        "three",
    ]
    (chat,) = (await get(shop, "state?bubbles=1")).json()["chats"]
    assert [one["body"]["content"] for one in chat["bubbles"]] == ["three"]
    assert (await get(shop, "state?bubbles=0")).json()["chats"][0]["bubbles"] == []

    shop.sim.customers.send_file(shop.sim.open_kfid, shop.customer, "file", b"12345", filename="a.pdf")
    media_id = next(iter(shop.platform.world.media))
    told = (await get(shop, f"file?media_id={media_id}")).json()
    assert told == {"filename": "a.pdf", "content_type": "application/octet-stream", "size": 5}


@pytest.mark.parametrize("target", ["chat?open_kfid=x", "file?media_id=x", "state?bubbles=-1", "state?bubbles=many"])
async def test_what_is_not_there_is_told(shop: Shop, target: str) -> None:
    answer = await get(shop, target)
    assert answer.status == 404
    assert answer.body


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("console/add_member", {"userid": "a", "corp_id": "no such corp"}),
        ("console/switch", {"name": "trusted_ips", "value": True}),
        ("console/switch", {"name": "mode", "value": "sideways"}),
        ("console/switch", {"name": "app_enabled", "value": ["x"]}),
        ("console/seal_with", {"token": "abc", "aes_key": "too short"}),
        ("console/seal_with", {"token": "not-letters", "aes_key": "a" * 43}),
    ],
)
async def test_what_an_admin_cannot_mean_is_refused(shop: Shop, name: str, body: object) -> None:
    answer = await post(shop, name, body)
    assert (answer.status, bool(answer.body)) == (400, True)
    assert shop.post("kf/account/list")["errcode"] == 0


async def test_a_switch_takes_a_list_of_addresses(shop: Shop) -> None:
    assert (await post(shop, "console/switch", {"name": "trusted_ips", "value": ["10.0.0.1"]})).status == 200
    assert shop.post("kf/account/list")["errcode"] == 60020


async def test_only_a_menu_of_the_account_can_be_tapped(shop: Shop) -> None:
    it = {"open_kfid": shop.kf, "external_userid": shop.customer}
    menu = {"msgtype": "msgmenu", "body": {"list": [{"type": "click"}]}}
    forwarded = (await post(shop, "customers/send", it | menu)).json()["msgid"]
    answer = await post(shop, "customers/tap", it | {"msgid": forwarded, "index": 0})
    assert (answer.status, answer.body) == (400, b"there is no such menu item on the phone")


async def test_a_move_of_the_clock_is_noted_once(shop: Shop) -> None:
    assert (await post(shop, "clock", {"seconds": 60})).json() == {"now": shop.clock.now()}
    noted = [entry.request for entry in shop.platform.journal if entry.title == "clock"]
    assert noted == [{"now": shop.clock.now()}]
