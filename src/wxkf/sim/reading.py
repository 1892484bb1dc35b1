"""What an app asks: messages, accounts, links, states, files, addresses (platform.md 2.4, 2.5, 4.2, 5.7, 6, 15)."""

import hashlib
import re

from wxkf.sim.fields import Fields
from wxkf.sim.lookups import account_of, customer_of, managed_account_of
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import MEDIA_LIFE, PAGE_MAX
from wxkf.sim.tokens import check_callback_token
from wxkf.sim.values import Answer, Json, Request
from wxkf.sim.world import World

_SCENE = re.compile("[0-9a-zA-Z_-]*")


def sync_msg(world: World, fields: Fields) -> Json:
    """Read one account's stream behind a cursor; without one from the earliest row within three days."""
    account = managed_account_of(world, fields)
    bad_cursor = world.settings.bad_cursor
    cursor = fields.text("cursor", limit=64, long=bad_cursor)
    token = fields.text("token", limit=128, long=95007)
    limit = fields.number("limit", PAGE_MAX, 0, PAGE_MAX) or PAGE_MAX
    fields.number("voice_format", 0, 0, 1)
    check_callback_token(world, account, token)
    rows, next_cursor, more = account.log.page(cursor, limit, world.now(), bad_cursor)
    return {"next_cursor": next_cursor, "has_more": int(more), "msg_list": rows}


def account_list(world: World, fields: Fields) -> Json:
    """List accounts, at most 100 a page."""
    offset = fields.number("offset", 0, 0, 2**32 - 1)
    limit = fields.number("limit", 100, 1, 100)
    return {
        "account_list": [
            {
                "open_kfid": account.open_kfid,
                "name": account.name,
                "avatar": f"https://sim.invalid/avatar/{account.open_kfid}",
                "manage_privilege": account.managed,
            }
            for account in list(world.accounts.values())[offset : offset + limit]
        ]
    }


def service_state_get(world: World, fields: Fields) -> Json:
    """Tell a session's state."""
    account = managed_account_of(world, fields)
    customer = customer_of(world, fields, "external_userid")
    return {"service_state": account.conversation(customer.external_userid).state(world.now()), "servicer_userid": ""}


def add_contact_way(world: World, fields: Fields) -> Json:
    """Make the link to an account; the same for the same scene."""
    account = account_of(world, fields)
    scene = fields.text("scene", limit=32)
    if not _SCENE.fullmatch(scene):
        raise Refusal(40058, "scene must be letters, digits, - and _")
    page = hashlib.sha256(account.open_kfid.encode()).hexdigest()[:16]
    url = f"https://work.weixin.qq.com/kf/kfc{page}"
    sealed = hashlib.sha256(f"{account.open_kfid} {scene}".encode()).hexdigest()[:20].upper()
    return {"url": f"{url}?enc_scene=ENC{sealed}" if scene else url}


def getcallbackip(world: World, request: Request) -> Answer:
    """List where callbacks come from."""
    return Answer({"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1"]})


def media_get(world: World, request: Request) -> Answer:
    """Hand out a temporary file's bytes; its refusals are JSON with HTTP 200."""
    media_id = request.query.get("media_id", "")
    if not media_id:
        raise Refusal(41006)
    media = world.media.get(media_id)
    if media is None:
        raise Refusal(40007)
    if world.now() - media.at > MEDIA_LIFE:
        raise Refusal(40145)
    name = f"image.{media.content_type.rpartition('/')[2]}"
    headers = (("content-disposition", f'attachment; filename="{name}"'),)
    return Answer({}, content=media.data, content_type=media.content_type, headers=headers)
