"""Messages: pull what came in, send what goes out."""

import logging
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from wxkf.api.fields import OPEN_KFID
from wxkf.api.resource import Emit, M, Pages, Resource, endpoint, moved, paged
from wxkf.messages.answer import Answer
from wxkf.messages.decode import MessagePage, decode_page
from wxkf.messages.outbound import Menu, Outbound, as_outbound
from wxkf.protocol.call import Call, Response, post, present
from wxkf.protocol.limits import MSGID, URL, Between, Bytes, Limit, Matches, MenuLines, OneOf, Table

log = logging.getLogger("wxkf.client")

MESSAGE_LIMITS: Mapping[str, Limit] = {
    "text.content": Bytes(2048, least=1, cuts=True),
    "link.title": Bytes(128, cuts=True),
    "link.desc": Bytes(512, cuts=True),
    "link.url": URL,
    "miniprogram.title": Bytes(64, cuts=True),
    "miniprogram.pagepath": Matches(r"[^?]*\.html(\?.*)?", "a page path that ends with .html before any ?"),
    "msgmenu.head_content": Bytes(1024),
    "msgmenu.tail_content": Bytes(1024),
    "msgmenu.list": MenuLines(50, taps=10),
    "msgmenu.list[].click.id": Bytes(128, least=1),
    "msgmenu.list[].click.content": Bytes(128, least=1),
    "msgmenu.list[].view.url": Matches(r"[A-Za-z][A-Za-z0-9+.-]*:.+", "a URL with its scheme, such as https://", 2048),
    "msgmenu.list[].view.content": Bytes(1024, least=1),
    "msgmenu.list[].miniprogram.appid": Bytes(32, least=1),
    "msgmenu.list[].miniprogram.pagepath": Bytes(1024, least=1),
    "msgmenu.list[].miniprogram.content": Bytes(1024),
    "msgmenu.list[].text.content": Bytes(256, least=1),
    "location.latitude": Between(-90, 90),
    "location.longitude": Between(-180, 180),
}
SEND_LIMITS = Table({**OPEN_KFID, "msgid": MSGID, **MESSAGE_LIMITS})
ON_EVENT_LIMITS = Table(
    {
        "msgid": MSGID,
        "msgtype": OneOf(("text", "msgmenu")),
        **{path: limit for path, limit in MESSAGE_LIMITS.items() if path.startswith(("text.", "msgmenu."))},
    }
)
SYNC_LIMITS = Table(
    {
        **OPEN_KFID,
        "cursor": Bytes(64),
        "token": Bytes(128),
        "limit": Between(0, 1000),
        "voice_format": OneOf((0, 1)),
    }
)


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
        return _sync(open_kfid, cursor, token, limit, voice_format)

    @paged
    def iter_sync_msg(
        self,
        *,
        open_kfid: str,
        cursor: str | None = None,
        token: str | None = None,
        limit: int | None = None,
        voice_format: int | None = None,
    ) -> Pages[MessagePage]:
        """Read page after page until there is no more, empty ones included; keep `next_cursor` of each.

        Raises `TransportError` when the platform says there is more but the cursor does not move.
        """
        while True:
            page = yield _sync(open_kfid, cursor, token, limit, voice_format)
            yield Emit((page,))
            if not page.has_more:
                return
            cursor = moved("kf/sync_msg", cursor, page.next_cursor)

    @endpoint
    def send_msg(
        self, *, touser: str, open_kfid: str, message: str | Outbound, msgid: str | None = None
    ) -> Call[SentMessage]:
        """Send a message to a customer (发送消息).

        At most 5 per message of the customer and within 48 hours of it (95001, 95002); only in session states 0 and
        1 (95018). `msgid` is at most 32 of `[0-9a-zA-Z_-]`, once per account (95033); with one, a send whose outcome
        is unknown is repeated safely. Page 94677.
        """
        message = as_outbound(message)
        _warn_of_pages(message)
        return sending({"touser": touser, "open_kfid": open_kfid, "msgid": msgid, **message.wire()})

    @endpoint
    def send_msg_on_event(self, *, code: str, message: str | Outbound, msgid: str | None = None) -> Call[SentMessage]:
        """Answer an event with its one-time code: welcome, queueing, assigned, ended (发送欢迎语等事件响应消息).

        A welcome or closing code lives 20 seconds, the others 48 hours. Text and menu only; while queueing or
        assigned, text only. Errors 41050, 95013, 95018. Never repeated. Page 95122.
        """
        message = as_outbound(message)
        _warn_of_pages(message)
        return answering({"code": code, "msgid": msgid, **message.wire()})

    @endpoint
    def recall_msg(self, *, msgid: str, open_kfid: str) -> Call[Answer]:
        """Take back a message that was sent by the API within 2 minutes (撤回消息).

        It still counts towards the five. Errors 95028, 95029. Documented for standalone mode only: may be
        unavailable in WeCom mode (48002, 48005). Never repeated.
        """
        fields = {"msgid": msgid, "open_kfid": open_kfid}
        return post("kf/recall_msg", Answer, repeat="never", fields=fields, limits={**OPEN_KFID, "msgid": MSGID})


class AnyResource(Resource[M]):
    """Every endpoint there is, by its path."""

    @endpoint
    def call(
        self, path: str, body: dict[str, Any] | None = None, *, verb: Literal["GET", "POST"] = "POST"
    ) -> Call[dict[str, Any]]:
        """Call an endpoint wxkf does not know yet: the fields as JSON, of a GET as the query; the answer as a dict.

        A POST is never repeated, since nobody knows what it does.
        """
        if verb == "GET":
            query = {name: str(value) for name, value in (body or {}).items()}
            return Call("GET", path.strip("/"), _as_dict, "safe", query=query)
        return Call("POST", path.strip("/"), _as_dict, "never", body=body or {})


def sending(body: Mapping[str, Any]) -> Call[SentMessage]:
    """Make the call of `send_msg` from a whole body, a new one or one that was kept."""
    msgid = body.get("msgid")
    assumed = SentMessage(msgid=msgid) if msgid else None
    return post("kf/send_msg", SentMessage, repeat="keyed", fields=body, limits=SEND_LIMITS, assumed=assumed)


def answering(body: Mapping[str, Any]) -> Call[SentMessage]:
    """Make the call of `send_msg_on_event` from a whole body, a new one or one that was kept."""
    return post("kf/send_msg_on_event", SentMessage, repeat="never", fields=body, limits=ON_EVENT_LIMITS)


def _warn_of_pages(message: Outbound) -> None:
    """Warn of mini program pages in a menu that WeChat may not find; unlike in a card, they are not refused."""
    for item in message.items if isinstance(message, Menu) else ():
        page = str(getattr(item, "pagepath", ".html")).partition("?")[0]
        if not page.endswith(".html"):
            log.warning("menu: WeChat may not find the page %s, since it does not end with .html", page)


def _sync(
    open_kfid: str, cursor: str | None, token: str | None, limit: int | None, voice_format: int | None
) -> Call[MessagePage]:
    fields = {
        "open_kfid": open_kfid,
        "cursor": cursor,
        "token": token,
        "limit": limit,
        "voice_format": voice_format,
    }
    return Call("POST", "kf/sync_msg", _as_page, "safe", body=present(fields), limits=SYNC_LIMITS)


def _as_page(response: Response) -> MessagePage:
    return decode_page(response.body)


_to_dict = msgspec.json.Decoder(dict[str, Any])


def _as_dict(response: Response) -> dict[str, Any]:
    return _to_dict.decode(response.body)
