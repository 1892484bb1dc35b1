"""Who serves an account: servicer/add, del and list (platform.md 3); they are taken from the corp's members."""

from collections.abc import Callable
from dataclasses import dataclass

from wxkf.sim.fields import Fields
from wxkf.sim.lookups import managed_account_of, named_account
from wxkf.sim.refusal import Refusal, text_of
from wxkf.sim.values import Answer, Json, Request
from wxkf.sim.world import Account, Member, Servicer, World

_USERS_A_CALL = _DEPARTMENTS_REMOVED = 100
_DEPARTMENTS_ADDED = _DEPARTMENTS = 20
_USERS = 2_000
_IGNORED, _SUCCESS = "ignored", "success"


@dataclass(frozen=True, slots=True)
class _Asked:
    account: Account
    users: list[str]
    departments: list[int]


def servicer_add(world: World, fields: Fields) -> Json:
    """Let members and departments serve; who is there already is `ignored`."""
    asked = _asked(world, fields, _DEPARTMENTS_ADDED)
    account = asked.account
    _mind_the_range(world, account, asked.users)
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

    return _results(world, asked, user, department)


def servicer_del(world: World, fields: Fields) -> Json:
    """Let members and departments serve no longer; who was not there is `ignored`."""
    asked = _asked(world, fields, _DEPARTMENTS_REMOVED)
    account = asked.account
    _mind_the_range(world, account, asked.users)

    def user(userid: str) -> str:
        return _SUCCESS if account.servicers.pop(userid, None) else _IGNORED

    def department(number: int) -> str:
        known = number in account.departments
        account.departments.discard(number)
        return _SUCCESS if known else _IGNORED

    return _results(world, asked, user, department)


def servicer_list(world: World, request: Request) -> Answer:
    """List who serves; their status only where the app manages the account."""
    account = named_account(world, request.query.get("open_kfid", ""), missing=60251, illegal=60252)
    rows: list[Json] = [
        {"userid": userid, **({"status": row.status, "stop_type": row.stop_type} if account.managed else {})}
        for userid, row in account.servicers.items()
    ]
    rows += [{"department_id": number} for number in sorted(account.departments)]
    return Answer({"errcode": 0, "errmsg": "ok", "servicer_list": rows})


def _asked(world: World, fields: Fields, departments: int) -> _Asked:
    account = managed_account_of(world, fields)
    users = [one for one in fields.items("userid_list", _USERS_A_CALL, long=40032) if isinstance(one, str)]
    numbers = [one for one in fields.items("department_id_list", departments, long=40032) if isinstance(one, int)]
    if not users and not numbers:
        raise Refusal(40058, "userid_list and department_id_list missing")
    return _Asked(account, users, numbers)


def _results(world: World, asked: _Asked, user: Callable[[str], str], department: Callable[[int], str]) -> Json:
    rows: list[Json] = [{"userid": one, **_result(_fault(world, one), user, one)} for one in asked.users]
    rows += [{"department_id": one, "errcode": 0, "errmsg": department(one)} for one in asked.departments]
    return {"result_list": rows}


def _result(errcode: int, change: Callable[[str], str], userid: str) -> Json:
    return {"errcode": errcode, "errmsg": text_of(errcode) if errcode else change(userid)}


def _mind_the_range(world: World, account: Account, users: list[str]) -> None:
    """Refuse the whole call for one who is out of range, where that is the rule."""
    if world.settings.out_of_range == "call":
        everyone = (world.members.get(userid) for userid in (*account.servicers, *users))
        if not all(member is None or member.visible for member in everyone):
            raise Refusal(60030)


def _fault(world: World, userid: str) -> int:
    """Tell why a member may not serve; 0 if they may. A table read from the top."""
    member = world.members.get(userid, Member(exists=False))
    rows = ((member.exists, 60111), (member.visible, 60030), (member.active, 95014), (member.licensed, 701008))
    return next((errcode for fine, errcode in rows if not fine), 0)
