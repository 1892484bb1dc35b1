"""A language model answers: at OpenAI, DeepSeek, Qwen, vLLM, Ollama, whatever speaks OpenAI's protocol.

pip install openai
export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_API_KEY=none OPENAI_MODEL=qwen3
uv run wxkf demo examples/llm.py         # talk to it in the browser
uv run pytest examples/llm.py            # the conversation at the end, with a stand-in for the model
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI

from wxkf import Bot, Context, Inbound, Text
from wxkf.testing import Chat

MODEL = os.environ.get("OPENAI_MODEL", "gpt-4o-mini")
SYSTEM = "你是一家帽子店的客服。用一两句话回答。"

bot = Bot()


@cache
def model() -> AsyncOpenAI:  # one for all; a model of your own may want no key; what fails is tried again anyway
    return AsyncOpenAI(api_key=os.environ.get("OPENAI_API_KEY", "none"), max_retries=0)


@bot.on(Text, gather=1.5, newer="restart")  # lines in a row are one question; one more while it thinks begins it anew
async def answer(ctx: Context[Text]) -> AsyncIterator[str]:
    ctx.notice("正在想，请稍等…", after=8)
    messages = (await ctx.history(20)).as_openai(system=SYSTEM, then=ctx.said)
    async for chunk in await model().chat.completions.create(model=MODEL, messages=messages, stream=True):
        for choice in chunk.choices:
            yield choice.delta.content or ""  # markdown is made readable, <think> is left out


@bot.on_error  # after three tries
async def sorry(ctx: Context[Inbound], error: BaseException) -> str | None:
    went = await ctx.hand_over(note="这个我请同事来回答您。", if_nobody="stay")
    return None if went else "抱歉，我现在答不上来，请稍后再问。"


# ── the conversation ──────────────────────────────────────────────────────────────────────────────────────────


async def test_lines_in_a_row_are_one_question_and_the_answer_can_be_read_on_a_phone() -> None:
    async with stand_in() as it, Chat(bot) as customer:
        it.says = "<think>几顶？</think>有：\n\n- **草帽** 59 元\n- **毡帽** 99 元"
        assert await customer.says("你好", "有什么帽子") == ["有：\n\n· 草帽 59 元\n· 毡帽 99 元"]
        it.says = "草帽。"
        assert await customer.says("哪个卖得好") == ["草帽。"]
    assert await it.asked.get() == [system, user("你好\n有什么帽子")]
    assert await it.asked.get() == [
        system,
        user("你好\n有什么帽子"),
        {"role": "assistant", "content": "有：\n\n· 草帽 59 元\n· 毡帽 99 元"},
        user("哪个卖得好"),
    ]


async def test_who_waits_for_long_is_told_so() -> None:
    async with stand_in() as it, Chat(bot) as customer:
        it.may_speak.clear()
        answered = asyncio.create_task(customer.says("哪个卖得好"))
        await it.asked.get()
        customer.clock.forward(seconds=8)
        await customer.sees("正在想，请稍等…")
        it.says = "草帽。"
        it.may_speak.set()
        assert await answered == ["正在想，请稍等…", "草帽。"]


async def test_who_writes_on_while_it_thinks_gets_one_answer_to_all_of_it() -> None:
    async with stand_in() as it, Chat(bot) as customer:
        it.may_speak.clear()
        answered = asyncio.create_task(customer.says("有红色的吗"))
        assert await it.asked.get() == [system, user("有红色的吗")]
        customer.writes("要大号")
        assert await it.asked.get() == [system, user("有红色的吗\n要大号")]
        it.says = "红色大号有货。"
        it.may_speak.set()
        assert await answered == ["红色大号有货。"]


async def test_a_model_that_fails_is_asked_again_and_in_the_end_people_are() -> None:
    async with stand_in() as it, Chat(bot, tolerate=True) as customer:
        it.says, it.fails = "有货。", 1
        assert await customer.says("有草帽吗") == ["有货。"]
        it.fails = 3
        assert await customer.says("有毡帽吗") == ["抱歉，我现在答不上来，请稍后再问。"]
        customer.sim.console.add_servicer(customer.open_kfid, "zhangsan")
        it.fails = 3
        assert await customer.says("有毡帽吗") == ["这个我请同事来回答您。"]


system = {"role": "system", "content": SYSTEM}


def user(words: str) -> dict[str, str]:
    return {"role": "user", "content": words}


class StandIn:
    """Speaks OpenAI's protocol: says `says`, letter by letter, once it may speak, after it has failed so often."""

    def __init__(self) -> None:
        self.says, self.fails, self.asked, self.may_speak = "", 0, asyncio.Queue[Any](), asyncio.Event()
        self.may_speak.set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.put_nowait((await request.json())["messages"])
        await self.may_speak.wait()
        if self.fails:
            self.fails -= 1
            raise web.HTTPServiceUnavailable
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for letter in self.says:
            chunk = json.dumps({"choices": [{"index": 0, "delta": {"content": letter}}]})
            await response.write(f"data: {chunk}\n\n".encode())
        await response.write(b"data: [DONE]\n\n")
        return response


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandIn]:
    it, app = StandIn(), web.Application()
    app.router.add_post("/chat/completions", it.answer)
    async with asyncio.timeout(20), TestServer(app) as server, model() as client:
        client.base_url = str(server.make_url("/"))
        try:
            yield it
        finally:
            model.cache_clear()
