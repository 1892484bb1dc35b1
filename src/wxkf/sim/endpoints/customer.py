"""What an app learns of customers, and leading them on to a member or a group (platform.md 10, 11)."""

from wxkf.sim.endpoints.lookups import customer_of, managed_account_of
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.fields import Fields
from wxkf.sim.refusal import Refusal
from wxkf.sim.sessions import Conversation, lately
from wxkf.sim.values import Json
from wxkf.sim.world import Customer, Member

_MEMBER, _GROUPCHAT = 1, 2
_PROVIDERS = frozenset({"third_party", "customized"})  # such apps are not told who a customer is
_A_CALL = 100


@endpoint("POST", "kf/customer/batchget")
def batchget(call: Call) -> Json:
    """Tell who the customers are that were here within 48 hours; all others are listed as invalid."""
    wanted = call.fields.items("external_userid_list", _A_CALL, long=40035)
    if not wanted:
        raise Refusal(40058, "external_userid_list missing")
    with_context = call.fields.number("need_enter_session_context", 0, 0, 1)
    rows, invalid = list[Json](), list[str]()
    for one in dict.fromkeys(str(one) for one in wanted):
        chats = _recent_chats(call, one)
        if chats:
            rows.append(_row(call, call.world.customers[one], chats, context=bool(with_context)))
        else:
            invalid.append(one)
    return {"customer_list": rows, "invalid_external_userid": invalid}


@endpoint("GET", "kf/customer/get_upgrade_service_config")
def get_upgrade_service_config(call: Call) -> Json:
    """Tell to whom customers may be led on."""
    upgrade = call.corp.upgrade
    return {
        "member_range": {"userid_list": upgrade.userids, "department_id_list": upgrade.departments},
        "groupchat_range": {"chat_id_list": upgrade.chats},
    }


@endpoint("POST", "kf/customer/upgrade_service")
def upgrade_service(call: Call) -> Json:
    """Suggest a member or a group to whoever serves a customer; sends nothing."""
    account = managed_account_of(call)
    customer = customer_of(call, "external_userid")
    kind = call.fields.number("type", 0, _MEMBER, _GROUPCHAT)
    if call.corp.upgrade.exclusive:
        raise Refusal(95015)
    chat = account.conversation(customer.external_userid)
    if kind == _MEMBER:
        _mind_the_member(call, call.fields.table("member"))
    else:
        chat_id = call.fields.table("groupchat").text("chat_id", required=True)
        if chat_id not in call.corp.upgrade.chats:
            raise Refusal(95021)
    call.world.count("member_offered" if kind == _MEMBER else "groupchat_offered", chat, chat.servicer(call.now))
    return {}


@endpoint("POST", "kf/customer/cancel_upgrade_service")
def cancel_upgrade_service(call: Call) -> Json:
    """Take the suggestion back; none is fine too."""
    managed_account_of(call)
    customer_of(call, "external_userid")
    return {}


def _mind_the_member(call: Call, given: Fields) -> None:
    userid = given.text("userid", required=True)
    member = call.corp.members.get(userid, Member(exists=False))
    if userid not in call.corp.upgrade.userids:
        raise Refusal(95021)
    rows = ((member.exists, 60111), (member.visible, 60030), (member.licensed, 701008))
    if errcode := next((errcode for fine, errcode in rows if not fine), 0):
        raise Refusal(errcode, userid[:64])


def _recent_chats(call: Call, external_userid: str) -> list[Conversation]:
    """Find a customer's chats with this app's accounts within 48 hours."""
    mine = (one for one in call.world.accounts.values() if call.app.agent_id in one.managers)
    chats = (account.conversations.get(external_userid) for account in mine)
    return [chat for chat in chats if chat and (chat.wrote_lately(call.now) or lately(chat.entered_at, call.now))]


def _row(call: Call, customer: Customer, chats: list[Conversation], *, context: bool) -> Json:
    row: Json = {"external_userid": customer.external_userid, "nickname": customer.nickname, "gender": customer.gender}
    if call.app.switches.app_kind in _PROVIDERS:
        row["gender"] = 0
    else:
        row["avatar"] = customer.avatar or f"https://sim.invalid/avatar/{customer.external_userid}"
        if customer.unionid:
            row["unionid"] = customer.unionid
    entered = max((chat for chat in chats if lately(chat.entered_at, call.now)), key=_entered, default=None)
    if context and entered is not None:
        row["enter_session_context"] = entered.entry
    return row


def _entered(chat: Conversation) -> float:
    return chat.entered_at or 0.0
