"""一位照着剧本说话的顾客：在进程内运行，不需要账号，也不需要等待。"""

from wxkf.testing import Chat

from bot import bot


async def test_greets_answers_and_hands_over() -> None:
    async with Chat(bot) as customer:
        assert await customer.enters() == ["您好！有什么可以帮您？\n[营业时间]\n[人工]"]
        assert await customer.picks("hours") == ["每天 9:00 到 21:00。"]
        assert await customer.says("还在吗") == ["收到：还在吗"]
        assert await customer.picks("person") == ["稍等，同事马上来。"]
