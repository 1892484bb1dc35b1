"""Everything that can go wrong, and what to do about it.

    WxkfError
    ├── ConfigError              a setting is missing or malformed: fix it, then start again
    ├── CallbackError            a request to the callback address is not the platform's (one message for all)
    ├── TransportError           no usable answer: network, time-out, HTTP 5xx, not JSON
    ├── StoreError               the inbox cannot be opened or written
    │   └── LostClaim            somebody else owns this conversation now: stop quietly
    ├── Diverged                 a handler run again did something else than the first time
    └── ApiError                 the platform refused: errcode, hint, meaning, remedy
        ├── TokenError           credentials or access token
        ├── PermissionDenied     app, account, IP or visible range
        ├── InvalidArgument      the request itself
        ├── NotFound             the account or customer does not exist (here)
        ├── QuotaExceeded        five messages, 48 hours
        ├── SessionStateError    the session is in other hands, or over
        ├── RateLimited          too many calls
        ├── Duplicate            this msgid was used before
        └── PlatformBusy         try again

`ApiError.of` picks the family from `CODES`: the table is data, so that a code is explained in one place.
"""

import re
from typing import Final, NamedTuple

_HINT = re.compile(r"hint: \[([^\]]*)\]")
_IP = re.compile(r"from ip: ([0-9A-Fa-f.:]+)")


class WxkfError(Exception):
    """The root of every error raised by wxkf."""


class ConfigError(WxkfError):
    """A setting is missing or malformed."""


class CallbackError(WxkfError):
    """A request to the callback address that is not the platform's; says the same whatever was wrong with it."""

    def __str__(self) -> str:
        return "this request is not a callback from WeChat Customer Service"


class TransportError(WxkfError):
    """The platform gave no usable answer. `sent` is False only when the request certainly never left."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class StoreError(WxkfError):
    """The inbox cannot be opened or written."""


class LostClaim(StoreError):
    """Somebody else owns this conversation now; what was done under the claim must not be recorded."""


class Diverged(WxkfError):
    """A handler that ran again took another step than the one its journal holds."""


class ApiError(WxkfError):
    """The platform refused a call.

    Attributes: `errcode`, `errmsg` (never branch on it: it changes), `hint` (what Tencent's support asks for),
    `path`, `meaning`, `remedy`, `retryable`.
    """

    def __init__(self, errcode: int, errmsg: str, path: str) -> None:
        super().__init__(errcode, errmsg, path)
        code = CODES.get(errcode, _UNKNOWN)
        hint, ip = _HINT.search(errmsg), _IP.search(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg
        self.path = path
        self.hint = hint[1] if hint else ""
        self.ip = ip[1] if ip else ""
        self.meaning = code.meaning
        self.remedy = code.remedy
        self.retryable = code.family in (PlatformBusy, RateLimited)

    @staticmethod
    def of(errcode: int, errmsg: str, path: str) -> "ApiError":
        """Build the error of the family its code belongs to."""
        return CODES.get(errcode, _UNKNOWN).family(errcode, errmsg, path)

    def __str__(self) -> str:
        hint = f" [hint {self.hint}]" if self.hint else ""
        said = self.errmsg.partition(", hint:")[0]
        return f"{self.path} was refused with {self.errcode} ({said}): {self.meaning}. {self.remedy}{hint}"


class TokenError(ApiError):
    """Credentials or access token."""


class PermissionDenied(ApiError):
    """App, account, IP address or visible range."""


class InvalidArgument(ApiError):
    """The request itself."""


class NotFound(ApiError):
    """The account or customer does not exist, or not here."""


class QuotaExceeded(ApiError):
    """Five messages per customer message, within 48 hours of it."""


class SessionStateError(ApiError):
    """The session is in other hands, or over."""


class RateLimited(ApiError):
    """Too many calls."""


class Duplicate(ApiError):
    """This msgid was used before."""


class PlatformBusy(ApiError):
    """A passing fault of the platform."""


class Code(NamedTuple):
    """What one errcode means and what to do about it."""

    family: type[ApiError]
    meaning: str
    remedy: str


_UNKNOWN: Final = Code(ApiError, "a code wxkf does not know", "Look it up by its hint on the platform's query page.")
_CREDENTIALS: Final = "Check corp id and secret of the app."
_ASK: Final = "Wait for the customer's next message."
CODES: Final[dict[int, Code]] = {
    -1: Code(PlatformBusy, "the platform is busy", "Try again."),
    6000: Code(PlatformBusy, "two writes collided", "Try again."),
    40001: Code(TokenError, "the secret or the credential is wrong", _CREDENTIALS),
    40013: Code(TokenError, "the corp id is wrong", _CREDENTIALS),
    40014: Code(TokenError, "the access token is not valid", _CREDENTIALS),
    40058: Code(InvalidArgument, "a parameter is missing or malformed", "Compare the call with its page."),
    40091: Code(TokenError, "the secret belongs to another corp", _CREDENTIALS),
    40096: Code(NotFound, "the external_userid is not valid", "Use the id from sync_msg of the same app."),
    41001: Code(TokenError, "no access token in the query", "Do not send the token in the body."),
    41050: Code(SessionStateError, "the welcome code is used or older than 20 s", "Greet within 20 seconds."),
    42001: Code(TokenError, "the access token has expired", _CREDENTIALS),
    44004: Code(InvalidArgument, "the text is empty", "Send at least one character."),
    45009: Code(RateLimited, "too many calls", "Wait for the window to pass; send fewer."),
    45033: Code(RateLimited, "too many calls at once", "Lower the concurrency."),
    45035: Code(PlatformBusy, "two writes collided", "Try again."),
    45036: Code(PlatformBusy, "the data access limit was hit", "Try again."),
    48002: Code(PermissionDenied, "the app may not call this", "List the app under 可调用接口的应用."),
    48007: Code(
        PermissionDenied,
        "the account is not assigned to the app",
        "Console: 通过API管理微信客服账号 → assign it.",
    ),
    60020: Code(PermissionDenied, "this server's IP is not trusted", "Console: the app → 企业可信IP, then wait 1 min."),
    60030: Code(PermissionDenied, "a servicer is outside the app's visible range", "Widen the visible range."),
    95000: Code(NotFound, "the open_kfid is not valid", "Take it from account.list."),
    95001: Code(QuotaExceeded, "five messages were sent since the customer last wrote", _ASK),
    95002: Code(QuotaExceeded, "the customer last wrote more than 48 hours ago", _ASK),
    95004: Code(NotFound, "the account does not exist in this corp", "Take the open_kfid from account.list."),
    95007: Code(TokenError, "the callback token is older than 10 minutes or wrong", "Pull without it."),
    95011: Code(TokenError, "the corp is in WeCom mode, the secret is of the standalone console", _CREDENTIALS),
    95012: Code(TokenError, "the corp is in standalone mode, the secret is of WeCom", _CREDENTIALS),
    95013: Code(SessionStateError, "the session has ended", _ASK),
    95016: Code(SessionStateError, "this change of session state is not allowed", "Read the state again."),
    95017: Code(PermissionDenied, "the API switch is off", "Console: 微信客服 → API → switch it on."),
    95018: Code(
        SessionStateError,
        "the session is with a colleague, in the queue, or over, so the API may not send",
        "Stay silent until the colleague ends it; the customer's next message reaches the bot again.",
    ),
    95031: Code(QuotaExceeded, "the customer has not written for 48 hours", _ASK),
    95033: Code(Duplicate, "this msgid was used before", "Use a new msgid for a new message."),
}
