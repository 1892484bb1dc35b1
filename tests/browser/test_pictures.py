"""The pictures in the docs: a scene is played and, under WXKF_PICTURES=1, photographed into docs/pictures."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browser.bot import Bot
from browser.person import png
from wxkf.sim import SimClock, Simulator

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
ZH = {
    "shop": "山野咖啡",
    "names": ["小明", "阿珍", "老周"],
    "greeting": "你好，这里是山野咖啡，想问点什么？",
    "choices": ["查订单", "手冲教程", "转人工"],
    "thread": ["我的手冲壶什么时候到？", "您的包裹已到深圳，预计明天 18:00 前送达。", "收到的壶有个小坑"],
    "waiting": ["发票怎么开？", "能改地址吗"],
    "person": "您好，我是 zhangsan，这就给您换一只新的。",
}
EN = {
    "shop": "Hillside Coffee",
    "names": ["Ming", "Zhen", "Zhou"],
    "greeting": "Hello, Hillside Coffee here. What can we do for you?",
    "choices": ["My order", "How to brew", "Talk to a person"],
    "thread": ["When will my kettle come?", "It is in Shenzhen and arrives tomorrow by 18:00.", "It came with a dent"],
    "waiting": ["Can I have an invoice?", "May I change the address?"],
    "person": "zhangsan here. We will send you a new one at once.",
}


@pytest.fixture
async def sim() -> Any:
    """A world whose clock stands, so that pictures differ only where the page does."""
    sim = Simulator(clock=SimClock.frozen(), seed=3)
    yield sim
    await sim.aclose()


class Shop(Bot):
    """Plays a shop's bot with words that are given; what is not in the thread it leaves to people."""

    def __init__(self, sim: Simulator, words: dict[str, Any]) -> None:
        super().__init__(sim)
        self.words = words

    def _greet(self, event: dict[str, Any]) -> None:
        rows = [
            {"type": "click", "click": {"id": str(at), "content": it}} for at, it in enumerate(self.words["choices"])
        ]
        menu = {"head_content": self.words["greeting"], "list": rows}
        if code := event.get("welcome_code"):
            self.post("kf/send_msg_on_event", {"code": code, "msgtype": "msgmenu", "msgmenu": menu})

    def _answer(self, whom: str, row: dict[str, Any]) -> None:
        question, answer, _ = self.words["thread"]
        text = row.get("text", {}).get("content")
        if text == question:
            self.send(whom, "text", {"content": answer})
        elif text:
            trans = {"open_kfid": self.sim.open_kfid, "external_userid": whom, "service_state": 2}
            self.post("kf/service_state/trans", trans)


async def play(sim: Simulator, words: dict[str, Any]) -> str:
    """Let three customers come; the first is served by the bot, then by a person. Returns that one."""
    Shop(sim, words)
    account, people = sim.open_kfid, [sim.customers.add(name) for name in words["names"]]
    sim.platform.world.accounts[account].name = words["shop"]
    for name in ("zhangsan", "lisi"):
        sim.console.add_servicer(account, name)

    async def settle(seconds: float) -> None:
        await sim.quiet()
        await asyncio.sleep(0)  # the bot pulls after its callback is answered
        sim.clock.forward(seconds)

    for whom, text in zip(people[1:], words["waiting"], strict=True):
        sim.customers.enter(account, whom)
        await settle(4)
        sim.customers.say(account, whom, text)
        await settle(11)
    whom = people[0]
    sim.customers.enter(account, whom, scene="home")
    await settle(6)
    sim.customers.say(account, whom, words["thread"][0])
    await settle(9)
    sim.customers.send_file(account, whom, "image", png(220, 130), content_type="image/png")
    sim.customers.say(account, whom, words["thread"][2])
    await settle(5)
    sim.staff.accept(account, whom, "zhangsan")
    sim.staff.say(account, whom, "zhangsan", words["person"])
    await settle(3)
    sim.trouble.add("callback_duplicate", chance=0.1)
    await settle(0)
    return whom


@pytest.mark.parametrize(
    ("name", "words", "theme", "width"),
    [
        ("page", EN, "light", 1480),
        ("page.zh", ZH, "light", 1480),
        ("dark", ZH, "dark", 1480),
        ("narrow", EN, "light", 390),
    ],
)
async def test_the_page_looks_as_in_the_docs(
    sim: Simulator, address: str, page: "Page", name: str, words: dict[str, Any], theme: str, width: int
) -> None:
    from playwright.async_api import expect

    whom = await play(sim, words)
    language = "zh" if words is ZH else "en"
    await page.add_init_script(
        f"localStorage.setItem('wxkf-language', '{language}'); localStorage.setItem('wxkf-theme', '{theme}');"
        f"sessionStorage.setItem('wxkf-customer', '{whom}');"
    )
    await page.set_viewport_size({"width": width, "height": 880})
    await page.goto(address)
    await expect(page.locator("#bubbles")).to_contain_text(words["person"])
    assert await page.locator("#bubbles img").evaluate("it => it.decode().then(() => it.naturalWidth)") == 220
    if width > 400:
        await page.locator("#desk-rows").get_by_text(words["names"][0]).click()
        await page.locator(".entry", has_text="kf_msg_or_event").first.locator("summary").click()
        await page.mouse.move(0, 0)
        await page.evaluate("document.activeElement.blur()")
    taken = await page.screenshot(animations="disabled")
    assert taken.startswith(b"\x89PNG")
    assert len(taken) > 30_000  # an empty page is smaller
    if os.environ.get("WXKF_PICTURES"):
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(taken)
