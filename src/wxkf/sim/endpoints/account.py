"""Accounts (客服账号) and the links to them (platform.md 2)."""

import hashlib
import re

from wxkf.sim.endpoints.lookups import account_of, image_of, managed_account_of
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.fields import Fields
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import ACCOUNTS, ACCOUNTS_UNVERIFIED
from wxkf.sim.values import Json
from wxkf.sim.world import Account

_SCENE = re.compile("[0-9a-zA-Z_-]*")
_NAME_MAX = 16  # characters


@endpoint("POST", "kf/account/add")
def account_add(call: Call) -> Json:
    """Open an account; the app that does may act for it."""
    name = _name_of(call.fields, required=True)
    media_id = image_of(call, required=True)
    mine = [one for one in call.world.accounts.values() if one.corp_id == call.app.corp_id]
    if not any(call.app.agent_id in one.managers for one in mine):
        raise Refusal(call.world.settings.no_account_yet, "the app has no account yet")
    if len(mine) >= ACCOUNTS:
        raise Refusal(95005)
    if len(mine) >= ACCOUNTS_UNVERIFIED and not call.corp.verified:
        raise Refusal(95027)
    account = call.world.add_account(call.app, name)
    account.media_id = media_id
    return {"open_kfid": account.open_kfid}


@endpoint("POST", "kf/account/del")
def account_del(call: Call) -> Json:
    """Close an account; the corp's last one stays."""
    account = managed_account_of(call)
    if sum(one.corp_id == account.corp_id for one in call.world.accounts.values()) == 1:
        raise Refusal(95005, "one account must stay")
    call.world.close_account(account)
    return {}


@endpoint("POST", "kf/account/update")
def account_update(call: Call) -> Json:
    """Change an account's name or picture; what is left out stays."""
    account = managed_account_of(call)
    name, media_id = _name_of(call.fields), image_of(call)
    account.name, account.media_id = name or account.name, media_id or account.media_id
    return {}


@endpoint("POST", "kf/account/list")
def account_list(call: Call) -> Json:
    """List the corp's accounts, at most 100 a page, those that the app may not act for as well."""
    offset = call.fields.number("offset", 0, 0, 2**32 - 1)
    limit = call.fields.number("limit", 100, 1, 100)
    accounts = [one for one in call.world.accounts.values() if one.corp_id == call.app.corp_id]
    return {"account_list": [_row(call, account) for account in accounts[offset : offset + limit]]}


@endpoint("POST", "kf/add_contact_way")
def add_contact_way(call: Call) -> Json:
    """Make the link to an account; the same for the same scene."""
    account = account_of(call)
    scene = call.fields.text("scene", limit=32)
    if not _SCENE.fullmatch(scene):
        raise Refusal(40058, "scene must be letters, digits, - and _")
    page = hashlib.sha256(account.open_kfid.encode()).hexdigest()[:16]
    url = f"https://work.weixin.qq.com/kf/kfc{page}"
    sealed = hashlib.sha256(f"{account.open_kfid} {scene}".encode()).hexdigest()[:20].upper()
    return {"url": f"{url}?enc_scene=ENC{sealed}" if scene else url}


def _row(call: Call, account: Account) -> Json:
    row: Json = {
        "open_kfid": account.open_kfid,
        "name": account.name,
        "avatar": f"https://sim.invalid/avatar/{account.media_id or account.open_kfid}",
    }
    if call.app.switches.app_kind != "component":  # those are not told
        row["manage_privilege"] = call.app.agent_id in account.managers
    return row


def _name_of(fields: Fields, *, required: bool = False) -> str:
    name = fields.text("name", required=required, missing=95006)
    if len(name) > _NAME_MAX or (name and not name.strip()):
        raise Refusal(95006, f"name is 1 to {_NAME_MAX} characters")
    return name
