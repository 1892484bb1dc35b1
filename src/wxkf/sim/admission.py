"""The admin console's switches that decide whether an app's call gets through at all.

The switches are the ones of platform.md 0, 1.1, 16 and 18; which of them a call meets, and in which order, is the
table `ADMISSION`. The real order is not published: here who calls comes before what is called (inference).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from wxkf.sim.refusal import Refusal

Mode = Literal["wecom", "standalone"]
KF = "kf/"
_PEOPLE = ("kf/servicer/", "kf/service_state/")


@dataclass(slots=True)
class Switches:
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


Wrong = Callable[[Switches, str], bool]
ADMISSION: tuple[tuple[Callable[[str], bool], Wrong, int], ...] = (
    (_is_any, lambda it, ip: not it.app_enabled, 50003),
    (_is_any, lambda it, ip: it.trusted_ips is not None and ip not in it.trusted_ips, 60020),
    (_is_kf, lambda it, ip: (it.mode, it.secret_of) == ("wecom", "standalone"), 95011),
    (_is_kf, lambda it, ip: (it.mode, it.secret_of) == ("standalone", "wecom"), 95012),
    (_is_kf, lambda it, ip: not it.api_on, 95017),
    (_is_kf, lambda it, ip: it.mode == "wecom" and not it.app_listed, 48002),
    (_is_for_people, lambda it, ip: it.mode == "standalone", 48002),
)
"""For which paths, what is wrong, and the refusal; the first that fits counts."""


def admit(switches: Switches, path: str, ip: str) -> None:
    """Refuse a business call that the console does not let through."""
    if switches == _READY:  # as nearly always
        return
    for concerns, wrong, errcode in ADMISSION:
        if concerns(path) and wrong(switches, ip):
            raise Refusal(errcode)


_READY = Switches()
