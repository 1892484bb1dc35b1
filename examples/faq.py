"""Questions that are asked often: the nearest answer, a menu where several are near, people where none is.

uv run wxkf demo examples/faq.py         # talk to it in the browser
uv run pytest examples/faq.py            # the conversations at the end
"""

from difflib import get_close_matches

from wxkf import Bot, Context, Text, out, says
from wxkf.testing import Chat

ANSWERS = {
    "怎么退货": "签收后 7 天内，在订单页点「申请退货」。",
    "退货运费谁出": "质量问题我们出，其他情况您出。",
    "多久发货": "现货 24 小时内发出。",
    "能开发票吗": "能，下单时填写抬头即可。",
}

bot = Bot()


@bot.on(Text, where=says("都不是", "人工"))
async def person(ctx: Context[Text]) -> str | None:
    went = await ctx.hand_over(note="这个我请同事来回答您。", if_nobody="stay")
    return None if went else "这个我还不会，同事现在也不在，请换个说法试试。"


@bot.on(Text)
async def answer(ctx: Context[Text]) -> str | out.Outbound | None:
    if sure := get_close_matches(ctx.text, ANSWERS, n=1, cutoff=0.8):  # put your own search here
        return ANSWERS[sure[0]]
    if near := get_close_matches(ctx.text, ANSWERS, n=3, cutoff=0.4):
        return out.Menu("您想问的是：", *(out.Click(None, known) for known in near), out.Click(None, "都不是"))
    return await person(ctx)


# ── the conversations ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_question_is_answered_however_it_is_put() -> None:
    async with Chat(bot) as customer:
        assert await customer.says("多久发货") == ["现货 24 小时内发出。"]
        assert await customer.says("能开发票吗？") == ["能，下单时填写抬头即可。"]


async def test_who_might_mean_several_things_is_asked() -> None:
    async with Chat(bot) as customer:
        assert await customer.says("退货") == ["您想问的是：\n[怎么退货]\n[退货运费谁出]\n[都不是]"]
        assert await customer.picks("怎么退货") == ["签收后 7 天内，在订单页点「申请退货」。"]


async def test_what_nobody_wrote_down_goes_to_people() -> None:
    async with Chat(bot) as customer:
        assert await customer.says("你们招人吗") == ["这个我还不会，同事现在也不在，请换个说法试试。"]
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        await customer.says("退货")
        assert await customer.picks("都不是") == ["这个我请同事来回答您。"]
        assert await customer.says("在吗") == []
