"""What the platform tells an app or a provider besides that there are messages. The pusher carries it.

A letter becomes XML only when it leaves, so that grants that wait for one another are one notice with repeated nodes
(platform.md 5.6).
"""

from dataclasses import dataclass

Facts = tuple[tuple[str, str], ...]
AUTH_CHANGE = "kf_account_auth_change"
JOB_FINISHED = "upload_media_job_finish"
ADDED, REMOVED = "AuthAddOpenKfId", "AuthDelOpenKfId"
_OPPOSITE = {ADDED: REMOVED, REMOVED: ADDED}
COMMANDS = ("suite_ticket", "create_auth", "change_auth", "cancel_auth", "reset_permanent_code")
NAMES = ("kf_msg_or_event", AUTH_CHANGE, JOB_FINISHED, *COMMANDS)


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice to be made: to an app (its agent_id) or to a suite's command URL (its suite_id).

    `name` is the Event or the InfoType, `facts` the nodes of its own; the values in `secrets` are not for the journal.
    """

    to: int | str
    name: str
    facts: Facts
    secrets: tuple[str, ...] = ()


def auth_change(agent_id: int, open_kfid: str, granted: bool) -> Letter:
    """Tell an app that it was given an account, or that one was taken from it."""
    return Letter(agent_id, AUTH_CHANGE, ((ADDED if granted else REMOVED, open_kfid),))


def job_finished(agent_id: int, job_id: str) -> Letter:
    """Tell an app that its media/upload_by_url is over."""
    return Letter(agent_id, JOB_FINISHED, (("JobId", job_id),))


def merged(waiting: Letter, later: Letter) -> Letter | None:
    """Make one letter of two changes of the same app's accounts; None where that cannot be.

    A grant and its withdrawal undo each other.
    """
    if (waiting.to, waiting.name) != (later.to, later.name) or later.name != AUTH_CHANGE:
        return None
    facts = dict.fromkeys(waiting.facts)
    for node, open_kfid in later.facts:
        if (_OPPOSITE[node], open_kfid) in facts:
            del facts[_OPPOSITE[node], open_kfid]
        else:
            facts[node, open_kfid] = None
    return Letter(later.to, later.name, tuple(facts))
