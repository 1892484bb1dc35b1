"""The simulator as a server against a bare ASGI app that answers `{}`, its memory with a large world, its start.

Strategy: two uvicorn servers in processes of their own on the other core, alike but for the app, one busy at a time.
Here a client of raw sockets keeps 32 connections full, so that the servers are what is measured; the rounds are those
of every race. `send_msg` gets a customer who writes again now and then, since five sends exhaust a window.
"""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from resource import getpagesize
from time import perf_counter
from typing import Any

import uvloop
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from benchmarks.hose import CONNECTIONS, Line, get, post, serve, served
from benchmarks.loopback import step_aside
from benchmarks.racing import stretches
from benchmarks.table import Goal, show

ROUNDS = 21
CUSTOMERS, MESSAGES = 10_000, 200_000
BARE = "bare ASGI app, {}"
_STARTS = 7


def run() -> None:
    """Race the simulator's calls against the bare app; then its memory and its start."""
    loop = uvloop.new_event_loop()
    with served("sim", "bare") as bare, served("sim", "sim") as sim:
        requests = _requests(sim)
        lanes: dict[str, Any] = {name: Line(loop, sim, asked) for name, asked in requests.items()}
        lanes[BARE] = Line(loop, bare, requests["kf/account/list"])
        clock, _ = stretches(lanes, ROUNDS, least=CONNECTIONS)
        goals = {name: Goal(at_least=0.5) for name in requests}
        show("The simulator's calls, 32 connections, by the clock", clock, BARE, goals, faster=True)
    loop.close()
    _show_sizes()


def _requests(url: str) -> dict[str, list[bytes]]:
    with urllib.request.urlopen(f"{url}/_bench") as answer:  # noqa: S310 - our own
        it = json.load(answer)
    query = f"access_token={it['token']}"
    kf, who = it["open_kfid"], it["external_userid"]
    text = {"touser": who, "open_kfid": kf, "msgtype": "text", "text": {"content": "您好，您的订单已发货。" * 4}}
    say = post("/_sim/customers/say", {"open_kfid": kf, "external_userid": who, "text": "在吗"})
    return {
        "gettoken": [get(f"/cgi-bin/gettoken?corpid={it['corp_id']}&corpsecret={it['secret']}")],
        "kf/account/list": [post(f"/cgi-bin/kf/account/list?{query}", {"offset": 0, "limit": 100})],
        "kf/sync_msg, 10 rows": [post(f"/cgi-bin/kf/sync_msg?{query}", {"open_kfid": kf, "limit": 10})],
        "kf/service_state/get": [
            post(f"/cgi-bin/kf/service_state/get?{query}", {"open_kfid": kf, "external_userid": who})
        ],
        "kf/send_msg, a message after every second": [
            *[post(f"/cgi-bin/kf/send_msg?{query}", text)] * 2, say,
        ],
    }  # fmt: skip


def _show_sizes() -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks.sim", "world"], check=True, capture_output=True, text=True)
    table = Table("", "measured", "reach", "", box=MARKDOWN)
    used = float(done.stdout)
    named = f"resident memory, {CUSTOMERS:,} customers, {MESSAGES:,} messages"
    table.add_row(named, f"{used:,.0f} MB", "< 1,024 MB", "yes" if used < 1024 else "no")
    table.add_row("`wxkf sim`, start to first answer", f"{_start():.2f} s", "", "")
    Console().print("The simulator's size and start:", table, sep="\n")


def _start() -> float:
    """Tell the median seconds from a shell's point of view."""
    found = []
    for _ in range(_STARTS):
        began = perf_counter()
        command = [sys.executable, "-m", "wxkf", "sim", "--port", "0", "--no-browser"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        assert process.stdout is not None  # noqa: S101 - for the type checkers
        url = next(word for line in process.stdout for word in line.split() if word.startswith("http"))
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own
            answer.read()
        found.append(perf_counter() - began)
        process.send_signal(signal.SIGINT)
        process.communicate()
    return sorted(found)[_STARTS // 2]


# ── what runs in the other processes ────────────────────────────────────────────────────────────────────────────


async def _bare(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


def _sim() -> Any:
    from wxkf.sim import Settings, Simulator

    sim = Simulator(settings=Settings(limits_frequency=False))  # 10,000 calls a minute are too few here
    person = sim.customers.add("小明")
    for number in range(20):
        sim.customers.say(sim.open_kfid, person, f"第 {number} 句")
    world = sim.platform.world

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != "/_bench":
            return await sim.app(scope, receive, send)
        from wxkf.sim.endpoints.tokens import living_token

        first = next(iter(world.apps.values()))
        living_token(world, first)
        told = {"token": first.access_token, "open_kfid": sim.open_kfid, "external_userid": person}
        raw = json.dumps(told | {"corp_id": sim.corp_id, "secret": sim.secret}).encode()
        headers = [(b"content-length", b"%d" % len(raw))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": raw})
        return None

    return app


def _world() -> None:
    from wxkf.sim import Simulator

    sim = Simulator()
    people = [sim.customers.add(f"顾客{number}") for number in range(CUSTOMERS)]
    for number in range(MESSAGES):
        sim.customers.say(sim.open_kfid, people[number % CUSTOMERS], f"第 {number} 句话，请问什么时候发货？")
    print(int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 1e6)


if __name__ == "__main__":
    if sys.argv[1] == "world":
        _world()
    else:
        step_aside()
        uvloop.run(serve(_bare if sys.argv[1] == "bare" else _sim()))
