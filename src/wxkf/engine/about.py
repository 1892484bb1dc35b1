"""What a log line says beside its words: which message it is about, of which conversation.

Whoever logs while a message is handled, the handler's own code and the client included, need not say it: it stands in
the context of the task.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

from wxkf.engine.values import Claim

NAMES: Final = ("msgid", "open_kfid", "external_userid")
_handled: ContextVar[Claim | None] = ContextVar("wxkf_handled", default=None)


def about(claim: Claim) -> dict[str, str]:
    """Give what a structured log line says beside its words."""
    return {"msgid": claim.msgid, "open_kfid": claim.open_kfid, "external_userid": claim.external_userid}


def begin(claim: Claim) -> None:
    """Say that this task handles a message from now on."""
    _handled.set(claim)


def handled() -> Mapping[str, str]:
    """Tell which message this task handles; nothing outside of one."""
    claim = _handled.get()
    return about(claim) if claim else {}
