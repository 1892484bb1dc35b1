"""Replies that are files of this machine: sent as what they are, uploaded once, and the same after a failure."""

from pathlib import Path

import pytest

from kit.sounds import amr, tone
from kit.worlds import World, calls
from wxkf import Bot, Context, FileError, Image, Inbound, LimitError, SyncContext, Text, out
from wxkf.bot.text import BadReply
from wxkf.sim.world import Media
from wxkf.testing import Chat

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(100)
HEIC, M4A = (b"\x00\x00\x00\x18ftyp" + brand + bytes(100) for brand in (b"heic", b"M4A "))
MB = 1 << 20


def saying(reply: str | out.Outbound) -> Bot:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str | out.Outbound:
        return reply

    return bot


def sent(customer: Chat) -> Media:
    """Give the newest file on the customer's phone."""
    return customer.sim.platform.world.media[customer.screen[-1].body["media_id"]]


@pytest.mark.parametrize(
    ("media", "shown"),
    [
        (PNG, "[image]"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "[image]"),
        (MP4, "[video]"),
        (amr(1), "[voice]"),
        (HEIC, "[file]"),
        (M4A, "[file]"),
        (b"%PDF-1.7", "[file]"),
        (tone(1), "[file]"),
        (PNG + bytes(10 * MB), "[file]"),
        (MP4 + bytes(10 * MB), "[file]"),
        (amr(60) + amr(1)[6:], "[file]"),
    ],
    ids=["png", "jpg", "mp4", "amr", "heic", "m4a", "pdf", "wav", "large png", "large mp4", "long amr"],
)
async def test_a_file_is_sent_as_what_it_is(media: bytes, shown: str) -> None:
    async with Chat(saying(out.Upload(media))) as customer:
        assert await customer.says("看看") == [shown]
        assert sent(customer).data == media


async def test_a_path_is_sent_under_its_name_and_a_kind_may_be_chosen(tmp_path: Path) -> None:
    (tmp_path / "菜单.png").write_bytes(PNG)
    bot = Bot()

    @bot.on(Text)
    def menu(ctx: SyncContext[Text]) -> out.Upload:
        ctx.reply(out.Upload(tmp_path / "菜单.png", kind="file"))
        return out.Upload(tmp_path / "菜单.png", filename="今日.png", kind="file")

    async with Chat(bot) as customer:
        assert await customer.says("菜单") == ["[file]", "[file]"]
        first = customer.sim.platform.world.media[customer.screen[-2].body["media_id"]]
        assert (first.filename, sent(customer).filename, first.data) == ("菜单.png", "今日.png", PNG)


async def test_what_cannot_be_sent_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    async with Chat(saying(out.Upload(tmp_path / "no.png"))) as customer:
        with pytest.raises(FileError, match=r"cannot read no\.png"):
            await customer.says("看看")
    async with Chat(saying(out.Upload(b"GIF89a" + bytes(100), kind="image"))) as customer:
        with pytest.raises(LimitError, match="must be a JPG or PNG"):
            await customer.says("看看")


async def test_the_same_file_is_uploaded_once_for_all_customers_and_accounts(world: World) -> None:
    other, customers = world.sim.console.add_account("二号店"), [world.customer("甲"), world.customer("乙")]
    async with world.runs(saying(out.Upload(PNG))) as service:
        for kf in (world.kf, other):
            for customer in customers:
                world.sim.customers.say(kf, customer, "菜单")
                await world.settled(service)
        assert len(world.calls("kf/send_msg")) == 4
        assert len(world.calls("media/upload")) == 1
        await world.passes(service, 2.4 * 86_400)
        world.say(customers[0], "菜单")
        await world.settled(service)
        assert len(world.calls("media/upload")) == 1
        await world.passes(service, 0.2 * 86_400)
        world.say(customers[0], "菜单")
        await world.settled(service)
        assert len(world.calls("media/upload")) == 2


async def test_a_handler_that_runs_again_sends_what_it_had_sent_once() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        await ctx.reply(out.Upload(PNG + bytes([ctx.attempt])))
        if ctx.attempt == 1:
            raise OSError("the model is down")
        return "请看图"

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.says("看看") == ["[image]", "请看图"]


async def test_before_send_sees_what_is_sent_and_may_put_a_file_in_its_place() -> None:
    bot, seen = saying(out.Upload(PNG)), list[out.Outbound]()

    @bot.before_send
    async def as_file(ctx: Context[Inbound], message: out.Outbound) -> out.Outbound:
        seen.append(message)
        return out.Upload(b"%PDF-1.7", filename="价目.pdf")

    async with Chat(bot) as customer:
        assert await customer.says("价目") == ["[file]"]
        assert sent(customer).filename == "价目.pdf"
    assert [type(message) for message in seen] == [out.Image]


async def test_a_file_may_be_said_later_while_the_platform_has_it() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        await ctx.later(out.Upload(PNG), hours=float(ctx.text))
        return "好"

    async with Chat(bot) as customer:
        assert await customer.says("11") == ["好"]
        assert await customer.waits(hours=11) == ["[image]"]
        with pytest.raises(BadReply, match="11 hours later at most"):
            await customer.says("12")


async def test_a_picture_and_its_caption_are_one_call_and_so_are_the_answers(tmp_path: Path) -> None:
    bot = Bot()

    @bot.on(Text, Image, gather=2.0)
    async def answer(ctx: Context[Text | Image]) -> str:
        (picture,) = await ctx.download(tmp_path)
        assert picture.path is not None
        await ctx.reply(out.Upload(picture.path))
        return f"您问的是：{ctx.text}"

    async with Chat(bot) as customer:
        customer.sim.customers.send_file(customer.open_kfid, customer.external_userid, "image", PNG)
        assert await customer.says("这件有货吗") == ["[image]", "您问的是：这件有货吗"]
        assert len(calls(customer.sim, "media/upload")) == 1
