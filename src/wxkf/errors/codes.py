"""What the platform's numbers mean, as data: the tables of errcodes, sample-library codes and fail_types.

The words stand in the TOML files beside this one, English and Chinese under each other, so that both are reviewed
together. They are read on first need, once (about 20 ms): an application that is never refused never reads them.
Nothing here knows the exceptions; a code names its family, `wxkf.errors` finds the class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, NamedTuple

QUERY: Final = "https://open.work.weixin.qq.com/devtool/query?e={}"
"""The platform's own page on a code."""

Retry = Literal["never", "again", "token", "suite_token", "window"]
"""What helps the same request: nothing, a pause, a new access token, a new suite token, the end of the window."""

Source = Literal["O26", "OKF", "S", "1", "I"]
"""Who says so: official text of 2026, official text of the standalone site, several SDKs, one source, inference."""

GROUPS: Final = ("kf", "access", "request", "media")
"""The parts of the table, a file each."""


class Words(NamedTuple):
    """The same in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code: `meaning` is a clause, `cause` and `remedy` are sentences."""

    number: int
    family: str
    retry: Retry
    source: Source
    meaning: Words
    cause: Words
    remedy: Words


@dataclass(frozen=True, slots=True)
class FailType:
    """One `fail_type` of msg_send_fail; `old` ones left the documents but may still come."""

    number: int
    meaning: Words
    remedy: Words
    old: bool


_UNKNOWN: Final = (
    Words("a code wxkf does not know", "wxkf 未收录的错误码"),
    Words("The platform adds codes without notice.", "平台会不定期新增错误码。"),
)
_LOOK_UP: Final = Words("Look it up by its hint: {}", "用 hint 到官方查询页查询：{}")


@cache
def group(name: str) -> Mapping[int, Code]:
    """Give the errcodes of one of `GROUPS`, in order of number."""
    return {number: _code(number, entry) for number, entry in _entries(name)}


@cache
def table() -> Mapping[int, Code]:
    """Give every errcode wxkf can explain, in order of number."""
    return dict(sorted(item for name in GROUPS for item in group(name).items()))


@cache
def sample_library() -> Mapping[int, Code]:
    """Give the codes of WXBizMsgCrypt, the sample library for callbacks; the platform itself never sends them."""
    return group("callback")


@cache
def fail_types() -> Mapping[int, FailType]:
    """Give the reasons why an accepted message did not arrive."""
    return {
        number: FailType(number, Words(**entry["meaning"]), Words(**entry["remedy"]), entry.get("old", False))
        for number, entry in _entries("fail_type")
    }


@cache
def legend() -> Mapping[str, Mapping[str, Words]]:
    """Give the words for the names in the tables: by "retry", "source" and "family", then by name."""
    kinds = read_table("legend").items()
    return {kind: {name: Words(**words) for name, words in names.items()} for kind, names in kinds}


def find(errcode: int) -> Code:
    """Give what is known of an errcode; of one that is not in the table, that it is not and where to look."""
    known = table().get(errcode)
    if known:
        return known
    meaning, cause = _UNKNOWN
    remedy = Words(*(said.format(QUERY.format(errcode)) for said in _LOOK_UP))
    return Code(errcode, "ApiError", "never", "I", meaning, cause, remedy)


def _code(number: int, entry: Mapping[str, Any]) -> Code:
    words = (Words(**entry[name]) for name in ("meaning", "cause", "remedy"))
    return Code(number, entry["family"], entry.get("retry", "never"), entry.get("source", "O26"), *words)


def _entries(name: str) -> list[tuple[int, Mapping[str, Any]]]:
    entries = ((int(number), entry) for number, entry in read_table(name).items())
    return sorted(entries, key=lambda entry: abs(entry[0]))


def read_table(name: str) -> dict[str, Any]:
    """Read the TOML file of this name beside this one."""
    import tomllib
    from pkgutil import get_data  # half the time of importlib.resources, and reads from a zip as well

    return tomllib.loads((get_data("wxkf.errors", f"{name}.toml") or b"").decode())
