"""What else a customer does in a test: files, places, taking a message back; and colleagues who take part."""

import pytest

from wxkf import out
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.messages.events import SessionStatusChange, UserRecallMsg
from wxkf.messages.inbound import File, Location, Text
from wxkf.testing import Chat


@pytest.fixture
def clerk() -> Bot:
    """A bot that tells what it was given."""
    bot = Bot()

    @bot.on(File)
    async def file(ctx: Context[File]) -> str:
        return "文件"

    @bot.on(Location)
    async def place(ctx: Context[Location]) -> str:
        return ctx.event.location.name

    @bot.on(UserRecallMsg)
    async def recalled(ctx: Context[UserRecallMsg]) -> str:
        return "撤回了"

    @bot.on(Text)
    async def text(ctx: Context[Text]) -> out.Text:
        return out.Text(content="好的")

    return bot


async def test_files_places_and_taking_back(clerk: Bot) -> None:
    async with Chat(clerk) as customer:
        assert await customer.sends_file("file", b"%PDF-1.7 ...", filename="合同.pdf") == ["文件"]
        place = {"latitude": 22.5, "longitude": 114.0, "name": "深圳湾", "address": ""}
        assert await customer.sends("location", **place) == ["深圳湾"]
        assert await customer.says("错了") == ["好的"]
        assert await customer.recalls() == ["撤回了"]
        assert [bubble.recalled for bubble in customer.screen if bubble.who == "customer"] == [False, False, True]


async def test_there_must_be_something_to_take_back(clerk: Bot) -> None:
    async with Chat(clerk) as customer:
        with pytest.raises(LookupError, match="nothing that could be taken back"):
            await customer.recalls()


async def test_colleagues_take_part(clerk: Bot) -> None:
    ended = list[int]()

    @clerk.on(SessionStatusChange)
    async def changed(ctx: Context[SessionStatusChange]) -> None:
        ended.append(ctx.event.change_type)

    async with Chat(clerk) as customer:
        place = customer.open_kfid, customer.external_userid
        customer.sim.console.add_servicer(customer.open_kfid, "lisi")
        await customer.says("找人工")
        customer.sim.console.set_state(*place, 2)
        customer.sim.staff.accept(*place, "lisi")
        customer.sim.staff.say(*place, "lisi", "我是李四")
        assert await customer.hears() == []
        assert [bubble.servicer_userid for bubble in customer.screen if bubble.who == "staff"] == ["lisi"]
        customer.sim.staff.end(*place)
        await customer.hears()
        assert ended == [1, 3]
        assert await customer.says("还有事") == ["好的"]
