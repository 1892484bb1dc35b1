"""Conversions between the ids of corps and of providers (platform.md 14, 1.3).

A world has one set of ids. What an id is called elsewhere is made from it by a hash, so it is always the same, and
found again by looking through the world. An id that is foreign already is its own.
"""

import hashlib
from collections.abc import Iterable

from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.refusal import Refusal
from wxkf.sim.sessions import lately
from wxkf.sim.values import Json

_THOUSAND, _HUNDRED = 1_000, 100
_PREFIXES = {
    "open_kfid": "wk", "external_userid": "wm", "userid": "wo", "pending_id": "pe", "tmp": "tm", "corpid": "wp",
}  # fmt: skip


def foreign(kind: str, own: str) -> str:
    """Tell what an id is called in the provider's namespace: its prefix stays."""
    return _PREFIXES[kind] + hashlib.sha256(f"{kind} {own}".encode()).hexdigest()[:30]


@endpoint("POST", "idconvert/open_kfid")
def open_kfid(call: Call) -> Json:
    """Convert accounts' ids; one that is converted already maps to itself."""
    asked = _listed(call, "open_kfid_list", _THOUSAND)
    there = _both_ways("open_kfid", call.world.accounts)
    found = [{"open_kfid": one, "new_open_kfid": there[one]} for one in asked if one in there]
    return {"items": found, "invalid_open_kfid_list": [one for one in asked if one not in there]}


@endpoint("POST", "externalcontact/get_new_external_userid")
def get_new_external_userid(call: Call) -> Json:
    """Convert customers' ids."""
    asked = _listed(call, "external_userid_list", _THOUSAND)
    there = _both_ways("external_userid", call.world.customers)
    return {"items": [{"external_userid": one, "new_external_userid": there[one]} for one in asked if one in there]}


@endpoint("POST", "externalcontact/from_service_external_userid")
def from_service_external_userid(call: Call) -> Json:
    """Find the corp's own id of a customer from the provider's."""
    given = call.fields.text("external_userid", required=True, limit=64, long=40096)
    call.fields.number("source_agentid", 0, 0, 2**32 - 1)
    own = _own("external_userid", given, call.world.customers)
    if not own:
        raise Refusal(40096)
    return {"external_userid": own}


@endpoint("POST", "idconvert/unionid_to_external_userid")
def unionid_to_external_userid(call: Call) -> Json:
    """Find a customer by unionid: who was here within 48 hours, or an id that waits for them to come."""
    if not call.corp.verified:
        raise Refusal(43009)
    unionid = call.fields.text("unionid", required=True)
    call.fields.text("openid", required=True)
    call.fields.number("subject_type", 0, 0, 1)
    mine = (one for one in call.world.customers.values() if one.corp_id == call.app.corp_id)
    customer = next((one for one in mine if one.unionid == unionid and _was_here(call, one.external_userid)), None)
    return {"external_userid": customer.external_userid} if customer else {"pending_id": foreign("pending_id", unionid)}


@endpoint("POST", "idconvert/batch/external_userid_to_pending_id")
def external_userid_to_pending_id(call: Call) -> Json:
    """Tell under which waiting id customers were known."""
    asked = _listed(call, "external_userid", _HUNDRED)
    call.fields.text("chat_id", limit=64)
    known = [call.world.customers[one] for one in asked if one in call.world.customers]
    rows = [(one.external_userid, foreign("pending_id", one.unionid)) for one in known if one.unionid]
    return {"result": [{"external_userid": one, "pending_id": pending} for one, pending in rows]}


@endpoint("POST", "idconvert/convert_tmp_external_userid")
def convert_tmp_external_userid(call: Call) -> Json:
    """Convert temporary ids of customers."""
    asked = _listed(call, "tmp_external_userid_list", _HUNDRED)
    found = {one: _own("tmp", one, call.world.customers) for one in asked}
    rows = [{"tmp_external_userid": one, "external_userid": own} for one, own in found.items() if own]
    return {"results": rows, "invalid_tmp_external_userid_list": [one for one, own in found.items() if not own]}


@endpoint("POST", "batch/userid_to_openuserid")
def userid_to_openuserid(call: Call) -> Json:
    """Encrypt members' ids."""
    asked = _listed(call, "userid_list", _THOUSAND)
    rows = [{"userid": one, "open_userid": foreign("userid", one)} for one in asked if one in call.corp.members]
    return {"open_userid_list": rows, "invalid_userid_list": [one for one in asked if one not in call.corp.members]}


@endpoint("POST", "batch/openuserid_to_userid")
def openuserid_to_userid(call: Call) -> Json:
    """Decrypt members' ids."""
    asked = _listed(call, "open_userid_list", _THOUSAND)
    call.fields.number("source_agentid", 0, 0, 2**32 - 1)
    found = {one: _own("userid", one, call.corp.members) for one in asked}
    rows = [{"open_userid": one, "userid": own} for one, own in found.items() if own]
    return {"userid_list": rows, "invalid_open_userid_list": [one for one, own in found.items() if not own]}


def _listed(call: Call, key: str, most: int) -> list[str]:
    asked = [one for one in call.fields.items(key, most, long=40035) if isinstance(one, str)]
    if not asked:
        raise Refusal(40058, f"{key} missing")
    return list(dict.fromkeys(asked))


def _both_ways(kind: str, own: Iterable[str]) -> dict[str, str]:
    new = {one: foreign(kind, one) for one in own}
    return new | {one: one for one in new.values()}


def _own(kind: str, given: str, own: Iterable[str]) -> str:
    return next((one for one in own if given in (one, foreign(kind, one))), "")


def _was_here(call: Call, external_userid: str) -> bool:
    chats = (account.conversations.get(external_userid) for account in call.world.accounts.values())
    return any(chat and (chat.wrote_lately(call.now) or lately(chat.entered_at, call.now)) for chat in chats)
