"""The clock and the faults, as one sets them off and sees them."""

from typing import TYPE_CHECKING

import pytest

from browser.bot import Bot
from browser.person import Person
from wxkf.sim import Simulator

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser


async def test_past_48_hours_the_window_is_shut(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await person.write("hello")
    await expect(page.get_by_text("4 replies left")).to_be_visible()
    await page.get_by_role("button", name="Forward 48 hours").click()
    await page.get_by_role("button", name="Forward one hour").click()
    await expect(page.get_by_text("window shut")).to_be_visible()
    await expect(page.locator("#session")).to_contain_text("4 not begun / ended")
    await expect(person.desk).to_contain_text("Not begun or ended 1")
    whom = next(iter(sim.platform.world.customers))
    bot.token = ""  # it has run out too
    assert bot.send(whom, "text", {"content": "too late"})["errcode"] in (95002, 95018)


async def test_the_clock_goes_forward_by_any_time(sim: Simulator, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    await page.goto(address)
    before = sim.clock.now()
    forward = page.get_by_label("Forward by any time")
    await forward.fill("3d")
    await forward.press("Enter")
    await expect(forward).to_have_value("")
    assert 3 * 86_400 <= sim.clock.now() - before < 3 * 86_400 + 60
    await forward.fill("soon")
    await forward.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Write it as 20s, 5m, 3h or 2d")


async def test_a_fault_strikes_until_it_is_switched_off(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await expect(person.bubbles("theirs")).to_have_count(1)
    await page.get_by_role("button", name="Faults").click()
    await page.get_by_role("button", name="Busy, -1").click()
    await expect(page.get_by_role("button", name="Busy, -1")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("Faults that strike now")).to_contain_text("Busy, -1")

    await person.write("lost?")
    await expect(person.journal.locator(".bad")).to_have_text("-1 ⚡ busy")
    await page.get_by_role("button", name="Remove fault").click()
    await expect(page.get_by_label("Faults that strike now")).to_be_hidden()
    await person.write("and now?")
    await expect(person.bubbles("theirs").last).to_have_text("You said: and now?")


async def test_a_fault_with_a_number_of_times_goes_by_itself(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await page.get_by_role("button", name="Faults").click()
    await page.get_by_label("Times").select_option("once")
    await page.get_by_label("fail_type").select_option("13")
    await page.get_by_role("button", name="Fails later").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("Faults that strike now")).to_contain_text("13 security · 1 left")
    await person.write("never answered")
    await expect(page.get_by_label("Faults that strike now")).to_be_hidden()
    await expect(person.bubbles("theirs")).to_have_count(1)
    await person.write("answered")
    await expect(person.bubbles("theirs").last).to_have_text("You said: answered")


async def test_a_fault_may_be_for_one_path_and_a_world_begins_anew(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await expect(person.bubbles("theirs")).to_have_count(1)
    await page.get_by_role("button", name="Faults").click()
    await page.get_by_label("Path (calls)").fill("kf/send_msg")
    await page.get_by_role("button", name="HTTP 500").click()
    await expect(page.get_by_label("Faults that strike now")).to_contain_text("HTTP 500 · kf/send_msg")
    await page.get_by_role("button", name="Begin a new world").click()
    await expect(page.get_by_label("Faults that strike now")).to_be_hidden()
    await expect(page.get_by_role("button", name="Enter the chat")).to_be_visible()
    assert sim.platform.world.customers == {}
