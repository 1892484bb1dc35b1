"""What goes wrong in the bots that people run, one test each; the naive loop fails every one of them.

The numbers are those of the list of defects that this project began with.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from field.corner import Corner, Ours
from field.naive import Naive
from wxkf.errors import StoreError
from wxkf.protocol.callback import Notice

both = pytest.mark.parametrize(
    "corner",
    [
        pytest.param(Ours, id="engine"),
        pytest.param(Naive, id="naive loop", marks=pytest.mark.xfail(strict=True, raises=AssertionError)),
    ],
    indirect=True,
)


async def repeat(words: str) -> str:
    """Say it back."""
    return f"答{words}"


@pytest.fixture
async def corner(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Corner]:
    corner = Corner(tmp_path, request.param, repeat)
    yield corner
    await corner.sim.aclose()


@both
async def test_1_every_message_of_a_page_is_answered(corner: Corner) -> None:
    hong = corner.sim.customers.add("小红")
    async with corner.bot_at_work():
        corner.say("一", "二")
        corner.say("三", who=hong)
        await corner.settled()
    assert (corner.heard(), corner.heard(hong)) == (["答一", "答二"], ["答三"])


@both
async def test_2_nothing_is_replayed_after_a_restart(corner: Corner) -> None:
    async with corner.bot_at_work():
        corner.say("一")
        await corner.settled()
    async with corner.bot_at_work():
        corner.sim.customers.enter(corner.sim.open_kfid, corner.ming)
        await corner.settled()
    assert corner.heard() == ["答一"]
    calls = [one for one in corner.sim.platform.journal if one.title == "kf/sync_msg"]
    assert calls[-1].request["body"].get("cursor"), "history was read from the beginning once more"


@both
async def test_3_what_was_being_handled_in_a_crash_is_handled_again(corner: Corner) -> None:
    died = False

    async def dies(words: str) -> str:
        nonlocal died
        if not died:
            died = True
            raise asyncio.CancelledError
        return f"答{words}"

    corner.answer = dies
    async with corner.bot_at_work():
        corner.say("一")
        with contextlib.suppress(asyncio.CancelledError):
            await corner.settled()
    async with corner.bot_at_work():
        corner.clock.forward(seconds=5)
        if isinstance(corner.bot, Ours):
            corner.bot.engine.look()
        await corner.settled()
    assert corner.heard() == ["答一"]


@both
async def test_4_old_messages_are_history_and_the_one_that_woke_the_bot_is_not(corner: Corner) -> None:
    corner.say("前天的")
    corner.clock.forward(hours=40)
    async with corner.bot_at_work():
        corner.say("现在的", "还有")
        await corner.settled()
    assert corner.heard() == ["答现在的", "答还有"]


@both
@pytest.mark.parametrize("fault", ["empty_page", "short_page"])
async def test_5_pages_are_read_to_the_end(corner: Corner, fault: Any) -> None:
    async with corner.bot_at_work():
        corner.sim.trouble.add(fault, times=3)
        corner.say("一", "二", "三")
        await corner.settled()
    assert corner.heard() == ["答一", "答二", "答三"]


@both
async def test_6_the_callback_is_answered_before_the_work_is_done(corner: Corner) -> None:
    done = asyncio.Event()

    async def slow(words: str) -> str:
        await done.wait()
        return f"答{words}"

    corner.answer = slow
    async with corner.bot_at_work():
        corner.say("一")
        try:
            async with asyncio.timeout(1):
                await corner.sim.quiet()
            answered = True
        except TimeoutError:
            answered = False
        done.set()
        await corner.settled()
    assert answered, "the platform would have sent the callback again, three times"


@both
async def test_7_who_says_yes_twice_is_answered_twice(corner: Corner) -> None:
    async with corner.bot_at_work():
        for _ in range(2):
            corner.say("是")
            await corner.settled()
    assert corner.heard() == ["答是", "答是"]


@both
async def test_8_colleagues_are_not_answered(corner: Corner) -> None:
    corner.sim.console.add_servicer(corner.sim.open_kfid, "zhangsan")
    async with corner.bot_at_work():
        corner.say("一")
        await corner.settled()
        corner.sim.console.set_state(corner.sim.open_kfid, corner.ming, 2)
        corner.sim.staff.accept(corner.sim.open_kfid, corner.ming, "zhangsan")
        corner.sim.staff.say(corner.sim.open_kfid, corner.ming, "zhangsan", "我来")
        await corner.settled()
    refused = [one for one in corner.sim.platform.journal if one.title == "kf/send_msg" and one.errcode]
    assert refused == [], "it tried to answer a colleague"


@both
async def test_10_a_slow_customer_holds_up_nobody_else_and_order_stays(corner: Corner) -> None:
    hong = corner.sim.customers.add("小红")
    slow = asyncio.Event()

    async def answer(words: str) -> str:
        if words == "慢":
            await slow.wait()
        return f"答{words}"

    corner.answer = answer
    async with corner.bot_at_work():
        corner.say("慢", "快")
        corner.say("在吗", who=hong)
        await corner.hears(hong)
        others = corner.heard(hong), corner.heard()
        slow.set()
        await corner.settled()
    assert others == (["答在吗"], [])
    assert corner.heard() == ["答慢", "答快"]


@both
async def test_13_an_answer_in_two_parts_arrives_whole(corner: Corner) -> None:
    async def in_parts(_: str) -> str:
        return "一半|另一半"

    corner.answer = in_parts
    async with corner.bot_at_work():
        corner.say("一")
        await corner.settled()
    assert corner.heard() == ["一半", "另一半"]


@both
async def test_14_an_answer_whose_arrival_is_unknown_comes_once(corner: Corner) -> None:
    async with corner.bot_at_work():
        corner.say("零")
        await corner.settled()
        corner.sim.trouble.add("cut_before", path="kf/send_msg", times=1)
        corner.say("一")
        await corner.settled()
        corner.sim.trouble.add("cut_after", path="kf/send_msg", times=4)
        corner.say("二", "三")
        await corner.settled()
        for _ in range(8):
            corner.clock.forward(seconds=30)
            if isinstance(corner.bot, Ours):
                corner.bot.engine.look()
            await corner.settled()
    assert corner.heard() == ["答零", "答一", "答二", "答三"]


@both
async def test_21_a_greeting_is_tried_with_a_code_only_and_in_its_time(corner: Corner) -> None:
    async with corner.bot_at_work():
        for _ in range(2):
            corner.sim.customers.enter(corner.sim.open_kfid, corner.ming)
            await corner.settled()
    tried = [one.errcode for one in corner.sim.platform.journal if one.title == "kf/send_msg_on_event"]
    assert (corner.heard(), tried) == (["欢迎"], [0])


@both
async def test_22_what_went_wrong_is_not_told_to_the_customer(corner: Corner) -> None:
    runs = 0

    async def fails_once(words: str) -> str:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise ValueError("password authentication failed for user 'root'")
        return f"答{words}"

    corner.answer = fails_once
    async with corner.bot_at_work():
        corner.say("一")
        await corner.settled()
        corner.clock.forward(seconds=5)
        if isinstance(corner.bot, Ours):
            corner.bot.engine.look()
        await corner.settled()
    assert corner.heard() == ["答一"]


@both
async def test_23_an_unknown_kind_costs_one_message(corner: Corner) -> None:
    async with corner.bot_at_work():
        corner.say("一")
        corner.sim.customers.send(corner.sim.open_kfid, corner.ming, "note", {})
        await corner.settled()
    assert corner.heard() == ["答一"]


@both
async def test_24_a_page_that_is_read_twice_is_answered_once(corner: Corner) -> None:
    async with corner.bot_at_work():
        corner.say("一")
        await corner.settled()
        corner.say("二")
        await corner.settled()
        corner.sim.trouble.add("replayed_page", times=1)
        corner.say("三")
        await corner.settled()
        corner.say("四")
        await corner.settled()
    assert corner.heard() == ["答一", "答二", "答三", "答四"]


@both
async def test_25_an_error_on_the_way_drops_nothing(corner: Corner) -> None:
    async with corner.bot_at_work():
        corner.sim.trouble.add("busy", path="kf/sync_msg", times=4)
        corner.say("一")
        for _ in range(5):
            await corner.settled()
            corner.clock.forward(seconds=61)
    assert corner.heard() == ["答一"]


@both
async def test_26_what_could_be_said_a_moment_ago_is_not_said_against_a_refusal(corner: Corner) -> None:
    async def in_parts(_: str) -> str:
        return "一|二|三|四"

    def no_more() -> None:
        unwatch()
        corner.sim.console.set_state(corner.sim.open_kfid, corner.ming, 2)

    corner.answer = in_parts
    async with corner.bot_at_work():
        unwatch = corner.sim.platform.watch(lambda _: no_more() if corner.heard() else None)
        corner.say("开始")
        await corner.settled()
    refused = [one for one in corner.sim.platform.journal if one.title == "kf/send_msg" and one.errcode]
    assert (corner.heard(), len(refused)) == (["一"], 1)


@both
async def test_27_two_processes_do_not_share_an_inbox(corner: Corner) -> None:
    told = ""
    async with corner.bot_at_work():
        try:
            async with corner.bot_at_work():
                pass
        except StoreError as error:
            told = str(error)
    assert "another wxkf engine" in told


@both
async def test_28_of_several_accounts_in_one_notice_none_is_overlooked(corner: Corner) -> None:
    async with corner.bot_at_work():
        corner.sim.trouble.add("callback_lost", times=2)
        added = [corner.sim.console.add_account(name) for name in ("东店", "西店")]
        await corner.settled()
        fields = tuple(("AuthAddOpenKfId", open_kfid) for open_kfid in added)
        await corner.bot.note(Notice("kf_account_auth_change", "", "", 0, fields, b""))
        for _ in range(6):
            await corner.settled()
            corner.clock.forward(seconds=61)  # pulls without a token take turns
        await corner.settled()
    asked = {one.request["body"]["open_kfid"] for one in corner.sim.platform.journal if one.title == "kf/sync_msg"}
    assert set(added) <= asked


@both
async def test_a_lost_callback_is_made_up_for(corner: Corner) -> None:
    async with corner.bot_at_work():
        await corner.settled()
        corner.sim.trouble.add("callback_lost", times=1)
        corner.say("一")
        for _ in range(3):
            await corner.settled()
            corner.clock.forward(seconds=61)
        await corner.settled()
    assert corner.heard() == ["答一"]
