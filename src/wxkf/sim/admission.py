"""The admin console's switches that decide whether an app's call gets through at all.

The switches are the ones of platform.md 0, 1.1, 16 and 18; which of them a call meets, and in which order, is the
table `ADMISSION`. The real order is not published: here who calls comes before what is called (inference).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wxkf.sim.refusal import Refusal

Mode = Literal["wecom", "standalone"]
AppKind = Literal["self_built", "third_party", "customized", "component"]
KF = "kf/"
_KNOWLEDGE = "kf/knowledge/"
_WECOM_ONLY = (
    "kf/servicer/", "kf/service_state/", _KNOWLEDGE, "kf/get_corp_statistic", "kf/get_servicer_statistic",
)  # fmt: skip


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
    app_kind: AppKind = "self_built"
    """自建, 第三方, 代开发 or 微信客服组件; a call that is for another kind is 48002."""


def _is_kf(path: str) -> bool:
    return path.startswith(KF)


def _is_any(path: str) -> bool:
    return True


def _is_wecom_only(path: str) -> bool:
    return path.startswith(_WECOM_ONLY)


def _is_knowledge(path: str) -> bool:
    return path.startswith(_KNOWLEDGE)


def _is_for_components(path: str) -> bool:
    return path == "kf/get_statistic"


Wrong = Callable[[Switches, str], bool]
ADMISSION: tuple[tuple[Callable[[str], bool], Wrong, int], ...] = (
    (_is_any, lambda it, ip: not it.app_enabled, 50003),
    (_is_any, lambda it, ip: it.trusted_ips is not None and ip not in it.trusted_ips, 60020),
    (_is_kf, lambda it, ip: (it.mode, it.secret_of) == ("wecom", "standalone"), 95011),
    (_is_kf, lambda it, ip: (it.mode, it.secret_of) == ("standalone", "wecom"), 95012),
    (_is_kf, lambda it, ip: not it.api_on, 95017),
    (_is_kf, lambda it, ip: it.mode == "wecom" and not it.app_listed, 48002),
    (_is_wecom_only, lambda it, ip: it.mode == "standalone", 48002),
    (_is_knowledge, lambda it, ip: it.app_kind != "self_built", 48002),
    (_is_for_components, lambda it, ip: it.app_kind != "component", 48002),
)
"""For which paths, what is wrong, and the refusal; the first that fits counts."""


def admit(switches: Switches, path: str, ip: str) -> None:
    """Refuse a business call that the console does not let through."""
    ready = switches == _READY  # as nearly always; then no address is looked at
    if errcode := _verdict_when_ready(path) if ready else _verdict(switches, path, ip):
        raise Refusal(errcode)


def _verdict(switches: Switches, path: str, ip: str) -> int:
    return next((code for concerns, wrong, code in ADMISSION if concerns(path) and wrong(switches, ip)), 0)


_READY = Switches()


@cache
def _verdict_when_ready(path: str) -> int:
    return _verdict(_READY, path, "")
