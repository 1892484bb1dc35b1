"""No more calls than needed, and callbacks that are answered at once whatever the bot is doing."""

import asyncio

from kit.worlds import callbacks, calls
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.messages.inbound import Text
from wxkf.testing import Chat


async def test_one_pull_at_the_start_and_one_for_each_callback(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        assert len(calls(customer.sim, "kf/sync_msg")) == 1
        for count in range(1, 5):
            await customer.says("在吗")
            assert len(callbacks(customer.sim)) == count
            assert len(calls(customer.sim, "kf/sync_msg")) == 1 + count


async def test_lines_in_a_row_share_callbacks_and_pulls(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.says("一", "二", "三")
        assert len(calls(customer.sim, "kf/sync_msg")) <= 1 + len(callbacks(customer.sim))


async def test_pulls_for_a_callback_carry_its_token_and_the_cursor(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.says("一")
        await customer.says("二")
        bodies = [call.request["body"] for call in calls(customer.sim, "kf/sync_msg")]
    assert [("token" in body, "cursor" in body) for body in bodies] == [(False, False), (True, True), (True, True)]
    assert len({body.get("cursor") for body in bodies}) == 3


async def test_one_token_serves_all_and_the_accounts_are_listed_once(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.says("一", "二")
        await customer.enters()
        assert len(calls(customer.sim, "gettoken")) == 1
        assert len(calls(customer.sim, "kf/account/list")) == 1


async def test_every_callback_is_answered_at_the_first_attempt_with_success(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.enters()
        await customer.says("一")
        await customer.sends_file()
        outcomes = [(entry.request["attempt"], entry.response) for entry in callbacks(customer.sim)]
    assert outcomes == [(1, {"status": 200, "body": "success"})] * 3


async def test_a_callback_is_answered_while_a_handler_is_still_at_work() -> None:
    bot, release, started = Bot(), asyncio.Event(), asyncio.Event()

    @bot.on(Text)
    async def slow(ctx: Context[Text]) -> str:
        started.set()
        await release.wait()
        return ctx.text

    async with Chat(bot) as customer:
        first = asyncio.create_task(customer.says("一"))
        async with asyncio.timeout(5):
            await started.wait()
            await customer.sim.quiet()
        assert callbacks(customer.sim)[0].response == {"status": 200, "body": "success"}
        release.set()
        assert await first == ["一"]


async def test_while_time_passes_the_bot_looks_for_what_no_callback_announced(parrot: Bot) -> None:
    async def lost(_query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
        raise ConnectionResetError

    async with Chat(parrot) as customer:
        customer.sim.deliver_to(lost)
        assert await customer.says("在吗") == []
        assert await customer.waits(seconds=59) == []
        assert await customer.waits(seconds=1) == ["您说：在吗"]
        assert [entry.request["attempt"] for entry in callbacks(customer.sim)] == [1, 2, 3]


async def test_callbacks_are_encrypted(parrot: Bot) -> None:
    async with Chat(parrot) as customer:
        await customer.says("在吗")
        (entry,) = callbacks(customer.sim)
    assert "<Encrypt>" in entry.request["body"]
    assert customer.sim.open_kfid not in entry.request["body"]
    assert entry.request["query"].keys() == {"msg_signature", "timestamp", "nonce"}
