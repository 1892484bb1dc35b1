"""What the simulator's tests talk through: one simulator on a frozen clock, one customer, JSON in and out."""

import json
from collections.abc import Callable
from typing import Any

from wxkf.sim import Settings, SimClock, Simulator
from wxkf.sim.values import Answer, Request

HOUR, DAY = 3_600, 86_400
Make = Callable[..., "Shop"]


class Shop:
    """A simulator with one customer, and an app that calls it."""

    def __init__(self, *, clock: SimClock | None = None, **settings: Any) -> None:
        self.clock = clock or SimClock.frozen()
        self.sim = Simulator(clock=self.clock, seed=7, settings=Settings(**settings))
        self.platform = self.sim.platform
        self.kf = self.sim.open_kfid
        self.customer = self.platform.customers.add("小明")

    def request(self, verb: str, path: str, query: dict[str, str], body: bytes = b"") -> Answer:
        """Call as HTTP would, to the last header."""
        answer = self.platform.call(Request(verb, f"/cgi-bin/{path}", query, body, "10.0.0.9"))
        assert answer is not None
        return answer

    def gettoken(self, **changed: str) -> dict[str, Any]:
        """Ask for the access token, right but for what is changed."""
        query = {"corpid": self.sim.corp_id, "corpsecret": self.sim.secret} | changed
        return self.request("GET", "gettoken", query).envelope

    def post(self, path: str, /, *, access_token: str | None = None, **body: Any) -> dict[str, Any]:
        """Call an endpoint with a living token."""
        token = self.gettoken()["access_token"] if access_token is None else access_token
        return self.request("POST", path, {"access_token": token}, json.dumps(body).encode()).envelope

    def sync(self, **body: Any) -> dict[str, Any]:
        """Read the stream of the account."""
        return self.post("kf/sync_msg", **{"open_kfid": self.kf} | body)

    def send(self, content: str = "您好", /, **changed: Any) -> dict[str, Any]:
        """Send a text to the customer."""
        body = {"touser": self.customer, "open_kfid": self.kf, "msgtype": "text", "text": {"content": content}}
        return self.post("kf/send_msg", **body | changed)

    def enter(self) -> str:
        """Enter through the link; the welcome code, or "" without one."""
        self.platform.customers.enter(self.kf, self.customer)
        code = self.sync()["msg_list"][-1]["event"].get("welcome_code", "")
        assert isinstance(code, str)
        return code

    def welcome(self, code: str, **changed: Any) -> dict[str, Any]:
        """Send a text by an event's code."""
        return self.post(
            "kf/send_msg_on_event", **{"code": code, "msgtype": "text", "text": {"content": "欢迎"}} | changed
        )

    def say(self, text: str = "在吗") -> str:
        """Let the customer write."""
        return self.platform.customers.say(self.kf, self.customer, text)

    def events(self, event_type: str = "") -> list[dict[str, Any]]:
        """List the events in the stream, of one type if one is given."""
        events = [row["event"] for row in self.sync()["msg_list"] if row["msgtype"] == "event"]
        return [event for event in events if event_type in ("", event["event_type"])]

    def serve(self, userid: str = "li") -> str:
        """Let a member serve the account."""
        self.platform.console.add_servicer(self.kf, userid)
        return userid

    def trans(self, state: object, servicer_userid: object = None, **more: Any) -> dict[str, Any]:
        """Move the session as the API does."""
        body = {"open_kfid": self.kf, "external_userid": self.customer, "service_state": state, **more}
        if servicer_userid is not None:
            body["servicer_userid"] = servicer_userid
        return self.post("kf/service_state/trans", **body)

    def state(self) -> int:
        """Ask for the session's state."""
        found = self.post("kf/service_state/get", open_kfid=self.kf, external_userid=self.customer)
        state = found["service_state"]
        assert isinstance(state, int)
        return state

    def heard(self) -> list[str]:
        """List the texts that the account put on the phone."""
        bubbles = self.platform.phone(self.kf, self.customer)
        return [bubble.body.get("content", "") for bubble in bubbles if bubble.who == "account"]
