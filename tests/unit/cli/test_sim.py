"""`wxkf sim` as a person runs it: keys that work, a world that is kept, callbacks once the URL answers."""

import asyncio
import json
import re
import socket
import stat
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from kit.commands import started, wxkf
from wxkf import Client
from wxkf.client.settings import App
from wxkf.serve import Server
from wxkf.sim import SimClock, Simulator
from wxkf.web import CallbackApp

pytestmark = pytest.mark.processes


def exported(said: str) -> dict[str, str]:
    """Read the export line."""
    (line,) = re.findall(r"export (.*)", said)
    return dict(pair.split("=", 1) for pair in line.split())


def act(url: str, name: str, **body: object) -> dict[str, str]:
    """Use the control API."""
    asked = Request(f"{url}/_sim/{name}", json.dumps(body).encode(), {"content-type": "application/json"})
    with urlopen(asked, timeout=30) as answer:
        found: dict[str, str] = json.load(answer)
    return found


def test_the_printed_keys_work_and_ctrl_c_ends_it() -> None:
    with started("sim", "--port", "0", "--seed", "3") as command:
        env = exported(command.said_until("export"))
        with Client(env["WXKF_CORP_ID"], env["WXKF_SECRET"], base_url=env["WXKF_BASE_URL"]) as client:
            (account,) = client.account.list().account_list
        code, said, errors = command.interrupted()
    assert account.manage_privilege
    assert (code, errors) == (0, "")
    assert said.endswith("Stopped.")
    assert env["WXKF_SECRET"] == Simulator(clock=SimClock.frozen(), seed=3).secret


def test_its_world_is_kept_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    with started("sim", "--port", "0", "--state", str(file)) as command:
        url = exported(command.said_until("export"))["WXKF_BASE_URL"]
        person = act(url, "customers/add", nickname="小红")["external_userid"]
        act(url, "clock", seconds=86_400)
        assert command.interrupted()[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with started("sim", "--port", "0", "--state", str(file)) as command:
        url = exported(command.said_until("export"))["WXKF_BASE_URL"]
        with urlopen(f"{url}/_sim/state", timeout=30) as answer:
            state = json.load(answer)
        assert command.interrupted()[0] == 0
    assert [one["external_userid"] for one in state["customers"]] == [person]


@pytest.mark.parametrize(
    ("content", "words"),
    [("{}", "no world"), ('{"version": 9}', "newer wxkf"), ("not json", "not hold a whole world")],
)
def test_a_file_that_holds_no_world_is_left_alone(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "world.json"
    file.write_text(content)
    done = wxkf("sim", "--port", "0", "--state", str(file))
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert file.read_text() == content


def test_a_seed_for_a_world_that_is_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    with started("sim", "--port", "0", "--state", str(file)) as command:
        act(exported(command.said_until("export"))["WXKF_BASE_URL"], "customers/add", nickname="小红")
        command.interrupted()
    done = wxkf("sim", "--port", "0", "--state", str(file), "--seed", "1")
    assert (done.returncode, "--seed is for a new world" in done.stderr) == (2, True)


def test_a_taken_port_and_a_wrong_callback_are_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = wxkf("sim", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, "cannot listen" in done.stderr) == (2, True)
    done = wxkf("sim", "--callback", "localhost:8000")
    assert (done.returncode, "takes a URL" in done.stderr) == (2, True)


def test_it_warns_where_others_may_come_in() -> None:
    with started("sim", "--port", "0", "--host", "0.0.0.0") as command:
        said = command.said_until("Ctrl-C")
        command.interrupted()
    assert "Warning: 0.0.0.0 lets other machines in" in said


async def test_callbacks_go_to_the_url_once_it_passes_the_check() -> None:
    heard = asyncio.Event()
    like = Simulator(clock=SimClock.frozen(), seed=0)  # the same seed, so the same keys

    async def note(_notice: object) -> None:
        heard.set()

    receiver = App(like.corp_id, like.secret, like.token, like.aes_key).receiver()
    async with Server(CallbackApp(receiver, note)) as bot:
        with started("sim", "--port", "0", "--callback", f"{bot.url}/callback") as command:
            url = exported(await asyncio.to_thread(command.said_until, "export"))["WXKF_BASE_URL"]
            assert "passed the URL check" in await asyncio.to_thread(command.said_until, "callbacks go there")
            who = (await asyncio.to_thread(act, url, "customers/add", nickname="小红"))["external_userid"]
            await asyncio.to_thread(act, url, "customers/say", open_kfid=like.open_kfid, external_userid=who, text="在")
            async with asyncio.timeout(30):
                await heard.wait()
            await asyncio.to_thread(command.interrupted)


def test_one_simulator_at_a_time_has_a_file(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    with started("sim", "--port", "0", "--state", str(file)) as command:
        command.said_until("export")
        done = wxkf("sim", "--port", "0", "--state", str(file))
        assert (done.returncode, "another `wxkf sim` keeps its world in" in done.stderr) == (2, True)
        command.interrupted()


def test_a_file_that_could_never_be_written_is_refused_at_once(tmp_path: Path) -> None:
    done = wxkf("sim", "--port", "0", "--state", str(tmp_path / "nowhere" / "world.json"))
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)
