"""What an import costs, each in a process of its own, after one that made the bytecode.

`import wxkf` loads names on first use, so the lines below it tell what using them costs.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.racing import Race
from benchmarks.table import Goal, show

LANES = {
    "wechatpy.work": "import wechatpy.work",
    "wxkf": "import wxkf",
    "wxkf, Receiver": "from wxkf import Receiver",
    "wxkf, Client": "from wxkf import Client",
    "wxkf, AsyncClient": "from wxkf import AsyncClient",
    "wxkf, Bot": "from wxkf import Bot",
    "aiohttp alone": "import aiohttp",
}
ROUNDS = 15
_TIMED = "from time import perf_counter as now; started = now(); {}; print(now() - started)"


def run() -> None:
    """Race the imports: an interleaved round of fresh processes after the other."""
    with TemporaryDirectory() as bytecode:
        rounds = [{lane: _seconds(code, Path(bytecode)) for lane, code in LANES.items()} for _ in range(ROUNDS + 1)]
    seconds = {lane: [one[lane] for one in rounds[1:]] for lane in LANES}  # the first round compiled
    show("Import, median of 15 processes", Race(seconds), "wechatpy.work", {"wxkf": Goal(at_most=0.3)})


def _seconds(code: str, bytecode: Path) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    command = [sys.executable, "-c", _TIMED.format(code)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    return float(done.stdout)
