"""What people and pages look at: one bubble on a phone, one line of the journal. Both frozen."""

from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
Who = Literal["customer", "account", "system"]
Kind = Literal["call", "callback", "action"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One thing that a customer's phone shows. `body` is the wire's object under `msgtype`."""

    at: float
    who: Who
    msgtype: str
    body: Json
    msgid: str
    open_kfid: str
    external_userid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
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


@dataclass(frozen=True, slots=True)
class Request:
    """One call as it came in over HTTP, the query already decoded."""

    verb: str
    path: str
    query: dict[str, str]
    body: bytes = b""
    ip: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer before it becomes HTTP. `envelope` is the JSON that goes out unless `content` is bytes.

    `delay` seconds pass before it leaves; one that is `cut` never arrives. `faults` are the kinds that did this.
    """

    envelope: Json
    content: bytes | None = None
    content_type: str = "application/json; charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    delay: float = 0.0
    cut: bool = False
    faults: tuple[str, ...] = ()

    @property
    def errcode(self) -> int:
        """The envelope's verdict; 0 is success."""
        return int(self.envelope.get("errcode", 0))
