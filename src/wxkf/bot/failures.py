"""What could not be said to a customer, and what is said instead when a handler has failed for good."""

from dataclasses import dataclass

import msgspec

from wxkf.bot.history import words_of
from wxkf.engine.values import Claim, Step
from wxkf.errors import ApiError
from wxkf.errors.codes import fail_types
from wxkf.messages.events import MsgSendFail

SORRY = "抱歉，刚才出了点问题，请稍后再试一次。"
SORRY_HANDED = "抱歉，刚才出了点问题，正在为您转接人工。"
_UNNAMED = "the platform gives no reason that is documented"


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that did not reach the customer.

    `msgid` is that of the answer, "" where it is not known; `text` what it said, as far as this inbox has it; `code`
    an errcode, or with `later` a fail_type: then the platform had taken it and told afterwards. `reason` says what it
    means, `remedy` what to do ("" where there is nothing). It is never sent again by itself.
    """

    open_kfid: str
    external_userid: str
    msgid: str
    text: str
    code: int
    reason: str
    remedy: str = ""
    later: bool = False


def of_error(claim: Claim, error: ApiError, *, msgid: str = "", text: str = "") -> Failure:
    """Describe what could not be said."""
    return Failure(claim.open_kfid, claim.external_userid, msgid, text, error.errcode, error.meaning, error.remedy)


def of_refusal(claim: Claim, step: Step, error: ApiError) -> Failure:
    """Describe an answer that the platform has refused."""
    msgid = str(msgspec.json.decode(step.body).get("msgid", ""))
    return of_error(claim, error, msgid=msgid, text=words_of(step.body))


def of_event(event: MsgSendFail, text: str) -> Failure:
    """Describe an answer that was taken and not delivered."""
    known = fail_types().get(event.fail_type)
    reason, remedy = (known.meaning.en, known.remedy.en) if known else (_UNNAMED, "")
    return Failure(
        event.open_kfid, event.external_userid, event.fail_msgid, text, event.fail_type, reason, remedy, later=True
    )
