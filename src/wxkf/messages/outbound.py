"""What a bot can say. A plain `str` is `Text`; everything else is one of these values.

Users reach this module as `wxkf.out`. A value knows its own wire form and nothing of who sends it: the same one
goes through `send_msg`, `send_msg_on_event` and the journal.
"""

from typing import Any

import msgspec


class Outbound(msgspec.Struct, frozen=True, kw_only=True, tag_field="msgtype"):
    """Any outgoing message."""

    def wire(self) -> dict[str, Any]:
        """Give the platform's form: `{"msgtype": kind, kind: {fields}}`, unset fields left out."""
        fields = msgspec.to_builtins(self)
        kind = fields.pop("msgtype")
        return {"msgtype": kind, kind: fields}


class Text(Outbound, frozen=True, tag="text"):
    """Words. At most 2048 bytes of UTF-8: the platform silently cuts what is longer (page 94677)."""

    content: str


class Image(Outbound, frozen=True, tag="image"):
    """A picture that was uploaded before; a media_id lives 3 days (page 94677)."""

    media_id: str


def as_outbound(said: str | Outbound) -> Outbound:
    """Read a plain string as text."""
    return Text(content=said) if isinstance(said, str) else said
