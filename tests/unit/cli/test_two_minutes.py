"""A newcomer's way, with a stopwatch: from nothing to a bot of one's own that answers in the simulator."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit.commands import PATIENCE, environment, started, wxkf
from kit.ports import free_port

pytestmark = pytest.mark.processes

LIMIT = 120.0  # seconds


def test_from_nothing_to_an_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    laps = {"begin": time.monotonic()}

    assert wxkf("new", "shop", cwd=tmp_path).returncode == 0
    shop = tmp_path / "shop"
    laps["wxkf new shop"] = time.monotonic()

    words = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert (
        subprocess.run(
            words, cwd=shop, env=environment(), timeout=PATIENCE, check=False, stdout=subprocess.DEVNULL
        ).returncode
        == 0
    )
    laps["pytest"] = time.monotonic()

    assert "‹ You said: Hello" in wxkf("demo", "bot:bot", "--say", "Hello", cwd=shop).stdout
    laps["wxkf demo bot:bot --say Hello"] = time.monotonic()

    port, address = str(free_port()), f"http://127.0.0.1:{free_port()}"
    with started(
        "sim", "--no-browser", "--port", address.rpartition(":")[2], "--callback", f"http://127.0.0.1:{port}/"
    ) as sim:
        env = dict(re.findall(r"(WXKF_\w+)=(\S+)", sim.said_until("export")))
        with started("run", "bot:bot", "--host", "127.0.0.1", "--port", port, cwd=shop, **env):
            assert "passed the URL check" in sim.said_until("callbacks go there")
            answered = wxkf("trigger", "text", "Hello", cwd=shop, **env)
    assert (answered.returncode, answered.stdout.split()[-4:]) == (0, ["‹", "You", "said:", "Hello"])
    laps["wxkf sim, wxkf run bot:bot, wxkf trigger text Hello"] = time.monotonic()

    times = list(laps.values())
    with capsys.disabled():
        print(f"\n{times[-1] - times[0]:6.1f} s in all")
        for command, began, ended in zip(list(laps)[1:], times, times[1:], strict=False):
            print(f"{ended - began:6.1f} s  {command}")
    assert times[-1] - times[0] < LIMIT
