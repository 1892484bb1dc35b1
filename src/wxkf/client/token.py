"""A token as a value, what a refused fetch leaves behind, and both as the bytes that a store keeps.

Pure: what time it is comes from the caller. Times are epoch seconds, since they are shared between processes; a clock
that was set back shows by a token fetched in the future, and is met by fetching anew.
"""

from typing import ClassVar, Self

import msgspec

from wxkf.api.corp import AccessToken
from wxkf.errors import ApiError, RateLimited
from wxkf.messages.veil import Veiled

_PAUSE, _PAUSE_CAP, _BLOCK = 5.0, 300.0, 60.0  # seconds
_DOUBLINGS = 64  # of the pause: more would be no number any more, long after the cap
_INSISTED = 60.0  # seconds for which a refused token that came back unchanged is not asked for again
_EARLY = 0.95  # of its life: from then on one fetches the next, while the others go on with this one
_MARGIN = 2.0  # seconds before its end at which nobody starts to use it, so that a call does not arrive too late
_SKEW = 60.0  # seconds by which the clocks of two machines may differ


class Token(Veiled, msgspec.Struct, frozen=True):
    """A token, when it came, from when to fetch the next, and when it dies (epoch seconds)."""

    value: str
    got_at: float
    renew_at: float
    dies_at: float
    insisted_at: float | None = None

    veiled: ClassVar[tuple[str, ...]] = ("value",)

    @classmethod
    def fetched(cls, answer: AccessToken, now: float, life: float | None = None, stale: str | None = None) -> Self:
        """Read the answer of whoever gives tokens.

        It may be the same token as before with little life left: then it serves for less. It may even be the one that
        was refused: then the platform insists, and asking again at once would change nothing.
        """
        seconds = float(answer.expires_in)
        early = seconds * _EARLY if life is None else min(life, seconds * _EARLY)
        insisted = now if answer.access_token == stale else None
        return cls(answer.access_token, now, now + early, now + max(early, seconds - _MARGIN), insisted)

    def serves(self, stale: str | None, now: float) -> bool:
        """Whether it can be used by someone to whom `stale` was refused."""
        refused = self.value == stale and (self.insisted_at is None or now - self.insisted_at >= _INSISTED)
        return not refused and self.got_at - _SKEW <= now < self.dies_at

    def is_fresh(self, now: float) -> bool:
        """Whether it is too early to fetch the next."""
        return now < self.renew_at


class Refused(msgspec.Struct, frozen=True):
    """The platform refused a fetch: nobody asks again before `until`.

    A wrong secret, tried again and again, gets the server's IP banned for an hour: after each refusal in a row the
    pause doubles, from 5 seconds to 5 minutes, and whoever asks meanwhile gets the same error without a call.
    """

    errcode: int
    errmsg: str
    path: str
    count: int
    until: float

    @classmethod
    def after(cls, error: ApiError, before: "Refused | None", now: float) -> "Refused | None":
        """Begin or lengthen the pause; passing trouble, which was waited for already, makes none.

        Asking too often (45009) has a pause of its own: the block, or a minute where it is not named.
        """
        if isinstance(error, RateLimited) and error.retry == "window":
            until = now + min(_PAUSE_CAP, error.window or _BLOCK)
            return cls(error.errcode, error.errmsg, error.path, before.count if before else 0, until)
        if error.retryable:
            return before
        count = min(before.count, _DOUBLINGS) + 1 if before else 1
        return cls(error.errcode, error.errmsg, error.path, count, now + min(_PAUSE_CAP, _PAUSE * 2.0 ** (count - 1)))

    def raise_if_recent(self, now: float) -> None:
        """Raise the refusal again while its pause lasts; a pause that looks longer than any is a clock set back."""
        if now < self.until <= now + _PAUSE_CAP:
            error = ApiError.of(self.errcode, self.errmsg, self.path)
            error.add_note(f"remembered: the platform will be asked again in {self.until - now:.0f} s at the earliest")
            raise error


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What all who share a store know: the token, and whether fetching it was refused."""

    token: Token | None = None
    refused: Refused | None = None

    def to_bytes(self) -> bytes:
        """Give the bytes to store. They hold the access token in clear: guard the store as you guard the secret."""
        return msgspec.json.encode(self)

    @classmethod
    def of(cls, stored: bytes | None) -> "Kept":
        """Read what was stored; nothing, or what an older or newer wxkf wrote, is as good as nothing."""
        try:
            return _decode(stored) if stored else NOTHING
        except (msgspec.DecodeError, UnicodeDecodeError):
            return NOTHING


_decode = msgspec.json.Decoder(Kept).decode
NOTHING = Kept()
