"""Faults of calls: what each does, how often, where it is carried out, what the page is shown of it."""

import asyncio
import http.client
import json
from contextlib import closing
from typing import Any

import pytest

from unit.sim.shop import Make, Shop
from wxkf.client.asgi import ask
from wxkf.serve import Server
from wxkf.sim import SimClock, Simulator
from wxkf.sim.faults import KINDS

LIST = "kf/account/list"


class Line:
    """A simulator behind its ASGI app, whose waits are noted rather than waited."""

    def __init__(self) -> None:
        self.waits = list[float]()
        self.sim = Simulator(clock=SimClock.frozen(), seed=7, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def gettoken(self) -> Any:
        """Ask for a token over the line."""
        query = f"corpid={self.sim.corp_id}&corpsecret={self.sim.secret}"
        return await ask(self.sim.app, "GET", "/cgi-bin/gettoken", query, b"")

    async def post(self, path: str, **body: Any) -> Any:
        """Call with a living token over the line."""
        token = json.loads((await self.gettoken()).body)["access_token"]
        query = f"access_token={token}"
        return await ask(self.sim.app, "POST", f"/cgi-bin/{path}", query, json.dumps(body).encode())


@pytest.fixture
def line() -> Line:
    return Line()


async def test_a_slow_answer_waits_at_the_rim_and_the_rules_have_run(line: Line) -> None:
    line.sim.trouble.add("slow", path=LIST, seconds=9.5, times=1)

    answers = [await line.post(LIST), await line.post(LIST)]

    assert [json.loads(one.body)["errcode"] for one in answers] == [0, 0]
    assert line.waits == [9.5]


async def test_a_gateway_may_fail(line: Line) -> None:
    line.sim.trouble.add("http_500")

    answer = await line.post(LIST)

    assert (answer.status, answer.headers["content-type"]) == (500, "text/html")
    assert line.sim.platform.journal[-1].response == {"bytes": len(answer.body), "faults": ["http_500"]}
    assert line.sim.platform.journal[-1].errcode == -1


@pytest.mark.parametrize(("kind", "happened"), [("cut_before", []), ("cut_after", ["您好"])])
async def test_a_cut_comes_before_or_after_the_act(line: Line, kind: Any, happened: list[str]) -> None:
    sim = line.sim
    customer = sim.customers.add("小明")
    sim.customers.say(sim.open_kfid, customer, "在吗")
    sim.trouble.add(kind, path="kf/send_msg", times=1)
    message = {"touser": customer, "open_kfid": sim.open_kfid, "msgtype": "text", "text": {"content": "您好"}}

    with pytest.raises(ConnectionResetError):
        await line.post("kf/send_msg", **message)

    bubbles = sim.platform.phone(sim.open_kfid, customer)
    assert [one.body["content"] for one in bubbles if one.who == "account"] == happened
    assert json.loads((await line.post("kf/send_msg", **message)).body)["errcode"] == 0


async def test_an_answer_may_be_slow_and_then_lost(line: Line) -> None:
    line.sim.trouble.add("slow", seconds=5)
    line.sim.trouble.add("cut_after")

    with pytest.raises(ConnectionResetError):
        await line.post(LIST)

    assert line.waits == [5]


async def test_the_token_calls_are_hit_by_name_only(line: Line) -> None:
    line.sim.trouble.add("http_500")
    assert (await line.gettoken()).status == 200

    line.sim.trouble.add("http_500", path="gettoken")
    assert (await line.gettoken()).status == 500


def test_busy_is_minus_one(shop: Shop) -> None:
    shop.platform.trouble.add("busy", times=2)

    assert [shop.post(LIST)["errcode"] for _ in range(3)] == [-1, -1, 0]
    assert "system busy" in next(e.response["errmsg"] for e in shop.platform.journal if e.errcode and e.response)


def test_a_token_may_die_early_and_the_next_one_lives(shop: Shop) -> None:
    shop.platform.trouble.add("token_revoked", path=LIST, times=1)
    first = shop.gettoken()["access_token"]

    assert shop.post(LIST, access_token=first)["errcode"] == 40014
    assert shop.gettoken()["access_token"] != first
    assert shop.post(LIST)["errcode"] == 0


def test_what_is_scripted_for_a_path_goes_before_what_is_scripted_for_all(shop: Shop) -> None:
    shop.platform.trouble.add("refuse", errcode=45033)
    shop.platform.trouble.add("refuse", path=LIST, errcode=45009, times=1)

    assert [shop.post(LIST)["errcode"] for _ in range(2)] == [45009, 45033]


def test_a_second_refusal_of_a_path_replaces_the_first(shop: Shop) -> None:
    shop.platform.trouble.refuse(LIST, 95017)
    shop.platform.trouble.refuse(LIST, 45009)

    assert [fault.errcode for fault in shop.platform.world.faults.given] == [45009]


def _hits(shop: Shop) -> list[int]:
    shop.platform.trouble.add("busy", chance=0.3)
    return [shop.post(LIST)["errcode"] for _ in range(200)]


def test_chance_is_drawn_from_the_seed(make: Make) -> None:
    hits = _hits(make())

    assert hits == _hits(make())
    assert 30 < hits.count(-1) < 90


def test_without_chance_a_fault_draws_nothing(make: Make) -> None:
    drawn = []
    for faulty in (False, True):
        shop = make()
        if faulty:
            shop.platform.trouble.add("slow", path="kf/sync_msg", seconds=1)
        shop.sync()
        drawn.append(shop.platform.world.ids.drawn)
    assert drawn[0] == drawn[1]


def test_faults_are_numbered_shown_and_ended(shop: Shop) -> None:
    trouble = shop.platform.trouble
    one, two, three = trouble.add("busy"), trouble.add("slow", seconds=3, times=2), trouble.add("callback_lost")

    trouble.remove(one)

    assert [fault.fault for fault in shop.platform.world.faults.given] == [two, three]
    with pytest.raises(ValueError, match="no such fault"):
        trouble.remove(one)
    trouble.clear()
    assert shop.platform.world.faults.given == []
    assert trouble.add("busy") == three + 1


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"kind": "flood"}, "a kind of fault is one of busy"),
        ({"kind": "refuse"}, "refuse needs its errcode"),
        ({"kind": "slow"}, "slow needs its seconds"),
        ({"kind": "slow", "seconds": -1}, "from 0 to a day"),
        ({"kind": "slow", "seconds": float("nan")}, "from 0 to a day"),
        ({"kind": "callback_late"}, "callback_late needs its seconds"),
        ({"kind": "send_fail", "fail_type": 3}, "fail_type is one of 0, 1, 2, 4"),
        ({"kind": "busy", "times": 0}, "at least once"),
        ({"kind": "busy", "chance": 0}, "above 0"),
        ({"kind": "busy", "chance": 1.5}, "at most 1"),
        ({"kind": "busy", "path": "kf/nothing"}, "nothing is called"),
        ({"kind": "empty_page", "path": "kf/send_msg"}, "nothing is called"),
        ({"kind": "send_fail", "path": "kf/sync_msg"}, "nothing is called"),
        ({"kind": "callback_lost", "path": "kf/sync_msg"}, "nothing is called"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(shop: Shop, given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        shop.platform.trouble.add(**given)
    assert shop.platform.world.faults.given == []


async def test_the_control_api_adds_lists_and_removes(line: Line) -> None:
    body = json.dumps({"kind": "refuse", "path": LIST, "errcode": 45009, "times": 3}).encode()
    added = await ask(line.sim.app, "POST", "/_sim/faults/add", "", body)
    number = json.loads(added.body)["fault"]
    shown = json.loads((await ask(line.sim.app, "GET", "/_sim/faults", "", b"")).body)
    assert shown == {
        "faults": [
            {
                "fault": number,
                "kind": "refuse",
                "path": LIST,
                "errcode": 45009,
                "about": "",
                "seconds": 0.0,
                "fail_type": 0,
                "times": 3,
                "chance": 1.0,
            }
        ]
    }
    state = json.loads((await ask(line.sim.app, "GET", "/_sim/state", "", b"")).body)
    assert state["faults"] == shown["faults"]
    gone = await ask(line.sim.app, "POST", "/_sim/faults/remove", "", json.dumps({"fault": number}).encode())
    again = await ask(line.sim.app, "POST", "/_sim/faults/remove", "", json.dumps({"fault": number}).encode())
    assert (gone.status, again.status) == (200, 400)


def test_every_kind_is_known_to_the_table() -> None:
    from typing import get_args

    from wxkf.sim.faults import Kind

    assert set(KINDS) == set(get_args(Kind))


def _ask(url: str) -> bytes:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    with closing(connection):
        connection.request("GET", "/cgi-bin/gettoken")
        return connection.getresponse().read()


async def test_over_http_a_cut_line_drops_and_nobody_is_told_of_a_bug(caplog: pytest.LogCaptureFixture) -> None:
    sim = Simulator()
    sim.trouble.add("cut_after", path="gettoken")
    async with Server(sim.app, port=0) as server:
        with pytest.raises(http.client.IncompleteRead):
            await asyncio.to_thread(_ask, server.url)
    await sim.aclose()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
