"""What happens besides messages. On the wire the ids sit inside `event`; here an event is one flat value."""

from wxkf.messages.inbound import Inbound


class EnterSession(Inbound, frozen=True, kw_only=True, tag_field="event_type", tag="enter_session"):
    """A customer opened the chat through a link (进入会话事件).

    `welcome_code` is set only when the customer neither wrote nor was welcomed in the last 48 hours; it lives for
    20 seconds and serves once. Opening the chat from the chat list makes no such event.
    """

    scene: str = ""
    scene_param: str = ""
    welcome_code: str = ""
