"""How the page looks and is reached: two languages, light and dark, the keyboard alone, a narrow screen."""

import json
from typing import TYPE_CHECKING

import pytest

from browser.bot import Bot
from browser.person import Person
from wxkf.sim import Simulator

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser
WORDS = """() => [...document.querySelectorAll("[data-word], [data-label], [data-hint]")].flatMap(
  ({ dataset, textContent, ariaLabel, placeholder }) => [
    ...(dataset.word ? [textContent] : []), ...(dataset.label ? [ariaLabel] : []),
    ...(dataset.hint ? [placeholder] : []),
  ])"""


async def test_the_language_and_the_theme_are_kept(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await person.write("hello")
    await page.get_by_role("button", name="切换到中文").click()
    await expect(page.get_by_role("heading", name="接待台")).to_be_visible()
    await expect(page.locator("#session")).to_contain_text("智能助手接待中")
    await page.get_by_role("button", name="切换深浅色").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(page.get_by_role("heading", name="接待台")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.get_by_role("button", name="Switch to English").click()
    await expect(page.get_by_role("heading", name="Staff desk")).to_be_visible()


async def test_both_languages_have_the_same_words(address: str, page: "Page") -> None:
    await page.goto(address)
    shape = """async () => {
      const { ZH } = await import("/words.zh.js"), { EN } = await import("/words.en.js");
      const walk = (it, at = "") => it && typeof it === "object"
        ? Object.entries(it).flatMap(([key, value]) => walk(value, `${at}.${key}`)) : [`${at} ${typeof it}`];
      return [walk(ZH).sort(), walk(EN).sort()];
    }"""
    chinese, english = await page.evaluate(shape)
    assert chinese == english


async def test_every_word_the_page_asks_for_exists(address: str, page: "Page") -> None:
    await page.goto(address)
    for language in ("zh", "en"):
        await page.evaluate("it => localStorage.setItem('wxkf-language', it)", language)
        await page.reload()
        await page.locator("#clock:not(:empty)").wait_for()
        said = await page.evaluate(WORDS)
        assert "undefined" not in json.dumps(said)
        assert all(said)


async def test_a_conversation_needs_no_mouse(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    await page.goto(address)
    await page.get_by_label("My nickname").wait_for()
    await page.get_by_label("My nickname").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()
    await page.keyboard.type("first line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second")
    await page.keyboard.press("Enter")
    person = Person(page)
    await expect(person.bubbles("theirs").last).to_have_text("You said: first line\nsecond")

    await page.keyboard.press("Tab")  # the plus
    await page.keyboard.press("Enter")
    await expect(page.locator("#attach button").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Pictures, voice and more")).to_be_focused()

    await page.get_by_role("button", name="More", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem").first).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("menuitem", name="Cancel")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="More", exact=True)).to_be_focused()

    await person.phone.locator(".mine").last.focus()
    await page.keyboard.press("Tab")
    await expect(person.phone.get_by_role("button", name="Recall")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(person.phone).to_contain_text("You recalled a message")


async def test_a_narrow_screen_shows_one_part_at_a_time(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    await page.set_viewport_size({"width": 390, "height": 780})
    person = Person(page)
    await person.enter(address)
    await expect(person.bubbles("theirs")).to_contain_text("Welcome!")
    await expect(person.journal).to_be_hidden()
    await page.get_by_role("button", name="Journal").click()
    await expect(person.journal.locator(".entry").first).to_be_visible()
    await expect(person.phone).to_be_hidden()
    await page.get_by_role("button", name="Staff desk").click()
    await expect(person.desk).to_contain_text("Not begun or ended 1")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390

    await page.set_viewport_size({"width": 1000, "height": 780})
    await expect(person.phone).to_be_visible()
    await expect(person.desk).to_be_visible()
    await expect(person.journal).to_be_hidden()
