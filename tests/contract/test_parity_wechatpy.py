"""Every method of wechatpy's `kf` and `kf_message`, called as ours (parity/wechatpy.toml).

Where wechatpy is installed (the group `bench`), what the table says of it is held against wechatpy itself.
"""

import importlib
import json
import warnings
from typing import Any

import pytest

from contract.parity.players import (
    MODES,
    SIMULATED,
    Mode,
    Samples,
    call,
    client,
    done,
    into,
    message_of,
    method,
    operation,
    table,
    via,
)
from kit import tables
from kit.tables import Json
from wxkf import out
from wxkf.sim import SimClock, Simulator

WHERE = ("kf", "kf_message")
ROWS: list[Json] = [row for where in WHERE for row in table("wechatpy")[where]]
PLACES = [(where, row) for where in WHERE for row in table("wechatpy")[where]]
KF = {
    "sync_msg", "get_service_state", "trans_service_state", "get_servicer_list", "add_servicer", "del_servicer",
    "batchget_customer", "get_account_list", "add_contact_way", "get_upgrade_service_config", "upgrade_service",
    "cancel_upgrade_service", "send_msg_on_event",
}  # fmt: skip
KF_MESSAGE = {
    "send", "send_text", "send_image", "send_voice", "send_video", "send_file", "send_articles_link", "send_msgmenu",
    "send_location", "send_miniprogram",
}  # fmt: skip


def name(value: object) -> str | None:
    return str(value["name"]) if isinstance(value, dict) else None


def given(row: Json) -> Json:
    """Read a row's `send` as our method takes it."""
    send: Json = row["send"]
    return send | {"message": message_of(send["message"])} if "message" in send else send


def test_every_method_is_in_the_table_once() -> None:
    assert [{row["name"] for row in table("wechatpy")[where]} for where in WHERE] == [KF, KF_MESSAGE]
    assert len(ROWS) == len(KF) + len(KF_MESSAGE) == 23


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("row", ROWS, ids=name)
async def test_ours_sends_what_is_documented_and_reads_the_answer(row: Json, mode: Mode) -> None:
    samples = Samples()
    answer = await call(mode, via(samples, mode), row["ours"], given(row))
    (_, request) = samples.requests
    assert (request.verb, request.path) == (operation(row["path"]).verb, row["path"])
    assert samples.sent == row["body"]
    assert answer.raw == tables.dumps(tables.response_sample(operation(row["path"])))


@pytest.mark.parametrize("row", [row for row in ROWS if "shown" in row], ids=name)
def test_what_is_shown_is_what_was_called(row: Json) -> None:
    shown = row["shown"].removeprefix("message=").partition("(")[0]
    value = given(row)["message"]
    assert (
        value == out.Text("hi") if shown.startswith('"') else isinstance(value, getattr(out, shown.partition(".")[2]))
    )


# Against the simulator: by name, what exists in its world


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["name"] in {"send_text", "get_account_list", "get_service_state"}], ids=name
)
async def test_what_the_simulator_has_it_answers(row: Json, mode: Mode) -> None:
    assert row["path"] in SIMULATED
    sim = Simulator(clock=SimClock.frozen(), seed=3)
    customer = sim.customers.add("小明")
    sim.customers.say(sim.open_kfid, customer, "在吗")
    world = {"open_kfid": sim.open_kfid, "external_userid": customer, "touser": customer}
    arguments = {key: world.get(key, value) for key, value in given(row).items()}
    one = client(mode, into(sim, mode), sim.corp_id, sim.secret)
    assert (await done(method(one, row["ours"])(**arguments))).errcode == 0


@pytest.mark.parametrize("mode", MODES)
async def test_a_welcome_reaches_the_simulated_phone(mode: Mode) -> None:
    sim = Simulator(clock=SimClock.frozen(), seed=3)
    customer = sim.customers.add("小明")
    sim.customers.enter(sim.open_kfid, customer)
    one = client(mode, into(sim, mode), sim.corp_id, sim.secret)
    (entered,) = (await done(one.sync_msg(open_kfid=sim.open_kfid))).msg_list
    await done(one.send_msg_on_event(code=entered.welcome_code, message="您好"))
    assert sim.platform.phone(sim.open_kfid, customer)[-1].body == {"content": "您好"}


# What the table says of wechatpy, held against it


class Recorded:
    """Takes the place of wechatpy's client: writes down what its API classes would send."""

    def __init__(self) -> None:
        self.sent: Json = {}

    def post(self, url: str, data: Json, **_: object) -> None:
        self.sent = data

    def get(self, url: str, params: Json | None = None, **_: object) -> None:
        self.sent = params or {}


def theirs(where: str) -> Any:
    """Make wechatpy's own API object."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("wechatpy", reason="what is said of wechatpy is checked where the group bench is installed")
        module = importlib.import_module(f"wechatpy.work.client.api.{where}")
    recorded = Recorded()
    api = {"kf": "WeChatKF", "kf_message": "WeChatKFMessage"}[where]
    made = getattr(module, api)(recorded)
    made.recorded = recorded
    return made


@pytest.mark.parametrize(("where", "row"), PLACES, ids=name)
def test_what_is_said_of_wechatpy_is_so(where: str, row: Json) -> None:
    api = theirs(where)
    getattr(api, row["name"])(**row["call"])
    sent = json.loads(json.dumps(api.recorded.sent))
    assert (sent == row["body"]) == (row["there"] != "wrong")


def test_wechatpy_has_no_other_methods() -> None:
    for where, known in zip(WHERE, (KF, KF_MESSAGE), strict=True):
        assert {one for one in vars(type(theirs(where))) if not one.startswith("_")} == known
