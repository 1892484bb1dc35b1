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
HEARD = """(() => {
  const Stream = window.EventSource;
  window.heard = 0;
  window.EventSource = class extends Stream {
    addEventListener(name, tell, more) {
      const heard = (event) => { window.heard += event instanceof MessageEvent; return tell(event); };
      super.addEventListener(name, heard, more);
    }
  };
})()"""


class Late:
    """Answers of one name that come late: after something has happened, and the page has heard of that."""

    def __init__(self, page: "Page", act: Callable[[], object], times: int, *, held: bool) -> None:
        self._page, self._act, self._left = page, act, times
        self.go, self.done = asyncio.Event(), asyncio.Event()
        if not held:
            self.go.set()

    async def __call__(self, route: "Route") -> None:
        """Fetch, let it happen, and answer with what was true before."""
        answer = await route.fetch()
        before = await self._page.evaluate("window.heard")
        self._act()
        await self.go.wait()
        await self._page.wait_for_function("before => window.heard > before", arg=before)
        await route.fulfill(response=answer)
        self._left -= 1
        if not self._left:
            self.done.set()


async def delay(page: "Page", name: str, act: Callable[[], object], *, times: int = 1, held: bool = False) -> Late:
    """Let so many answers of this name come late; `held` ones wait for `go` too. `done` says that all have come."""
    late = Late(page, act, times, held=held)
    await page.route(f"**/_sim/{name}?*", late, times=times)
    return late


@pytest.fixture
async def page(page: "Page") -> "Page":
    """A page that counts what its stream brings."""
    await page.add_init_script(HEARD)
    return page


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

    late = await delay(page, "state", happen, times=3)
    sim.platform.world.tell(Reload())
    await late.done.wait()
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

    late = await delay(page, "people", looked.set, held=True)
    sim.customers.add("Somebody else")
    await looked.wait()
    await page.get_by_role("button", name="Enter the chat").click()
    await expect(person.bubbles("theirs")).to_contain_text("Welcome!")
    late.go.set()
    await late.done.wait()
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
