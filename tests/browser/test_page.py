"""A person at the phone: enters, writes, taps a menu, sends what there is to send, takes back, comes again."""

from typing import TYPE_CHECKING, Any

import pytest

from browser.bot import Bot
from browser.person import Person, png
from wxkf.sim import Simulator

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser


async def test_a_person_enters_writes_taps_and_is_answered(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect  # the fixture has made sure of it

    person = Person(page)
    await person.enter(address)
    await expect(person.bubbles("theirs")).to_contain_text("Welcome!")
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()

    await person.write("Is <b>anyone</b> here?")
    await expect(person.bubbles("mine")).to_have_text("Is <b>anyone</b> here?")
    await expect(person.bubbles("theirs").last).to_have_text("You said: Is <b>anyone</b> here?")
    await expect(page.get_by_label("Message", exact=True)).to_have_value("")
    await expect(page.get_by_text("4 replies left")).to_be_visible()

    await person.phone.get_by_role("button", name="My order").click()
    await expect(person.bubbles("theirs").last).to_have_text("You said: My order")
    assert (sim.platform.phone(sim.open_kfid, customer_of(sim))[-2].body) == {
        "content": "My order",
        "menu_id": "order",
    }


async def test_pictures_and_files_are_sent_and_shown(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await expect(person.bubbles("theirs")).to_contain_text("Welcome!")
    kinds = {"Picture": "image", "File": "file", "Video": "video"}
    files: dict[str, tuple[str, str, bytes]] = {
        "Picture": ("sea.png", "image/png", png(240, 150)),
        "File": ("price list.pdf", "application/pdf", b"%PDF" + bytes(2044)),
        "Video": ("film.mp4", "video/mp4", b"no film at all"),
    }
    for label, (name, kind, data) in files.items():
        async with page.expect_file_chooser() as choosing:
            await person.attach(label)
        await (await choosing.value).set_files({"name": name, "mimeType": kind, "buffer": data})
        await expect(person.bubbles("theirs").last).to_have_text(f"Thanks for the {kinds[label]}.")

    assert await person.phone.locator(".mine img").evaluate("it => it.naturalWidth") == 240
    await expect(person.phone.locator(".mine .file")).to_contain_text("price list.pdf2.0 KB")
    await expect(person.phone.locator(".mine video")).to_be_visible()

    await person.attach("3 s voice")
    await expect(person.phone.get_by_role("button", name="Voice", exact=True)).to_have_text("3″")


FORMS = ["Location", "Link", "Card", "Mini program", "Product", "Order", "Chat history", "Channels"]
PLAIN = ["Meeting", "Calendar", "Note"]


async def test_every_type_a_customer_has_is_sent_and_drawn(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    for label in FORMS:
        await person.attach(label)
        await page.locator("#compose").get_by_role("button", name="Send").click()
        await expect(page.locator("#compose")).to_be_hidden()
    for label in PLAIN:
        await person.attach(label)
    await expect(person.bubbles("mine")).to_have_count(len(FORMS) + len(PLAIN))
    await expect(person.phone.get_by_text("(shown as it came)")).to_have_count(0)
    shown = sim.platform.phone(sim.open_kfid, customer_of(sim))
    assert len({one.msgtype for one in shown if one.who == "customer"}) == len(FORMS) + len(PLAIN)


async def test_every_type_an_account_sends_is_drawn(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await expect(person.bubbles("theirs")).to_contain_text("Welcome!")
    whom = customer_of(sim)
    media_id = sim.platform.world.add_media(sim.corp_id, png(200, 160), "image/png", "a.png", "image")
    sent: dict[str, dict[str, Any]] = {
        "link": {"title": "Returns", "desc": "Within a week", "url": "https://example.com", "thumb_media_id": media_id},
        "miniprogram": {"appid": "wx1", "title": "Orders", "thumb_media_id": media_id, "pagepath": "a.html"},
        "location": {"name": "Our branch", "latitude": 22.5, "longitude": 113.9},
        "ca_link": {"link_url": "https://work.weixin.qq.com/ca/a"},
        "image": {"media_id": media_id},
    }
    for index, (msgtype, body) in enumerate(sent.items()):
        if not index % 4:  # five may follow a customer's message, and the bot sends one
            sim.customers.say(sim.open_kfid, whom, f"go on, {index}")
            await expect(person.phone).to_contain_text(f"You said: go on, {index}")
        assert bot.send(whom, msgtype, body)["errcode"] == 0, msgtype
    await expect(person.phone.locator(".theirs img")).to_have_count(3)
    await expect(person.phone.get_by_text("Our branch")).to_be_visible()
    await expect(person.phone.get_by_text("(shown as it came)")).to_have_count(0)


async def test_what_wechat_would_not_send_is_shown_as_it_came(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    row = {"msgtype": "text", "msg_content": "{}", "send_time": "noon"}
    sim.customers.send(sim.open_kfid, customer_of(sim), "merged_msg", {"title": "Odd", "item": [row]})
    menu = {"list": [{"type": "text", "text": {"content": 1}}]}
    sim.customers.send(sim.open_kfid, customer_of(sim), "msgmenu", menu)
    await person.write("and on")
    await expect(person.bubbles("mine").last).to_have_text("and on")
    await expect(person.phone.get_by_text("(shown as it came)")).to_have_count(2)


async def test_a_message_is_taken_back(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await person.write("a slip")
    await person.bubbles("mine").hover()
    await person.phone.get_by_role("button", name="Recall").click()
    await expect(person.phone).to_contain_text("You recalled a message")
    await expect(person.bubbles("mine")).to_have_count(0)

    await page.get_by_role("button", name="Edit again").click()
    await expect(page.get_by_label("Message", exact=True)).to_have_value("a slip")

    await person.write("only now")
    await page.get_by_role("button", name="Forward one hour").click()
    await person.bubbles("mine").hover()
    await person.phone.get_by_role("button", name="Recall").click()
    await expect(page.get_by_role("alert")).to_contain_text("within 120 seconds")


async def test_several_customers_and_accounts_live_side_by_side(
    sim: Simulator, bot: Bot, address: str, page: "Page"
) -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address, "Ming")
    await person.write("I am Ming")
    await page.get_by_role("button", name="Back to the entrance").click()
    await page.get_by_role("button", name="＋ New", exact=True).click()
    await page.get_by_label("My nickname").fill("Hong")
    await page.get_by_role("button", name="Enter the chat").click()
    await person.write("I am Hong")
    await expect(person.bubbles("mine")).to_have_text(["I am Hong"])
    await expect(person.desk).to_contain_text("With the bot 2")

    await page.get_by_role("button", name="Back to the entrance").click()
    await page.get_by_role("button", name="Ming", exact=True).click()
    await expect(person.bubbles("mine")).to_have_text(["I am Ming"])

    await page.get_by_role("button", name="Back to the entrance").click()
    await page.get_by_role("button", name="＋ New account").click()
    await page.get_by_role("button", name="Enter the chat").click()
    await expect(person.phone.get_by_role("heading", name="Account 2")).to_be_visible()
    assert len(sim.platform.world.accounts) == 2
    await page.reload()
    await expect(person.phone.get_by_role("heading", name="Account 2")).to_be_visible()


async def test_what_a_customer_refuses_fails_later(sim: Simulator, bot: Bot, address: str, page: "Page") -> None:
    from playwright.async_api import expect

    person = Person(page)
    await person.enter(address)
    await expect(person.bubbles("theirs")).to_have_count(1)
    await person.phone.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Refuse this account's messages").click()
    await expect(page.locator("#session")).to_contain_text("refused")
    await person.write("do you hear me?")
    await expect(person.journal).to_contain_text("You said: do you hear me?")
    await expect(page.get_by_text("4 replies left")).to_be_visible()
    await expect(person.bubbles("theirs")).to_have_count(1)


def customer_of(sim: Simulator) -> str:
    """Give the only customer."""
    (found,) = sim.platform.world.customers
    return found
