"""Who serves a session: service_state/get and trans (platform.md 4.2, 4.3)."""

from wxkf.sim.codes import code_for_state
from wxkf.sim.endpoints.lookups import customer_of, lacks_licence, managed_account_of
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.refusal import Refusal
from wxkf.sim.sessions import Conversation
from wxkf.sim.values import Json
from wxkf.sim.world import Account, Member, Servicer

_ID_MAX = 64
_ENDED, _WITH_A_PERSON = 4, 3


@endpoint("POST", "kf/service_state/get")
def service_state_get(call: Call) -> Json:
    """Tell a session's state, and who serves it in state 3."""
    chat = _chat_of(call, managed_account_of(call))
    return {"service_state": chat.state(call.now), "servicer_userid": chat.servicer(call.now)}


@endpoint("POST", "kf/service_state/trans")
def service_state_trans(call: Call) -> Json:
    """Move a session; the way into 2 and 3 the first time, and into 4, brings a code."""
    account = managed_account_of(call)
    chat = _chat_of(call, account)
    wanted = _wanted(call)
    servicer_userid = _servicer_of(call) if wanted == _WITH_A_PERSON else ""
    state = chat.state(call.now)
    if (state, wanted) not in call.world.settings.transitions:
        raise Refusal(95013 if state == _ENDED else 95016, f"{state} to {wanted}")
    if wanted == _WITH_A_PERSON:
        _mind_the_servicer(call, account, servicer_userid)
        if servicer_userid == chat.servicer(call.now):
            raise Refusal(95016, "this servicer has the session already")
    chat.put(wanted, servicer_userid)
    if wanted == _WITH_A_PERSON:
        call.world.count("assigned", chat, servicer_userid)
    code = code_for_state(call.world, chat, wanted)
    return {"msg_code": code} if code else {}


def _chat_of(call: Call, account: Account) -> Conversation:
    return account.conversation(customer_of(call, "external_userid").external_userid)


def _wanted(call: Call) -> int:
    if call.fields.values.get("service_state") is None:
        raise Refusal(40058, "service_state missing")
    return call.fields.number("service_state", 0, 0, 4)


def _servicer_of(call: Call) -> str:
    missing = call.world.settings.missing_servicer
    return call.fields.text("servicer_userid", required=True, limit=_ID_MAX, missing=missing)


def _mind_the_servicer(call: Call, account: Account, userid: str) -> None:
    """Refuse somebody who cannot take a session. A table read from the top."""
    member = call.corp.members.get(userid, Member(exists=False))
    row = account.servicers.get(userid, Servicer())
    rows = (
        (member.visible, 60030),
        (member.exists and userid in account.servicers, 95014),
        (member.active, 95014),
        (not lacks_licence(call, member), 701008),
        (row.status == 0, 95019),
    )
    errcode = next((errcode for fine, errcode in rows if not fine), 0)
    if errcode:
        raise Refusal(errcode, userid[:64])
