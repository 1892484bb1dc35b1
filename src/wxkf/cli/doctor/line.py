"""One line of the doctor's report, as a value in both languages."""

from dataclasses import dataclass
from typing import Any, Final

from wxkf.cli.doctor.words import say
from wxkf.errors import TransportError, WxkfError, codes
from wxkf.errors.codes import Words

NOTHING: Final = Words("", "")


@dataclass(frozen=True, slots=True)
class Line:
    """What one check found. `ok` is None where it was skipped; true with a `remedy` is fine, but with advice.

    `code` is the platform's errcode, where one decided.
    """

    check: str
    ok: bool | None
    found: Words
    cause: Words = NOTHING
    remedy: Words = NOTHING
    code: int | None = None

    def as_data(self) -> dict[str, Any]:
        """Give it for --json."""
        return {
            "check": self.check,
            "ok": self.ok,
            "code": self.code,
            "found": self.found._asdict(),
            "cause": self.cause._asdict(),
            "remedy": self.remedy._asdict(),
        }


def fine(check: str, key: str, **values: object) -> Line:
    """Make a green line."""
    return Line(check, True, say(key, **values))


def advice(check: str, key: str, **values: object) -> Line:
    """Make a green line that has something to say all the same; its remedy stands under `key`.remedy."""
    return Line(check, True, say(key, **values), say(f"{key}.cause", **values), say(f"{key}.remedy", **values))


def fault(check: str, key: str, **values: object) -> Line:
    """Make a red line; cause and remedy stand beside `key` in the table."""
    return Line(check, False, say(key, **values), say(f"{key}.cause", **values), say(f"{key}.remedy", **values))


def skipped(check: str, key: str, **values: object) -> Line:
    """Make a line that says why it was not looked at."""
    return Line(check, None, say(key, **values))


def after(check: str, first: str) -> Line:
    """Make a line that waits for another check to pass."""
    return skipped(check, "skip.after", first=say(f"check.{first}"))


def refused(check: str, errcode: int, found: Words | None = None, remedy: Words | None = None) -> Line:
    """Make a red line out of the platform's code: cause and remedy are those of the code table."""
    code = codes.find(errcode)
    return Line(check, False, found or code.meaning, code.cause, remedy or code.remedy, errcode)


def unanswered(check: str, error: WxkfError, curl: Words) -> Line:
    """Make a red line out of trouble on the way; `curl` is what to try by hand besides."""
    if not isinstance(error, TransportError):
        return Line(check, False, Words(f"{error}", f"{error}"), remedy=curl)
    words = error.fault
    detail = f" ({error.detail})" if error.detail else ""
    found = Words(*(f"{meaning}{detail}" for meaning in words.meaning))
    return Line(check, False, found, words.cause, joined([words.remedy, curl]))


def joined(parts: list[Words], between: tuple[str, str] = (" ", "")) -> Words:
    """Join words, language by language."""
    return Words(*(gap.join(part[at] for part in parts if part[at]) for at, gap in enumerate(between)))
