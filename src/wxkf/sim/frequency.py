"""How often an app may call: the published limits as a table (platform.md 0, 17). Who goes over one is shut out.

A window begins with its first call, since where the platform cuts its minutes is not published (inference).
"""

from dataclasses import dataclass
from typing import Literal

from wxkf.sim.refusal import Refusal

Whose = Literal["corp", "ip", "debug"]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls of one endpoint in a window of seconds; above it 45009 for `block` seconds."""

    most: int
    window: int
    block: int


LIMITS: dict[Whose, tuple[Limit, ...]] = {
    "corp": (Limit(10_000, 60, 60), Limit(150_000, 3_600, 3_600)),
    "ip": (Limit(20_000, 60, 60), Limit(600_000, 3_600, 3_600)),
    "debug": (Limit(5, 60, 60),),
}
_OVER = 45009


@dataclass(slots=True)
class Meter:
    """The calls of one caller in the window that runs, and until when it is shut out."""

    since: float
    calls: int = 0
    shut_until: float | None = None


def mind(meters: dict[str, list[Meter]], whose: Whose, caller: str, path: str, now: float) -> None:
    """Count a call of a corp, an address …, or refuse it with 45009."""
    limits, found = LIMITS[whose], meters.get(key := f"{whose} {caller} {path}")
    if found is None:
        found = meters[key] = [Meter(now) for _ in limits]
    for limit, meter in zip(limits, found, strict=False):
        meter.calls += 1
        if (meter.calls > limit.most or now - meter.since >= limit.window) and not _admits(limit, meter, now):
            raise Refusal(_OVER, f"{whose}, {limit.most} calls in {limit.window} seconds")


def _admits(limit: Limit, meter: Meter, now: float) -> bool:
    """Begin a new window, or shut out; who is shut out stays so until its time is over, whatever the window."""
    if meter.shut_until is None and now - meter.since < limit.window:
        meter.shut_until = now + limit.block
    if meter.shut_until is not None and now < meter.shut_until:
        return False
    meter.since, meter.calls, meter.shut_until = now, 1, None
    return True
