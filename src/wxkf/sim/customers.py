"""What a person does on the phone: enter through the link, write, send a picture.

These are actions, not calls: what is impossible raises `ValueError` with a sentence.
"""

from wxkf.sim.settings import IMAGE_MAX, WELCOME_LIFE
from wxkf.sim.values import Json
from wxkf.sim.world import Account, Code, Customer, World

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_WELCOME_TYPES = frozenset({"text", "msgmenu"})
_CUSTOMER, _SYSTEM = 3, 4  # `origin`; 5 is a colleague


def add_customer(world: World, nickname: str) -> str:
    """Let a new person appear. Returns the external_userid."""
    external_userid = world.ids.word(30, "wm")
    world.customers[external_userid] = Customer(external_userid, _readable(nickname))
    return external_userid


def enter(world: World, open_kfid: str, external_userid: str, scene: str, scene_param: str) -> None:
    """Enter the chat through the link; brings a welcome code if this person may be welcomed."""
    account, _ = both(world, open_kfid, external_userid)
    conversation, now = account.conversation(external_userid), world.now()
    event: Json = {
        "event_type": "enter_session",
        "open_kfid": open_kfid,
        "external_userid": external_userid,
        "scene": _readable(scene),
        "scene_param": _readable(scene_param),
    }
    world.show(conversation, "system", "event", dict(event), "")
    if conversation.may_be_welcomed(now):
        event["welcome_code"] = world.ids.word(43)
        world.codes[event["welcome_code"]] = Code(conversation, _WELCOME_TYPES, now + WELCOME_LIFE)
    item = {"msgid": world.ids.word(32), "send_time": int(now), "origin": _SYSTEM, "msgtype": "event", "event": event}
    world.land(account, item)


def say(world: World, open_kfid: str, external_userid: str, text: str, menu_id: str) -> str:
    """Write a text; `menu_id` is set when it comes from a menu item. Returns the msgid."""
    text = _readable(text)
    if not text:
        raise ValueError("an empty text cannot be sent")
    body = {"content": text, "menu_id": _readable(menu_id)} if menu_id else {"content": text}
    return _write(world, open_kfid, external_userid, "text", body)


def send_image(world: World, open_kfid: str, external_userid: str, data: bytes, content_type: str) -> str:
    """Send a picture; one above 2 MB arrives as a text notice instead. Returns the msgid."""
    if content_type not in PICTURES or not data:
        raise ValueError(f"a picture is one of {', '.join(sorted(PICTURES))} and not empty")
    if len(data) > IMAGE_MAX:
        notice = {"content": "[收到一张图片，大小超过限制，无法查看]"}
        return _write(world, open_kfid, external_userid, "text", notice)
    both(world, open_kfid, external_userid)
    media_id = world.add_media(data, content_type)
    return _write(world, open_kfid, external_userid, "image", {"media_id": media_id})


def _write(world: World, open_kfid: str, external_userid: str, msgtype: str, body: Json) -> str:
    account, _ = both(world, open_kfid, external_userid)
    conversation, now, msgid = account.conversation(external_userid), world.now(), world.ids.word(32)
    conversation.hear(now)
    world.show(conversation, "customer", msgtype, body, msgid)
    item = {
        "msgid": msgid,
        "open_kfid": open_kfid,
        "external_userid": external_userid,
        "send_time": int(now),
        "origin": _CUSTOMER,
        "msgtype": msgtype,
        msgtype: body,
    }
    world.land(account, item)
    return msgid


def both(world: World, open_kfid: str, external_userid: str) -> tuple[Account, Customer]:
    """Find an account and a customer, or raise `ValueError`."""
    if open_kfid not in world.accounts:
        raise ValueError("there is no such account")
    if external_userid not in world.customers:
        raise ValueError("there is no such customer")
    return world.accounts[open_kfid], world.customers[external_userid]


def _readable(text: str) -> str:
    return text.encode(errors="replace").decode()  # a lone surrogate cannot go over the wire
