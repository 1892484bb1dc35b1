"""The admin console's switches that decide whether a call gets through at all, and refusals scripted by hand.

The switches are the ones of platform.md 0, 1.1, 16 and 18; which of them a call meets, and in which order, is the
table `ADMISSION`. The real order is not published: here who calls comes before what is called (inference).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from wxkf.sim.refusal import Refusal

Mode = Literal["wecom", "standalone"]
KF = "kf/"
_PEOPLE = ("kf/servicer/", "kf/service_state/")
EVERY = "*"


@dataclass(slots=True)
class Console:
    """What an admin has switched on. A new world is ready to use: everything is on, calls may come from anywhere."""

    mode: Mode = "wecom"
    """Which console the corp manages its accounts in: 联合版 or 独立版."""
    secret_of: Mode = "wecom"  # noqa: S105 - which kind of secret, not one
    """Where the app's secret comes from; the other one than `mode` is refused with 95011 or 95012."""
    app_enabled: bool = True
    trusted_ips: set[str] | None = None
    """企业可信IP. None lets everybody call."""
    api_on: bool = True
    """微信客服 → API; off is 95017."""
    app_listed: bool = True
    """可调用接口的应用; without it 48002."""


def _is_kf(path: str) -> bool:
    return path.startswith(KF)


def _is_any(path: str) -> bool:
    return True


def _is_for_people(path: str) -> bool:
    return path.startswith(_PEOPLE)


Wrong = Callable[[Console, str], bool]
ADMISSION: tuple[tuple[Callable[[str], bool], Wrong, int], ...] = (
    (_is_any, lambda console, ip: not console.app_enabled, 50003),
    (_is_any, lambda console, ip: console.trusted_ips is not None and ip not in console.trusted_ips, 60020),
    (_is_kf, lambda console, ip: (console.mode, console.secret_of) == ("wecom", "standalone"), 95011),
    (_is_kf, lambda console, ip: (console.mode, console.secret_of) == ("standalone", "wecom"), 95012),
    (_is_kf, lambda console, ip: not console.api_on, 95017),
    (_is_kf, lambda console, ip: console.mode == "wecom" and not console.app_listed, 48002),
    (_is_for_people, lambda console, ip: console.mode == "standalone", 48002),
)
"""For which paths, what is wrong, and the refusal; the first that fits counts."""


def admit(console: Console, path: str, ip: str) -> None:
    """Refuse a business call that the console does not let through."""
    for concerns, wrong, errcode in ADMISSION:
        if concerns(path) and wrong(console, ip):
            raise Refusal(errcode)


@dataclass(slots=True)
class _Scripted:
    errcode: int
    about: str
    left: int | None


@dataclass(slots=True)
class Faults:
    """Refusals scripted by path; "*" is every business call, so not gettoken."""

    _scripted: dict[str, _Scripted] = field(default_factory=dict)

    def refuse(self, path: str, errcode: int, about: str, times: int | None) -> None:
        """Refuse a path from now on, so many times or until `accept`."""
        if times is not None and times < 1:
            raise ValueError("a refusal happens at least once")
        self._scripted[path] = _Scripted(errcode, about, times)

    def accept(self, path: str) -> None:
        """End a scripted refusal; none is fine too."""
        self._scripted.pop(path, None)

    def check(self, path: str, *, business: bool) -> None:
        """Refuse if that was scripted."""
        for key in (path, EVERY) if business else (path,):
            if (found := self._scripted.get(key)) is None:
                continue
            if found.left is not None:
                found.left -= 1
                if not found.left:
                    del self._scripted[key]
            raise Refusal(found.errcode, found.about)
