"""Servicers (接待人员): who answers for an account."""

from collections.abc import Sequence

from msgspec.structs import replace

from wxkf.api.fields import OPEN_KFID
from wxkf.api.resource import M, Resource, endpoint
from wxkf.messages.answer import Answer, Part
from wxkf.protocol.call import Call, get, post
from wxkf.protocol.limits import AtLeastOne, Items


class ServicerResult(Part, frozen=True, kw_only=True):
    """What became of one member or department; `errmsg` "ignored" means there was nothing to do."""

    userid: str = ""
    department_id: int = 0
    errcode: int = 0
    errmsg: str = ""


class ServicerResults(Answer, frozen=True, kw_only=True):
    """One result for each member and department that was named."""

    result_list: tuple[ServicerResult, ...] = ()


class Servicer(Part, frozen=True, kw_only=True):
    """A member (with `userid`) or a department. `status` 0 serves, 1 stopped; `stop_type` 0 stopped, 1 suspended.

    The event `ServicerStatusChange` counts otherwise: 1 serves, 2 stopped.
    """

    userid: str = ""
    status: int | None = None
    stop_type: int | None = None
    department_id: int = 0


class ServicerList(Answer, frozen=True, kw_only=True):
    """The servicers of an account; departments are not expanded."""

    servicer_list: tuple[Servicer, ...] = ()


class ServicerResource(Resource[M]):
    """`kf/servicer/...`. Not in standalone mode."""

    @endpoint
    def add(
        self,
        *,
        open_kfid: str,
        userid_list: Sequence[str] | None = None,
        department_id_list: Sequence[int] | None = None,
    ) -> Call[ServicerResults]:
        """Let members and departments serve an account (添加接待人员).

        Up to 100 members and 100 departments a call (the newest page says 20), at least one of either; an account
        holds 2000 members and 20 departments (95020). 701008 in a result: no licence. Page 94646.
        """
        return _change("kf/servicer/add", open_kfid, userid_list, department_id_list)

    @endpoint
    def del_(
        self,
        *,
        open_kfid: str,
        userid_list: Sequence[str] | None = None,
        department_id_list: Sequence[int] | None = None,
    ) -> Call[ServicerResults]:
        """Let members and departments serve no longer, up to 100 of each a call (删除接待人员). Page 94647."""
        return _change("kf/servicer/del", open_kfid, userid_list, department_id_list)

    @endpoint
    def list(self, *, open_kfid: str) -> Call[ServicerList]:
        """List who serves an account (获取接待人员列表).

        Status only where this app manages the account. Errors 60251, 60252, 60030. Page 94645.
        """
        return replace(get("kf/servicer/list", ServicerList, open_kfid=open_kfid), limits=OPEN_KFID)


def _change(
    path: str, open_kfid: str, userid_list: Sequence[str] | None, department_id_list: Sequence[int] | None
) -> Call[ServicerResults]:
    fields = {"open_kfid": open_kfid, "userid_list": userid_list, "department_id_list": department_id_list}
    either = AtLeastOne(("userid_list", "department_id_list"))
    limits = {**OPEN_KFID, "userid_list": Items(100), "department_id_list": Items(100), "": either}
    return post(path, ServicerResults, repeat="safe", fields=fields, limits=limits)
