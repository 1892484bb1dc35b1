"""Statistics (platform.md 12): what is counted, which days may be asked for, when they are told, what is refused."""

from typing import Any

import msgspec
import pytest

from unit.sim.shop import DAY, HOUR, Make, Shop
from wxkf.sim import SimClock
from wxkf.sim.settings import STATISTICS_BEGIN
from wxkf.sim.tally import Day, day_of, midnight

CORP, SERVICER, EVERYTHING = "kf/get_corp_statistic", "kf/get_servicer_statistic", "kf/get_statistic"
NUMBERS = {"session_cnt", "customer_cnt", "customer_msg_cnt"}
UPGRADES = {
    "upgrade_service_customer_cnt", "upgrade_service_member_invite_cnt", "upgrade_service_member_customer_cnt",
    "upgrade_service_groupchat_invite_cnt", "upgrade_service_groupchat_customer_cnt",
}  # fmt: skip


def today(shop: Shop) -> int:
    return midnight(day_of(shop.clock.now()))


def asked(shop: Shop, path: str = CORP, start: int = -DAY, end: int = -DAY, **body: Any) -> dict[str, Any]:
    """Ask for days counted from today's midnight, so for yesterday by default."""
    times = {"start_time": today(shop) + start, "end_time": today(shop) + end}
    asked_for: dict[str, Any] = {"open_kfid": shop.kf, **times, **body}
    return shop.post(path, **asked_for)


def yesterday(shop: Shop, path: str = CORP, **body: Any) -> dict[str, Any]:
    """Read yesterday's numbers once the next day's morning has come."""
    shop.clock.forward(DAY)
    (row,) = asked(shop, path, **body)["statistic_list"]
    found = row["statistic"]
    assert isinstance(found, dict)
    return found


def chat(shop: Shop, external_userid: str = "") -> Any:
    return shop.platform.world.accounts[shop.kf].conversation(external_userid or shop.customer)


def test_a_day_tells_what_was_really_done(shop: Shop) -> None:
    other = shop.platform.customers.add("小红")
    shop.say()
    shop.say()
    shop.platform.customers.say(shop.kf, other, "hi")
    shop.send()
    shop.send()
    assert yesterday(shop) == {
        "session_cnt": 2,
        "customer_cnt": 2,
        "customer_msg_cnt": 3,
        "upgrade_service_customer_cnt": 0,
        "ai_session_reply_cnt": 1,
        "ai_transfer_rate": 0.0,
        "msg_rejected_customer_cnt": 0,
    }


def test_what_was_refused_does_not_count(shop: Shop) -> None:
    shop.say()
    assert shop.send(msgtype="carrier pigeon")["errcode"]
    found = yesterday(shop)
    assert found["ai_session_reply_cnt"] == 0
    assert "ai_transfer_rate" not in found


def test_a_welcome_is_no_reply_and_an_entry_no_session(shop: Shop) -> None:
    shop.welcome(shop.enter())
    shop.clock.forward(DAY)
    assert asked(shop)["statistic_list"] == [{"stat_time": today(shop) - DAY}]


def test_an_ended_session_that_is_taken_up_again_is_another_one(shop: Shop) -> None:
    for _ in range(3):
        shop.say()
        shop.platform.console.set_state(shop.kf, shop.customer, 4)
    found = yesterday(shop)
    assert (found["session_cnt"], found["customer_cnt"]) == (3, 1)


def test_a_session_that_lapsed_is_another_one(shop: Shop) -> None:
    shop.say()
    first = chat(shop).begun
    shop.clock.forward(49 * HOUR)
    shop.say()
    assert chat(shop).begun == first + 1


def test_each_servicer_has_a_share(shop: Shop) -> None:
    for userid in ("li", "wu", "idle"):
        shop.platform.console.add_servicer(shop.kf, userid)
    count = shop.platform.world.count
    shop.say()
    count("assigned", chat(shop), "li")
    for wait in (0, 30):  # the second message of a session asks nothing new
        shop.clock.forward(wait)
        count("customer_wrote", chat(shop), "li")
    count("servicer_replied", chat(shop), "li")
    count("servicer_replied", chat(shop), "li")
    count("customer_wrote", chat(shop), "wu")
    count("rejected", chat(shop), "wu")
    for fact in ("member_offered", "member_offered", "groupchat_offered"):
        count(fact, chat(shop), "wu")

    li = yesterday(shop, SERVICER, servicer_userid="li")
    assert li == dict.fromkeys(UPGRADES, 0) | {
        "session_cnt": 1,
        "customer_cnt": 1,
        "customer_msg_cnt": 2,
        "reply_rate": 1.0,
        "first_reply_average_sec": 30.0,
        "satisfaction_investgate_cnt": 0,
        "msg_rejected_customer_cnt": 0,
    }
    (row,) = asked(shop, SERVICER, servicer_userid="wu")["statistic_list"]
    wu = row["statistic"]
    assert wu["reply_rate"] == 0.0
    assert "first_reply_average_sec" not in wu
    assert (wu["upgrade_service_member_invite_cnt"], wu["upgrade_service_member_customer_cnt"]) == (2, 1)
    assert (wu["upgrade_service_groupchat_invite_cnt"], wu["upgrade_service_groupchat_customer_cnt"]) == (1, 1)
    assert (wu["upgrade_service_customer_cnt"], wu["msg_rejected_customer_cnt"]) == (1, 1)
    (row,) = asked(shop, SERVICER)["statistic_list"]
    assert {name: row["statistic"][name] for name in NUMBERS} == {
        "session_cnt": 1,
        "customer_cnt": 1,
        "customer_msg_cnt": 4,
    }
    assert asked(shop, SERVICER, servicer_userid="idle")["statistic_list"] == [{"stat_time": today(shop) - DAY}]
    assert asked(shop, SERVICER, servicer_userid="nobody")["errcode"] == 60111


def test_the_transfer_rate_is_of_the_sessions_that_the_assistant_had(shop: Shop) -> None:
    others = [shop.platform.customers.add(name) for name in ("甲", "乙")]
    for customer in (shop.customer, *others):
        shop.platform.customers.say(shop.kf, customer, "hi")
    shop.send()
    shop.send(touser=others[0])
    shop.platform.world.count("assigned", chat(shop), "li")
    shop.platform.world.count("assigned", chat(shop, others[1]), "li")  # straight to a person
    assert yesterday(shop)["ai_transfer_rate"] == 0.5


def test_an_answer_the_next_day_leaves_the_question_unanswered(shop: Shop) -> None:
    shop.platform.console.add_servicer(shop.kf, "li")
    shop.say()
    shop.platform.world.count("customer_wrote", chat(shop), "li")
    shop.clock.forward(DAY)
    shop.platform.world.count("servicer_replied", chat(shop), "li")
    (row,) = asked(shop, SERVICER, servicer_userid="li")["statistic_list"]
    assert row["statistic"]["reply_rate"] == 0.0
    assert "reply_rate" not in yesterday(shop, SERVICER, servicer_userid="li")


def test_days_begin_at_midnight_in_shanghai(shop: Shop) -> None:
    assert midnight(day_of(1_554_296_400)) == 1_554_220_800  # the page's example
    shop.clock.forward(8 * HOUR - 1)  # from 16:00 to the last second of the day
    shop.say()
    shop.clock.forward(1)
    shop.say()
    shop.say()
    shop.clock.forward(30 * HOUR)
    rows = asked(shop, start=-2 * DAY)["statistic_list"]
    assert [row["statistic"]["customer_msg_cnt"] for row in rows] == [1, 2]


def test_times_are_rounded_down_to_midnight(shop: Shop) -> None:
    shop.say()
    shop.clock.forward(DAY)
    rows = asked(shop, start=-2 * DAY + 5, end=-1)["statistic_list"]
    assert [row["stat_time"] for row in rows] == [today(shop) - 2 * DAY, today(shop) - DAY]
    assert ["statistic" in row for row in rows] == [False, True]


def test_yesterday_is_told_from_six_in_the_morning(shop: Shop) -> None:
    shop.say()
    shop.clock.forward(today(shop) + DAY + 6 * HOUR - 1 - shop.clock.now())
    assert asked(shop)["statistic_list"] == [{"stat_time": today(shop) - DAY}]
    shop.clock.forward(1)
    assert asked(shop)["statistic_list"][0]["statistic"]["customer_msg_cnt"] == 1


@pytest.mark.parametrize(
    ("start", "end", "fine"),
    [
        (-31 * DAY, -DAY, True),
        (-32 * DAY, -DAY, False),
        (-180 * DAY, -180 * DAY, True),
        (-180 * DAY - 1, -180 * DAY, False),
        (-DAY, 0, False),
        (-DAY, -2 * DAY, False),
    ],
)
@pytest.mark.parametrize("path", [CORP, SERVICER])
def test_the_days_that_may_be_asked_for(shop: Shop, path: str, start: int, end: int, fine: bool) -> None:
    assert asked(shop, path, start, end)["errcode"] == (0 if fine else 40058)


def test_the_refusal_of_a_bad_range_is_a_setting(make: Make) -> None:
    assert asked(make(bad_statistic_range=60267), end=0)["errcode"] == 60267


@pytest.mark.parametrize("wrong", [None, "soon", -1, 2**32, [], 1.5])
@pytest.mark.parametrize("key", ["start_time", "end_time"])
def test_a_time_that_is_none_is_40058(shop: Shop, key: str, wrong: Any) -> None:
    body: dict[str, Any] = {key: wrong}
    assert asked(shop, **body)["errcode"] == 40058


@pytest.mark.parametrize(("open_kfid", "errcode"), [("", 60251), ("wkunknown", 95004), ("nonsense", 95000)])
def test_the_account_comes_first(shop: Shop, open_kfid: str, errcode: int) -> None:
    assert shop.post(CORP, open_kfid=open_kfid)["errcode"] == errcode


def test_an_account_of_another_app_is_48007(shop: Shop) -> None:
    shop.platform.console.manage(shop.kf, False)
    assert asked(shop)["errcode"] == asked(shop, SERVICER)["errcode"] == 48007


def test_days_past_their_telling_are_forgotten(shop: Shop) -> None:
    for _ in range(2):
        shop.say()
        shop.clock.forward(180 * DAY)
    shop.say()
    assert len(shop.platform.world.accounts[shop.kf].days) == 2


def test_there_is_nothing_before_2022_03_11() -> None:
    shop = Shop(clock=SimClock.frozen(STATISTICS_BEGIN - 12 * HOUR))
    shop.say()
    shop.clock.forward(DAY)
    shop.say()
    shop.clock.forward(DAY)
    rows = asked(shop, start=-2 * DAY)["statistic_list"]
    assert [(row["stat_time"], "statistic" in row) for row in rows] == [
        (STATISTICS_BEGIN - DAY, False),
        (STATISTICS_BEGIN, True),
    ]


def test_component_apps_see_all_their_accounts_together(shop: Shop) -> None:
    second = shop.platform.console.add_account("分店")
    foreign = shop.platform.console.add_account("别家", agent_id=shop.platform.console.add_app("另一个")["agent_id"])
    for kfid in (shop.kf, second, foreign):
        shop.platform.customers.say(kfid, shop.customer, "hi")
    shop.send()
    shop.platform.console.switch("app_kind", "component")
    assert yesterday(shop, EVERYTHING) == {
        "session_cnt": 2,
        "servicer_session_cnt": 0,
        "customer_cnt": 1,
        "customer_msg_cnt": 2,
        "ai_session_reply_cnt": 1,
        "satisfaction_investgate_cnt": 0,
    }


def test_only_component_apps_may_ask_for_everything(shop: Shop) -> None:
    assert asked(shop, EVERYTHING)["errcode"] == 48002


def test_a_kept_world_keeps_its_numbers(shop: Shop) -> None:
    shop.say()
    shop.send()
    world = shop.platform.world
    world.count("customer_wrote", chat(shop), "li")
    days = world.accounts[shop.kf].days
    assert msgspec.json.decode(msgspec.json.encode(days), type=dict[int, Day]) == days
