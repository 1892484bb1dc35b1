"""What people and pages look at, and what goes in and out over HTTP. All frozen, and cheap to make."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

Json = dict[str, Any]
Who = Literal["customer", "account", "system", "staff"]
Kind = Literal["call", "callback", "action"]


class Bubble(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a customer's phone shows. `body` is the wire's object under `msgtype`.

    `servicer_userid` says which colleague, where `who` is "staff". A bubble that was taken back is given out once more,
    under the same msgid, `recalled` and with an empty body.
    """

    at: float
    who: Who
    msgtype: str
    body: Json
    msgid: str
    open_kfid: str
    external_userid: str
    servicer_userid: str = ""
    recalled: bool = False


class Entry(msgspec.Struct, frozen=True):
    """One line of the journal; secrets and tokens in it are masked.

    A callback is noted when it leaves (`response` is None) and once more, under the same `number`, when its
    outcome is known. `errcode` is 0 where nothing went wrong.
    """

    number: int
    at: float
    kind: Kind
    title: str
    request: Json
    response: Json | None
    errcode: int


class Request(msgspec.Struct, frozen=True):
    """One call as it came in over HTTP, the query already decoded."""

    verb: str
    path: str
    query: dict[str, str]
    body: bytes = b""
    ip: str = "127.0.0.1"
    headers: Sequence[tuple[bytes, bytes]] = ()

    def header(self, name: str) -> str:
        """Find a header by its name in small letters, "" where it is absent."""
        wanted = name.encode()
        return next((value.decode("latin-1") for key, value in self.headers if key == wanted), "")


class Answer(msgspec.Struct, frozen=True):
    """One answer before it becomes HTTP. `envelope` is the JSON that goes out unless `content` is bytes.

    `delay` seconds pass before it leaves; one that is `cut` never arrives.
    """

    envelope: Json
    content: bytes | None = None
    content_type: str = "application/json; charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    delay: float = 0.0
    cut: bool = False

    @property
    def errcode(self) -> int:
        """The envelope's verdict; 0 is success."""
        return int(self.envelope.get("errcode", 0))
