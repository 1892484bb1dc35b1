"""Stands in for a bot: takes callbacks in process and answers by the platform's own calls."""

import asyncio
import json
from typing import Any

from wxkf.sim import Simulator
from wxkf.sim.values import Request

PERSON = "person please"
MENU = {
    "head_content": "Welcome! What can we do?",
    "list": [
        {"type": "click", "click": {"id": "order", "content": "My order"}},
        {"type": "view", "view": {"url": "https://example.com/help", "content": "Help"}},
        {"type": "miniprogram", "miniprogram": {"appid": "wx1", "pagepath": "a.html", "content": "Our shop"}},
        {"type": "text", "text": {"content": "or write to us"}},
    ],
    "tail_content": "We are here.",
}


class Bot:
    """Greets with a menu, echoes texts, thanks for anything else, hands over when asked for a person."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.cursor = ""
        self.token = ""
        sim.deliver_to(self)

    async def __call__(self, _query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
        asyncio.get_running_loop().call_soon(self.pull)
        return 200, b"success"

    def call(self, verb: str, path: str, body: dict[str, Any], **query: str) -> dict[str, Any]:
        """Call the platform; what it refuses is its answer too."""
        data = json.dumps(body).encode() if body else b""
        answer = self.sim.platform.call(Request(verb, f"/cgi-bin/{path}", query, data))
        assert answer is not None
        return answer.envelope

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Make a business call."""
        keys = {"corpid": self.sim.corp_id, "corpsecret": self.sim.secret}
        self.token = self.token or self.call("GET", "gettoken", {}, **keys)["access_token"]
        return self.call("POST", path, body, access_token=self.token)

    def send(self, external_userid: str, msgtype: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a message of any type."""
        row = {"touser": external_userid, "open_kfid": self.sim.open_kfid, "msgtype": msgtype, msgtype: body}
        return self.post("kf/send_msg", row)

    def pull(self) -> None:
        """Read what is new, and answer each of it."""
        page = self.post("kf/sync_msg", {"open_kfid": self.sim.open_kfid, "cursor": self.cursor})
        self.cursor = page.get("next_cursor", self.cursor)
        for row in page.get("msg_list", []):
            if row["msgtype"] == "event":
                self._greet(row["event"])
            elif row["origin"] == 3:
                self._answer(row["external_userid"], row)

    def _greet(self, event: dict[str, Any]) -> None:
        if code := event.get("welcome_code"):
            self.post("kf/send_msg_on_event", {"code": code, "msgtype": "msgmenu", "msgmenu": MENU})

    def _answer(self, whom: str, row: dict[str, Any]) -> None:
        text = row.get("text", {}).get("content", "")
        if text == PERSON:
            self.post(
                "kf/service_state/trans",
                {"open_kfid": self.sim.open_kfid, "external_userid": whom, "service_state": 2},
            )
        else:
            said = f"You said: {text}" if text else f"Thanks for the {row['msgtype']}."
            self.send(whom, "text", {"content": said})
