"""The knowledge base (platform.md 13): groups, intents, their limits, pages, attachments, and what is refused."""

from typing import Any

import msgspec
import pytest

from unit.sim.shop import DAY, Make, Shop
from wxkf.sim.knowledge import Knowledge

PICTURE = b"\x89PNG\r\n\x1a\n" + b"pixels"
CALLS = [f"{verb}_{what}" for what in ("group", "intent") for verb in ("add", "del", "mod", "list")]


def ask(shop: Shop, call: str, **body: Any) -> dict[str, Any]:
    return shop.post(f"kf/knowledge/{call}", **body)


def text(content: str) -> dict[str, Any]:
    return {"text": {"content": content}}


def group(shop: Shop, name: str = "售后") -> str:
    made = ask(shop, "add_group", name=name)
    assert made["errcode"] == 0
    group_id = made["group_id"]
    assert isinstance(group_id, str)
    return group_id


def default_group(shop: Shop) -> str:
    row = next(row for row in ask(shop, "list_group")["group_list"] if row["is_default"])
    assert isinstance(row["group_id"], str)
    return row["group_id"]


def taught(shop: Shop, question: str = "怎么退货", group_id: str = "", **parts: Any) -> dict[str, Any]:
    body = {"group_id": group_id or default_group(shop), "question": text(question), "answers": [text("这样退")]}
    return ask(shop, "add_intent", **body | parts)


def intents(shop: Shop, **body: Any) -> list[dict[str, Any]]:
    rows = ask(shop, "list_intent", **body)["intent_list"]
    assert isinstance(rows, list)
    return rows


def attach(shop: Shop, *attachments: Any) -> dict[str, Any]:
    return taught(shop, answers=[text("看图") | {"attachments": list(attachments)}])


# Groups


def test_the_default_group_is_there_and_stays(shop: Shop) -> None:
    (row,) = ask(shop, "list_group")["group_list"]
    assert (row["name"], row["is_default"]) == ("默认分组", 1)
    assert ask(shop, "del_group", group_id=row["group_id"])["errcode"] == 40058
    assert ask(shop, "mod_group", group_id=row["group_id"], name="别的")["errcode"] == 40058
    assert ask(shop, "list_group")["group_list"] == [row]


def test_groups_come_are_renamed_and_go(shop: Shop) -> None:
    made = group(shop)
    assert ask(shop, "mod_group", group_id=made, name="退换货")["errcode"] == 0
    assert ask(shop, "mod_group", group_id=made, name="退换货")["errcode"] == 0  # its own name is not taken
    rows = ask(shop, "list_group", group_id=made)["group_list"]
    assert rows == [{"group_id": made, "name": "退换货", "is_default": 0}]
    assert ask(shop, "del_group", group_id=made)["errcode"] == 0
    assert len(ask(shop, "list_group")["group_list"]) == 1
    assert ask(shop, "del_group", group_id=made)["errcode"] == 40058


def test_a_name_is_unique(shop: Shop) -> None:
    made, other = group(shop), group(shop, "售前")
    assert ask(shop, "add_group", name="售后")["errcode"] == 40058
    assert ask(shop, "add_group", name="默认分组")["errcode"] == 40058
    assert ask(shop, "mod_group", group_id=other, name="售后")["errcode"] == 40058
    ask(shop, "del_group", group_id=made)
    assert ask(shop, "add_group", name="售后")["errcode"] == 0


@pytest.mark.parametrize(
    ("name", "errcode"), [("字" * 12, 0), ("字" * 13, 40058), ("", 40058), (None, 40058), ([], 40058)]
)
def test_a_name_has_at_most_12_characters(shop: Shop, name: object, errcode: int) -> None:
    assert ask(shop, "add_group", name=name)["errcode"] == errcode


def test_there_are_at_most_100_groups_with_the_default_one(shop: Shop) -> None:
    for index in range(99):
        group(shop, f"组{index}")
    assert ask(shop, "add_group", name="多余")["errcode"] == 40058


def test_a_deleted_group_takes_its_intents_along(shop: Shop) -> None:
    made = group(shop)
    taught(shop, "甲", made)
    taught(shop, "乙")
    ask(shop, "del_group", group_id=made)
    assert [row["question"] for row in intents(shop)] == [text("乙")]
    assert taught(shop, "甲")["errcode"] == 0


# Intents


def test_an_intent_is_read_back_as_it_was_taught(shop: Shop) -> None:
    made = group(shop)
    similar = {"items": [text("退货"), text("能退吗")]}
    intent_id = taught(shop, group_id=made, similar_questions=similar)["intent_id"]
    assert intents(shop) == [
        {
            "group_id": made,
            "intent_id": intent_id,
            "question": text("怎么退货"),
            "similar_questions": similar,
            "answers": [text("这样退")],
        }
    ]


def test_a_question_is_unique_across_groups(shop: Shop) -> None:
    first = taught(shop)["intent_id"]
    assert taught(shop, group_id=group(shop))["errcode"] == 511020
    second = taught(shop, "怎么换货")["intent_id"]
    assert ask(shop, "mod_intent", intent_id=second, question=text("怎么退货"))["errcode"] == 511020
    assert ask(shop, "mod_intent", intent_id=first, question=text("怎么退货"))["errcode"] == 0
    ask(shop, "del_intent", intent_id=first)
    assert taught(shop)["errcode"] == 0


def test_each_part_that_is_given_is_overwritten_as_a_whole(shop: Shop) -> None:
    intent_id = taught(shop, similar_questions={"items": [text("退货"), text("能退吗")]})["intent_id"]
    assert ask(shop, "mod_intent", intent_id=intent_id, similar_questions={"items": [text("退")]})["errcode"] == 0
    assert ask(shop, "mod_intent", intent_id=intent_id, question=None, answers=[text("新")])["errcode"] == 0
    (row,) = intents(shop)
    assert (row["question"], row["answers"]) == (text("怎么退货"), [text("新")])
    assert row["similar_questions"] == {"items": [text("退")]}
    ask(shop, "mod_intent", intent_id=intent_id, question=text("改了"), similar_questions={"items": []})
    (row,) = intents(shop)
    assert (row["question"], row["similar_questions"]) == (text("改了"), {"items": []})


def test_a_change_that_is_refused_changes_nothing(shop: Shop) -> None:
    intent_id = taught(shop)["intent_id"]
    before = intents(shop)
    assert ask(shop, "mod_intent", intent_id=intent_id, question=text("改了"), answers=[])["errcode"] == 40058
    assert intents(shop) == before


@pytest.mark.parametrize(
    ("parts", "errcode"),
    [
        ({"question": text("问" * 200)}, 0),
        ({"question": text("问" * 201)}, 40058),
        ({"question": text("")}, 40058),
        ({"question": "怎么退货"}, 40058),
        ({"question": {"text": "怎么退货"}}, 40058),
        ({"similar_questions": {"items": [text("问" * 200)] * 100}}, 0),
        ({"similar_questions": {"items": [text("问")] * 101}}, 40058),
        ({"similar_questions": {"items": [text("问" * 201)]}}, 40058),
        ({"similar_questions": {"items": ["问"]}}, 40058),
        ({"similar_questions": [text("问")]}, 40058),
        ({"similar_questions": None}, 0),
        ({"answers": [text("答" * 500)]}, 0),
        ({"answers": [text("答" * 501)]}, 40058),
        ({"answers": []}, 40058),
        ({"answers": None}, 40058),
        ({"answers": [text("答"), text("另")]}, 40058),
        ({"answers": text("答")}, 40058),
        ({"group_id": ""}, 40058),
        ({"group_id": "kgunknown"}, 40058),
        ({"group_id": ["kg"]}, 40058),
    ],
)
def test_the_limits_of_an_intent(shop: Shop, parts: dict[str, Any], errcode: int) -> None:
    body = {"group_id": default_group(shop), "question": text("怎么退货"), "answers": [text("这样退")]}
    assert ask(shop, "add_intent", **body | parts)["errcode"] == errcode
    assert len(intents(shop)) == (0 if errcode else 1)


def test_a_group_holds_at_most_200_intents(shop: Shop) -> None:
    made = group(shop)
    for index in range(200):
        taught(shop, f"问{index}", made)
    assert taught(shop, "多余", made)["errcode"] == 40058
    assert taught(shop, "多余")["errcode"] == 0


@pytest.mark.parametrize("call", ["del_intent", "mod_intent", "list_intent"])
def test_an_unknown_intent_is_refused(shop: Shop, call: str) -> None:
    assert ask(shop, call, intent_id="kiunknown")["errcode"] == 40058


def test_the_refusal_is_a_setting(make: Make) -> None:
    shop = make(bad_knowledge=-1)
    assert ask(shop, "del_group", group_id=default_group(shop))["errcode"] == -1
    assert ask(shop, "del_intent", intent_id="kiunknown")["errcode"] == -1
    assert taught(shop, answers=[])["errcode"] == 40058  # a parameter is a parameter


# Attachments


def test_attachments_come_back_as_names_and_without_pictures(shop: Shop) -> None:
    world, corp_id = shop.platform.world, shop.sim.corp_id
    image = world.add_media(corp_id, PICTURE, "image/png", "退货.png")
    video = world.add_media(corp_id, b"moving pixels", "video/mp4", "退货.mp4")
    link = {"title": "说明", "url": "https://example.com/return"}
    app = {"appid": "wx8bd80126147df384", "pagepath": "pages/index.html", "title": "退货"}
    assert attach(
        shop,
        {"msgtype": "image", "image": {"media_id": image}},
        {"msgtype": "video", "video": {"media_id": video}},
        {"msgtype": "link", "link": link},
        {"msgtype": "miniprogram", "miniprogram": app | {"thumb_media_id": image}},
    )["errcode"] == 0  # fmt: skip
    (row,) = intents(shop)
    assert row["answers"][0]["attachments"] == [
        {"msgtype": "image", "image": {"name": "退货.png"}},
        {"msgtype": "video", "video": {"name": "退货.mp4"}},
        {"msgtype": "link", "link": link},
        {"msgtype": "miniprogram", "miniprogram": app},
    ]


@pytest.mark.parametrize(
    ("attachment", "errcode"),
    [
        ({"msgtype": "image", "image": {"media_id": "unknown"}}, 40007),
        ({"msgtype": "video", "video": {}}, 40007),
        ({"msgtype": "image", "video": {}}, 40058),
        ({"msgtype": "voice", "voice": {"media_id": "x"}}, 40008),
        ({}, 40008),
        ("image", 40058),
        ({"msgtype": "link", "link": {"title": "说明"}}, 40058),
        ({"msgtype": "link", "link": {"url": "https://example.com"}}, 40058),
        ({"msgtype": "link", "link": {"title": "说明", "url": "example.com"}}, 45034),
        ({"msgtype": "miniprogram", "miniprogram": {"appid": "wx", "pagepath": "p.html"}}, 40007),
    ],
)
def test_what_is_wrong_with_an_attachment(shop: Shop, attachment: Any, errcode: int) -> None:
    assert attach(shop, attachment)["errcode"] == errcode


def test_a_mini_program_needs_its_parts_and_a_short_title(shop: Shop) -> None:
    picture = shop.platform.world.add_media(shop.sim.corp_id, PICTURE, "image/png")
    whole = {"appid": "wx1", "pagepath": "p.html", "thumb_media_id": picture, "title": "题" * 21}
    wrong = [whole | {"appid": ""}, whole | {"pagepath": ""}, whole | {"title": "题" * 22}]
    found = [attach(shop, {"msgtype": "miniprogram", "miniprogram": one})["errcode"] for one in [*wrong, whole]]
    assert found == [40058, 40058, 40058, 0]


def test_a_file_must_be_the_corps_and_alive(shop: Shop) -> None:
    foreign = shop.platform.world.add_media("wwother", PICTURE, "image/png")
    mine = shop.platform.world.add_media(shop.sim.corp_id, PICTURE, "image/png")
    assert attach(shop, {"msgtype": "image", "image": {"media_id": foreign}})["errcode"] == 40007
    shop.clock.forward(3 * DAY + 1)
    assert attach(shop, {"msgtype": "image", "image": {"media_id": mine}})["errcode"] == 40007


def test_a_file_must_be_of_its_kind(shop: Shop) -> None:
    picture = shop.platform.world.add_media(shop.sim.corp_id, PICTURE, "image/png")
    assert attach(shop, {"msgtype": "video", "video": {"media_id": picture}})["errcode"] == 40007


def test_at_most_four_attachments(shop: Shop) -> None:
    link = {"msgtype": "link", "link": {"title": "说明", "url": "https://example.com"}}
    assert attach(shop, *[link] * 5)["errcode"] == 40058
    assert attach(shop, *[link] * 4)["errcode"] == 0


# Pages


def pages(shop: Shop, call: str, key: str, **body: Any) -> list[list[dict[str, Any]]]:
    """Read to the end, page by page."""
    found, cursor = [], ""
    while True:
        page = ask(shop, call, cursor=cursor, **body)
        found.append(page[key])
        assert bool(page["next_cursor"]) == bool(page["has_more"])
        if not page["has_more"]:
            return found
        cursor = page["next_cursor"]


def test_pages_give_every_row_once(shop: Shop) -> None:
    for index in range(5):
        taught(shop, f"问{index}", group(shop, f"组{index}"))
    groups = pages(shop, "list_group", "group_list", limit=4)
    assert [len(page) for page in groups] == [4, 2]
    questions = [
        row["question"]["text"]["content"]
        for page in pages(shop, "list_intent", "intent_list", limit=2)
        for row in page
    ]
    assert questions == [f"问{index}" for index in range(5)]


def test_a_page_goes_on_behind_a_row_that_is_gone(shop: Shop) -> None:
    ids = [taught(shop, f"问{index}")["intent_id"] for index in range(4)]
    cursor = ask(shop, "list_intent", limit=2)["next_cursor"]
    ask(shop, "del_intent", intent_id=ids[1])
    ask(shop, "del_intent", intent_id=ids[2])
    assert [row["intent_id"] for row in intents(shop, cursor=cursor)] == ids[3:]


def test_a_page_holds_500_unless_told_otherwise(shop: Shop) -> None:
    for name in ("甲", "乙", "丙"):
        made = group(shop, name)
        for index in range(200):
            taught(shop, f"{name}{index}", made)
    assert [len(page) for page in pages(shop, "list_intent", "intent_list")] == [500, 100]
    assert len(intents(shop, limit=1000)) == 600
    assert len(intents(shop, group_id=made)) == 200


@pytest.mark.parametrize("limit", [0, 1001, -1, "many"])
def test_a_page_holds_1_to_1000(shop: Shop, limit: object) -> None:
    assert ask(shop, "list_group", limit=limit)["errcode"] == ask(shop, "list_intent", limit=limit)["errcode"] == 40058


def test_a_cursor_of_ones_own_is_50100(shop: Shop) -> None:
    group(shop)
    cursor = ask(shop, "list_group", limit=1)["next_cursor"]
    for bad in ("x", "AAAA", "中文", cursor[:-1], cursor[::-1]):
        assert ask(shop, "list_group", cursor=bad)["errcode"] == 50100
    assert ask(shop, "list_intent", cursor=cursor)["errcode"] == 50100  # another list's
    assert ask(shop, "list_group", cursor=cursor)["errcode"] == 0


# Who may


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", ["third_party", "customized", "component"])
def test_it_is_for_self_built_apps_alone(shop: Shop, call: str, kind: str) -> None:
    shop.platform.console.switch("app_kind", kind)
    assert ask(shop, call)["errcode"] == 48002


def test_each_corp_has_its_own(shop: Shop) -> None:
    taught(shop)
    other = shop.platform.console.add_corp("另一家")
    token = shop.gettoken(corpid=other["corp_id"], corpsecret=other["secret"])["access_token"]
    assert ask(shop, "list_intent", access_token=token)["intent_list"] == []
    assert ask(shop, "list_group", access_token=token)["group_list"] != ask(shop, "list_group")["group_list"]
    group(shop)
    cursor = ask(shop, "list_group", limit=1)["next_cursor"]
    assert ask(shop, "list_group", access_token=token, cursor=cursor)["errcode"] == 50100


def test_a_kept_world_keeps_what_was_taught(shop: Shop) -> None:
    taught(shop, group_id=group(shop), similar_questions={"items": [text("退货")]})
    base = shop.platform.world.corps[shop.sim.corp_id].knowledge
    assert msgspec.json.decode(msgspec.json.encode(base), type=Knowledge) == base
