"""What an app says to a customer, and takes back: send_msg, send_msg_on_event, recall_msg (platform.md 7, 8, 9)."""

import re

from wxkf.sim.arrival import deliver
from wxkf.sim.codes import RIGHTS, may_still_speak
from wxkf.sim.endpoints.checks import CHECKS, Draft, msgid_is_new
from wxkf.sim.endpoints.lookups import customer_of, managed_account_of
from wxkf.sim.endpoints.outbound import CODE_MESSAGES, MESSAGES, read_message
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.fields import Fields
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import RECALL_LIFE
from wxkf.sim.values import Json
from wxkf.sim.world import Account, Code, World

_MSGID = re.compile(r"[0-9a-zA-Z_-]{1,32}")
_CARD = "business_card"


@endpoint("POST", "kf/send_msg")
def send_msg(call: Call) -> Json:
    """Send into an open window and session; the session goes from 0 to 1."""
    world, fields, account = call.world, call.fields, managed_account_of(call)
    chat = account.conversation(customer_of(call, "touser").external_userid)
    mode = call.app.switches.mode
    types = MESSAGES if mode in world.settings.business_card_in else MESSAGES - {_CARD}
    msgtype, body = read_message(fields, types)
    _mind_the_miniprogram(world, msgtype, body)
    draft = Draft(account, chat, msgtype, body, _msgid_of(fields), mode)
    for check in world.settings.send_checks:
        CHECKS[check](world, draft)
    chat.sent += 1
    chat.move("account_sent", world.now())
    world.count("assistant_replied", chat)
    if msgtype == _CARD:
        chat.carded_at = world.now()
    return _deliver(call, draft, chat.external_userid)


@endpoint("POST", "kf/send_msg_on_event")
def send_msg_on_event(call: Call) -> Json:
    """Send once by an event's code; neither window nor quota matter."""
    world, fields = call.world, call.fields
    given = fields.text("code", required=True, missing=world.settings.missing_code)
    code, account = _code_of(call, given)
    chat = account.conversation(code.external_userid)
    msgtype, body = read_message(fields, CODE_MESSAGES)
    if msgtype not in RIGHTS[code.scene].msgtypes:
        raise Refusal(world.settings.code_wrong_type, f"{msgtype} cannot be sent by this code")
    if len(body.get("list", ())) > world.settings.menu_items_on_event:
        raise Refusal(95008)
    draft = Draft(account, chat, msgtype, body, _msgid_of(fields))
    msgid_is_new(world, draft)
    if not may_still_speak(world, chat, code):
        raise Refusal(world.settings.code_out_of_state)
    del world.codes[given]
    chat.sent += world.settings.code_costs_a_send
    if code.scene == "welcome":
        chat.welcomed_at = world.now()
    return _deliver(call, draft, "")


@endpoint("POST", "kf/recall_msg")
def recall_msg(call: Call) -> Json:
    """Take back within two minutes what send_msg sent; it still counts toward the five."""
    world, account = call.world, managed_account_of(call)
    if call.app.switches.mode not in world.settings.recall_in:
        raise Refusal(48002)
    msgid = call.fields.text("msgid", required=True)
    external_userid = account.msgids.get(msgid)
    if not external_userid:
        raise Refusal(95028)
    chat = account.conversation(external_userid)
    index = chat.recent(msgid, world.now() - RECALL_LIFE)
    if index is None:
        raise Refusal(95029)
    if chat.bubbles[index].recalled:
        raise Refusal(world.settings.recalled_again)
    world.take_back(chat, index)
    return {}


def _code_of(call: Call, given: str) -> tuple[Code, Account]:
    world = call.world
    code = world.codes.get(given)
    account = world.accounts.get(code.open_kfid) if code else None
    if code is None or account is None or account.corp_id != call.app.corp_id or world.now() > code.expires_at:
        raise Refusal(world.settings.bad_code)
    if call.app.agent_id not in account.managers:
        raise Refusal(48007)
    return code, account


def _msgid_of(fields: Fields) -> str:
    msgid = fields.text("msgid")
    if msgid and not _MSGID.fullmatch(msgid):
        raise Refusal(40058, "msgid must be 1 to 32 of 0-9 a-z A-Z _ -")
    return msgid


def _mind_the_miniprogram(world: World, msgtype: str, body: Json) -> None:
    known = world.settings.associated_miniprograms
    if msgtype == "miniprogram" and known is not None and body["appid"] not in known:
        raise Refusal(world.settings.bad_miniprogram, body["appid"][:32])


def _deliver(call: Call, draft: Draft, recallable_from: str) -> Json:
    world = call.world
    msgid = draft.msgid or world.ids.word(32)
    fault = world.strike(call.path, "send_fail")
    fail_type = fault.fail_type if fault else None
    arrived = deliver(world, draft.account, draft.conversation, draft.msgtype, draft.body, msgid, fail_type)
    draft.account.msgids[msgid] = recallable_from if arrived else ""
    return {"msgid": msgid}
