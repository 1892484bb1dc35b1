"""The steps in their working order, and which lines of the doctor tick them. Pure.

The order matters on a real account: the console checks the URL while it is saved, so the server comes first; a new
app may set a trusted IP only after that; and only from a trusted IP does the platform answer any call.
"""

from collections.abc import Iterable
from typing import Final

from wxkf.cli.doctor.line import Line

STEPS: Final = ("server", "url", "ip", "callable", "managed", "range")
ASKED: Final = ("ip", "callable", "managed", "range")
"""The steps that the platform is asked about; the others happen at our own door."""

_LINES: Final = {
    "ip": ("ip",),
    "callable": ("ip", "console", "api"),
    "managed": ("accounts",),
    "range": ("accounts", "servicers"),
}
_MAY_BE_SKIPPED: Final = "servicers"
_FATAL: Final = ("corp_id", "secret")


def ticked(lines: Iterable[Line]) -> set[str]:
    """Tell which steps are done; that there is nobody whose range could be tried is fine."""
    found = [(line.check, line.ok or (line.ok is None and line.check == _MAY_BE_SKIPPED)) for line in lines]
    return {
        step
        for step, checks in _LINES.items()
        if checks[0] in dict(found) and all(good for check, good in found if check in checks)
    }


def fatal(lines: Iterable[Line]) -> list[Line]:
    """Give the lines that say that corp id or secret are wrong; asking again would get this server's IP banned."""
    return [line for line in lines if line.check in _FATAL and line.ok is False]


def obstacle(lines: Iterable[Line]) -> Line | None:
    """Give the line that stands in the way."""
    return next((line for line in lines if line.ok is False), None)
