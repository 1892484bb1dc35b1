"""What enters an account's stream: messages of customers and of servicers, and events (platform.md 6.2 to 6.4)."""

from typing import Literal

from wxkf.sim.sessions import Conversation
from wxkf.sim.values import Json, Who
from wxkf.sim.world import Account, World

_CUSTOMER, _SYSTEM, _SERVICER = 3, 4, 5  # `origin`
EventType = Literal[
    "enter_session",
    "msg_send_fail",
    "servicer_status_change",
    "session_status_change",
    "user_recall_msg",
    "servicer_recall_msg",
    "reject_customer_msg_switch_change",
]
EMITTERS: dict[EventType, tuple[str, ...]] = {
    "enter_session": ("customers/enter",),
    "user_recall_msg": ("customers/recall",),
    "session_status_change": ("staff/accept", "staff/transfer", "staff/end", "staff/say"),
    "servicer_status_change": ("staff/set_status",),
    "servicer_recall_msg": ("staff/recall",),
    "reject_customer_msg_switch_change": ("staff/reject",),
    "msg_send_fail": (),
}
"""The actions that emit each event; without one it is the platform itself. No API call emits any of the others."""


def land_event(world: World, account: Account, event_type: EventType, facts: Json) -> None:
    """Append an event; its ids stand inside `event`."""
    head: Json = {"msgid": world.ids.word(32), "send_time": int(world.now()), "origin": _SYSTEM, "msgtype": "event"}
    event: Json = {"event_type": event_type, "open_kfid": account.open_kfid}
    world.land(account, head | {"event": event | facts})


def land_message(
    world: World, account: Account, conversation: Conversation, msgtype: str, body: Json, *, servicer_userid: str = ""
) -> str:
    """Show a message on the phone and append it, the customer's or a servicer's. Returns its msgid."""
    msgid = world.ids.word(32)
    serving = servicer_userid or conversation.servicer(world.now())
    who: Who = "staff" if servicer_userid else "customer"
    world.show(conversation, who, msgtype, body, msgid, servicer_userid=servicer_userid)
    item: Json = {
        "msgid": msgid,
        "open_kfid": account.open_kfid,
        "external_userid": conversation.external_userid,
        "send_time": int(world.now()),
        "origin": _SERVICER if servicer_userid else _CUSTOMER,
    }
    if servicer_userid:
        item["servicer_userid"] = servicer_userid
    world.count("servicer_replied" if servicer_userid else "customer_wrote", conversation, serving)
    world.land(account, item | {"msgtype": msgtype, msgtype: body})
    return msgid
