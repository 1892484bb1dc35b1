"""What people see of an inbox: how it stands, where one message is, what was done about it, what is paused."""

from dataclasses import dataclass, field
from typing import Literal

from wxkf.engine.values import Step, StepState


@dataclass(frozen=True, slots=True)
class Trace:
    """How far one message got; for people who ask where it is."""

    claimed: bool
    handled: bool
    dead: str
    steps: tuple[Step, ...]

    @property
    def refused(self) -> bool:
        """Whether the platform has taken nothing of it, for certain."""
        return bool(self.steps) and all(step.state is StepState.REFUSED for step in self.steps)

    @property
    def failed(self) -> bool:
        """Whether it was given up, or part of the answer did not leave."""
        return bool(self.dead) or any(step.state in (StepState.REFUSED, StepState.UNKNOWN) for step in self.steps)


Kind = Literal["waiting", "dead", "unknown", "all"]
"""What operators list: what is not handled yet, given up, sent with an outcome nobody knows (or failed), everything."""


@dataclass(frozen=True, slots=True)
class Pause:
    """What is not handed out: an app, one of its accounts ("" is all), or one customer of it; and since when.

    With a `note` (also "") it is given to people instead of waiting, and they are told that first.
    """

    app: str
    open_kfid: str = ""
    external_userid: str = ""
    at: float = 0.0
    note: str | None = None

    @property
    def named(self) -> str:
        """The three of them in one."""
        return " ".join(one for one in (self.app, self.open_kfid, self.external_userid) if one)


@dataclass(frozen=True, slots=True)
class Overview:
    """How an inbox stands. `oldest` is when the oldest unanswered message was stored, None where none waits."""

    waiting: int
    oldest: float | None
    in_flight: int
    dead: int
    unknown: int
    failed: int
    timers: int
    paused: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """A message as it lies in the inbox, and all that was done about it.

    `claimed` tells that it is in the hands of a handler, `first` that of its conversation none waits before it; then
    `attempts` were made, the last of them `failing`, and `due` is when the next one may begin. `times` are those of the
    steps' last changes. `over` is what an operator did about it, "skipped" or "retried <msgid>"; then it is not `dead`
    any more, but had `died_of` something.
    """

    id: int
    msgid: str
    app: str
    open_kfid: str
    external_userid: str
    send_time: int
    at: float
    origin: int
    raw: bytes = field(repr=False)
    claimed: bool
    handled: bool
    dead: str
    over: str = ""
    died_of: str = ""
    first: bool = False
    attempts: int = 0
    failing: bool = False
    due: float = 0.0
    paused: Pause | None = None
    history: bool = False
    steps: tuple[Step, ...] = ()
    times: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """What an operator did, and when."""

    at: float
    who: str
    did: str
    about: str
