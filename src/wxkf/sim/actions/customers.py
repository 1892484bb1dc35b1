"""What a person does on the phone: enter through the link, write, send a picture."""

from wxkf.sim.actions.action import Actions, action
from wxkf.sim.settings import IMAGE_MAX, WELCOME_LIFE
from wxkf.sim.values import Bubble, Json
from wxkf.sim.world import Account, Code, Customer, World

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_WELCOME_TYPES = frozenset({"text", "msgmenu"})
_CUSTOMER, _SYSTEM = 3, 4  # `origin`; 5 is a colleague


class Customers(Actions):
    """The people on WeChat."""

    group = "customers"

    @action("external_userid")
    def add(self, nickname: str, *, corp_id: str = "") -> str:
        """Let a new person appear, known to the first corp if none is named. Returns the external_userid."""
        world = self._world
        corp_id = corp_id or next(iter(world.corps))
        if corp_id not in world.corps:
            raise ValueError("there is no such corp")
        external_userid = world.ids.word(30, "wm")
        world.customers[external_userid] = Customer(external_userid, _readable(nickname), corp_id)
        return external_userid

    @action()
    def enter(self, open_kfid: str, external_userid: str, *, scene: str = "", scene_param: str = "") -> None:
        """Enter the chat through the account's link; brings a welcome code if this person may be welcomed."""
        world = self._world
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
            code = event["welcome_code"] = world.ids.word(43)
            world.codes[code] = Code(open_kfid, external_userid, _WELCOME_TYPES, now + WELCOME_LIFE)
        head: Json = {"msgid": world.ids.word(32), "send_time": int(now), "origin": _SYSTEM}
        world.land(account, head | {"msgtype": "event", "event": event})

    @action("msgid")
    def say(self, open_kfid: str, external_userid: str, text: str, *, menu_id: str = "") -> str:
        """Write a text; `menu_id` is set when it comes from a menu item. Returns the msgid."""
        text = _readable(text)
        if not text:
            raise ValueError("an empty text cannot be sent")
        body = {"content": text, "menu_id": _readable(menu_id)} if menu_id else {"content": text}
        return _write(self._world, open_kfid, external_userid, "text", body)

    @action("msgid")
    def send_image(self, open_kfid: str, external_userid: str, data: bytes, content_type: str = "image/png") -> str:
        """Send a picture; one above 2 MB arrives as a text notice instead (page 94670). Returns the msgid."""
        world = self._world
        if content_type not in PICTURES or not data:
            raise ValueError(f"a picture is one of {', '.join(sorted(PICTURES))} and not empty")
        account, _ = both(world, open_kfid, external_userid)
        if len(data) > IMAGE_MAX:
            notice = {"content": "[收到一张图片，大小超过限制，无法查看]"}
            return _write(world, open_kfid, external_userid, "text", notice)
        name = f"image.{content_type.rpartition('/')[2]}"
        media_id = world.add_media(account.corp_id, data, content_type, name)
        return _write(world, open_kfid, external_userid, "image", {"media_id": media_id})

    def phone(self, open_kfid: str, external_userid: str) -> list[Bubble]:
        """List what a customer's phone shows in one chat, newest last."""
        account = self._world.accounts.get(open_kfid)
        found = account.conversations.get(external_userid) if account else None
        return list(found.bubbles) if found else []


def _write(world: World, open_kfid: str, external_userid: str, msgtype: str, body: Json) -> str:
    account, _ = both(world, open_kfid, external_userid)
    conversation, now, msgid = account.conversation(external_userid), world.now(), world.ids.word(32)
    conversation.hear(now)
    world.count("customer_wrote", conversation)
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
