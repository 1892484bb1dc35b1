"""Where a message stands: one word for programs, one sentence for people, a mark for the eye."""

from wxkf.cli.saying import safe
from wxkf.cli.texts import text
from wxkf.cli.times import clock
from wxkf.engine.values import SENDS, StepState
from wxkf.engine.views import Filed, Pause

_MARKS = {
    "dead": ("✗", "bold red"),
    "skipped": ("–", "dim"),
    "retried": ("↷", "dim"),
    "failed": ("✗", "red"),
    "unknown": ("?", "bold yellow"),
    "refused": ("!", "yellow"),
    "handling": ("›", "cyan"),
    "paused": ("–", "yellow"),
    "history": ("·", "dim"),
    "answered": ("✓", "green"),
    "handled": ("✓", "dim green"),
}
_WAITING = ("○", "")
_ENDS = (StepState.UNKNOWN, StepState.FAILED, StepState.REFUSED)


def standing(it: Filed, now: float) -> str:
    """Name where a message stands."""
    if it.dead:
        return "dead"
    if it.over:
        return it.over.split()[0]
    if it.history:
        return "history"
    if it.handled:
        return _outcome(it)
    if it.claimed:
        return "handling"
    if it.paused:
        return "paused"
    if not it.first:
        return "behind"
    if it.due > now:
        return "retrying" if it.failing else "parked"
    return "waiting"


def _outcome(it: Filed) -> str:
    states = {step.state for step in it.steps if step.result not in ("sent again", "skipped")}
    for bad in _ENDS:
        if bad in states:
            return bad.value
    return "answered" if any(step.path in SENDS for step in it.steps) else "handled"


def sentence(it: Filed, now: float) -> str:
    """Say where a message stands."""
    if it.over:
        again = it.over.partition(" ")[2]
        key = f"inbox.state.{standing(it, now)}{'.dead' if it.died_of else ''}"
        return text(key, reason=safe(it.died_of).replace("\n", " "), msgid=again)
    values = {"reason": safe(it.dead).replace("\n", " "), "attempts": it.attempts, "due": clock(it.due, now)}
    return text(f"inbox.state.{standing(it, now)}", **values)


def mark(it: Filed, now: float) -> tuple[str, str]:
    """Give the mark and its style."""
    return _MARKS.get(standing(it, now), _WAITING)


def spelled(what: Pause) -> str:
    """Write a pause as it stands on a command line."""
    customer = f"--customer {what.external_userid}" if what.external_userid else ""
    return " ".join(word for word in (what.app, what.open_kfid, customer) if word)
