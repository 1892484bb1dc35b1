"""A whole call, `send_msg` of 300 bytes answered by 54: ours against wechatpy's, and against the bare libraries.

Strategy: every lane talks to the same server, which has the other core, with its token, pool and connections ready
before it is timed. The same rounds are shown from three sides. Throughput counts by the clock; what the SDK adds counts
in processor time, all threads of this process and nothing of the server.

wechatpy is given what makes it fastest. It knows no async, so its 64 calls at once are 64 threads, kept in a pool, that
share one client; its session gets room for 64 connections (as it comes it has ten and throws the others away).

"Bare" is the least that users of the library alone write, and write well: the whole address, token in it; the body
encoded and the answer decoded to a dict by msgspec. No limits, retries, types, nor a token to look after. A lane beside
it does as aiohttp's manual: `params=`, `json=` and `.json()`. Two loops: asyncio's own is what `asyncio.run` gives, so
the goals hold there; uvloop is what `wxkf run` takes where there is one.

By the clock, leave the machine alone: where others want our core, 64 threads are given more of it than one thread is.
"""

import os
from collections.abc import Iterable
from contextlib import ExitStack

from benchmarks.lanes import AIOHTTP, MANUAL, UVLOOP, WECHATPY, WXKF, at_once, one_by_one
from benchmarks.loopback import loopback
from benchmarks.racing import Race, stretches
from benchmarks.table import Goal, show

ROUNDS = 21


def run() -> None:
    """Race them in one go and print the tables."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    with loopback() as url, ExitStack() as held:
        crowd, single = at_once(url, held), one_by_one(url, held)
        clock, cpu = stretches(crowd | single, ROUNDS)
    many, one = WECHATPY + ", 64 threads", WECHATPY
    show("Whole call, 64 at once, by the clock", _of(clock, crowd), many, {WXKF: Goal(at_least=5)}, faster=True)
    sequential = {"wxkf, sync": Goal(at_least=2)}
    show("Whole call, one after the other, by the clock", _of(clock, single), one, sequential, faster=True)
    added = {WXKF: Goal(at_most=1.15)}
    show("Processor time of a call, 64 at once", _of(cpu, [WXKF, AIOHTTP, MANUAL, many]), AIOHTTP, added)
    ours, bare = WXKF + UVLOOP, AIOHTTP + UVLOOP
    show("The same on uvloop", _of(cpu, [ours, bare, MANUAL + UVLOOP]), bare, {ours: Goal(at_most=1.15)})


def _of(race: Race, lanes: Iterable[str]) -> Race:
    return Race({lane: race.seconds[lane] for lane in lanes})
