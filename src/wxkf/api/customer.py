"""Customers (客户), and the upgrade service (升级服务)."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from msgspec.structs import force_setattr

from wxkf.api.fields import CUSTOMERS, OPEN_KFID
from wxkf.api.resource import Emit, M, Pages, Resource, endpoint, paged
from wxkf.messages.answer import Answer, Part
from wxkf.messages.events import WechatChannels
from wxkf.protocol.call import Call, get, post
from wxkf.protocol.limits import AllOf, Needs, OneOf

_SLICE = 100


class EnterSessionContext(Part, frozen=True, kw_only=True):
    """How the customer last came in, within 48 hours."""

    scene: str = ""
    scene_param: str = ""
    wechat_channels: WechatChannels | None = None


class Customer(Part, frozen=True, kw_only=True):
    """A customer. `gender` is 0 unknown, 1 male, 2 female; avatar, gender and unionid are not for providers' apps."""

    external_userid: str
    nickname: str = ""
    avatar: str = ""
    gender: int = 0
    unionid: str = ""
    enter_session_context: EnterSessionContext | None = None


class Customers(Answer, frozen=True, kw_only=True):
    """Who was active within 48 hours; the others stand in `invalid_external_userid`."""

    customer_list: tuple[Customer, ...] = ()
    invalid_external_userid: tuple[str, ...] = ()


class MemberRange(Part, frozen=True, kw_only=True):
    """Members and departments a customer can be handed to; both spellings of the second are read."""

    userid_list: tuple[str, ...] = ()
    department_id_list: tuple[int, ...] = ()
    department_list: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Let either spelling answer for the other."""
        found = self.department_id_list or self.department_list
        for name in ("department_id_list", "department_list"):
            force_setattr(self, name, found)


class GroupchatRange(Part, frozen=True, kw_only=True):
    """Group chats a customer can be handed to."""

    chat_id_list: tuple[str, ...] = ()


class UpgradeServiceConfig(Answer, frozen=True, kw_only=True):
    """What the console allows for the upgrade service."""

    member_range: MemberRange = MemberRange()
    groupchat_range: GroupchatRange = GroupchatRange()


class MemberTarget(TypedDict):
    """The member a customer is to be handed to, and the words of the hint."""

    userid: str
    wording: NotRequired[str]


class GroupchatTarget(TypedDict):
    """The group chat a customer is to be handed to, and the words of the hint."""

    chat_id: str
    wording: NotRequired[str]


class CustomerResource(Resource[M]):
    """`kf/customer/...`."""

    @endpoint
    def batchget(
        self, *, external_userid_list: Sequence[str], need_enter_session_context: int | None = None
    ) -> Call[Customers]:
        """Read up to 100 customers who were active with this app within 48 hours (获取客户基础信息).

        The others are listed in `invalid_external_userid`. `need_enter_session_context` is 0 or 1. Page 95159.
        """
        fields = {
            "external_userid_list": external_userid_list,
            "need_enter_session_context": need_enter_session_context,
        }
        limits = {"external_userid_list": CUSTOMERS, "need_enter_session_context": OneOf((0, 1))}
        return post("kf/customer/batchget", Customers, repeat="safe", fields=fields, limits=limits)

    @paged
    def iter(
        self, *, external_userid_list: Sequence[str], need_enter_session_context: int | None = None
    ) -> Pages[Customer]:
        """Read any number of customers, a hundred a call; those not active within 48 hours are left out."""
        for start in range(0, len(external_userid_list), _SLICE):
            fields = {
                "external_userid_list": external_userid_list[start : start + _SLICE],
                "need_enter_session_context": need_enter_session_context,
            }
            page = yield post("kf/customer/batchget", Customers, repeat="safe", fields=fields)
            yield Emit(page.customer_list)

    @endpoint
    def get_upgrade_service_config(self) -> Call[UpgradeServiceConfig]:
        """Read which members and group chats customers may be handed to (获取配置的专员与客户群).

        Not in standalone mode. Page 94674.
        """
        return get("kf/customer/get_upgrade_service_config", UpgradeServiceConfig)

    @endpoint
    def upgrade_service(
        self,
        *,
        open_kfid: str,
        external_userid: str,
        type: int,
        member: MemberTarget | None = None,
        groupchat: GroupchatTarget | None = None,
    ) -> Call[Answer]:
        """Suggest to the servicer to hand a customer to a member or a group (为客户升级为专员或客户群服务).

        `type` 1 with `member={"userid": …, "wording": …}`, 2 with `groupchat={"chat_id": …, "wording": …}`; `wording`
        is optional. Sends nothing to the customer. Not in standalone mode. Errors 95021, 95015, 60030, 701008.
        Page 94674.
        """
        fields = {
            "open_kfid": open_kfid,
            "external_userid": external_userid,
            "type": type,
            "member": member,
            "groupchat": groupchat,
        }
        target = AllOf((Needs("member", when="type", equals=1), Needs("groupchat", when="type", equals=2)))
        limits = {**OPEN_KFID, "type": OneOf((1, 2)), "": target}
        return post("kf/customer/upgrade_service", Answer, repeat="safe", fields=fields, limits=limits)

    @endpoint
    def cancel_upgrade_service(self, *, open_kfid: str, external_userid: str) -> Call[Answer]:
        """Take the suggestion back (为客户取消推荐). Not in standalone mode. Page 94674."""
        fields = {"open_kfid": open_kfid, "external_userid": external_userid}
        return post("kf/customer/cancel_upgrade_service", Answer, repeat="safe", fields=fields, limits=OPEN_KFID)
