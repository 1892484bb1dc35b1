"""The live page keeps up: what changes while an answer is on its way is neither lost nor shown twice."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from browser.bot import Bot
from browser.person import Person
from wxkf.sim import Simulator
from wxkf.sim.world import Reload

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

pytestmark = pytest.mark.browser
OVERTAKEN = 0.4  # seconds that an answer needs here; the stream is quicker


async def delay(page: "Page", name: str, act: Callable[[], object], *, times: int = 1) -> asyncio.Event:
    """Let so many answers of this name come late; meanwhile something happens. The event says that all have come."""
    come, done = list[str](), asyncio.Event()

    async def slowly(route: "Route") -> None:
        answer = await route.fetch()
        act()
        await asyncio.sleep(OVERTAKEN)
        await route.fulfill(response=answer)
        come.append(name)
        if len(come) == times:
            done.set()

    await page.route(f"**/_sim/{name}?*", slowly, times=times)
    return done


async def come_back(sim: Simulator, page: "Page", *texts: str) -> str:
    """Let the page belong to a customer who has written already."""
    whom = sim.customers.add("Ming")
    for text in texts:
        sim.customers.say(sim.open_kfid, whom, text)
    await page.add_init_script(f"sessionStorage.setItem('wxkf-customer', '{whom}')")
    return whom


async def test_what_is_said_while_a_chat_is_fetched_is_seen_once(sim: Simulator, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    whom = await come_back(sim, page, "one", "two", "three")
    await delay(page, "chat", lambda: sim.customers.say(sim.open_kfid, whom, "four"))
    await page.goto(address)
    bubbles = Person(page).bubbles("mine")
    await expect(bubbles).to_have_text(["one", "two", "three", "four"])
    sim.customers.say(sim.open_kfid, whom, "five")
    await expect(bubbles).to_have_text(["one", "two", "three", "four", "five"])


async def test_what_is_said_while_the_state_is_fetched_is_seen_once(sim: Simulator, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    whom = await come_back(sim, page, "one")
    await page.goto(address)
    bubbles = Person(page).bubbles("mine")
    await expect(bubbles).to_have_count(1)

    def happen() -> None:
        sim.customers.say(sim.open_kfid, whom, f"{len(sim.platform.phone(sim.open_kfid, whom)) + 1}")
        sim.platform.world.tell(Reload())  # another reason to look, while the first answer is on its way

    done = await delay(page, "state", happen, times=3)
    sim.platform.world.tell(Reload())
    await done.wait()
    await expect(bubbles).to_have_text(["one", "2", "3", "4"])


async def test_a_state_that_could_not_be_fetched_is_fetched_again(sim: Simulator, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    await come_back(sim, page, "one")
    await page.route("**/_sim/state?*", lambda route: route.fulfill(status=400, body="not now"), times=1)
    await page.goto(address)
    await expect(Person(page).bubbles("mine")).to_have_text(["one"])


async def test_who_has_just_come_stays_though_an_older_list_arrives(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect

    person = Person(page)
    await page.goto(address)
    await expect(page.get_by_label("My nickname")).to_have_value("Ming")
    looked = asyncio.Event()

    done = await delay(page, "people", looked.set)
    sim.customers.add("Somebody else")
    await looked.wait()
    await page.get_by_role("button", name="Enter the chat").click()
    await expect(person.bubbles("theirs")).to_contain_text("Welcome!")
    await done.wait()
    await person.write("still here")
    await expect(person.bubbles("mine")).to_have_text(["still here"])


async def test_an_account_that_is_deleted_leads_back_to_the_door(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect

    other = sim.console.add_account("Second")
    await page.add_init_script(f"sessionStorage.setItem('wxkf-account', '{other}')")
    person = Person(page)
    await person.enter(address)
    await expect(person.phone).to_contain_text("You entered the chat")
    assert bot.post("kf/account/del", {"open_kfid": other})["errcode"] == 0
    await expect(page.get_by_role("button", name="Enter the chat")).to_be_visible()


SEEN = """() => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => window.behind ?? false });
}"""


async def test_a_page_behind_others_hangs_up_and_comes_back(sim: Simulator, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    whom = await come_back(sim, page, "one")
    await page.clock.install()
    await page.goto(address)
    await page.evaluate(SEEN)
    bubbles = Person(page).bubbles("mine")
    await expect(bubbles).to_have_text(["one"])

    await page.evaluate("window.behind = true; document.dispatchEvent(new Event('visibilitychange'))")
    await page.clock.fast_forward(31_000)
    await expect(page.locator("#live")).to_have_class("live lost")
    sim.customers.say(sim.open_kfid, whom, "two")
    await page.evaluate("window.behind = false; document.dispatchEvent(new Event('visibilitychange'))")
    await expect(bubbles).to_have_text(["one", "two"])
    await expect(page.locator("#live")).to_have_class("live")
