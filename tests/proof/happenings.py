"""What can happen in a town, as values that are drawn: people, staff, time, trouble, the bot's own lives and deaths.

Whatever is impossible just then (a colleague takes a customer who does not queue) does not happen.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from proof.script import SCRIPTS
from proof.town import STAFF, Town
from proof.turns import turns
from wxkf.sim.faults import FAIL_TYPES, KINDS, Kind, Place

SENDS = ("kf/send_msg", "kf/send_msg_on_event")
CALLS = (*SENDS, "kf/sync_msg", "kf/service_state/trans", "kf/account/list", "gettoken")
PLACES: dict[Place, tuple[str, ...]] = {"call": CALLS, "sync": ("kf/sync_msg",), "send": SENDS, "callback": ()}


@dataclass(frozen=True)
class Happening:
    """One thing that happens, and how many turns of the loop pass until the next."""

    what: str
    given: tuple[Any, ...]
    turns: int

    async def __call__(self, town: Town) -> None:
        """Let it happen."""
        await _DEEDS[self.what](town, *self.given)
        await turns(self.turns)


async def _on_the_phone(town: Town, what: str, account: int, person: int, *more: object) -> None:
    _try(getattr(town.sim.customers, what), town, account, person, *more)


async def _write(town: Town, account: int, person: int, scripts: list[str]) -> None:
    for script in scripts:
        _try(town.sim.customers.say, town, account, person, script)


async def _recall(town: Town, account: int, person: int) -> None:
    bubbles = town.sim.platform.phone(town.accounts[account], town.people[person])
    own = [one.msgid for one in bubbles if one.who == "customer"]
    _try(town.sim.customers.recall, town, account, person, own[-1] if own else "")


async def _at_the_desk(town: Town, what: str, account: int, person: int, *more: object) -> None:
    _try(getattr(town.sim.staff, what), town, account, person, *more)


async def _duty(town: Town, account: int, colleague: str, status: int) -> None:
    town.sim.staff.set_status(town.accounts[account], colleague, status)


async def _wait(town: Town, seconds: int) -> None:
    town.passes(seconds)


async def _spoil(town: Town, hits: tuple[Kind, str], more: dict[str, Any]) -> None:
    town.sim.trouble.add(hits[0], path=hits[1], **more)


async def _mend(town: Town) -> None:
    town.sim.trouble.clear()


async def _fill(town: Town, transactions: int) -> None:
    if town.life is not None:
        town.life.store.turns.full = transactions


async def _freeze(town: Town, late: int) -> None:
    if town.life is not None:
        town.life.engine.look()  # a poll that is long overdue
        await town.life.store.turns.lose_the_lease(late)


async def _restart(town: Town, between: int) -> None:
    await town.die()
    town.passes(between)
    await town.start()


async def _die(town: Town) -> None:
    await town.die()


async def _live(town: Town) -> None:
    await town.start()


async def _stop(town: Town) -> None:
    await town.stop()


def _try(act: Callable[..., object], town: Town, account: int, person: int, *more: object) -> None:
    try:
        act(town.accounts[account], town.people[person], *more)
    except ValueError:
        return


_DEEDS: dict[str, Callable[..., Awaitable[None]]] = {
    "on the phone": _on_the_phone, "write": _write, "recall": _recall, "at the desk": _at_the_desk, "duty": _duty,
    "wait": _wait, "spoil": _spoil, "mend": _mend, "fill the disk": _fill,
    "freeze": _freeze, "restart": _restart, "die": _die, "live": _live, "stop": _stop,
}  # fmt: skip
_WHERE = (st.integers(0, 1), st.integers(0, 2))
_COLLEAGUE = st.sampled_from(STAFF)
_SCRIPTS = st.lists(st.sampled_from(sorted(SCRIPTS)), min_size=1, max_size=3)
_HITS = st.sampled_from([(kind, path) for kind, (place, _) in KINDS.items() for path in ("*", *PLACES[place])])
_FAULT = st.fixed_dictionaries(
    {
        "errcode": st.sampled_from([45009, 45033]),
        "seconds": st.sampled_from([1.0, 8.0, 11.0, 120.0, 3_600.0]),
        "fail_type": st.sampled_from(sorted(FAIL_TYPES)),
        "times": st.sampled_from([1, 1, 1, 2, 3, None]),
        "chance": st.sampled_from([1.0, 0.5]),
    }
)
_LONG = st.sampled_from([1, 5, 21, 61, 600, 7_200, 86_400, 172_900, 259_100])


def _one(what: str, *given: st.SearchStrategy[Any]) -> st.SearchStrategy[Happening]:
    until = st.sampled_from([0, 1, 2, 5, 10, 20, 40, 80, 300])
    return st.builds(Happening, st.just(what), st.tuples(*given), until)


_write_ = _one("write", *_WHERE, _SCRIPTS)
HAPPENINGS = st.one_of(
    *[_write_] * 5,
    _one("on the phone", st.just("enter"), *_WHERE),
    _one("on the phone", st.just("reject"), *_WHERE, st.booleans()),
    _one("recall", *_WHERE),
    _one("at the desk", st.sampled_from(["accept", "transfer"]), *_WHERE, _COLLEAGUE),
    _one("at the desk", st.just("say"), *_WHERE, _COLLEAGUE, st.just("我来处理")),
    _one("at the desk", st.just("end"), *_WHERE),
    _one("duty", st.integers(0, 1), _COLLEAGUE, st.integers(0, 1)),
    *[_one("wait", _LONG)] * 3,
    *[_one("spoil", _HITS, _FAULT)] * 4,
    _one("mend"),
    _one("fill the disk", st.integers(1, 4)),
    *[_one("freeze", st.sampled_from([1, 3, 10, 30]))] * 3,
    *[_one("restart", st.sampled_from([0, 0, 1, 61]))] * 2,
    _one("die"),
    _one("live"),
    _one("stop"),
)
"""Anything that can happen; people write most of all."""
