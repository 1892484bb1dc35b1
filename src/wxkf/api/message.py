"""Messages: pull what came in, send what goes out."""

from typing import Any

import msgspec

from wxkf.api.resource import M, Resource, endpoint
from wxkf.messages.decode import MessagePage, decode_page
from wxkf.messages.outbound import Outbound, as_outbound
from wxkf.protocol.call import Answer, Call, post


class SentMessage(Answer, frozen=True, kw_only=True):
    """The id of an accepted message. Accepted is not delivered: watch for `msg_send_fail`."""

    msgid: str = ""


class MessageResource(Resource[M]):
    """The calls directly under `kf/` that carry messages."""

    @endpoint
    def sync_msg(
        self,
        *,
        open_kfid: str,
        cursor: str | None = None,
        token: str | None = None,
        limit: int | None = None,
        voice_format: int | None = None,
    ) -> Call[MessagePage]:
        """Read one page of an account's messages and events (读取消息).

        Without `cursor` it starts at the earliest of the last 3 days. `token` is the callback's, valid 10 minutes
        (95007 after that); without it a strict frequency limit applies. `limit` is at most 1000, the default.
        `voice_format` 0 is AMR, 1 Silk. Go on while `has_more`, also over empty pages. Page 94670.
        """
        body = {
            "open_kfid": open_kfid, "cursor": cursor, "token": token, "limit": limit, "voice_format": voice_format,
        }  # fmt: skip
        present = {name: value for name, value in body.items() if value is not None}
        return Call("POST", "kf/sync_msg", decode_page, "safe", body=present)

    @endpoint
    def send_msg(
        self, *, touser: str, open_kfid: str, message: str | Outbound, msgid: str | None = None
    ) -> Call[SentMessage]:
        """Send a message to a customer (发送消息).

        At most 5 per message of the customer and within 48 hours of it (95001, 95002); only in session states 0 and
        1 (95018). `msgid` is at most 32 of `[0-9a-zA-Z_-]`, once per account (95033); with one, a send whose outcome
        is unknown is repeated safely. Page 94677.
        """
        fields = {"touser": touser, "open_kfid": open_kfid, "msgid": msgid, **as_outbound(message).wire()}
        assumed = SentMessage(msgid=msgid) if msgid else None
        return post("kf/send_msg", SentMessage, repeat="keyed", fields=fields, assumed=assumed)

    @endpoint
    def send_msg_on_event(self, *, code: str, message: str | Outbound, msgid: str | None = None) -> Call[SentMessage]:
        """Answer an event with its one-time code: welcome, queueing, assigned, ended (发送欢迎语等事件响应消息).

        A welcome or closing code lives 20 seconds, the others 48 hours. Text and menu only. Never repeated. Page 95122.
        """
        fields = {"code": code, "msgid": msgid, **as_outbound(message).wire()}
        return post("kf/send_msg_on_event", SentMessage, repeat="never", fields=fields)


_to_dict = msgspec.json.Decoder(dict[str, Any])


class AnyResource(Resource[M]):
    """Every endpoint there is, by its path."""

    @endpoint
    def call(self, path: str, body: dict[str, Any] | None = None) -> Call[dict[str, Any]]:
        """Call an endpoint wxkf does not know yet: a POST with this JSON body, the answer as a dict. Never repeated."""
        return Call("POST", path, _to_dict.decode, "never", body=body or {})
