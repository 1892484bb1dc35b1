"""Files that customers send: a handler gets them all, whole and under safe names."""

from pathlib import Path

from wxkf import Bot, Context, File, Image, SyncContext, Text
from wxkf.testing import Chat


async def test_everything_that_was_sent_in_a_row_is_downloaded(tmp_path: Path) -> None:
    bot = Bot()

    @bot.on(Image, File, Text, gather=2.0)
    async def keep(ctx: Context[Image | File | Text]) -> str:
        files = await ctx.download(tmp_path)
        assert len({one.path for one in files}) == 2
        return f"{len(files)} 个文件，{sum(one.size for one in files)} 字节：{ctx.text}"

    async with Chat(bot) as customer:
        place = customer.open_kfid, customer.external_userid
        customer.sim.customers.send_file(*place, "image", b"\x89PNG\r\n\x1a\n" + bytes(100))
        customer.sim.customers.send_file(*place, "file", b"one,two", filename="订单.csv")
        assert await customer.says("看看") == ["2 个文件，115 字节：看看"]
    assert (tmp_path / "订单.csv").read_bytes() == b"one,two"


async def test_a_message_without_files_has_none(tmp_path: Path) -> None:
    bot = Bot()

    @bot.on(Text)
    def count(ctx: SyncContext[Text]) -> str:
        return str(len(ctx.download(tmp_path)))

    async with Chat(bot) as customer:
        assert await customer.says("在吗") == ["0"]
