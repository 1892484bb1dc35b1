"""The accounts, and who serves them.

That nobody serves is advice, never red: a bot with nobody behind it is a sound set-up, and the doctor cannot know
whether yours hands over.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from wxkf.api.servicer import Servicer
from wxkf.cli.doctor.found import Asked, Desk
from wxkf.cli.doctor.gate import GATES, blamed
from wxkf.cli.doctor.line import Line, advice, after, fault, fine, joined, refused, skipped, unanswered
from wxkf.cli.doctor.words import say
from wxkf.errors import ApiError, WxkfError, codes
from wxkf.errors.codes import Words

_NAMED: Final = 5
_NOT_ASSIGNED: Final = 48007
_NO_SUCH_API: Final = (48002, 48005)


def people(asked: Asked) -> list[Line]:
    """Give the lines on accounts, visible range and staff."""
    first = judge_accounts(asked)
    if not first.ok:
        cause = first.check if first.ok is False else blamed(asked) or "network"
        return [first, after("servicers", cause), after("staff", cause)]
    return [first, *map(judge_range, asked.desks), judge_staff(asked.desks)]


def judge_accounts(asked: Asked) -> Line:
    """See whether there is an account that the app may act for."""
    if asked.accounts is None:
        shut = blamed(asked) or "network"
        if shut in GATES or not isinstance(asked.error, ApiError):
            return after("accounts", shut)
        return refused("accounts", asked.error.errcode)
    if not asked.accounts:
        return fault("accounts", "accounts.none")
    managed = [account for account in asked.accounts if account.manage_privilege]
    values = {"count": len(managed), "total": len(asked.accounts)}
    if managed:
        return fine("accounts", "accounts.fine", names=_names([account.name for account in managed]), **values)
    said = say("accounts.unmanaged", names=_names([account.name for account in asked.accounts]), **values)
    code = codes.find(_NOT_ASSIGNED)
    return Line("accounts", False, said, code.cause, code.remedy)


def judge_range(desk: Desk) -> Line:
    """See whether the app may see everyone who serves an account."""
    check, account = "servicers", desk.account.name
    if desk.list_error is not None:
        return _unread(desk, desk.list_error)
    if desk.results is None:
        return skipped(check, "skip.probe", account=account)
    if isinstance(desk.probe_error, ApiError):
        code = codes.find(desk.probe_error.errcode)
        values = {"account": account, "meaning": code.meaning, "count": len(desk.users)}
        return refused(check, code.number, say("servicers.call", **values))
    if not desk.users:
        return skipped(check, "skip.nobody", account=account)
    bad = {userid: codes.find(errcode) for userid, errcode in desk.results.items() if errcode}
    if not bad:
        return fine(check, "servicers.fine", account=account, count=len(desk.users))
    rows = [say("servicers.row", userid=user, code=code.number, meaning=code.meaning) for user, code in bad.items()]
    kinds = {code.number: code for code in bad.values()}.values()
    return Line(
        check,
        False,
        say("servicers.bad", account=account, rows=joined(rows, ("; ", "；"))),
        joined([code.cause for code in kinds]),
        joined([code.remedy for code in kinds]),
        next(iter(kinds)).number,
    )


def judge_staff(desks: Sequence[Desk]) -> Line:
    """Count who would take a session that is handed over."""
    read = [desk for desk in desks if desk.list_error is None]
    if not read:
        return after("staff", "servicers")
    rows = [row for desk in read for row in desk.rows]
    users = {row.userid: row for row in sorted(rows, key=_less_on_duty) if row.userid}.values()
    departments = len({row.department_id for row in rows if not row.userid})
    counts = {
        "serving": sum(not row.status for row in users),
        "suspended": sum(row.status == 1 and row.stop_type == 1 for row in users),
        "stopped": sum(row.status == 1 and row.stop_type != 1 for row in users),
    }
    if departments:
        return fine("staff", "staff.departments", departments=departments, **counts)
    if counts["serving"]:
        return fine("staff", "staff.fine", **counts)
    return advice("staff", "staff.idle" if users else "staff.nobody", **counts)


def _less_on_duty(row: Servicer) -> bool:
    """Put those who serve last: who serves one account of several serves."""
    return not row.status


def _unread(desk: Desk, error: WxkfError) -> Line:
    account = desk.account.name
    if not isinstance(error, ApiError):
        line = unanswered("servicers", error, say("servicers.lost.again"))
        return replace(line, found=say("servicers.lost", account=account, meaning=line.found))
    if error.errcode in _NO_SUCH_API:
        return skipped("servicers", "skip.standalone", account=account)
    return refused("servicers", error.errcode, say("servicers.unread", account=account, meaning=error.code.meaning))


def _names(names: Sequence[str]) -> Words:
    shown = "、".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
    return Words(shown.replace("、", ", "), shown)
