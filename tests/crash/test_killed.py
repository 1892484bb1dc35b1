"""The bot is killed with SIGKILL at the worst moments and started again: one answer each, in order.

What the customer writes last is answered last, so its answer shows that no second copy of an earlier one is to come.
"""

import pytest

from kit.killed import Street
from kit.worlds import calls

both_orders = pytest.mark.parametrize("street", ["msgid first", "msgid last"], indirect=True)


async def test_killed_after_the_page_is_stored_and_before_the_answer(street: Street) -> None:
    await street.start(die_in_handler=True)
    street.say("一")
    await street.died()
    assert street.heard == []

    street.say("二", "三")
    await street.sim.quiet()
    await street.start(die_in_handler=True)
    assert await street.hears("三，答") == ["一，答", "二，答", "三，答"]
    street.say("四")
    assert await street.hears("四，答") == ["一，答", "二，答", "三，答", "四，答"]


@both_orders
async def test_killed_between_the_send_and_its_record(street: Street) -> None:
    street.kill_before_answer_to("kf/send_msg")
    await street.start()
    street.say("一")
    await street.died()
    assert street.heard == ["一，答"]

    street.say("二", "三")
    await street.sim.quiet()
    await street.start()
    assert await street.hears("三，答") == ["一，答", "二，答", "三，答"]
    street.say("四")
    assert await street.hears("四，答") == ["一，答", "二，答", "三，答", "四，答"]
    again = [call for call in calls(street.sim, "kf/send_msg") if "一，答" in str(call.request)]
    assert [call.errcode for call in again] == [0, 95033]
    assert again[0].request["body"] == again[1].request["body"]


@both_orders
@pytest.mark.parametrize("count", [1, 2])
async def test_killed_between_two_sends_of_one_handler(street: Street, count: int) -> None:
    street.kill_before_answer_to("kf/send_msg", count=count)
    await street.start()
    street.say("两句")
    await street.died()

    await street.start()
    await street.hears("两句，答")
    street.say("完")
    assert await street.hears("完，答") == ["两句，先", "两句，答", "完，答"]


async def test_killed_between_the_greeting_and_its_record(street: Street) -> None:
    street.kill_before_answer_to("kf/send_msg_on_event")
    await street.start()
    street.enter()
    await street.died()
    assert street.heard == ["欢迎"]

    street.say("一")
    await street.sim.quiet()
    await street.start()
    assert await street.hears("一，答") == ["欢迎", "一，答"]
    assert len(calls(street.sim, "kf/send_msg_on_event")) == 1


@both_orders
async def test_killed_again_and_again(street: Street) -> None:
    for text in ("一", "二", "三"):
        street.kill_before_answer_to("kf/send_msg")
        street.say(text)
        await street.start()
        await street.died()
        street.sim.platform.before_answer.clear()
    street.say("完")
    await street.start()
    assert await street.hears("完，答") == ["一，答", "二，答", "三，答", "完，答"]


async def test_killed_while_idle(street: Street) -> None:
    await street.start()
    street.say("一")
    await street.hears("一，答")
    await street.kill()
    street.say("二")
    await street.sim.quiet()
    await street.start()
    assert await street.hears("二，答") == ["一，答", "二，答"]
