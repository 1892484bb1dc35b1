"""Something to do later: a message to ourselves, which waits in its table and then in the log like any other.

What is to be sent goes along as the platform takes it, so that nobody has to remember why when the time has come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from wxkf.engine.values import Claim, Timer
from wxkf.messages.decode import decode_message
from wxkf.messages.inbound import Inbound
from wxkf.messages.outbound import Outbound

_HEAD = b'{"msgtype":"timer"'


class TimerDue(Inbound, frozen=True, kw_only=True, tag_field="msgtype", tag="timer"):
    """A timer whose time has come: its `name` and `data` as they were given; `send` is sent without a handler.

    A `quiet` one is dropped if the customer has written after the message `after`.
    """

    name: str = ""
    data: Any = None
    send: dict[str, Any] | None = None
    after: int = 0
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Kept(Outbound):
    """A message that was kept in its wire form."""

    body: Mapping[str, Any]

    def wire(self) -> dict[str, Any]:
        """Give the platform's form."""
        return dict(self.body)


_decoder = msgspec.json.Decoder(TimerDue)


def timer_of(
    claim: Claim, msgid: str, due: float, *, name: str = "", data: object = None, quiet: bool = False,
    send: Mapping[str, Any] | None = None,
) -> Timer:  # fmt: skip
    """Make a timer for the conversation of a claim; two with the same msgid are one."""
    message = TimerDue(
        msgid=msgid,
        open_kfid=claim.open_kfid,
        external_userid=claim.external_userid,
        send_time=int(due),
        name=name,
        data=data,
        send=None if send is None else dict(send),
        after=claim.last,
        quiet=quiet,
    )
    return Timer(msgid, due, msgspec.json.encode(message), quiet)


def read(raw: bytes) -> Inbound:
    """Read a row of the log: a message of the platform's, or a timer of ours."""
    return _decoder.decode(raw) if raw.startswith(_HEAD) else decode_message(raw)
