"""The staff desk: a hand-over from the bot to people and back, as a colleague lives it."""

from typing import TYPE_CHECKING

import pytest

from browser.bot import PERSON, Bot
from browser.person import Person
from wxkf.sim import Simulator

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser


async def test_a_customer_is_handed_over_served_transferred_and_let_go(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect

    person = Person(page)
    desk, phone = person.desk, person.phone
    await person.enter(address)
    await desk.get_by_role("button", name="Put zhangsan on duty").click()
    await person.write(PERSON)
    await expect(desk).to_contain_text("Queue 1")

    await desk.locator("#desk-rows").get_by_text("Ming").click()
    await expect(desk.get_by_text("Waiting in the queue")).to_be_visible()
    await desk.get_by_role("button", name="Accept").click()
    await expect(desk).to_contain_text("with zhangsan")
    await expect(phone.locator("#session")).to_contain_text("3 with a person")
    await person.reply("zhangsan here, how can I help?")
    await expect(phone.locator(".theirs").last).to_contain_text("zhangsan here, how can I help?")

    await person.write("a person at last")
    await expect(desk.locator("#talk-lines")).to_contain_text("a person at last")
    await expect(person.bubbles("theirs")).to_have_count(2)  # the greeting and zhangsan: no bot spoke in between

    await desk.get_by_role("button", name="Add a colleague").click()
    await desk.get_by_label("Transfer to…").select_option("lisi")
    await expect(desk).to_contain_text("with lisi")
    await expect(desk).to_contain_text("lisi is serving; if you write, the customer comes to you.")

    await desk.get_by_role("button", name="lisi", exact=True).click()
    await person.reply("now it is lisi")
    await desk.locator("#talk-lines li").last.hover()
    await desk.get_by_role("button", name="Recall").last.click()
    await expect(desk).to_contain_text("A colleague recalled a message")
    await expect(phone).to_contain_text("A message was recalled")

    await desk.get_by_role("button", name="End session").click()
    await expect(desk).to_contain_text("Not begun or ended 1")
    await expect(phone.locator("#session")).to_contain_text("4 not begun / ended")
    await person.write("are you a bot again?")
    await expect(person.bubbles("theirs").last).to_have_text("You said: are you a bot again?")
    names = [one.title for one in sim.platform.journal if one.kind == "action" and one.title.startswith("staff/")]
    assert names == ["staff/accept", "staff/say", "staff/transfer", "staff/say", "staff/recall", "staff/end"]


async def test_whoever_speaks_takes_the_customer_back(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await person.desk.get_by_role("button", name="Put zhangsan on duty").click()
    await person.write("hello")
    await person.desk.locator("#desk-rows").get_by_text("Ming").click()
    await expect(person.desk.get_by_text("The bot is serving.")).to_be_visible()
    await person.desk.get_by_role("button", name="Put into the queue").click()
    await person.desk.get_by_role("button", name="Accept").click()
    await person.desk.get_by_role("button", name="End session").click()
    await expect(person.desk.get_by_text("if you write, it opens again")).to_be_visible()
    await person.reply("one thing more")
    await expect(person.desk).to_contain_text("with zhangsan")


async def test_who_is_off_duty_or_refuses_is_seen(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    desk = person.desk
    await person.enter(address)
    await desk.get_by_role("button", name="Put zhangsan on duty").click()
    await person.write(PERSON)
    await desk.locator("#desk-rows").get_by_text("Ming").click()
    await desk.get_by_role("button", name="Off duty").click()
    await expect(desk.get_by_role("button", name="On duty")).to_be_visible()
    await desk.get_by_role("button", name="Accept").click()
    await expect(page.get_by_role("alert")).to_contain_text("this servicer has stopped")

    await desk.get_by_role("button", name="On duty").click()
    await desk.get_by_role("button", name="Accept").click()
    await desk.get_by_role("button", name="Refuse this customer").click()
    await expect(desk.get_by_text("You refuse this customer's messages.")).to_be_visible()
    await desk.get_by_role("button", name="Take messages again").click()
    await expect(desk.get_by_role("button", name="Refuse this customer")).to_be_visible()


async def test_the_desk_keeps_the_focus_while_others_write(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect

    person = Person(page)
    other = sim.customers.add("Hong")
    await person.enter(address)
    await person.desk.get_by_role("button", name="Put zhangsan on duty").click()
    await expect(person.desk.get_by_role("button", name="zhangsan", exact=True)).to_be_visible()
    await person.desk.get_by_role("button", name="Add a colleague").click()
    await expect(person.desk.get_by_role("button", name="lisi", exact=True)).to_be_visible()
    await person.write(PERSON)
    await expect(person.desk).to_contain_text("Queue 1")
    row = person.desk.locator("#desk-rows").get_by_role("button", name="Ming")
    await row.focus()
    sim.customers.say(sim.open_kfid, other, "me too")
    await expect(person.desk).to_contain_text("With the bot 1")
    await expect(row).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(person.desk.get_by_role("button", name="Accept")).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Reply as a colleague")).to_be_focused()
    transfer = person.desk.get_by_label("Transfer to…")
    await transfer.focus()
    sim.customers.say(sim.open_kfid, other, "anybody?")
    await expect(person.desk).to_contain_text("You said: anybody?")
    await expect(transfer).to_be_focused()
