"""What a person does on the phone: enter through the link, write, send, tap, take back, refuse to hear more."""

from typing import Any

from wxkf.sim.actions.action import Actions, action
from wxkf.sim.actions.inbound import check_channels, check_shape, checked_file, notice_instead
from wxkf.sim.actions.people import both, readable, readable_json, take_back
from wxkf.sim.codes import give_code
from wxkf.sim.stream import land_event, land_message
from wxkf.sim.values import Bubble, Json
from wxkf.sim.world import Customer


class Customers(Actions):
    """The people on WeChat."""

    group = "customers"

    @action("external_userid")
    def add(self, nickname: str, *, corp_id: str = "", unionid: str = "", gender: int = 0) -> str:
        """Let a new person appear, known to the first corp if none is named. Returns the external_userid."""
        world = self._world
        corp_id = corp_id or next(iter(world.corps))
        if corp_id not in world.corps:
            raise ValueError("there is no such corp")
        if gender not in (0, 1, 2):
            raise ValueError("gender is 0 unknown, 1 male or 2 female")
        external_userid = world.ids.word(30, "wm")
        person = Customer(external_userid, readable(nickname), corp_id, gender=gender, unionid=readable(unionid))
        world.customers[external_userid] = person
        return external_userid

    @action()
    def enter(
        self,
        open_kfid: str,
        external_userid: str,
        *,
        scene: str = "",
        scene_param: str = "",
        wechat_channels: dict[str, Any] | None = None,
    ) -> None:
        """Enter the chat through the account's link, or from WeChat Channels (视频号).

        Brings a welcome code if this person may be welcomed.
        """
        world = self._world
        account, _ = both(world, open_kfid, external_userid)
        conversation = account.conversation(external_userid)
        event: Json = {
            "external_userid": external_userid,
            "scene": readable(scene),
            "scene_param": readable(scene_param),
        }
        if wechat_channels is not None:
            event["wechat_channels"] = check_channels(readable_json(wechat_channels))
        conversation.entered_at = world.now()
        conversation.entry = {key: value for key, value in event.items() if key != "external_userid"}
        shown = {"event_type": "enter_session", "open_kfid": open_kfid} | event
        world.show(conversation, "system", "event", shown, "")
        if conversation.may_be_welcomed(world.now()):
            event["welcome_code"] = give_code(world, conversation, "welcome")
        land_event(world, account, "enter_session", event)

    @action("msgid")
    def say(self, open_kfid: str, external_userid: str, text: str, *, menu_id: str = "") -> str:
        """Write a text; `menu_id` is set when it comes from a menu item. Returns the msgid."""
        text, menu_id = readable(text), readable(menu_id)
        body: Json = {"content": text} | ({"menu_id": menu_id} if menu_id else {})
        return self._write(open_kfid, external_userid, "text", body)

    @action("msgid")
    def send(self, open_kfid: str, external_userid: str, msgtype: str, body: dict[str, Any]) -> str:
        """Send a message of any type that has no file, its object as given. Returns the msgid."""
        return self._write(open_kfid, external_userid, msgtype, readable_json(body))

    @action("msgid")
    def send_file(
        self,
        open_kfid: str,
        external_userid: str,
        kind: str,
        data: bytes,
        *,
        filename: str = "",
        content_type: str = "",
    ) -> str:
        """Send an image, voice, video or file; one above 2, 2, 10, 20 MB arrives as a text notice (page 94670).

        Returns the msgid.
        """
        world = self._world
        content_type, filename = checked_file(kind, data, content_type, readable(filename))
        account, _ = both(world, open_kfid, external_userid)
        notice = notice_instead(kind, len(data))
        if notice is not None:
            return self._write(open_kfid, external_userid, "text", notice)
        media_id = world.add_media(account.corp_id, data, content_type, filename, kind)
        return self._deliver(open_kfid, external_userid, kind, {"media_id": media_id})

    @action("msgid")
    def tap(self, open_kfid: str, external_userid: str, msgid: str, index: int) -> str:
        """Tap the item `index` (from 0) of the menu bubble `msgid`: its text is sent. Returns that text's msgid."""
        account, _ = both(self._world, open_kfid, external_userid)
        bubbles = reversed(account.conversation(external_userid).bubbles)
        menu = next(
            (one for one in bubbles if (one.who, one.msgtype, one.msgid) == ("account", "msgmenu", msgid)), None
        )
        items = menu.body.get("list", []) if menu else []
        if not 0 <= index < len(items):
            raise ValueError("there is no such menu item on the phone")
        if items[index]["type"] != "click":
            raise ValueError("only a click item sends a text")
        item = items[index]["click"]
        menu_id = item.get("id", "").partition("#")[0]  # WeChat cuts an id there
        body = {"content": item["content"]} | ({"menu_id": menu_id} if menu_id else {})
        return self._deliver(open_kfid, external_userid, "text", body)

    @action()
    def recall(self, open_kfid: str, external_userid: str, msgid: str) -> None:
        """Take one's own message back, within two minutes."""
        account, _ = both(self._world, open_kfid, external_userid)
        take_back(self._world, account, external_userid, msgid, "customer")
        facts: Json = {"external_userid": external_userid, "recall_msgid": msgid}
        land_event(self._world, account, "user_recall_msg", facts)

    @action()
    def reject(self, open_kfid: str, external_userid: str, rejected: bool = True) -> None:
        """Take no more messages from an account, or take them again; what it sends fails with fail_type 10."""
        account, _ = both(self._world, open_kfid, external_userid)
        account.conversation(external_userid).blocked = rejected

    def phone(self, open_kfid: str, external_userid: str) -> list[Bubble]:
        """List what a customer's phone shows in one chat, newest last."""
        account = self._world.accounts.get(open_kfid)
        found = account.conversations.get(external_userid) if account else None
        return list(found.bubbles) if found else []

    def _write(self, open_kfid: str, external_userid: str, msgtype: str, body: Json) -> str:
        check_shape(msgtype, body)
        return self._deliver(open_kfid, external_userid, msgtype, body)

    def _deliver(self, open_kfid: str, external_userid: str, msgtype: str, body: Json) -> str:
        world = self._world
        account, _ = both(world, open_kfid, external_userid)
        conversation = account.conversation(external_userid)
        if conversation.rejected and not world.settings.rejected_messages_arrive:
            msgid = world.ids.word(32)
            world.show(conversation, "customer", msgtype, body, msgid)
            return msgid
        conversation.hear(world.now(), own_words=not body.get("menu_id"))
        return land_message(world, account, conversation, msgtype, body)
