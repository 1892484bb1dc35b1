"""A call to the platform as a value: what an endpoint's method returns before anybody has sent it.

The declaration in `wxkf.api` makes a `Call`, `protocol.flow` turns it into requests and reads the answers, a driver
in `wxkf.client` does the I/O. Nothing here knows whether it is sync or async.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlencode

import msgspec

from wxkf.errors import ApiError, TransportError

T = TypeVar("T")
S = TypeVar("S", bound="Answer")

Repeat = Literal["safe", "keyed", "never"]
"""What may be done once a request may have reached the platform: repeat it, repeat it if it bears a msgid, or not."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What every answer carries; `errcode` is 0 in any answer a caller gets to see."""

    errcode: int = 0
    errmsg: str = ""


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One call, not yet sent. `assumed` is the answer where a repeat proves that the first try had arrived."""

    verb: Literal["GET", "POST"]
    path: str
    read: Callable[[bytes], T] = field(repr=False)
    repeat: Repeat
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    needs_token: bool = True
    assumed: T | None = field(default=None, repr=False)

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again after a try whose outcome is unknown."""
        return self.repeat == "safe" or (self.repeat == "keyed" and bool(self.body and self.body.get("msgid")))


@dataclass(frozen=True, slots=True)
class Request:
    """What a transport sends. The query holds the access token, so it stays out of repr."""

    verb: str
    path: str
    query: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)

    @property
    def target(self) -> str:
        """Give path and query as they follow the base address."""
        return f"/cgi-bin/{self.path}?{urlencode(self.query)}" if self.query else f"/cgi-bin/{self.path}"


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    body: bytes = field(repr=False)


def post(path: str, answer: type[S], *, repeat: Repeat, fields: Mapping[str, Any], assumed: S | None = None) -> Call[S]:
    """Declare a POST with a JSON body; fields that are None are left out, which the platform reads as unchanged."""
    body = {name: value for name, value in fields.items() if value is not None}
    return Call("POST", path, reader(answer), repeat, body=body, assumed=assumed)


_readers: dict[type, Callable[[bytes], Any]] = {}


def reader(answer: type[S]) -> Callable[[bytes], S]:
    """Give the decoder of an answer type, made once. Numbers that come as strings are read as numbers."""
    if answer not in _readers:
        _readers[answer] = msgspec.json.Decoder(answer, strict=False).decode
    return _readers[answer]


_envelope = msgspec.json.Decoder(Answer, strict=False)


def read_answer(call: Call[T], response: Response) -> T:
    """Read an answer, or raise: `ApiError` where the platform refused, `TransportError` for what is no answer."""
    if response.status >= 500:
        raise TransportError(f"{call.path}: the platform answered HTTP {response.status}", sent=True)
    try:
        value = call.read(response.body)
        code, said = _code_of(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(call, response, str(error)) from None
    if code:
        raise ApiError.of(code, said, call.path)
    if response.status >= 300:  # somebody else's JSON: the platform refuses with HTTP 200
        raise TransportError(f"{call.path}: not the platform, but HTTP {response.status}", sent=True)
    return value


def _code_of(value: object) -> tuple[int, str]:
    if isinstance(value, dict):
        said = msgspec.convert({"errcode": value.get("errcode") or 0}, Answer, strict=False)
        return said.errcode, str(value.get("errmsg", ""))
    return getattr(value, "errcode", 0), getattr(value, "errmsg", "")


def _unreadable(call: Call[Any], response: Response, why: str) -> Exception:
    """Tell a refusal (whose answer lacks the promised fields) from something that is no answer at all."""
    try:
        envelope = _envelope.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return TransportError(
            f"{call.path}: HTTP {response.status} with a body that is not the platform's JSON; "
            "is a proxy or a wrong base address in between?",
            sent=True,
        )
    if envelope.errcode:
        return ApiError.of(envelope.errcode, envelope.errmsg, call.path)
    return TransportError(f"{call.path}: the answer has another shape than documented ({why})", sent=True)
