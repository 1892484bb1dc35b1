"""What an app says to a customer: send_msg and send_msg_on_event (platform.md 7, 8).

The real order of the checks is not published. Each is one function, and `Settings.send_checks` puts them in order.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from wxkf.sim.endpoints.lookups import customer_of, managed_account_of
from wxkf.sim.endpoints.outbound import read_message
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.fields import Fields
from wxkf.sim.refusal import Refusal
from wxkf.sim.sessions import Conversation
from wxkf.sim.settings import MEDIA_LIFE, SENDS_PER_MESSAGE, Check
from wxkf.sim.values import Json
from wxkf.sim.world import Account, World

_MSGID = re.compile(r"[0-9a-zA-Z_-]{1,32}")
SENDABLE_STATES = frozenset({0, 1})


@dataclass(frozen=True, slots=True)
class _Draft:
    account: Account
    conversation: Conversation
    msgtype: str
    body: Json
    msgid: str  # "" lets the platform make one


@endpoint("POST", "kf/send_msg")
def send_msg(call: Call) -> Json:
    """Send into an open window and session; the session goes from 0 to 1."""
    world, fields, account = call.world, call.fields, managed_account_of(call)
    customer = customer_of(call, "touser")
    draft = _draft(account, account.conversation(customer.external_userid), fields, *read_message(fields))
    for check in world.settings.send_checks:
        _CHECKS[check](world, draft)
    draft.conversation.sent += 1
    draft.conversation.move("account_sent", world.now())
    return _deliver(call, draft)


@endpoint("POST", "kf/send_msg_on_event")
def send_msg_on_event(call: Call) -> Json:
    """Send once by an event's code; neither window, quota nor state matter to a welcome."""
    world, fields = call.world, call.fields
    given = fields.text("code", required=True, missing=world.settings.missing_code)
    code = world.codes.get(given)
    if code is None or world.now() > code.expires_at:
        raise Refusal(world.settings.bad_code)
    msgtype, body = read_message(fields, code.msgtypes)
    account = world.accounts[code.open_kfid]
    draft = _draft(account, account.conversation(code.external_userid), fields, msgtype, body)
    _msgid_is_new(world, draft)
    del world.codes[given]
    draft.conversation.welcomed_at = world.now()
    return _deliver(call, draft)


def _draft(account: Account, conversation: Conversation, fields: Fields, msgtype: str, body: Json) -> _Draft:
    msgid = fields.text("msgid")
    if msgid and not _MSGID.fullmatch(msgid):
        raise Refusal(40058, "msgid must be 1 to 32 of 0-9 a-z A-Z _ -")
    return _Draft(account, conversation, msgtype, body, msgid)


def _deliver(call: Call, draft: _Draft) -> Json:
    world = call.world
    msgid = draft.msgid or world.ids.word(32)
    draft.account.msgids.add(msgid)
    if fault := world.strike(call.path, "send_fail"):
        fail_send(world, draft.account, draft.conversation, msgid, fault.fail_type)
    else:
        world.show(draft.conversation, "account", draft.msgtype, draft.body, msgid)
    return {"msgid": msgid}


def fail_send(world: World, account: Account, conversation: Conversation, msgid: str, fail_type: int) -> None:
    """Say afterwards that a message which was accepted has not arrived (6.4)."""
    event: Json = {
        "event_type": "msg_send_fail",
        "open_kfid": account.open_kfid,
        "external_userid": conversation.external_userid,
        "fail_msgid": msgid,
        "fail_type": fail_type,
    }
    head: Json = {"msgid": world.ids.word(32), "send_time": int(world.now()), "origin": 4, "msgtype": "event"}
    world.land(account, head | {"event": event})


def _msgid_is_new(world: World, draft: _Draft) -> None:
    if draft.msgid in draft.account.msgids:
        raise Refusal(95033)
    if draft.msgid and world.settings.refused_msgid_is_spent:
        draft.account.msgids.add(draft.msgid)


def _media_is_alive(world: World, draft: _Draft) -> None:
    media_id = draft.body.get("media_id")
    media = world.media.get(media_id) if isinstance(media_id, str) else None
    if media_id is not None and (media is None or world.now() - media.at > MEDIA_LIFE):
        raise Refusal(40007)


def _window_is_open(world: World, draft: _Draft) -> None:
    if draft.conversation.last_customer_at is None:
        raise Refusal(world.settings.never_consulted)
    if not draft.conversation.wrote_lately(world.now()):
        raise Refusal(95002)


def _quota_is_left(_world: World, draft: _Draft) -> None:
    if draft.conversation.sent >= SENDS_PER_MESSAGE:
        raise Refusal(95001)


def _state_allows(world: World, draft: _Draft) -> None:
    state = draft.conversation.state(world.now())
    if state not in SENDABLE_STATES:
        raise Refusal(world.settings.ended_session if state == 4 else 95018)


_CHECKS: dict[Check, Callable[[World, _Draft], None]] = {
    "msgid": _msgid_is_new,
    "media": _media_is_alive,
    "window": _window_is_open,
    "quota": _quota_is_left,
    "state": _state_allows,
}
