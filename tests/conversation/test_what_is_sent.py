"""What becomes of words on their way out: made readable, cut, changed, held back; and what is too long."""

from wxkf import Bot, Context, Inbound, SyncContext, Text, out
from wxkf.testing import Chat

BOUND = 2048


async def test_markdown_is_made_readable_and_a_value_is_sent_as_it_is() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> out.Text:
        await ctx.reply("## 订单\n- **一**\n- 二")
        return out.Text("**原样**")

    async with Chat(bot) as customer:
        assert await customer.says("订单") == ["订单\n\n· 一\n· 二", "**原样**"]


async def test_a_model_that_only_thought_says_nothing() -> None:
    bot = Bot()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return "<think>不该回答</think>"

    async with Chat(bot) as customer:
        assert await customer.says("在吗") == []


async def test_what_finds_no_room_is_told() -> None:
    bot, told = Bot(), list[str]()
    whole = "".join(f"{number}号订单已经发货。" for number in range(1_000))

    @bot.on(Text)
    def answer(ctx: SyncContext[Text]) -> None:
        ctx.reply(whole)
        told.append(ctx.unsent)

    @bot.on_overflow
    async def overflow(ctx: Context[Inbound], unsent: str) -> None:
        told.append(unsent)

    async with Chat(bot) as customer:
        said = await customer.says("订单")
    assert len(said) == 5
    assert said[-1].endswith("…")
    assert told[0] == told[1]
    assert "".join(said).removesuffix("…") + told[0] == whole


async def test_every_message_passes_the_hooks_in_their_order() -> None:
    bot, seen = Bot(), list[str]()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        await ctx.reply("密码是 hunter2")
        await ctx.later("再见", minutes=1)
        return "好的"

    @bot.before_send
    async def sign(ctx: Context[Inbound], message: out.Outbound) -> out.Outbound | None:
        return out.Text(f"{message.content}——小微") if isinstance(message, out.Text) else message

    @bot.before_send
    async def hold_back(ctx: Context[Inbound], message: out.Outbound) -> out.Outbound | None:
        assert isinstance(message, out.Text)
        seen.append(message.content)
        return None if "密码" in message.content else message

    async with Chat(bot) as customer:
        assert await customer.says("你好") == ["好的——小微"]
        assert await customer.waits(minutes=2) == ["再见——小微"]
    assert seen == ["密码是 hunter2——小微", "再见——小微", "好的——小微"]
