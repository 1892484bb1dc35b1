"""Time several ways of doing the same, so that only the ratios count.

Strategy: rounds of a few milliseconds a lane, every lane once a round, in an order that rotates, all on one core; a
ratio is taken inside each round and the median of the rounds is what is told, so a machine that slows down hits all
lanes alike. The clock counts our own processor time, so another process on the core does not count at all. The garbage
collector stays on, as it is in production.
"""

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import median
from time import perf_counter, process_time

Work = Callable[[], object]
Calls = Callable[[int], object]
"""Does its work so many times over; it may do several at once."""
_SLICE = 0.02  # seconds one lane runs in one round
_STRETCH = 0.1  # the same where a lane waits for others too, so that the clock has to be asked


@dataclass(frozen=True)
class Race:
    """Seconds a call, one for each round, by lane."""

    seconds: dict[str, list[float]]

    def median(self, lane: str) -> float:
        """Tell the median seconds of one call."""
        return median(self.seconds[lane])

    def ratio(self, lane: str, base: str) -> float:
        """Tell how many times as long as `base` a lane takes: the median over the rounds."""
        return median(own / other for own, other in zip(self.seconds[lane], self.seconds[base], strict=True))


def pin() -> None:
    """Stay on one core, where the system lets us; children inherit it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def wear() -> list[bytes]:
    """Make the heap ragged, as in a process long at work: the caller holds what is given, gaps lie between."""
    random = Random(1)
    held = [bytes(random.randrange(16, 400)) for _ in range(400_000)]
    random.shuffle(held)
    return held[::2]


def race(lanes: dict[str, Work], rounds: int) -> Race:
    """Run every lane in every round, long enough each to be told from the clock's own noise."""
    repeats = {name: max(1, round(_SLICE / max(_seconds(work, 3), 1e-7))) for name, work in lanes.items()}
    seconds: dict[str, list[float]] = {name: [] for name in lanes}
    names = list(lanes)
    for turn in range(rounds):
        at = turn % len(names)
        gc.collect()
        for name in names[at:] + names[:at]:
            seconds[name].append(_seconds(lanes[name], repeats[name]))
    return Race(seconds)


def stretches(lanes: dict[str, Calls], rounds: int, least: int = 64) -> tuple[Race, Race]:
    """Race what talks to another process: the same rounds by the clock, and in processor time of this process.

    A lane is never asked for less than `least`, which is what it may do at once.
    """
    clock: dict[str, list[float]] = {name: [] for name in lanes}
    cpu: dict[str, list[float]] = {name: [] for name in lanes}
    repeats = {name: max(least, round(_STRETCH / _stretch(lane, least * 4)[0])) for name, lane in lanes.items()}
    names = list(lanes)
    for turn in range(rounds):
        at = turn % len(names)
        gc.collect()
        for name in names[at:] + names[:at]:
            by_clock, in_cpu = _stretch(lanes[name], repeats[name] // least * least)
            clock[name].append(by_clock)
            cpu[name].append(in_cpu)
    return Race(clock), Race(cpu)


def _stretch(lane: Calls, calls: int) -> tuple[float, float]:
    began, started = process_time(), perf_counter()
    lane(calls)
    return (perf_counter() - started) / calls, (process_time() - began) / calls


def _seconds(work: Work, repeats: int) -> float:
    started = process_time()
    for _ in range(repeats):
        work()
    return (process_time() - started) / repeats
