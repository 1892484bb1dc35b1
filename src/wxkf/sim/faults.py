"""Trouble on demand: one list of faults, scripted by number of times or drawn by chance.

A fault waits in the list until something happens that it concerns; then it strikes, and one that has struck so many
times is gone. What each kind does is done where it belongs: `line.py` for the transport, `pusher.py` for callbacks,
the endpoints for pages and sends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "busy", "refuse", "slow", "http_500", "cut_before", "cut_after", "token_revoked",
    "callback_lost", "callback_duplicate", "callback_late", "callback_reordered",
    "empty_page", "replayed_page", "short_page", "bad_cursor",
    "send_fail",
]  # fmt: skip
Place = Literal["call", "callback", "sync", "send"]
EVERY = "*"
BUSY = -1
FAIL_TYPES: dict[int, str] = {
    0: "unknown",
    1: "account deleted",
    2: "app closed",
    4: "session expired, over 48 hours",
    5: "session closed",
    6: "over the limit of 5 messages",
    7: "channels not bound (no longer documented)",
    8: "corp subject not verified",
    9: "channels not bound and not verified (no longer documented)",
    10: "rejected by the user",
    11: "no member of the corp has logged in to WeCom",
    12: "message type forbidden by the component",
    13: "security restriction",
}
"""Why a message did not arrive, in msg_send_fail (6.4); 3 is undefined."""

KINDS: dict[Kind, tuple[Place, str]] = {
    "busy": ("call", ""),
    "refuse": ("call", "errcode"),
    "slow": ("call", "seconds"),
    "http_500": ("call", ""),
    "cut_before": ("call", ""),
    "cut_after": ("call", ""),
    "token_revoked": ("call", ""),
    "callback_lost": ("callback", ""),
    "callback_duplicate": ("callback", ""),
    "callback_late": ("callback", "seconds"),
    "callback_reordered": ("callback", ""),
    "empty_page": ("sync", ""),
    "replayed_page": ("sync", ""),
    "short_page": ("sync", ""),
    "bad_cursor": ("sync", ""),
    "send_fail": ("send", ""),
}
"""What each kind concerns, and which of a fault's numbers it cannot do without."""


@dataclass(slots=True)
class Fault:
    """One fault. `times` is how often it still strikes, None for ever; `path` a path, a callback's name, or "*"."""

    fault: int
    kind: Kind
    path: str = EVERY
    errcode: int = 0
    about: str = ""
    seconds: float = 0.0
    fail_type: int = 0
    times: int | None = None
    chance: float = 1.0


@dataclass(slots=True)
class Faults:
    """All faults of a world, oldest first; `count` numbers them."""

    given: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, fault: Fault) -> int:
        """Put a fault into the list under a number of its own. Raises `ValueError` for one that makes no sense."""
        _check(fault)
        self.count += 1
        fault.fault = self.count
        self.given.append(fault)
        return self.count

    def remove(self, number: int) -> None:
        """Take a fault out of the list. Raises `ValueError` if it is not there."""
        if not self.drop(lambda one: one.fault == number):
            raise ValueError("there is no such fault; it may have struck its last time")

    def drop(self, unwanted: Callable[[Fault], bool]) -> int:
        """Take out what is unwanted. Tells how many that were."""
        kept = [one for one in self.given if not unwanted(one)]
        gone = len(self.given) - len(kept)
        self.given[:] = kept
        return gone

    def strike(self, path: str, kinds: tuple[Kind, ...], draw: Callable[[], float], *, every: bool) -> Fault | None:
        """Find the fault that strikes now, if any. One for exactly this path goes first; `every` lets "*" count too."""
        for key in (path, EVERY) if every else (path,):
            for one in self.given:
                if one.path == key and one.kind in kinds and (one.chance >= 1 or draw() < one.chance):
                    self._spend(one)
                    return one
        return None

    def _spend(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if not fault.times:
                self.drop(lambda one: one is fault)


def _check(fault: Fault) -> None:
    if fault.kind not in KINDS:
        raise ValueError(f"a kind of fault is one of {', '.join(KINDS)}")
    needed = KINDS[fault.kind][1]
    if needed and not getattr(fault, needed):
        raise ValueError(f"{fault.kind} needs its {needed}")
    if not 0 <= fault.seconds <= 86_400:
        raise ValueError("the seconds of a fault are from 0 to a day")
    if fault.fail_type not in FAIL_TYPES:
        raise ValueError(f"fail_type is one of {', '.join(map(str, FAIL_TYPES))}")
    if fault.times is not None and fault.times < 1:
        raise ValueError("a fault happens at least once")
    if not 0 < fault.chance <= 1:
        raise ValueError("the chance of a fault is above 0 and at most 1")
