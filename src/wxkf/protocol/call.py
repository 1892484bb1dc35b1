"""A call to the platform as a value: what an endpoint's method returns before anybody has sent it.

The declaration in `wxkf.api` makes a `Call`, `protocol.flow` turns it into requests and reads the answers, a driver
in `wxkf.client` does the I/O. Nothing here knows whether it is sync or async.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, Final, Generic, Literal, TypeVar
from urllib.parse import quote_plus, urlsplit

import msgspec

from wxkf.errors import WRONG_JSON, ApiError, TransportError
from wxkf.errors.network import Kind
from wxkf.messages.answer import Answer, keep_raw
from wxkf.messages.forgive import decode_forgiving
from wxkf.messages.veil import Veiled
from wxkf.protocol.body import Body
from wxkf.protocol.progress import Progress
from wxkf.protocol.source import Source

log = logging.getLogger("wxkf.client")

T = TypeVar("T")
S = TypeVar("S", bound=Answer)

Repeat = Literal["safe", "keyed", "never"]
"""What may be done once a request may have reached the platform: repeat it, repeat it if it bears a msgid, or not."""

MOST = 32 << 20
"""Bytes an answer may have unless its request says otherwise: well above a page of 1,000 messages or a 20 MB file."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload, as one part of a multipart body."""

    name: str
    source: Source
    content_type: str = "application/octet-stream"
    progress: Progress | None = field(default=None, repr=False)


_quoted = lru_cache(64)(quote_plus)  # the access token, call after call


class Request(Veiled, msgspec.Struct, frozen=True):
    """What a transport sends. The query holds the access token, so it stays out of repr.

    `timeout` bounds the whole exchange, in seconds. `most` bounds the answer, in bytes, packed and unpacked.
    """

    veiled: ClassVar[tuple[str, ...]] = ("query", "body")
    verb: str
    path: str
    query: Mapping[str, str]
    body: bytes | Body | None
    headers: Mapping[str, str] = {}
    timeout: float | None = None
    most: int = MOST

    @property
    def target(self) -> str:
        """Give path and query as they follow the base address."""
        if not self.query:
            return f"/cgi-bin/{self.path}"
        return f"/cgi-bin/{self.path}?{'&'.join([f'{name}={_quoted(value)}' for name, value in self.query.items()])}"


class Response(Veiled, msgspec.Struct, frozen=True):
    """What came back. Look headers up by their names in lower case."""

    veiled: ClassVar[tuple[str, ...]] = ("body",)
    status: int
    body: bytes
    headers: Mapping[str, str] = {}


class Call(Veiled, msgspec.Struct, Generic[T], frozen=True):
    """One call, not yet sent. `assumed` is the answer where a repeat proves that the first try had arrived."""

    veiled: ClassVar[tuple[str, ...]] = ("read", "query", "body", "limits", "assumed")
    verb: Literal["GET", "POST"]
    path: str
    read: Callable[[Response], T]
    repeat: Repeat
    query: Mapping[str, str] = {}
    body: Mapping[str, Any] | None = None
    file: File | None = None
    headers: Mapping[str, str] = {}
    limits: Mapping[str, Any] = {}
    needs_token: bool = True
    assumed: T | None = None

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again after a try whose outcome is unknown."""
        return self.repeat == "safe" or (self.repeat == "keyed" and bool(self.body and self.body.get("msgid")))


JSON: Final = {"Content-Type": "application/json"}
"""The headers of nearly every request, one object for all; a transport may know it by that."""


def encode_body(body: Mapping[str, Any]) -> bytes:
    """Give a body as JSON; half a character (a lone surrogate, as a model may write) becomes a question mark."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(body), ensure_ascii=False).encode("utf-8", "replace")


def present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is None: the platform reads a missing field as unchanged or default."""
    return {name: value for name, value in fields.items() if value is not None}


def post(
    path: str,
    answer: type[S],
    *,
    repeat: Repeat,
    fields: Mapping[str, Any],
    limits: Mapping[str, Any] | None = None,
    assumed: S | None = None,
) -> Call[S]:
    """Declare a POST with a JSON body; `limits` is a table as in `protocol.limits`."""
    return Call("POST", path, reader(answer), repeat, body=present(fields), limits=limits or {}, assumed=assumed)


def get(path: str, answer: type[S], **query: object) -> Call[S]:
    """Declare a GET, which may always be repeated."""
    return Call("GET", path, reader(answer), "safe", query={name: str(value) for name, value in query.items()})


_readers: dict[type, Callable[[Response], Any]] = {}


def reader(answer: type[S]) -> Callable[[Response], S]:
    """Give the reader of an answer type. Numbers that come as strings are read as numbers."""
    read = _readers.get(answer)
    if read is None:
        decode = msgspec.json.Decoder(answer, strict=False).decode
        read = _readers[answer] = lambda response: decode_forgiving(decode, response.body)
    return read


_envelope = msgspec.json.Decoder(Answer, strict=False)


def read_answer(call: Call[T], response: Response) -> T:
    """Read an answer, or raise: `ApiError` where the platform refused, `TransportError` for what is no answer."""
    if response.status >= 500 or 300 <= response.status < 400:
        raise _elsewhere(call.path, response)
    read = _read(call, response)
    if isinstance(read, str):
        raise _unreadable(call, response, read)
    value, code, said = read
    if code:
        raise ApiError.of(code, said, call.path)
    if response.status >= 300:  # somebody else's JSON: the platform itself refuses with HTTP 200
        raise _elsewhere(call.path, response)
    if WRONG_JSON in said:
        _warn_once(call.path)
    if isinstance(value, Answer):
        keep_raw(value, response.body)
    return value


def _read(call: Call[T], response: Response) -> tuple[T, int, str] | str:
    """Give the value with its errcode and errmsg, or why there is none; never the error, which may hold the body."""
    try:
        value = call.read(response)
        return value, *_code_of(value)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return str(error) or type(error).__name__


_warned: set[str] = set()


def _warn_once(path: str) -> None:
    """Say that a call which succeeded was not understood in full; once a path, or it would fill the log."""
    if path not in _warned:
        _warned.add(path)
        log.warning(
            "%s succeeded, but the platform could not read all of its JSON: check the types of the fields", path
        )


def _code_of(value: object) -> tuple[int, str]:
    if isinstance(value, Answer):
        return value.errcode, value.errmsg
    if isinstance(value, dict):
        answer = msgspec.convert({"errcode": value.get("errcode") or 0}, Answer, strict=False)
        return answer.errcode, str(value.get("errmsg", ""))
    return getattr(value, "errcode", 0), getattr(value, "errmsg", "")


def _unreadable(call: Call[Any], response: Response, why: str) -> Exception:
    """Tell a refusal (whose answer lacks the promised fields) from something that is no answer at all."""
    try:
        envelope = _envelope.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if response.status >= 300:
            return _elsewhere(call.path, response)
        form = _FORM.match(response.headers.get("content-type", ""))
        detail = f"HTTP {response.status}, {len(response.body)} bytes" + (f" of {form[0]}" if form else "")
        return TransportError.of("not_json", call.path, sent=True, detail=detail)
    if envelope.errcode:
        return ApiError.of(envelope.errcode, envelope.errmsg, call.path)
    return TransportError.of("shape", call.path, sent=True, detail=why)


def _elsewhere(path: str, response: Response) -> TransportError:
    """Say by its status that this is no answer of the platform. Of where it leads only the host is told."""
    detail, kind = f"HTTP {response.status}", _KINDS.get(response.status)
    if 300 <= response.status < 400:
        kind, detail = "redirect", f"{detail} to {_host(response.headers.get('location', ''))}"
    return TransportError.of(kind or ("server" if response.status >= 500 else "status"), path, sent=True, detail=detail)


_KINDS: Final[Mapping[int, Kind]] = {407: "proxy_auth"}
_FORM: Final = re.compile(r"[a-z]{1,20}/[\w.+-]{1,60}")


def _host(location: str) -> str:
    try:
        host = urlsplit(location).hostname
    except ValueError:
        return "no address"
    return host[:253] if host else "another path" if location else "nowhere"
