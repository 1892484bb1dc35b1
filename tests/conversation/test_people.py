"""Bots and people: who speaks when, how a customer is handed over and comes back."""

from typing import Any

import pytest

from wxkf import ApiError, Bot, ConfigError, Context, Hours, SessionStatusChange, SyncContext, Text, says
from wxkf.bot.handing import IfNobody
from wxkf.bot.sessions import Mode
from wxkf.engine.sqlite import admin
from wxkf.engine.sqlite.visit import administered
from wxkf.engine.views import Pause
from wxkf.testing import Chat


def shop() -> Bot:
    bot = Bot()

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> None:
        await ctx.hand_over(note="稍等，同事马上来。", waiting="前面还有两位。")

    @bot.on(Text, where=says("找张三"))
    def zhangsan(ctx: SyncContext[Text]) -> None:
        ctx.hand_over("zhangsan", note="正在为您转接张三。")

    @bot.on(Text, where=says("再见"))
    async def bye(ctx: Context[Text]) -> None:
        await ctx.close("感谢您的咨询。")

    @bot.on(Text, where=says("谁在接待"))
    async def who(ctx: Context[Text]) -> str:
        return f"{(await ctx.session()).service_state}"

    @bot.on(SessionStatusChange, where=lambda event: event.ended)
    async def ended(ctx: Context[SessionStatusChange]) -> None:
        await ctx.load(dict)

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "机器人"

    return bot


async def test_the_note_comes_before_the_transfer_and_the_waiting_words_by_its_code() -> None:
    async with Chat(shop()) as customer:
        assert await customer.says("你好", "人工") == ["机器人", "稍等，同事马上来。", "前面还有两位。"]
        sent = [one.title for one in customer.sim.platform.journal if one.title.startswith("kf/se")]
        assert sent == ["kf/send_msg", "kf/send_msg", "kf/service_state/trans", "kf/send_msg_on_event"]


async def test_a_customer_is_handed_to_somebody_by_name() -> None:
    async with Chat(shop()) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        assert await customer.says("找张三") == ["正在为您转接张三。"]
        assert (
            await customer.says("你好") == []
        )  # the bot is silent while a colleague serves, and sends nothing in vain
        assert [one.title for one in customer.sim.platform.journal][-1] == "kf/service_state/get"
        assert not [one for one in customer.sim.platform.journal if one.errcode]


async def test_the_bot_is_back_when_the_colleague_has_ended_it() -> None:
    async with Chat(shop()) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        await customer.says("找张三")
        customer.sim.staff.end(customer.open_kfid, customer.external_userid)
        await customer.hears()
        assert await customer.says("你好") == ["机器人"]


async def test_a_session_is_ended_with_words_and_begins_anew() -> None:
    async with Chat(shop()) as customer:
        assert await customer.says("你好", "谁在接待") == ["机器人", "1"]
        assert await customer.says("再见") == ["感谢您的咨询。"]
        assert await customer.says("你好") == ["机器人"]


async def test_who_does_not_serve_is_made_up_for_by_the_queue() -> None:
    async with Chat(shop()) as customer:
        assert await customer.says("找张三") == ["正在为您转接张三。"]
        assert where(customer) == (2, "")


async def test_what_was_handed_over_is_handed_over_once() -> None:
    bot, runs = Bot(), 0

    @bot.on(Text)
    async def person(ctx: Context[Text]) -> None:
        nonlocal runs
        runs += 1
        await ctx.hand_over(note="稍等", waiting="排队中")
        if runs == 1:
            raise ValueError("after it")

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("人工") == ["稍等", "排队中"]
        moved = [one for one in customer.sim.platform.journal if one.title == "kf/service_state/trans"]
    assert (runs, len(moved)) == (2, 1)


# ── to whom, and whether anybody is there ─────────────────────────────────────────────────────────────────────


def handing(to: str | list[str] = "", if_nobody: IfNobody = "queue") -> Bot:
    bot = Bot()

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> str | None:
        went = await ctx.hand_over(to, note="稍等", if_nobody=if_nobody)
        return None if went else "同事都不在，请留言。"

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "机器人"

    return bot


@pytest.mark.parametrize(("status", "said", "state"), [(1, ["同事都不在，请留言。"], 1), (0, ["稍等"], 2)])
async def test_where_nobody_is_there_the_bot_goes_on(status: int, said: list[str], state: int) -> None:
    async with Chat(handing(if_nobody="stay")) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan", status=status)
        assert await customer.says("人工") == said
        assert where(customer) == (state, "")


async def test_without_any_servicer_the_queue_is_taken_all_the_same() -> None:
    async with Chat(handing()) as customer:
        assert await customer.says("人工") == ["稍等"]
        assert where(customer) == (2, "")


@pytest.mark.parametrize(
    ("serving", "if_nobody", "state"),
    [(["lisi", "wangwu"], "queue", (3, "lisi")), ([], "queue", (2, "")), ([], "stay", (1, ""))],
)
async def test_of_several_the_first_who_serves_is_taken(
    serving: list[str], if_nobody: IfNobody, state: tuple[int, str]
) -> None:
    async with Chat(handing(["zhangsan", "lisi", "wangwu"], if_nobody)) as customer:
        for name in ("zhangsan", "lisi", "wangwu"):
            customer.sim.console.add_servicer(customer.open_kfid, name, status=int(name not in serving))
        await customer.says("人工")
        assert where(customer) == state


async def test_who_has_just_gone_is_passed_over() -> None:
    async with Chat(handing(["zhangsan", "lisi"])) as customer:
        for name in ("zhangsan", "lisi"):
            customer.sim.console.add_servicer(customer.open_kfid, name)
        customer.sim.trouble.add("refuse", path="kf/service_state/trans", errcode=95019, times=1)
        assert await customer.says("人工") == ["稍等"]
        assert where(customer) == (3, "lisi")


def where(customer: Chat) -> tuple[int, str]:
    """Tell who has the session."""
    session = customer.sim.platform.session(customer.open_kfid, customer.external_userid)
    return session.state, session.servicer_userid


# ── when people have had their time ───────────────────────────────────────────────────────────────────────────


def patient(**rules: Any) -> Bot:
    bot = Bot(staff_words="同事不在了", **rules)

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> None:
        await ctx.hand_over()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "机器人"

    return bot


async def test_a_queue_that_nobody_serves_is_left_after_a_while() -> None:
    async with Chat(patient(staff_idle=1_800)) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        await customer.says("人工")
        assert await customer.says("在吗") == []
        assert await customer.waits(minutes=29) == []
        assert await customer.waits(minutes=2) == ["同事不在了"]
        assert await customer.says("在吗") == ["机器人"]


async def test_what_a_colleague_says_gives_them_time_anew() -> None:
    async with Chat(patient(staff_idle=1_800)) as customer:
        place = customer.open_kfid, customer.external_userid
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        await customer.says("人工")
        customer.sim.staff.accept(*place, "zhangsan")
        await customer.waits(minutes=20)
        customer.sim.staff.say(*place, "zhangsan", "您好")
        await customer.hears()
        assert await customer.waits(minutes=20) == []
        assert where(customer) == (3, "zhangsan")
        assert await customer.waits(minutes=11) == ["同事不在了"]
        assert await customer.says("在吗") == ["机器人"]


async def test_a_session_that_colleagues_have_ended_is_left_alone() -> None:
    async with Chat(patient(staff_idle=1_800)) as customer:
        place = customer.open_kfid, customer.external_userid
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        await customer.says("人工")
        customer.sim.staff.accept(*place, "zhangsan")
        customer.sim.staff.end(*place)
        await customer.hears()
        assert await customer.says("你好") == ["机器人"]
        assert await customer.waits(hours=1) == []
        assert where(customer) == (1, "")


async def test_when_people_go_home_the_bot_is_back() -> None:
    async with Chat(patient(staff_hours=Hours("9:00-18:00"))) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        seconds = (17 * 3_600 - 8 * 3_600 - customer.clock.now()) % 86_400  # until five in the afternoon in Shanghai
        await customer.waits(seconds=seconds)
        await customer.says("人工")
        assert await customer.waits(minutes=59) == []
        assert await customer.waits(minutes=2) == ["同事不在了"]
        assert await customer.says("在吗") == ["机器人"]


# ── a colleague's moves ───────────────────────────────────────────────────────────────────────────────────────


async def test_closing_words_go_by_the_code_of_the_end() -> None:
    bot = shop()

    @bot.on(SessionStatusChange)
    async def moved(ctx: Context[SessionStatusChange]) -> str:
        return {1: "张三来了", 2: "转给李四", 3: "请评价"}.get(ctx.event.change_type, "又来了")

    bot._entries.insert(0, bot._entries.pop())  # before the one of the shop
    async with Chat(bot) as customer:
        place = customer.open_kfid, customer.external_userid
        for name in ("zhangsan", "lisi"):
            customer.sim.console.add_servicer(customer.open_kfid, name)
        await customer.says("人工")
        customer.sim.staff.accept(*place, "zhangsan")
        assert await customer.hears() == ["张三来了"]
        customer.sim.staff.transfer(*place, "lisi")
        assert await customer.hears() == []  # a transfer has no code
        customer.sim.staff.end(*place)
        assert await customer.hears() == ["请评价"]
        assert not [one for one in customer.sim.platform.journal if one.errcode]


async def test_a_colleague_who_takes_up_an_ended_session_silences_the_bot() -> None:
    async with Chat(shop()) as customer:
        place = customer.open_kfid, customer.external_userid
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        await customer.says("再见")
        customer.sim.staff.say(*place, "zhangsan", "还有一件事")
        await customer.hears()
        assert await customer.says("什么事") == []
        customer.sim.staff.end(*place)
        await customer.hears()
        assert await customer.says("好的") == ["机器人"]


async def test_a_bot_without_colleagues_asks_nobody() -> None:
    async with Chat(shop()) as customer:
        for _ in range(3):
            await customer.says("你好")
        assert not [one for one in customer.sim.platform.journal if one.title.startswith("kf/service_state")]


async def test_a_handler_may_want_to_hear_what_is_said_to_colleagues() -> None:
    bot, heard = Bot(), list[str]()

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> None:
        await ctx.hand_over()

    @bot.on(Text, always=True)
    async def listen(ctx: Context[Text]) -> None:
        heard.append(ctx.text)

    async with Chat(bot) as customer:
        await customer.says("人工", "在吗")
    assert heard == ["在吗"]


# ── accounts without colleagues ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", ["auto", "standalone"])
async def test_a_standalone_account_has_nobody_to_hand_over_to(mode: Mode) -> None:
    bot, said = Bot(mode=mode), list[str]()

    @bot.on(Text, where=says("人工"))
    async def person(ctx: Context[Text]) -> str:
        assert (await ctx.session()).service_state == 1
        try:
            await ctx.hand_over()
        except ConfigError as error:
            said.append(str(error))
        return "这里没有人工"

    async with Chat(bot) as customer:
        customer.sim.console.switch("mode", "standalone")
        customer.sim.console.switch("secret_of", "standalone")
        assert await customer.says("人工") == ["这里没有人工"]
    assert "is a standalone account (独立版): it has no servicers" in said[0]


async def test_in_mode_wecom_a_missing_right_is_an_error() -> None:
    bot = Bot(mode="wecom")

    @bot.on(Text)
    async def who(ctx: Context[Text]) -> str:
        return str(await ctx.session())

    async with Chat(bot) as customer:
        customer.sim.trouble.refuse("kf/service_state/get", 48002)
        with pytest.raises(ApiError, match="48002"):
            await customer.says("谁")


def test_another_mode_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match='mode is "auto", "wecom" or "standalone"'):
        Bot(mode="alone")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# ── an operator wants people to take over ─────────────────────────────────────────────────────────────────────


async def test_who_writes_while_the_bot_is_paused_goes_to_people() -> None:
    async with Chat(shop()) as customer:
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        what = Pause(customer.app, note="机器人休息中，同事马上来。", at=customer.clock.now())
        with administered(customer.database) as db:
            admin.pause(db, what, "me")
        assert await customer.says("你好") == ["机器人休息中，同事马上来。"]
        assert await customer.says("你好") == []
        with administered(customer.database) as db:
            admin.resume(db, what, "me", customer.clock.now())
        customer.sim.console.set_state(customer.open_kfid, customer.external_userid, 4)
        assert await customer.says("你好") == ["机器人"]
