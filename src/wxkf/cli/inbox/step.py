"""One step that was taken for a message, in words."""

from wxkf.cli.saying import read, safe, said
from wxkf.cli.texts import language, text
from wxkf.cli.times import clock
from wxkf.client.logs import mask
from wxkf.engine.values import StepState
from wxkf.errors import codes

SEND, BY_CODE, TRANS, TIMER = "kf/send_msg", "kf/send_msg_on_event", "kf/service_state/trans", "timer"
CHOICE = "choice"
_STYLES = {
    StepState.ACCEPTED: "green",
    StepState.REFUSED: "red",
    StepState.FAILED: "red",
    StepState.UNKNOWN: "yellow",
    StepState.SENDING: "cyan",
    StepState.PLANNED: "dim",
}


def title(path: str, body: bytes, now: float) -> str:
    """Say what kind of step it is."""
    if path == TRANS:
        state = read(body).get("service_state")
        who = read(body).get("servicer_userid", "")
        known = text(f"inbox.session.{state}") if state in (0, 1, 2, 3, 4) else str(state)
        return text("inbox.step.trans", state=f"{known} {who}".rstrip())
    if path == TIMER:
        return text("inbox.step.timer", due=clock(float(read(body).get("send_time", 0)), now))
    names = {SEND: "inbox.step.send", BY_CODE: "inbox.step.code", CHOICE: "inbox.step.choice"}
    return text(names.get(path, "inbox.step.send"))


def words(path: str, body: bytes) -> str:
    """Give what was said with it, if anything was; of a choice what was chosen."""
    if path == CHOICE:
        return safe(body.decode(errors="replace")).replace("\n", ", ")
    if path == TIMER:
        return said(body).removeprefix(f"[{text('inbox.timer')}]").strip()
    return said(body) if path in (SEND, BY_CODE) else ""


def outcome(path: str, state: str, result: str) -> str:
    """Say what came of it."""
    is_ours = path in (TIMER, CHOICE)
    did = text("inbox.did.set" if is_ours else f"inbox.did.{state}")
    more = "" if state == StepState.ACCEPTED or is_ours else why(state, result)
    return text("inbox.because", did=did, more=more) if more else did


def why(state: str, result: str) -> str:
    """Say what a result means: a code of the platform, or why we left it."""
    mine = int(language() == "zh")
    if result.removeprefix("-").isdigit():
        number = int(result)
        if state == StepState.FAILED:
            fail = codes.fail_types().get(number)
            code = f"fail_type {number}"
            return text("inbox.code", code=code, meaning=fail.meaning[mine]) if fail else code
        return text("inbox.code", code=number, meaning=codes.find(number).meaning[mine])
    known = ("sent again", "skipped", "not repeated", "not seen through")
    return text(f"inbox.result.{result}") if result in known else mask(safe(result))


def style(state: str) -> str:
    """Give the colour of an outcome."""
    return _STYLES.get(StepState(state), "")


def shown_result(path: str, state: str, result: str) -> str:
    """Give a result for programs; a one-time code stays hidden."""
    return "***" if path == TRANS and state == StepState.ACCEPTED and result else mask(result)
