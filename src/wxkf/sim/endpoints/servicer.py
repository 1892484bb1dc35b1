"""Who serves an account: servicer/add, del and list (platform.md 3); they are taken from the corp's members."""

from collections.abc import Callable
from dataclasses import dataclass

from wxkf.sim.endpoints.lookups import account_of, lacks_licence, managed_account_of
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.refusal import Refusal, text_of
from wxkf.sim.values import Json
from wxkf.sim.world import Account, Member, Servicer

_USERS_A_CALL = _DEPARTMENTS_REMOVED = 100
_DEPARTMENTS_ADDED = _DEPARTMENTS = 20
_USERS = 2_000
_IGNORED, _SUCCESS = "ignored", "success"


@dataclass(frozen=True, slots=True)
class _Asked:
    account: Account
    users: list[str]
    departments: list[int]


@endpoint("POST", "kf/servicer/add")
def servicer_add(call: Call) -> Json:
    """Let members and departments serve; who is there already is `ignored`."""
    asked = _asked(call, _DEPARTMENTS_ADDED)
    account = asked.account
    _mind_the_range(call, account, asked.users)
    if (
        len({*account.servicers, *asked.users}) > _USERS
        or len({*account.departments, *asked.departments}) > _DEPARTMENTS
    ):
        raise Refusal(95020)

    def user(userid: str) -> str:
        known = userid in account.servicers
        account.servicers.setdefault(userid, Servicer())
        return _IGNORED if known else _SUCCESS

    def department(number: int) -> str:
        known = number in account.departments
        account.departments.add(number)
        return _IGNORED if known else _SUCCESS

    return _results(call, asked, user, department)


@endpoint("POST", "kf/servicer/del")
def servicer_del(call: Call) -> Json:
    """Let members and departments serve no longer; who was not there is `ignored`."""
    asked = _asked(call, _DEPARTMENTS_REMOVED)
    account = asked.account
    _mind_the_range(call, account, asked.users)

    def user(userid: str) -> str:
        return _SUCCESS if account.servicers.pop(userid, None) else _IGNORED

    def department(number: int) -> str:
        known = number in account.departments
        account.departments.discard(number)
        return _SUCCESS if known else _IGNORED

    return _results(call, asked, user, department)


@endpoint("GET", "kf/servicer/list")
def servicer_list(call: Call) -> Json:
    """List who serves; their status only where the app manages the account."""
    account = account_of(call, missing=60251, illegal=60252)
    managed = call.app.agent_id in account.managers
    rows: list[Json] = [
        {"userid": userid, **({"status": row.status, "stop_type": row.stop_type} if managed else {})}
        for userid, row in account.servicers.items()
    ]
    rows += [{"department_id": number} for number in sorted(account.departments)]
    return {"servicer_list": rows}


def _asked(call: Call, departments: int) -> _Asked:
    account = managed_account_of(call)
    users = [one for one in call.fields.items("userid_list", _USERS_A_CALL, long=40032) if isinstance(one, str)]
    numbers = [one for one in call.fields.items("department_id_list", departments, long=40032) if isinstance(one, int)]
    if not users and not numbers:
        raise Refusal(40058, "userid_list and department_id_list missing")
    return _Asked(account, users, numbers)


def _results(call: Call, asked: _Asked, user: Callable[[str], str], department: Callable[[int], str]) -> Json:
    rows: list[Json] = [{"userid": one, **_result(_fault(call, one), user, one)} for one in asked.users]
    rows += [{"department_id": one, "errcode": 0, "errmsg": department(one)} for one in asked.departments]
    return {"result_list": rows}


def _result(errcode: int, change: Callable[[str], str], userid: str) -> Json:
    return {"errcode": errcode, "errmsg": text_of(errcode) if errcode else change(userid)}


def _mind_the_range(call: Call, account: Account, users: list[str]) -> None:
    """Refuse the whole call for one who is out of range, where that is the rule."""
    if call.world.settings.out_of_range == "call":
        everyone = (call.corp.members.get(userid) for userid in (*account.servicers, *users))
        if not all(member is None or member.visible for member in everyone):
            raise Refusal(60030)


def _fault(call: Call, userid: str) -> int:
    """Tell why a member may not serve; 0 if they may. A table read from the top."""
    member = call.corp.members.get(userid, Member(exists=False))
    rows = (
        (member.exists, 60111),
        (member.visible, 60030),
        (member.active, 95014),
        (not lacks_licence(call, member), 701008),
    )
    return next((errcode for fine, errcode in rows if not fine), 0)
