"""What happens besides messages: on the wire the ids sit inside `event`, here an event is one flat value.

All of it: page 94670.
"""

import msgspec

from wxkf.messages.inbound import Inbound
from wxkf.messages.veil import Veiled


class WechatChannels(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The channels account (视频号) a customer came from.

    `scene` 1 home page, 2 product list of a live show, 3 shop window (all with `nickname`), 4 product page, 5 order
    page of a shop (with `shop_nickname`).
    """

    nickname: str = ""
    shop_nickname: str = ""
    scene: int = 0


class EnterSession(Veiled, Inbound, frozen=True, kw_only=True, tag_field="event_type", tag="enter_session"):
    """A customer opened the chat through a link (进入会话事件).

    `welcome_code` is set only when the customer neither wrote nor was welcomed in the last 48 hours; it lives for
    20 seconds and serves once. Opening the chat from the chat list makes no such event.
    """

    veiled = ("welcome_code",)

    scene: str = ""
    scene_param: str = ""
    welcome_code: str = ""
    wechat_channels: WechatChannels | None = None


class MsgSendFail(Inbound, frozen=True, kw_only=True, tag_field="event_type", tag="msg_send_fail"):
    """A message that had been accepted was not delivered (消息发送失败事件).

    `fail_type` 0 unknown, 1 account deleted, 2 app closed, 4 session older than 48 hours, 5 session closed, 6 more
    than 5 messages, 8 corp not verified, 10 refused by the customer, 11 no member has logged into the WeCom app, 12
    kind forbidden by the component, 13 security restriction.
    """

    fail_msgid: str = ""
    fail_type: int = 0


class ServicerStatusChange(Inbound, frozen=True, kw_only=True, tag_field="event_type", tag="servicer_status_change"):
    """A servicer began or stopped to serve (接待人员接待状态变更事件).

    `status` 1 serves, 2 stopped (`servicer.list` counts otherwise); `stop_type` 0 stopped, 1 suspended.
    """

    status: int = 0
    stop_type: int = 0


class SessionStatusChange(
    Veiled, Inbound, frozen=True, kw_only=True, tag_field="event_type", tag="session_status_change"
):
    """A servicer moved a session in the WeCom client (会话状态变更事件); moves by the API make no event.

    `change_type` 1 accepted from the queue, 2 transferred, 3 ended, 4 taken up again. `msg_code` (1 and 3) is good
    for one answer by `send_msg_on_event`.
    """

    veiled = ("msg_code",)

    change_type: int = 0
    old_servicer_userid: str = ""
    new_servicer_userid: str = ""
    msg_code: str = ""

    @property
    def ended(self) -> bool:
        """Whether a servicer has ended the session."""
        return self.change_type == 3


class UserRecallMsg(Inbound, frozen=True, kw_only=True, tag_field="event_type", tag="user_recall_msg"):
    """A customer took a message back (用户撤回消息事件)."""

    recall_msgid: str = ""


class ServicerRecallMsg(Inbound, frozen=True, kw_only=True, tag_field="event_type", tag="servicer_recall_msg"):
    """A servicer took a message back (接待人员撤回消息事件)."""

    recall_msgid: str = ""


class RejectSwitchChange(
    Inbound, frozen=True, kw_only=True, tag_field="event_type", tag="reject_customer_msg_switch_change"
):
    """A servicer refuses a customer's messages, 1, or no longer, 0 (拒收客户消息变更事件)."""

    reject_switch: int = 0


AnyEvent = (
    EnterSession | MsgSendFail | ServicerStatusChange | SessionStatusChange | UserRecallMsg | ServicerRecallMsg
    | RejectSwitchChange
)  # fmt: skip
