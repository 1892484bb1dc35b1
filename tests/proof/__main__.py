"""Play the proof in full and print its table: `uv run python -m tests.proof`.

`--rounds`, `--storm`, `--block` and `--stories` make it shorter or longer; 0 leaves a part out.
"""

import argparse
import asyncio
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from proof.bot import POINTS
from proof.rounds import ORDERS, at_point, block, freeze, storm
from proof.street import Toll

Round = Callable[[int], Coroutine[Any, Any, Toll]]


def plan(rounds: int, deaths: int, seconds: float) -> Iterator[tuple[str, str, Round, int]]:
    """List what is played: a name, the order of the platform's checks, one round of it, how many."""
    for order in ORDERS:
        for point in POINTS:
            yield f"killed {point}", order, partial(at_point, point, order), rounds
        yield f"killed {deaths} times at random", order, partial(storm, deaths, order), min(deaths, 1)
        yield "frozen for twice the lease", order, partial(freeze, order), rounds
    yield f"event loop blocked for {seconds:g} s", "msgid first", partial(block, seconds), 1 if seconds else 0


def play(rounds: int, deaths: int, seconds: float) -> bool:
    """Play it, tell how it went. True if no customer was wronged."""
    table = Table(box=MARKDOWN)
    for head in ("", "platform checks", "rounds", "deaths", "messages", "lost", "twice", "out of order", "unknown"):
        table.add_column(head, justify="left" if head in ("", "platform checks") else "right")
    total, began = Toll(), time.perf_counter()
    for name, order, one, count in plan(rounds, deaths, seconds):
        if not count:
            continue
        toll = sum((asyncio.run(one(seed)) for seed in range(count)), Toll())
        total += toll
        table.add_row(name, order, *map(str, _numbers(toll)))
        print(f"{time.perf_counter() - began:6.0f} s  {name}, {order}: {_numbers(toll)} {toll.words or ''}", flush=True)
    table.add_row("all", "", *map(str, _numbers(total)))
    Console(width=160).print(table)
    return not total.bad


def draw(stories: int) -> bool:
    """Draw stories in which anything happens. True if nobody was wronged in any."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "tests/proof/test_machine.py"]
    wronged = subprocess.run(command, env={**os.environ, "WXKF_MACHINE": str(stories)}, check=False).returncode
    took = time.perf_counter() - began
    print(f"{stories:,} drawn stories, {took:.0f} s: {'see above' if wronged else 'nobody was wronged'}")
    return not wronged


def _numbers(toll: Toll) -> tuple[int, ...]:
    return (toll.rounds, toll.deaths, toll.messages, toll.lost, toll.twice, toll.disordered, toll.unknown)


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--rounds", type=int, default=20, help="at each point, in each order of checks")
    given.add_argument("--storm", type=int, default=200, help="deaths at random moments")
    given.add_argument("--block", type=float, default=60.0, help="seconds for which a handler blocks the loop")
    given.add_argument("--stories", type=int, default=2_000, help="drawn, in which anything happens in any order")
    asked = given.parse_args()
    logging.disable(logging.CRITICAL)
    fine = play(asked.rounds, asked.storm, asked.block)
    sys.exit(not ((not asked.stories or draw(asked.stories)) and fine))
