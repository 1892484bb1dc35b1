"""A person at the page: enters the chat, writes, and sees what an app answers."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from wxkf.sim import Simulator
from wxkf.sim.values import Request

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser


class Echo:
    """Stands in for a bot: takes callbacks in process and answers by the platform's own calls."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.cursor = ""

    async def __call__(self, _query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
        asyncio.get_running_loop().call_soon(self.pull)
        return 200, b"success"

    def call(self, verb: str, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        request = Request(verb, f"/cgi-bin/{path}", query, json.dumps(body).encode() if body else b"")
        answer = self.sim.platform.call(request)
        assert answer is not None
        assert answer.errcode == 0, answer.envelope
        return answer.envelope

    def pull(self) -> None:
        credentials = {"corpid": self.sim.corp_id, "corpsecret": self.sim.secret}
        token = {"access_token": self.call("GET", "gettoken", credentials, {})["access_token"]}
        asked = {"open_kfid": self.sim.open_kfid, "cursor": self.cursor}
        page = self.call("POST", "kf/sync_msg", token, asked)
        self.cursor = page["next_cursor"]
        for row in page["msg_list"]:
            if row["msgtype"] == "event":
                self.call("POST", "kf/send_msg_on_event", token, welcome(row["event"]["welcome_code"]))
            else:
                self.call("POST", "kf/send_msg", token, echo(row))


def welcome(code: str) -> dict[str, Any]:
    choice = {"type": "click", "click": {"id": "order", "content": "My order"}}
    return {"code": code, "msgtype": "msgmenu", "msgmenu": {"head_content": "Welcome!", "list": [choice]}}


def echo(row: dict[str, Any]) -> dict[str, Any]:
    text = {"content": f"You said: {row['text']['content']}"}
    return {"touser": row["external_userid"], "open_kfid": row["open_kfid"], "msgtype": "text", "text": text}


async def test_a_person_enters_writes_and_is_answered(sim: Simulator, address: str, page: "Page") -> None:
    from playwright.async_api import expect  # the fixture has made sure of it

    sim.deliver_to(Echo(sim))
    await page.goto(address)
    await page.get_by_label("My nickname").fill("Ming")
    await page.get_by_role("button", name="Enter the chat").click()
    await expect(page.locator(".theirs .menu")).to_be_visible()

    message = page.get_by_label("Message", exact=True)
    await expect(message).to_be_focused()
    await page.keyboard.type("Is <b>anyone</b> here?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".theirs").last).to_contain_text("You said: Is <b>anyone</b> here?")
    await expect(page.locator(".mine .bubble")).to_have_text("Is <b>anyone</b> here?")
    await expect(message).to_have_value("")

    await page.get_by_role("button", name="My order").click()
    await expect(page.locator(".theirs").last).to_contain_text("You said: My order")
    assert sim.platform.journal[-1].title == "kf/send_msg"
    await expect(page.locator(".entry").first).to_contain_text("kf/send_msg")
    await expect(page.get_by_text("4 replies left")).to_be_visible()

    await page.get_by_role("button", name="Forward 48 hours").click()
    await page.get_by_role("button", name="Forward one hour").click()
    await expect(page.get_by_text("window shut")).to_be_visible()
