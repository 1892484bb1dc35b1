"""Statistics of what staff do: every way to a person, every answer and every rejection reaches the tally."""

from typing import Any

import pytest

from unit.sim.shop import DAY, Shop
from wxkf.sim.tally import day_of, midnight


@pytest.fixture
def li(shop: Shop) -> Shop:
    """A shop where li and wu serve, and the customer waits for one of them."""
    for userid in ("li", "wu"):
        shop.platform.console.add_servicer(shop.kf, userid)
    shop.say()
    return shop


def told(shop: Shop, path: str = "kf/get_servicer_statistic", **body: Any) -> dict[str, Any]:
    """Read the numbers of the day before."""
    day = midnight(day_of(shop.clock.now())) - DAY
    asked: dict[str, Any] = {"open_kfid": shop.kf, "start_time": day, "end_time": day, **body}
    (row,) = shop.post(path, **asked)["statistic_list"]
    found = row["statistic"]
    assert isinstance(found, dict)
    return found


def trans(shop: Shop, state: int, **body: Any) -> None:
    asked: dict[str, Any] = {"open_kfid": shop.kf, "external_userid": shop.customer, "service_state": state, **body}
    assert shop.post("kf/service_state/trans", **asked)["errcode"] == 0


def test_by_the_api(li: Shop) -> None:
    li.send()
    trans(li, 3, servicer_userid="li")
    li.clock.forward(DAY)
    assert told(li, "kf/get_corp_statistic")["ai_transfer_rate"] == 1.0


def test_from_the_pool_and_on_to_another(li: Shop) -> None:
    staff = li.sim.staff
    trans(li, 2)
    staff.accept(li.kf, li.customer, "li")
    li.say("还有货吗")
    li.clock.forward(20)
    staff.say(li.kf, li.customer, "li", "有")
    staff.transfer(li.kf, li.customer, "wu")
    li.say("谢谢")
    li.clock.forward(DAY)
    wu, found = told(li, servicer_userid="wu"), told(li, servicer_userid="li")
    assert (wu["session_cnt"], wu["customer_msg_cnt"], wu["reply_rate"]) == (1, 1, 0.0)
    assert (found["session_cnt"], found["customer_msg_cnt"]) == (1, 1)
    assert (found["reply_rate"], found["first_reply_average_sec"]) == (1.0, 20.0)


def test_a_colleague_takes_an_ended_session_up_again(li: Shop) -> None:
    trans(li, 4)
    li.sim.staff.say(li.kf, li.customer, "li", "还在吗")
    li.clock.forward(DAY)
    assert told(li, servicer_userid="li")["session_cnt"] == 1


def test_who_is_rejected_is_counted_once(li: Shop) -> None:
    trans(li, 3, servicer_userid="li")
    for rejected in (True, False, True):
        li.sim.staff.reject(li.kf, li.customer, rejected)
    li.clock.forward(DAY)
    assert told(li, "kf/get_corp_statistic")["msg_rejected_customer_cnt"] == 1
