"""What an app asks: messages, accounts, links, files, addresses (platform.md 2.4, 2.5, 5.7, 6, 15)."""

import hashlib
import re

from wxkf.sim.endpoints.lookups import account_of, managed_account_of
from wxkf.sim.endpoints.paging import page_of
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.endpoints.tokens import check_callback_token
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import MEDIA_LIFE, PAGE_MAX
from wxkf.sim.values import Answer, Json

_SCENE = re.compile("[0-9a-zA-Z_-]*")


@endpoint("POST", "kf/sync_msg")
def sync_msg(call: Call) -> Json:
    """Read one account's stream behind a cursor; without one from the earliest row within three days."""
    account = managed_account_of(call)
    cursor = call.fields.text("cursor", limit=64, long=call.world.settings.bad_cursor)
    token = call.fields.text("token", limit=128, long=95007)
    limit = call.fields.number("limit", PAGE_MAX, 0, PAGE_MAX) or PAGE_MAX
    call.fields.number("voice_format", 0, 0, 1)
    check_callback_token(call.world, account, token)
    return page_of(call, account, cursor, limit)


@endpoint("POST", "kf/account/list")
def account_list(call: Call) -> Json:
    """List accounts, at most 100 a page."""
    offset = call.fields.number("offset", 0, 0, 2**32 - 1)
    limit = call.fields.number("limit", 100, 1, 100)
    accounts = [one for one in call.world.accounts.values() if one.corp_id == call.app.corp_id]
    return {
        "account_list": [
            {
                "open_kfid": account.open_kfid,
                "name": account.name,
                "avatar": f"https://sim.invalid/avatar/{account.open_kfid}",
                "manage_privilege": call.app.agent_id in account.managers,
            }
            for account in accounts[offset : offset + limit]
        ]
    }


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


@endpoint("GET", "getcallbackip")
def getcallbackip(call: Call) -> Json:
    """List where callbacks come from."""
    return {"ip_list": ["127.0.0.1"]}


@endpoint("GET", "media/get")
def media_get(call: Call) -> Answer:
    """Hand out a temporary file's bytes; its refusals are JSON with HTTP 200."""
    media_id = call.fields.text("media_id")
    if not media_id:
        raise Refusal(41006)
    media = call.world.media.get(media_id)
    if media is None:
        raise Refusal(40007)
    if call.now - media.at > MEDIA_LIFE:
        raise Refusal(40145)
    name = f"image.{media.content_type.rpartition('/')[2]}"
    headers = (("content-disposition", f'attachment; filename="{name}"'),)
    return Answer({}, content=media.data, content_type=media.content_type, headers=headers)
