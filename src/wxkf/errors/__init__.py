"""Everything that can go wrong, and what to do about it.

    WxkfError
    ├── ConfigError              a setting is missing or malformed: fix it, then start again
    ├── CallbackError            a request to the callback address is not the platform's (one message for all)
    ├── TransportError           no usable answer: network, time-out, HTTP 5xx, not JSON; kind, cause, remedy
    │   └── NoTicket             the platform has not pushed a suite_ticket yet: waiting helps
    ├── NotAuthorised            a corp has not authorised this provider's suite, or no longer
    ├── CannotSend               the customer cannot be written to now: window, five messages, colleagues
    ├── LimitError               a request breaks a documented limit and was not sent
    ├── FileError                a file of yours cannot be read or written, or is not what it was
    ├── VoiceError               a recording cannot be decoded, or audio not become one
    ├── StoreError               the inbox cannot be opened or written
    │   ├── InUse                another engine is at work on the inbox: one at a time
    │   └── LostClaim            somebody else owns this conversation now: stop quietly
    ├── Diverged                 a handler run again did something else than the first time
    └── ApiError                 the platform refused: errcode, hint, meaning, cause, remedy
        ├── TokenError           credentials, access token, callback token
        ├── PermissionDenied     app, account, IP, visible range or licence
        ├── InvalidArgument      the request itself
        ├── MediaError           a picture, voice, video or file
        ├── ContentBlocked       the words did not pass the platform's check
        ├── NotFound             the account, customer, member or message does not exist (here)
        ├── QuotaExceeded        five messages, 48 hours: the customer has to write first
        ├── CapacityExceeded     the corp's own bounds: accounts, servicers, consultations
        ├── SessionStateError    the session is in other hands, or over; or the moment has passed
        ├── ServicerUnavailable  this servicer cannot take the session: choose another
        ├── RateLimited          too many calls
        ├── Duplicate            this msgid was used before
        └── PlatformBusy         try again

`ApiError.of` picks the family. What a code means stands in `wxkf.errors.codes` as data, what a kind of no answer means
in `wxkf.errors.network`, both read on first need; `wxkf explain` and docs/errors.md show the same. Exceptions speak
English, whatever the locale: logs get searched.
"""

import re
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Final, Self

from wxkf.errors.codes import Code, Retry, find
from wxkf.errors.network import Fault, Kind, faults

_HINT: Final = re.compile(r"hint: \[([^\]]*)\]")
_IP: Final = re.compile(r"from ip: ([0-9A-Fa-f.:]+)")
_WINDOW: Final = re.compile(r"\b(minute|hour|day|month)")
_SECONDS: Final = {"minute": 60, "hour": 3600, "day": 86_400, "month": 30 * 86_400}
_UNTRUSTED_IP: Final = 60020

WRONG_JSON: Final = "Warning: wrong json format"
"""What the platform adds to errmsg, successes included, when it could not read all of a request's JSON."""


class WxkfError(Exception):
    """The root of every error raised by wxkf."""


class ConfigError(WxkfError):
    """A setting is missing or malformed."""


class CallbackError(WxkfError):
    """A request to the callback address that is not the platform's; says the same whatever was wrong with it."""

    def __str__(self) -> str:
        return "this request is not a callback from WeChat Customer Service"


class TransportError(WxkfError):
    """The platform gave no usable answer. `sent` is False only when the request certainly never left.

    `kind` says what happened, by a name of `wxkf.errors.network`; `detail` says what is particular to this time. From
    the table come `meaning`, `cause` and `remedy`.
    """

    def __init__(self, message: str, *, sent: bool, kind: Kind = "other", detail: str = "") -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.sent, self.detail = sent, detail

    @classmethod
    def of(cls, kind: Kind, path: str, *, sent: bool, detail: str = "") -> Self:
        """Build the error of a kind, its message from the table."""
        message = f"{path}: {faults()[kind].meaning.en}" + (f" ({detail})" if detail else "")
        return cls(message, sent=sent, kind=kind, detail=detail)

    def as_sent(self, sent: bool) -> Self:
        """Give the same error with another `sent`: what holds of a try need not hold of the call."""
        twin = copy(self)
        twin.sent = sent
        return twin

    @property
    def fault(self) -> Fault:
        """Give the table's entry, in both languages."""
        return faults()[self.kind]

    @property
    def meaning(self) -> str:
        """Say what happened."""
        return self.fault.meaning.en

    @property
    def cause(self) -> str:
        """Say why this usually happens."""
        return self.fault.cause.en

    @property
    def remedy(self) -> str:
        """Say what to do."""
        return self.fault.remedy.en

    def __str__(self) -> str:
        message = super().__str__()
        return message if self.kind == "other" else f"{message}. {self.cause} {self.remedy}"

    def __reduce__(self) -> tuple[Callable[..., "TransportError"], tuple[object, ...], dict[str, object]]:
        return partial(type(self), sent=self.sent, kind=self.kind, detail=self.detail), self.args, self.__dict__


class NoTicket(TransportError):
    """There is no living suite_ticket: nothing can be asked of the platform in the suite's name until it comes."""


class NotAuthorised(WxkfError):
    """A corp has not authorised this provider's suite, or took it back."""


class CannotSend(WxkfError):
    """The platform would refuse what was to be said to a customer; says why."""


class LimitError(WxkfError, ValueError):
    """A request breaks a documented limit and was not sent. `field`, `limit` and `actual` say which and how."""

    def __init__(self, path: str, field: str, limit: str, actual: object) -> None:
        super().__init__(f"{path} was not sent: {field} {limit}")
        self.path, self.field, self.limit, self.actual = path, field, limit, actual

    def __reduce__(self) -> tuple[type["LimitError"], tuple[object, ...]]:
        return type(self), (self.path, self.field, self.limit, self.actual)


class FileError(WxkfError):
    """A file on this machine cannot be read or written, is in the way, too large, or changed meanwhile."""


class VoiceError(WxkfError):
    """A recording cannot be decoded, or audio cannot become one: broken, of another kind, or too long."""


class StoreError(WxkfError):
    """The inbox cannot be opened or written."""


class InUse(StoreError):
    """Another engine is at work on the inbox, and only one can be."""


class LostClaim(StoreError):
    """Somebody else owns this conversation now; what was done under the claim must not be recorded."""


class Diverged(WxkfError):
    """A handler that ran again took another step than the one its journal holds."""


class ApiError(WxkfError):
    """The platform refused a call.

    Attributes: `errcode`, `errmsg` (never branch on it: it changes), `path`, `hint` (what Tencent's support asks
    for), `ip` (this server's address as the platform saw it), `wrong_json` (the platform could not read all of the
    request's JSON), `after_unknown` (an earlier try of the same call had no answer, so it may have arrived all the
    same), and from the table `meaning`, `cause`, `remedy`, `retry`, `retryable`.
    """

    def __init__(self, errcode: int, errmsg: str, path: str) -> None:
        super().__init__(errcode, errmsg, path)
        hint, ip = _HINT.search(errmsg), _IP.search(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg
        self.path = path
        self.hint = hint[1] if hint else ""
        self.ip = ip[1] if ip else ""
        self.wrong_json = WRONG_JSON in errmsg
        self.after_unknown = False

    @staticmethod
    def of(errcode: int, errmsg: str, path: str) -> "ApiError":
        """Build the error of the family its code belongs to."""
        return _FAMILIES.get(find(errcode).family, ApiError)(errcode, errmsg, path)

    @property
    def code(self) -> Code:
        """Give the table's entry, in both languages."""
        return find(self.errcode)

    @property
    def meaning(self) -> str:
        """Say what the code means."""
        return self.code.meaning.en

    @property
    def cause(self) -> str:
        """Say why this usually happens."""
        return self.code.cause.en

    @property
    def remedy(self) -> str:
        """Say what to do."""
        return self.code.remedy.en

    @property
    def retry(self) -> Retry:
        """Tell what would help the same request; a new token helps no call that carries none."""
        retry = self.code.retry
        return "never" if retry == "token" and self.path.startswith(("gettoken", "service/")) else retry

    @property
    def retryable(self) -> bool:
        """Tell whether the same request may succeed later with nothing changed."""
        return self.retry in ("again", "window")

    def __str__(self) -> str:
        said = self.errmsg.partition(", hint:")[0].partition(WRONG_JSON)[0].strip()
        quoted = f" ({said})" if said else ""
        parts = [f"{self.path} was refused with {self.errcode}{quoted}: {self.meaning}. {self.remedy}"]
        if self.errcode == _UNTRUSTED_IP and self.ip:
            parts.append(f"The platform saw {self.ip}.")
        if self.wrong_json:
            parts.append("The platform could not read all of the request's JSON.")
        return " ".join(parts) + (f" [hint {self.hint}]" if self.hint else "")


class TokenError(ApiError):
    """Credentials, access token or callback token."""


class PermissionDenied(ApiError):
    """App, account, IP address, visible range or licence."""


class InvalidArgument(ApiError):
    """The request itself."""


class MediaError(ApiError):
    """A picture, voice, video or file: its type, size, id or age."""


class ContentBlocked(ApiError):
    """The words did not pass the platform's check; the same words never will."""


class NotFound(ApiError):
    """The account, customer, member or message does not exist, or not here."""


class QuotaExceeded(ApiError):
    """Five messages per customer message, within 48 hours of it."""


class CapacityExceeded(ApiError):
    """The corp has as many accounts, servicers or consultations as it may have."""


class SessionStateError(ApiError):
    """The session is in other hands, or over; or the moment for this has passed."""


class ServicerUnavailable(ApiError):
    """This servicer cannot take the session: not one of the account's, or not serving."""


class RateLimited(ApiError):
    """Too many calls."""

    @property
    def window(self) -> int | None:
        """Give the seconds the block lasts at most, where errmsg names the window; None where it does not.

        A limit per day ends with the calendar day, so 86400 is its upper bound.
        """
        named = _WINDOW.search(self.errmsg.lower())
        return _SECONDS[named[1]] if named and self.retry == "window" else None


class Duplicate(ApiError):
    """This msgid was used before."""


class PlatformBusy(ApiError):
    """A passing fault of the platform."""


_FAMILIES: Final = {family.__name__: family for family in ApiError.__subclasses__()}
