"""The live journal: filtered, paused, opened, and as quick with ten thousand lines as with ten."""

import re
from typing import TYPE_CHECKING

import pytest

from browser.bot import Bot
from browser.person import Person
from wxkf.sim import Simulator
from wxkf.sim.world import Reload

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser
SHOWN = 200


async def test_each_call_and_callback_can_be_read_whole(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    callback = person.journal.locator(".entry.callback").last
    await expect(callback.locator(".badge")).to_have_text("200")
    await callback.locator("summary").click()
    await expect(callback.get_by_label("Messages").or_(callback.locator("pre")).first).to_contain_text("<Event>")
    await expect(callback.locator("pre").nth(1)).to_contain_text("<Encrypt>")

    call = person.journal.locator(".entry", has_text="kf/sync_msg").first
    await call.locator("summary").click()
    await expect(call.locator("pre").first).to_contain_text(sim.open_kfid)
    await expect(call.locator("pre").last).to_contain_text("next_cursor")
    assert bot.token not in await page.content()


async def test_lines_are_filtered_by_kind_and_content(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    entries = person.journal.locator(".entry")
    await person.enter(address)
    await person.write("needle")
    await expect(entries.filter(has_text="You said: needle")).to_have_count(1)
    await page.get_by_role("button", name="Calls", exact=True).click()
    await expect(entries.filter(has_text="kf/")).to_have_count(0)
    await page.get_by_role("button", name="Calls", exact=True).click()
    await page.get_by_label("Filter by content").fill("NEEDLE")
    await expect(entries).to_have_count(3)  # said, pulled, answered
    await page.get_by_label("Filter by content").fill("")
    await page.get_by_role("button", name="Clear").click()
    await expect(entries).to_have_count(0)
    await person.write("again")
    await expect(entries.filter(has_text="You said: again")).to_have_count(1)


async def test_a_paused_journal_stands_still(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    entries = person.journal.locator(".entry")
    await person.enter(address)
    await expect(entries.first).to_contain_text("kf/send_msg_on_event")
    await page.get_by_role("button", name="Pause").click()
    await person.write("hello")
    await expect(person.journal).to_contain_text("paused, 4 new")
    await expect(entries.first).to_contain_text("kf/send_msg_on_event")
    await page.get_by_label("Filter by content").fill("kf/")
    await expect(entries.filter(has_text="hello")).to_have_count(0)
    await page.get_by_role("button", name="Go on").click()
    await expect(entries.first).to_contain_text("You said: hello")


async def test_an_open_line_stays_open(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    line = person.journal.locator(".entry", has_text="kf/send_msg_on_event")
    await line.locator("summary").click()
    await expect(line.locator("pre").first).to_be_visible()
    sim.platform.world.tell(Reload())
    await page.get_by_label("Filter by content").fill("on_event")
    await expect(person.journal.locator(".entry")).to_have_count(1)
    await expect(line.locator("pre").first).to_be_visible()


async def test_lines_that_nobody_has_seen_are_counted(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    await page.set_viewport_size({"width": 390, "height": 780})
    person = Person(page)
    await person.enter(address)
    await expect(person.bubbles("theirs")).to_contain_text("Welcome!")
    await page.get_by_role("button", name="Journal").click()
    await expect(page.locator("#unseen")).to_be_hidden()
    await page.get_by_role("button", name="Phone").click()
    for _ in range(7):
        bot.post("kf/account/list", {})
    await expect(page.locator("#unseen")).to_have_text("7")
    await page.get_by_role("button", name="Staff desk").click()
    await expect(page.locator("#unseen")).to_have_text("7")


async def test_old_lines_are_dropped(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    entries = person.journal.locator(".entry")
    await expect(entries.first).to_contain_text("kf/send_msg_on_event")
    for _ in range(3):
        for _ in range(450):  # a stream that falls behind by more is told to look again
            bot.post("kf/account/list", {})
        await expect(entries).to_have_count(SHOWN)
    bot.post("kf/servicer/list", {})
    await expect(entries.first).to_contain_text("kf/servicer/list")
    await expect(entries).to_have_count(SHOWN)


async def test_a_world_that_begins_anew_is_drawn_anew(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await expect(person.bubbles("theirs")).to_have_count(1)
    sim.worlds.reset(7)
    await expect(page.get_by_role("button", name="Enter the chat")).to_be_visible()
    await expect(person.journal.locator(".entry")).to_have_text([re.compile("reset")])
