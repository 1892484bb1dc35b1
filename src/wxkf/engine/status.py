"""How an engine is: whether it is alive, whether it does its work, and what for a monitor needs to know. No names of
customers, no secrets: whoever asks may be anybody.

Alive means that nothing but a restart would help if it were not. Ready means that customers are answered.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from wxkf.engine.views import Overview

PATIENCE = 300.0  # seconds for which an account may be in trouble until somebody has to know

What = Literal["stalled", "failing"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """An account that is not up to date: its cursor stands still, or pulling it fails; since when."""

    open_kfid: str
    what: What
    since: float


@dataclass(frozen=True, slots=True)
class Pulse:
    """What an engine knows of itself without a look into its store.

    `working`: its tasks run. `leased`: what it has claimed is still its own. `found`: it has read the list of accounts.
    """

    working: bool
    leased: bool
    found: bool
    accounts: int = 0
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How one engine, or all of a fleet, are at a time. `overview` is None where the store does not answer.

    `apps` tells of a fleet how many stand how.
    """

    now: float
    pulses: Sequence[Pulse]
    overview: Overview | None
    apps: Mapping[str, int] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        """Whether every engine's tasks run and its lease is good."""
        return all(pulse.working and pulse.leased for pulse in self.pulses)

    @property
    def ready(self) -> bool:
        """Whether customers are answered."""
        return not self.why

    @property
    def why(self) -> list[str]:
        """Say why it is not ready."""
        late = Counter(one.what for one in self._troubles if self.now - one.since > PATIENCE)
        reasons = {
            "a part of the engine has stopped": not all(pulse.working for pulse in self.pulses),
            "the lease has run out": not all(pulse.leased for pulse in self.pulses),
            "the store does not answer": self.overview is None,
            "the accounts are not found yet": bool(self.pulses) and not any(pulse.found for pulse in self.pulses),
            f"accounts stalled for more than {PATIENCE / 60:.0f} minutes: {late['stalled']}": bool(late["stalled"]),
            f"accounts not pulled for more than {PATIENCE / 60:.0f} minutes: {late['failing']}": bool(late["failing"]),
            "no app is at work": bool(self.apps) and not self.pulses,
        }
        return [reason for reason, holds in reasons.items() if holds]

    def as_data(self) -> dict[str, Any]:
        """Give it as JSON; `lag` is in seconds, the account names are the platform's open_kfid."""
        by_kind = {
            kind: [one.open_kfid for one in self._troubles if one.what == kind] for kind in ("stalled", "failing")
        }
        data = {"alive": self.alive, "ready": self.ready, "why": self.why, **self._counts()}
        data |= {"accounts": sum(pulse.accounts for pulse in self.pulses), **by_kind}
        return data | ({"apps": dict(self.apps)} if self.apps else {})

    @property
    def _troubles(self) -> list[Trouble]:
        return [one for pulse in self.pulses for one in pulse.troubles]

    def _counts(self) -> dict[str, Any]:
        it = self.overview
        if it is None:
            return {}
        oldest = (
            None if it.oldest is None else datetime.fromtimestamp(it.oldest, UTC).isoformat(timespec="milliseconds")
        )
        lag = 0.0 if it.oldest is None else round(max(0.0, self.now - it.oldest), 3)
        names = ("waiting", "in_flight", "dead", "unknown", "failed", "timers")
        counts = {name: getattr(it, name) for name in names}
        return {**counts, "lag": lag, "oldest": oldest, "paused": len(it.paused)}
